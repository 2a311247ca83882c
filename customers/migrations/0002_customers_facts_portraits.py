import customers.models.customer
import customers.models.rollups
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from crm.core.create_tables import CreateTables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0002_audit_by_month"),
        ("customers", "0001_name_pieces"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="Customer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        (
                            "customer_no",
                            models.CharField(
                                max_length=32, unique=True, verbose_name="customer number"
                            ),
                        ),
                        (
                            "party_type",
                            models.CharField(
                                choices=[
                                    ("company", "Company"),
                                    ("partnership_sole_prop", "Partnership or sole proprietorship"),
                                    ("sole_trader", "Sole trader"),
                                    ("coop", "Cooperative"),
                                    ("farm_household", "Farm household"),
                                    ("owner_person", "Business owner"),
                                    ("individual", "Individual"),
                                ],
                                max_length=24,
                                verbose_name="party type",
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "name_pinyin",
                            models.CharField(db_collation="C", editable=False, max_length=400),
                        ),
                        (
                            "name_initials",
                            models.CharField(db_collation="C", editable=False, max_length=120),
                        ),
                        (
                            "name_pieces",
                            models.GeneratedField(
                                db_persist=True,
                                expression=customers.models.customer.NamePieces("name"),
                                output_field=django.contrib.postgres.fields.ArrayField(
                                    base_field=models.CharField(max_length=2), size=None
                                ),
                            ),
                        ),
                        (
                            "uscc",
                            models.CharField(
                                blank=True, max_length=18, verbose_name="unified social credit code"
                            ),
                        ),
                        (
                            "is_uscc_odd",
                            models.BooleanField(default=False, verbose_name="code fails its check"),
                        ),
                        (
                            "legal_rep_name",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="legal representative"
                            ),
                        ),
                        (
                            "registry_status",
                            models.CharField(
                                choices=[
                                    ("active", "Operating"),
                                    ("abnormal", "On the abnormal-operation list"),
                                    ("revoked", "Licence revoked"),
                                    ("cancelled", "Deregistered"),
                                    ("moved", "Moved out"),
                                    ("unknown", "Unknown"),
                                ],
                                default="unknown",
                                max_length=10,
                                verbose_name="registry status",
                            ),
                        ),
                        (
                            "registry_kind",
                            models.CharField(
                                blank=True, max_length=60, verbose_name="registered kind"
                            ),
                        ),
                        (
                            "address",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="operating address"
                            ),
                        ),
                        (
                            "latitude",
                            models.FloatField(blank=True, null=True, verbose_name="latitude"),
                        ),
                        (
                            "longitude",
                            models.FloatField(blank=True, null=True, verbose_name="longitude"),
                        ),
                        (
                            "registered_on",
                            models.DateField(blank=True, null=True, verbose_name="registered on"),
                        ),
                        (
                            "founded_on",
                            models.DateField(
                                blank=True, null=True, verbose_name="in business since"
                            ),
                        ),
                        (
                            "registered_capital_amount",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=18,
                                null=True,
                                verbose_name="registered capital",
                            ),
                        ),
                        (
                            "size_class",
                            models.CharField(
                                choices=[
                                    ("large", "Large"),
                                    ("medium", "Medium"),
                                    ("small", "Small"),
                                    ("micro", "Micro"),
                                    ("unknown", "Unknown"),
                                ],
                                default="unknown",
                                max_length=8,
                                verbose_name="size",
                            ),
                        ),
                        ("size_reasons", models.JSONField(default=list, editable=False)),
                        (
                            "relation_state",
                            models.CharField(
                                choices=[
                                    ("prospect", "Prospect"),
                                    ("existing", "Existing"),
                                    ("dormant", "Dormant"),
                                    ("lost", "Lost"),
                                ],
                                default="prospect",
                                max_length=10,
                                verbose_name="relation",
                            ),
                        ),
                        (
                            "customer_since",
                            models.DateField(blank=True, null=True, verbose_name="customer since"),
                        ),
                        ("scope_no", models.PositiveIntegerField(editable=False)),
                        (
                            "is_do_not_contact",
                            models.BooleanField(default=False, verbose_name="do not contact"),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("updated_at", models.DateTimeField(auto_now=True)),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="customers",
                                to="core.branch",
                                verbose_name="branch",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "industry",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="core.industrycode",
                                verbose_name="industry",
                            ),
                        ),
                        (
                            "manager",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="customers",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="relationship manager",
                            ),
                        ),
                        (
                            "region",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="core.regioncode",
                                verbose_name="region",
                            ),
                        ),
                        (
                            "trade",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="core.tradeprofile",
                                verbose_name="trade",
                            ),
                        ),
                        (
                            "updated_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "customer",
                        "ordering": ("name_pinyin", "pk"),
                    },
                ),
                migrations.CreateModel(
                    name="ChainMap",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("key", models.CharField(max_length=32, unique=True, verbose_name="key")),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "core_name",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="core enterprise"
                            ),
                        ),
                        (
                            "industry",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="core.industrycode",
                            ),
                        ),
                        (
                            "core_customer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "chain",
                        "ordering": ("name",),
                    },
                ),
                migrations.CreateModel(
                    name="ConsentTemplate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("key", models.CharField(max_length=32, verbose_name="key")),
                        ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                        ("title", models.CharField(max_length=80, verbose_name="title")),
                        ("body", models.TextField(verbose_name="wording")),
                        (
                            "purposes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=24),
                                size=None,
                                verbose_name="purposes",
                            ),
                        ),
                        (
                            "data_kinds",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=24),
                                size=None,
                                verbose_name="kinds of data",
                            ),
                        ),
                        (
                            "is_separate",
                            models.BooleanField(default=False, verbose_name="separate consent"),
                        ),
                    ],
                    options={
                        "verbose_name": "consent wording",
                        "ordering": ("key", "-version"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("key", "version"), name="consent_template_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeclaredRollup",
                    fields=[
                        (
                            "customer",
                            models.OneToOneField(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="declared",
                                serialize=False,
                                to="customers.customer",
                            ),
                        ),
                        ("newest_on", models.DateField()),
                        ("facts", models.IntegerField()),
                        ("verified", models.IntegerField()),
                        ("registered_capital", models.FloatField(null=True)),
                        ("registered_capital_on", models.DateField(null=True)),
                        ("registered_capital_how", models.SmallIntegerField(null=True)),
                        ("paid_in_capital", models.FloatField(null=True)),
                        ("paid_in_capital_on", models.DateField(null=True)),
                        ("paid_in_capital_how", models.SmallIntegerField(null=True)),
                        ("employees", models.FloatField(null=True)),
                        ("employees_on", models.DateField(null=True)),
                        ("employees_how", models.SmallIntegerField(null=True)),
                        ("start_on", models.DateField(null=True)),
                        ("start_on_on", models.DateField(null=True)),
                        ("start_on_how", models.SmallIntegerField(null=True)),
                        ("industry_code", models.TextField(null=True)),
                        ("industry_code_on", models.DateField(null=True)),
                        ("industry_code_how", models.SmallIntegerField(null=True)),
                        ("annual_revenue", models.FloatField(null=True)),
                        ("annual_revenue_on", models.DateField(null=True)),
                        ("annual_revenue_how", models.SmallIntegerField(null=True)),
                        ("previous_revenue", models.FloatField(null=True)),
                        ("previous_revenue_on", models.DateField(null=True)),
                        ("previous_revenue_how", models.SmallIntegerField(null=True)),
                        ("total_assets", models.FloatField(null=True)),
                        ("total_assets_on", models.DateField(null=True)),
                        ("total_assets_how", models.SmallIntegerField(null=True)),
                        ("fixed_assets", models.FloatField(null=True)),
                        ("fixed_assets_on", models.DateField(null=True)),
                        ("fixed_assets_how", models.SmallIntegerField(null=True)),
                        ("total_liabilities", models.FloatField(null=True)),
                        ("total_liabilities_on", models.DateField(null=True)),
                        ("total_liabilities_how", models.SmallIntegerField(null=True)),
                        ("net_profit", models.FloatField(null=True)),
                        ("net_profit_on", models.DateField(null=True)),
                        ("net_profit_how", models.SmallIntegerField(null=True)),
                        ("previous_net_profit", models.FloatField(null=True)),
                        ("previous_net_profit_on", models.DateField(null=True)),
                        ("previous_net_profit_how", models.SmallIntegerField(null=True)),
                        ("owner_pay", models.FloatField(null=True)),
                        ("owner_pay_on", models.DateField(null=True)),
                        ("owner_pay_how", models.SmallIntegerField(null=True)),
                        ("depreciation", models.FloatField(null=True)),
                        ("depreciation_on", models.DateField(null=True)),
                        ("depreciation_how", models.SmallIntegerField(null=True)),
                        ("interest_due_12m", models.FloatField(null=True)),
                        ("interest_due_12m_on", models.DateField(null=True)),
                        ("interest_due_12m_how", models.SmallIntegerField(null=True)),
                        ("principal_due_12m", models.FloatField(null=True)),
                        ("principal_due_12m_on", models.DateField(null=True)),
                        ("principal_due_12m_how", models.SmallIntegerField(null=True)),
                        ("cash_on_hand", models.FloatField(null=True)),
                        ("cash_on_hand_on", models.DateField(null=True)),
                        ("cash_on_hand_how", models.SmallIntegerField(null=True)),
                        ("fixed_cost_month", models.FloatField(null=True)),
                        ("fixed_cost_month_on", models.DateField(null=True)),
                        ("fixed_cost_month_how", models.SmallIntegerField(null=True)),
                        ("gross_margin", models.FloatField(null=True)),
                        ("gross_margin_on", models.DateField(null=True)),
                        ("gross_margin_how", models.SmallIntegerField(null=True)),
                        ("rd_share", models.FloatField(null=True)),
                        ("rd_share_on", models.DateField(null=True)),
                        ("rd_share_how", models.SmallIntegerField(null=True)),
                        ("export_share", models.FloatField(null=True)),
                        ("export_share_on", models.DateField(null=True)),
                        ("export_share_how", models.SmallIntegerField(null=True)),
                        ("equipment_age", models.FloatField(null=True)),
                        ("equipment_age_on", models.DateField(null=True)),
                        ("equipment_age_how", models.SmallIntegerField(null=True)),
                        ("patents", models.FloatField(null=True)),
                        ("patents_on", models.DateField(null=True)),
                        ("patents_how", models.SmallIntegerField(null=True)),
                        ("premises", models.TextField(null=True)),
                        ("premises_on", models.DateField(null=True)),
                        ("premises_how", models.SmallIntegerField(null=True)),
                        ("premises_area", models.FloatField(null=True)),
                        ("premises_area_on", models.DateField(null=True)),
                        ("premises_area_how", models.SmallIntegerField(null=True)),
                        ("lease_ends_on", models.DateField(null=True)),
                        ("lease_ends_on_on", models.DateField(null=True)),
                        ("lease_ends_on_how", models.SmallIntegerField(null=True)),
                        ("land_mu", models.FloatField(null=True)),
                        ("land_mu_on", models.DateField(null=True)),
                        ("land_mu_how", models.SmallIntegerField(null=True)),
                        ("facility_mu", models.FloatField(null=True)),
                        ("facility_mu_on", models.DateField(null=True)),
                        ("facility_mu_how", models.SmallIntegerField(null=True)),
                        ("large_livestock", models.FloatField(null=True)),
                        ("large_livestock_on", models.DateField(null=True)),
                        ("large_livestock_how", models.SmallIntegerField(null=True)),
                        ("small_livestock", models.FloatField(null=True)),
                        ("small_livestock_on", models.DateField(null=True)),
                        ("small_livestock_how", models.SmallIntegerField(null=True)),
                        ("controller_birth_year", models.FloatField(null=True)),
                        ("controller_birth_year_on", models.DateField(null=True)),
                        ("controller_birth_year_how", models.SmallIntegerField(null=True)),
                        ("controller_industry_years", models.FloatField(null=True)),
                        ("controller_industry_years_on", models.DateField(null=True)),
                        ("controller_industry_years_how", models.SmallIntegerField(null=True)),
                        ("controller_education", models.TextField(null=True)),
                        ("controller_education_on", models.DateField(null=True)),
                        ("controller_education_how", models.SmallIntegerField(null=True)),
                        ("family_in_business", models.TextField(null=True)),
                        ("family_in_business_on", models.DateField(null=True)),
                        ("family_in_business_how", models.SmallIntegerField(null=True)),
                        ("local_property", models.FloatField(null=True)),
                        ("local_property_on", models.DateField(null=True)),
                        ("local_property_how", models.SmallIntegerField(null=True)),
                        ("wanted_amount", models.FloatField(null=True)),
                        ("wanted_amount_on", models.DateField(null=True)),
                        ("wanted_amount_how", models.SmallIntegerField(null=True)),
                        ("wanted_months", models.FloatField(null=True)),
                        ("wanted_months_on", models.DateField(null=True)),
                        ("wanted_months_how", models.SmallIntegerField(null=True)),
                        ("wanted_purpose", models.TextField(null=True)),
                        ("wanted_purpose_on", models.DateField(null=True)),
                        ("wanted_purpose_how", models.SmallIntegerField(null=True)),
                        ("speed_need", models.FloatField(null=True)),
                        ("speed_need_on", models.DateField(null=True)),
                        ("speed_need_how", models.SmallIntegerField(null=True)),
                        ("price_sensitivity", models.FloatField(null=True)),
                        ("price_sensitivity_on", models.DateField(null=True)),
                        ("price_sensitivity_how", models.SmallIntegerField(null=True)),
                        ("guarantee_property", models.FloatField(null=True)),
                        ("guarantee_property_on", models.DateField(null=True)),
                        ("guarantee_property_how", models.SmallIntegerField(null=True)),
                        ("guarantee_movables", models.FloatField(null=True)),
                        ("guarantee_movables_on", models.DateField(null=True)),
                        ("guarantee_movables_how", models.SmallIntegerField(null=True)),
                        ("guarantee_receivables", models.FloatField(null=True)),
                        ("guarantee_receivables_on", models.DateField(null=True)),
                        ("guarantee_receivables_how", models.SmallIntegerField(null=True)),
                        ("guarantee_guarantors", models.FloatField(null=True)),
                        ("guarantee_guarantors_on", models.DateField(null=True)),
                        ("guarantee_guarantors_how", models.SmallIntegerField(null=True)),
                        ("repayment_preference", models.TextField(null=True)),
                        ("repayment_preference_on", models.DateField(null=True)),
                        ("repayment_preference_how", models.SmallIntegerField(null=True)),
                        ("channel_preference", models.TextField(null=True)),
                        ("channel_preference_on", models.DateField(null=True)),
                        ("channel_preference_how", models.SmallIntegerField(null=True)),
                        ("noncredit_needs", models.TextField(null=True)),
                        ("noncredit_needs_on", models.DateField(null=True)),
                        ("noncredit_needs_how", models.SmallIntegerField(null=True)),
                        ("service_manner", models.TextField(null=True)),
                        ("service_manner_on", models.DateField(null=True)),
                        ("service_manner_how", models.SmallIntegerField(null=True)),
                        ("competitor_lender", models.TextField(null=True)),
                        ("competitor_lender_on", models.DateField(null=True)),
                        ("competitor_lender_how", models.SmallIntegerField(null=True)),
                        ("competitor_amount", models.FloatField(null=True)),
                        ("competitor_amount_on", models.DateField(null=True)),
                        ("competitor_amount_how", models.SmallIntegerField(null=True)),
                        ("competitor_rate", models.FloatField(null=True)),
                        ("competitor_rate_on", models.DateField(null=True)),
                        ("competitor_rate_how", models.SmallIntegerField(null=True)),
                        ("competitor_matures_on", models.DateField(null=True)),
                        ("competitor_matures_on_on", models.DateField(null=True)),
                        ("competitor_matures_on_how", models.SmallIntegerField(null=True)),
                        ("bank_debt_total", models.FloatField(null=True)),
                        ("bank_debt_total_on", models.DateField(null=True)),
                        ("bank_debt_total_how", models.SmallIntegerField(null=True)),
                        ("outside_guarantees", models.FloatField(null=True)),
                        ("outside_guarantees_on", models.DateField(null=True)),
                        ("outside_guarantees_how", models.SmallIntegerField(null=True)),
                        ("cash_share", models.FloatField(null=True)),
                        ("cash_share_on", models.DateField(null=True)),
                        ("cash_share_how", models.SmallIntegerField(null=True)),
                        ("receivable_days", models.FloatField(null=True)),
                        ("receivable_days_on", models.DateField(null=True)),
                        ("receivable_days_how", models.SmallIntegerField(null=True)),
                        ("payable_days", models.FloatField(null=True)),
                        ("payable_days_on", models.DateField(null=True)),
                        ("payable_days_how", models.SmallIntegerField(null=True)),
                        ("inventory_days", models.FloatField(null=True)),
                        ("inventory_days_on", models.DateField(null=True)),
                        ("inventory_days_how", models.SmallIntegerField(null=True)),
                        ("prepaid_days", models.FloatField(null=True)),
                        ("prepaid_days_on", models.DateField(null=True)),
                        ("prepaid_days_how", models.SmallIntegerField(null=True)),
                        ("advance_days", models.FloatField(null=True)),
                        ("advance_days_on", models.DateField(null=True)),
                        ("advance_days_how", models.SmallIntegerField(null=True)),
                        ("sells_to", models.TextField(null=True)),
                        ("sells_to_on", models.DateField(null=True)),
                        ("sells_to_how", models.SmallIntegerField(null=True)),
                        ("verified_revenue", models.FloatField(null=True)),
                        ("verified_revenue_on", models.DateField(null=True)),
                        ("verified_revenue_how", models.SmallIntegerField(null=True)),
                        ("cross_check_verdict", models.TextField(null=True)),
                        ("cross_check_verdict_on", models.DateField(null=True)),
                        ("cross_check_verdict_how", models.SmallIntegerField(null=True)),
                        ("credit_score", models.FloatField(null=True)),
                        ("credit_score_on", models.DateField(null=True)),
                        ("credit_score_how", models.SmallIntegerField(null=True)),
                        ("credit_grade", models.TextField(null=True)),
                        ("credit_grade_on", models.DateField(null=True)),
                        ("credit_grade_how", models.SmallIntegerField(null=True)),
                        ("bank_rating", models.TextField(null=True)),
                        ("bank_rating_on", models.DateField(null=True)),
                        ("bank_rating_how", models.SmallIntegerField(null=True)),
                        ("has_defaulted", models.FloatField(null=True)),
                        ("has_defaulted_on", models.DateField(null=True)),
                        ("has_defaulted_how", models.SmallIntegerField(null=True)),
                        ("hukou_local", models.FloatField(null=True)),
                        ("hukou_local_on", models.DateField(null=True)),
                        ("hukou_local_how", models.SmallIntegerField(null=True)),
                        ("residence_since", models.DateField(null=True)),
                        ("residence_since_on", models.DateField(null=True)),
                        ("residence_since_how", models.SmallIntegerField(null=True)),
                        ("hukou_since", models.DateField(null=True)),
                        ("hukou_since_on", models.DateField(null=True)),
                        ("hukou_since_how", models.SmallIntegerField(null=True)),
                    ],
                    options={
                        "verbose_name": "declared facts",
                    },
                ),
                migrations.CreateModel(
                    name="LedgerCover",
                    fields=[
                        (
                            "customer",
                            models.OneToOneField(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="ledger_cover",
                                serialize=False,
                                to="customers.customer",
                            ),
                        ),
                        ("share_1", models.SmallIntegerField(null=True)),
                        ("share_2", models.SmallIntegerField(null=True)),
                        ("share_3", models.SmallIntegerField(null=True)),
                        ("share_4", models.SmallIntegerField(null=True)),
                        ("share_5", models.SmallIntegerField(null=True)),
                        ("share_6", models.SmallIntegerField(null=True)),
                        ("share_7", models.SmallIntegerField(null=True)),
                        ("on_1", models.DateField(null=True)),
                        ("on_2", models.DateField(null=True)),
                        ("on_3", models.DateField(null=True)),
                        ("on_4", models.DateField(null=True)),
                        ("on_5", models.DateField(null=True)),
                        ("on_6", models.DateField(null=True)),
                        ("on_7", models.DateField(null=True)),
                    ],
                    options={
                        "verbose_name": "fullness of the ledger",
                    },
                ),
                migrations.CreateModel(
                    name="CounterpartyMonth",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "customer_id",
                                "side",
                                "counterparty",
                                "ym",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("side", models.CharField(max_length=1)),
                        ("counterparty", models.CharField(max_length=120)),
                        ("ym", models.PositiveIntegerField(verbose_name="month")),
                        ("amount", customers.models.rollups.YuanField()),
                        ("invoices", models.IntegerField()),
                        (
                            "customer",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "month with a counterparty",
                    },
                ),
                migrations.CreateModel(
                    name="Consent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        ("person_name", models.CharField(max_length=40, verbose_name="signed by")),
                        ("channel", models.CharField(max_length=16, verbose_name="channel")),
                        (
                            "evidence_sha256",
                            models.CharField(blank=True, max_length=64, verbose_name="proof"),
                        ),
                        ("from_on", models.DateField(verbose_name="from")),
                        ("until_on", models.DateField(verbose_name="until")),
                        (
                            "withdrawn_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="withdrawn at"
                            ),
                        ),
                        (
                            "template",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.consenttemplate",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "consent",
                        "ordering": ("-from_on",),
                    },
                ),
                migrations.CreateModel(
                    name="CustomerAssignment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "during",
                            django.contrib.postgres.fields.ranges.DateRangeField(
                                verbose_name="days"
                            ),
                        ),
                        ("reason", models.CharField(max_length=120, verbose_name="reason")),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assignments",
                                to="core.branch",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "manager",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assignments",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "assignment",
                        "ordering": ("customer", "-during"),
                    },
                ),
                migrations.CreateModel(
                    name="CustomerIdentifier",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("citizen_no", "Citizen number"),
                                    ("account_no", "Account number"),
                                    ("card_no", "Card number"),
                                    ("other_no", "Other number"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("ciphertext", models.BinaryField()),
                        ("digest", models.BinaryField(max_length=32)),
                        ("last4", models.CharField(max_length=4)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "identifier",
                        "ordering": ("customer", "kind", "pk"),
                    },
                ),
                migrations.CreateModel(
                    name="GradeReturn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("as_of", models.DateField(verbose_name="as of")),
                        ("grade", models.CharField(max_length=8, verbose_name="credit grade")),
                        ("customers", models.IntegerField(verbose_name="customers")),
                        (
                            "balance_amount",
                            models.DecimalField(
                                decimal_places=2, max_digits=18, verbose_name="loan balance"
                            ),
                        ),
                        (
                            "contribution_amount",
                            models.DecimalField(
                                decimal_places=2, max_digits=18, verbose_name="contribution"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "return of a risk grade",
                        "ordering": ("-as_of", "grade"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("as_of", "grade"), name="grade_return_once_a_day"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GroupOverride",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "target",
                            models.CharField(
                                choices=[
                                    ("group", "Primary group"),
                                    ("stage", "Life-cycle stage"),
                                    ("size", "Size"),
                                ],
                                max_length=8,
                                verbose_name="what is set",
                            ),
                        ),
                        ("value", models.CharField(max_length=24, verbose_name="value")),
                        ("reason", models.CharField(max_length=200, verbose_name="reason")),
                        ("from_on", models.DateField(verbose_name="from")),
                        ("until_on", models.DateField(verbose_name="until")),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "manual setting",
                        "ordering": ("customer", "-from_on"),
                    },
                ),
                migrations.CreateModel(
                    name="ImportBatch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("kind", models.CharField(max_length=24, verbose_name="kind")),
                        ("file_name", models.CharField(max_length=200, verbose_name="file")),
                        ("file_path", models.CharField(blank=True, max_length=300)),
                        ("file_sha256", models.CharField(max_length=64)),
                        ("file_bytes", models.BigIntegerField(verbose_name="size")),
                        (
                            "encoding",
                            models.CharField(blank=True, max_length=16, verbose_name="encoding"),
                        ),
                        ("mapping", models.JSONField(default=dict)),
                        ("options", models.JSONField(default=dict)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("uploaded", "Uploaded"),
                                    ("checking", "Checking"),
                                    ("checked", "Checked"),
                                    ("running", "Running"),
                                    ("done", "Done"),
                                    ("failed", "Failed"),
                                    ("cancelled", "Cancelled"),
                                    ("undoing", "Being undone"),
                                    ("undone", "Undone"),
                                ],
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("is_dry_run", models.BooleanField(default=False, verbose_name="dry run")),
                        ("read_rows", models.PositiveIntegerField(default=0, verbose_name="read")),
                        (
                            "created_rows",
                            models.PositiveIntegerField(default=0, verbose_name="created"),
                        ),
                        (
                            "updated_rows",
                            models.PositiveIntegerField(default=0, verbose_name="updated"),
                        ),
                        (
                            "unchanged_rows",
                            models.PositiveIntegerField(default=0, verbose_name="unchanged"),
                        ),
                        (
                            "rejected_rows",
                            models.PositiveIntegerField(default=0, verbose_name="rejected"),
                        ),
                        (
                            "warned_rows",
                            models.PositiveIntegerField(default=0, verbose_name="with a remark"),
                        ),
                        ("blocks_done", models.PositiveIntegerField(default=0)),
                        ("fraction", models.FloatField(default=0)),
                        ("checked", models.JSONField(null=True)),
                        ("problem", models.JSONField(default=dict)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("started_at", models.DateTimeField(null=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "job",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="core.job",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "import",
                        "ordering": ("-pk",),
                    },
                ),
                migrations.CreateModel(
                    name="Holding",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        (
                            "contract_no",
                            models.CharField(
                                max_length=40, unique=True, verbose_name="contract number"
                            ),
                        ),
                        (
                            "family",
                            models.CharField(
                                choices=[
                                    ("loan", "Loan"),
                                    ("working_capital_loan", "Working-capital loan"),
                                    ("fixed_asset_loan", "Fixed-asset loan"),
                                    ("startup_guaranteed_loan", "Start-up guaranteed loan"),
                                    ("student_loan", "Student loan"),
                                    ("farm_production_loan", "Farm production loan"),
                                    ("supply_chain_loan", "Supply-chain loan"),
                                    ("bill_discount", "Bill discount"),
                                    ("credit_card", "Credit card"),
                                    ("instalment", "Instalment purchase"),
                                    ("deposit", "Deposit"),
                                    ("wealth", "Wealth product"),
                                    ("payment_settlement", "Payments and settlement"),
                                    ("account_card", "Account and card"),
                                    ("online_payment", "Online payment"),
                                    ("insurance", "Insurance"),
                                    ("ecommerce", "E-commerce service"),
                                    ("payroll", "Payroll service"),
                                    ("acquiring", "Merchant acquiring"),
                                    ("guarantee_letter", "Letter of guarantee"),
                                ],
                                max_length=24,
                                verbose_name="family",
                            ),
                        ),
                        (
                            "product_code",
                            models.CharField(blank=True, max_length=16, verbose_name="product"),
                        ),
                        ("opened_on", models.DateField(verbose_name="opened on")),
                        (
                            "closed_on",
                            models.DateField(blank=True, null=True, verbose_name="closed on"),
                        ),
                        (
                            "balance_amount",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=18,
                                null=True,
                                verbose_name="balance",
                            ),
                        ),
                        (
                            "balance_on",
                            models.DateField(blank=True, null=True, verbose_name="balance as of"),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "holding",
                        "ordering": ("customer", "family", "opened_on"),
                    },
                ),
                migrations.CreateModel(
                    name="ElectricityMonth",
                    fields=[
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "customer_id",
                                "ym",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("ym", models.PositiveIntegerField(verbose_name="month")),
                        (
                            "kwh",
                            models.DecimalField(
                                decimal_places=2, max_digits=14, verbose_name="kWh"
                            ),
                        ),
                        (
                            "billed_amount",
                            models.DecimalField(
                                decimal_places=2, max_digits=18, null=True, verbose_name="billed"
                            ),
                        ),
                        (
                            "arrears_days",
                            models.PositiveSmallIntegerField(null=True, verbose_name="days unpaid"),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="DepositMonth",
                    fields=[
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "customer_id",
                                "ym",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("ym", models.PositiveIntegerField(verbose_name="month")),
                        (
                            "average_amount",
                            models.DecimalField(
                                decimal_places=2,
                                max_digits=18,
                                verbose_name="average daily balance",
                            ),
                        ),
                        (
                            "end_amount",
                            models.DecimalField(
                                decimal_places=2, max_digits=18, verbose_name="balance at month end"
                            ),
                        ),
                        (
                            "minimum_amount",
                            models.DecimalField(
                                decimal_places=2,
                                max_digits=18,
                                null=True,
                                verbose_name="lowest balance",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="DeclaredFact",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        ("key", models.CharField(max_length=32, verbose_name="fact")),
                        (
                            "number",
                            models.DecimalField(
                                decimal_places=4, max_digits=20, null=True, verbose_name="number"
                            ),
                        ),
                        ("text", models.CharField(blank=True, max_length=200, verbose_name="text")),
                        ("day", models.DateField(null=True, verbose_name="date")),
                        ("as_of", models.DateField(verbose_name="as of")),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("registry", "Business registry"),
                                    ("core", "Core banking"),
                                    ("visit", "Visit"),
                                    ("statement", "Statement made on site"),
                                    ("cross_check", "Cross check"),
                                    ("invoice", "Invoices"),
                                    ("tax", "Tax office"),
                                    ("social_security", "Social security"),
                                    ("payroll", "Payroll files"),
                                    ("acquiring", "Merchant receipts"),
                                    ("bureau", "Credit bureau"),
                                    ("public_record", "Public records"),
                                    ("utility", "Electricity supplier"),
                                    ("channel", "Own channels"),
                                    ("derived", "Derived"),
                                    ("import", "Imported list"),
                                ],
                                max_length=16,
                                verbose_name="source",
                            ),
                        ),
                        (
                            "quality",
                            models.CharField(
                                choices=[
                                    ("verified", "Verified"),
                                    ("declared", "Declared"),
                                    ("estimated", "Estimated"),
                                ],
                                max_length=10,
                                verbose_name="quality",
                            ),
                        ),
                        (
                            "said_by",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=60,
                                verbose_name="who said it",
                            ),
                        ),
                        (
                            "evidence",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="what proves it"
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "is_withdrawn",
                            models.BooleanField(default=False, verbose_name="withdrawn"),
                        ),
                        (
                            "consent",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.consent",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "entered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "fact",
                        "ordering": ("customer", "key", "-as_of", "-pk"),
                    },
                ),
                migrations.AddField(
                    model_name="customer",
                    name="batch",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.importbatch",
                    ),
                ),
                migrations.CreateModel(
                    name="CreditLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        (
                            "line_no",
                            models.CharField(
                                max_length=40, unique=True, verbose_name="line number"
                            ),
                        ),
                        (
                            "family",
                            models.CharField(
                                choices=[
                                    ("loan", "Loan"),
                                    ("working_capital_loan", "Working-capital loan"),
                                    ("fixed_asset_loan", "Fixed-asset loan"),
                                    ("startup_guaranteed_loan", "Start-up guaranteed loan"),
                                    ("student_loan", "Student loan"),
                                    ("farm_production_loan", "Farm production loan"),
                                    ("supply_chain_loan", "Supply-chain loan"),
                                    ("bill_discount", "Bill discount"),
                                    ("credit_card", "Credit card"),
                                    ("instalment", "Instalment purchase"),
                                    ("deposit", "Deposit"),
                                    ("wealth", "Wealth product"),
                                    ("payment_settlement", "Payments and settlement"),
                                    ("account_card", "Account and card"),
                                    ("online_payment", "Online payment"),
                                    ("insurance", "Insurance"),
                                    ("ecommerce", "E-commerce service"),
                                    ("payroll", "Payroll service"),
                                    ("acquiring", "Merchant acquiring"),
                                    ("guarantee_letter", "Letter of guarantee"),
                                ],
                                max_length=24,
                                verbose_name="family",
                            ),
                        ),
                        (
                            "limit_amount",
                            models.DecimalField(
                                decimal_places=2, max_digits=18, verbose_name="limit"
                            ),
                        ),
                        ("granted_on", models.DateField(verbose_name="granted on")),
                        ("expires_on", models.DateField(verbose_name="expires on")),
                        (
                            "guarantee_mode",
                            models.CharField(max_length=16, verbose_name="guarantee"),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "credit line",
                        "ordering": ("customer", "-granted_on"),
                    },
                ),
                migrations.CreateModel(
                    name="Contact",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        ("name", models.CharField(max_length=40, verbose_name="name")),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("owner", "Owner"),
                                    ("legal_rep", "Legal representative"),
                                    ("finance", "Finance"),
                                    ("family", "Family member in the business"),
                                    ("other", "Other"),
                                ],
                                max_length=10,
                                verbose_name="role",
                            ),
                        ),
                        (
                            "is_decision_maker",
                            models.BooleanField(default=False, verbose_name="decides"),
                        ),
                        ("mobile_ciphertext", models.BinaryField(null=True)),
                        ("mobile_digest", models.BinaryField(max_length=32, null=True)),
                        ("mobile_last4", models.CharField(blank=True, max_length=4)),
                        ("mobile_masked", models.CharField(blank=True, max_length=11)),
                        (
                            "email",
                            models.EmailField(blank=True, max_length=254, verbose_name="e-mail"),
                        ),
                        ("updated_at", models.DateTimeField(auto_now=True)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="contacts",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "contact",
                        "ordering": ("-is_decision_maker", "pk"),
                    },
                ),
                migrations.AddField(
                    model_name="consent",
                    name="batch",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.importbatch",
                    ),
                ),
                migrations.CreateModel(
                    name="Collateral",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        (
                            "collateral_no",
                            models.CharField(
                                max_length=40, unique=True, verbose_name="collateral number"
                            ),
                        ),
                        ("kind", models.CharField(max_length=16, verbose_name="kind")),
                        (
                            "value_amount",
                            models.DecimalField(
                                decimal_places=2, max_digits=18, verbose_name="value"
                            ),
                        ),
                        (
                            "loan_to_value",
                            models.DecimalField(
                                decimal_places=6, max_digits=9, verbose_name="allowed loan to value"
                            ),
                        ),
                        ("valued_on", models.DateField(verbose_name="valued on")),
                        ("released_on", models.DateField(null=True, verbose_name="released on")),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "collateral",
                        "ordering": ("customer", "kind"),
                    },
                ),
                migrations.CreateModel(
                    name="ChannelMonth",
                    fields=[
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "customer_id",
                                "ym",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("ym", models.PositiveIntegerField(verbose_name="month")),
                        (
                            "active_days",
                            models.PositiveSmallIntegerField(verbose_name="active days"),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ChainLink",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        (
                            "side",
                            models.CharField(
                                choices=[("supplier", "Supplier"), ("buyer", "Buyer")],
                                max_length=8,
                                verbose_name="side",
                            ),
                        ),
                        (
                            "counterparty_name",
                            models.CharField(max_length=120, verbose_name="counterparty"),
                        ),
                        (
                            "position",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("upstream", "Upstream"),
                                    ("midstream", "Midstream"),
                                    ("downstream", "Downstream"),
                                    ("mixed", "Mixed"),
                                ],
                                max_length=10,
                                verbose_name="position in the chain",
                            ),
                        ),
                        (
                            "goods",
                            models.CharField(blank=True, max_length=80, verbose_name="goods"),
                        ),
                        (
                            "yearly_amount",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=18,
                                null=True,
                                verbose_name="yearly amount",
                            ),
                        ),
                        (
                            "share",
                            models.DecimalField(
                                blank=True,
                                decimal_places=6,
                                max_digits=9,
                                null=True,
                                verbose_name="share",
                            ),
                        ),
                        (
                            "years",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="years of trade"
                            ),
                        ),
                        (
                            "has_contract",
                            models.BooleanField(
                                blank=True, null=True, verbose_name="written contract"
                            ),
                        ),
                        (
                            "term_days",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="days of credit"
                            ),
                        ),
                        (
                            "is_core",
                            models.BooleanField(default=False, verbose_name="core enterprise"),
                        ),
                        (
                            "replaceable",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="replaceable 1-5"
                            ),
                        ),
                        ("as_of", models.DateField(verbose_name="as of")),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("registry", "Business registry"),
                                    ("core", "Core banking"),
                                    ("visit", "Visit"),
                                    ("statement", "Statement made on site"),
                                    ("cross_check", "Cross check"),
                                    ("invoice", "Invoices"),
                                    ("tax", "Tax office"),
                                    ("social_security", "Social security"),
                                    ("payroll", "Payroll files"),
                                    ("acquiring", "Merchant receipts"),
                                    ("bureau", "Credit bureau"),
                                    ("public_record", "Public records"),
                                    ("utility", "Electricity supplier"),
                                    ("channel", "Own channels"),
                                    ("derived", "Derived"),
                                    ("import", "Imported list"),
                                ],
                                max_length=16,
                                verbose_name="source",
                            ),
                        ),
                        (
                            "quality",
                            models.CharField(
                                choices=[
                                    ("verified", "Verified"),
                                    ("declared", "Declared"),
                                    ("estimated", "Estimated"),
                                ],
                                max_length=10,
                                verbose_name="quality",
                            ),
                        ),
                        (
                            "said_by",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=60,
                                verbose_name="who said it",
                            ),
                        ),
                        (
                            "proof",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=200,
                                verbose_name="what proves it",
                            ),
                        ),
                        (
                            "version",
                            models.PositiveIntegerField(db_default=1, default=1, editable=False),
                        ),
                        (
                            "chain",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                to="customers.chainmap",
                            ),
                        ),
                        (
                            "counterparty",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "chain link",
                        "ordering": ("customer", "side", "-yearly_amount"),
                    },
                ),
                migrations.CreateModel(
                    name="Certificate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("hnte", "High and new technology enterprise"),
                                    ("zjtx", "Specialised and innovative (zjtx)"),
                                    ("tech_sme", "Technology SME"),
                                    ("mtyx", "Innovative sole trader (mtyx)"),
                                    ("iso", "ISO certificate"),
                                    ("exporter", "Exporter"),
                                    ("farm_leader", "Leading farm enterprise"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "level",
                            models.CharField(blank=True, max_length=24, verbose_name="level"),
                        ),
                        (
                            "number",
                            models.CharField(blank=True, max_length=40, verbose_name="number"),
                        ),
                        ("valid_from", models.DateField(verbose_name="valid from")),
                        (
                            "valid_to",
                            models.DateField(blank=True, null=True, verbose_name="valid to"),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "certificate",
                        "ordering": ("kind", "-valid_from"),
                    },
                ),
                migrations.CreateModel(
                    name="BureauSummary",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        ("queried_on", models.DateField(verbose_name="queried on")),
                        ("expires_on", models.DateField(verbose_name="expires on")),
                        ("has_open_overdue", models.BooleanField(verbose_name="open overdue")),
                        (
                            "overdue_months",
                            models.PositiveSmallIntegerField(
                                verbose_name="months overdue in 24 months"
                            ),
                        ),
                        (
                            "worst_delay_days",
                            models.PositiveSmallIntegerField(
                                null=True, verbose_name="worst delay in 24 months"
                            ),
                        ),
                        ("lenders", models.PositiveSmallIntegerField(verbose_name="lenders")),
                        (
                            "hard_queries_6m",
                            models.PositiveSmallIntegerField(
                                verbose_name="loan and guarantee queries, 6 months"
                            ),
                        ),
                        (
                            "debt_amount",
                            models.DecimalField(
                                decimal_places=2,
                                max_digits=18,
                                null=True,
                                verbose_name="debt at all banks",
                            ),
                        ),
                        (
                            "outside_guarantee_amount",
                            models.DecimalField(
                                decimal_places=2,
                                max_digits=18,
                                null=True,
                                verbose_name="guarantees given",
                            ),
                        ),
                        (
                            "consent",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.consent",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "bureau summary",
                        "ordering": ("-queried_on",),
                    },
                ),
                migrations.CreateModel(
                    name="AcquiringMonth",
                    fields=[
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "customer_id",
                                "ym",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("ym", models.PositiveIntegerField(verbose_name="month")),
                        (
                            "received_amount",
                            models.DecimalField(
                                decimal_places=2, max_digits=18, verbose_name="received"
                            ),
                        ),
                        ("receipts", models.PositiveIntegerField(verbose_name="receipts")),
                        (
                            "payers",
                            models.PositiveIntegerField(null=True, verbose_name="distinct payers"),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="AccountFlow",
                    fields=[
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "customer_id",
                                "ym",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("ym", models.PositiveIntegerField(verbose_name="month")),
                        (
                            "inflow_amount",
                            models.DecimalField(
                                decimal_places=2, max_digits=18, verbose_name="inflow"
                            ),
                        ),
                        (
                            "outflow_amount",
                            models.DecimalField(
                                decimal_places=2, max_digits=18, verbose_name="outflow"
                            ),
                        ),
                        (
                            "business_inflow_amount",
                            models.DecimalField(
                                decimal_places=2,
                                help_text="Without own transfers, loan receipts and refunds.",
                                max_digits=18,
                                null=True,
                                verbose_name="business inflow",
                            ),
                        ),
                        (
                            "counterparties",
                            models.PositiveIntegerField(null=True, verbose_name="counterparties"),
                        ),
                        (
                            "payers",
                            models.PositiveIntegerField(null=True, verbose_name="distinct payers"),
                        ),
                        (
                            "cash_share",
                            models.DecimalField(
                                decimal_places=6, max_digits=9, null=True, verbose_name="cash share"
                            ),
                        ),
                        (
                            "active_days",
                            models.PositiveSmallIntegerField(null=True, verbose_name="active days"),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ImportChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("table", models.CharField(max_length=63)),
                        ("key", models.JSONField()),
                        ("before", models.JSONField()),
                        ("row", models.PositiveIntegerField(null=True)),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="changes",
                                to="customers.importbatch",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "changed row",
                        "ordering": ("batch", "pk"),
                    },
                ),
                migrations.CreateModel(
                    name="ImportMapping",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("kind", models.CharField(max_length=24, verbose_name="kind")),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        ("header_sha256", models.CharField(blank=True, max_length=64)),
                        ("mapping", models.JSONField()),
                        ("updated_at", models.DateTimeField(auto_now=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "column mapping",
                        "ordering": ("kind", "name"),
                    },
                ),
                migrations.CreateModel(
                    name="ImportRowError",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("line", models.PositiveIntegerField(verbose_name="line")),
                        ("column", models.CharField(max_length=80, verbose_name="column")),
                        ("value", models.CharField(max_length=200, verbose_name="value")),
                        ("code", models.CharField(max_length=40)),
                        ("details", models.JSONField(default=dict)),
                        ("is_remark", models.BooleanField(default=False)),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="errors",
                                to="customers.importbatch",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "rejected row",
                        "ordering": ("batch", "line", "pk"),
                    },
                ),
                migrations.CreateModel(
                    name="Invoice",
                    fields=[
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "customer_id",
                                "issued_on",
                                "side",
                                "number",
                                "code",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("issued_on", models.DateField(verbose_name="issued on")),
                        (
                            "side",
                            models.CharField(
                                choices=[("S", "Sale"), ("P", "Purchase")],
                                max_length=1,
                                verbose_name="side",
                            ),
                        ),
                        ("number", models.CharField(max_length=20, verbose_name="number")),
                        (
                            "code",
                            models.CharField(
                                blank=True, default="", max_length=12, verbose_name="invoice code"
                            ),
                        ),
                        ("ym", models.PositiveIntegerField(verbose_name="month")),
                        (
                            "counterparty",
                            models.CharField(max_length=120, verbose_name="counterparty"),
                        ),
                        (
                            "net_amount",
                            models.DecimalField(
                                decimal_places=2, max_digits=18, verbose_name="amount without tax"
                            ),
                        ),
                        (
                            "tax_amount",
                            models.DecimalField(
                                decimal_places=2, max_digits=18, verbose_name="tax"
                            ),
                        ),
                        ("is_void", models.BooleanField(default=False, verbose_name="void")),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "invoice",
                        "ordering": ("-issued_on", "number"),
                    },
                ),
                migrations.CreateModel(
                    name="InvoiceMonth",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "customer_id",
                                "ym",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("ym", models.PositiveIntegerField(verbose_name="month")),
                        ("sales", customers.models.rollups.YuanField(default=0)),
                        ("sales_plus", customers.models.rollups.YuanField(default=0)),
                        ("sales_red", customers.models.rollups.YuanField(default=0)),
                        ("sale_count", models.IntegerField(default=0)),
                        ("sale_voids", models.IntegerField(default=0)),
                        ("buyers", models.IntegerField(default=0)),
                        ("first_sale_on", models.DateField(null=True)),
                        ("last_sale_on", models.DateField(null=True)),
                        ("sale_gap_inside", models.IntegerField(null=True)),
                        ("sale_gap_before", models.IntegerField(null=True)),
                        ("purchases", customers.models.rollups.YuanField(default=0)),
                        ("purchases_plus", customers.models.rollups.YuanField(default=0)),
                        ("purchases_red", customers.models.rollups.YuanField(default=0)),
                        ("purchase_count", models.IntegerField(default=0)),
                        ("purchase_voids", models.IntegerField(default=0)),
                        ("suppliers", models.IntegerField(default=0)),
                        ("last_purchase_on", models.DateField(null=True)),
                        ("first_ym", models.IntegerField(null=True)),
                        ("buyer_total", customers.models.rollups.YuanField(null=True)),
                        ("buyer_squares", models.FloatField(null=True)),
                        ("buyer_top1", customers.models.rollups.YuanField(null=True)),
                        ("buyer_top5", customers.models.rollups.YuanField(null=True)),
                        ("buyer_count", models.IntegerField(null=True)),
                        ("buyer_new", models.IntegerField(null=True)),
                        ("buyer_lost", models.IntegerField(null=True)),
                        ("supplier_total", customers.models.rollups.YuanField(null=True)),
                        ("supplier_squares", models.FloatField(null=True)),
                        ("supplier_top1", customers.models.rollups.YuanField(null=True)),
                        ("supplier_top5", customers.models.rollups.YuanField(null=True)),
                        ("supplier_count", models.IntegerField(null=True)),
                        ("supplier_new", models.IntegerField(null=True)),
                        ("supplier_lost", models.IntegerField(null=True)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "month of invoices",
                    },
                ),
                migrations.CreateModel(
                    name="LedgerPast",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("table", models.CharField(max_length=32)),
                        ("row_id", models.BigIntegerField()),
                        ("as_of", models.DateField(verbose_name="as of")),
                        ("until", models.DateField(verbose_name="held until")),
                        ("before", models.JSONField()),
                        (
                            "customer",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "row of the ledger as it stood",
                        "ordering": ("customer", "table", "row_id", "as_of"),
                    },
                ),
                migrations.CreateModel(
                    name="LineUse",
                    fields=[
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "customer_id",
                                "ym",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("ym", models.PositiveIntegerField(verbose_name="month")),
                        (
                            "limit_amount",
                            models.DecimalField(
                                decimal_places=2, max_digits=18, verbose_name="limit"
                            ),
                        ),
                        (
                            "average_used_amount",
                            models.DecimalField(
                                decimal_places=2, max_digits=18, verbose_name="average drawn"
                            ),
                        ),
                        (
                            "peak_used_amount",
                            models.DecimalField(
                                decimal_places=2, max_digits=18, verbose_name="highest drawn"
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Loan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        (
                            "loan_no",
                            models.CharField(
                                max_length=40, unique=True, verbose_name="loan number"
                            ),
                        ),
                        (
                            "family",
                            models.CharField(
                                choices=[
                                    ("loan", "Loan"),
                                    ("working_capital_loan", "Working-capital loan"),
                                    ("fixed_asset_loan", "Fixed-asset loan"),
                                    ("startup_guaranteed_loan", "Start-up guaranteed loan"),
                                    ("student_loan", "Student loan"),
                                    ("farm_production_loan", "Farm production loan"),
                                    ("supply_chain_loan", "Supply-chain loan"),
                                    ("bill_discount", "Bill discount"),
                                    ("credit_card", "Credit card"),
                                    ("instalment", "Instalment purchase"),
                                    ("deposit", "Deposit"),
                                    ("wealth", "Wealth product"),
                                    ("payment_settlement", "Payments and settlement"),
                                    ("account_card", "Account and card"),
                                    ("online_payment", "Online payment"),
                                    ("insurance", "Insurance"),
                                    ("ecommerce", "E-commerce service"),
                                    ("payroll", "Payroll service"),
                                    ("acquiring", "Merchant acquiring"),
                                    ("guarantee_letter", "Letter of guarantee"),
                                ],
                                max_length=24,
                                verbose_name="family",
                            ),
                        ),
                        (
                            "product_code",
                            models.CharField(blank=True, max_length=16, verbose_name="product"),
                        ),
                        (
                            "principal_amount",
                            models.DecimalField(
                                decimal_places=2, max_digits=18, verbose_name="principal"
                            ),
                        ),
                        (
                            "balance_amount",
                            models.DecimalField(
                                decimal_places=2, max_digits=18, verbose_name="balance"
                            ),
                        ),
                        (
                            "rate",
                            models.DecimalField(
                                decimal_places=6, max_digits=9, verbose_name="yearly rate"
                            ),
                        ),
                        ("drawn_on", models.DateField(verbose_name="drawn on")),
                        ("matures_on", models.DateField(verbose_name="matures on")),
                        ("closed_on", models.DateField(null=True, verbose_name="paid off on")),
                        (
                            "repayment_mode",
                            models.CharField(max_length=24, verbose_name="repayment"),
                        ),
                        (
                            "guarantee_mode",
                            models.CharField(max_length=16, verbose_name="guarantee"),
                        ),
                        (
                            "five_class",
                            models.CharField(
                                choices=[
                                    ("normal", "Normal"),
                                    ("special_mention", "Special mention"),
                                    ("substandard", "Substandard"),
                                    ("doubtful", "Doubtful"),
                                    ("loss", "Loss"),
                                ],
                                max_length=16,
                                verbose_name="class",
                            ),
                        ),
                        (
                            "is_first_loan",
                            models.BooleanField(default=False, verbose_name="first loan"),
                        ),
                        ("is_renewal", models.BooleanField(default=False, verbose_name="renewal")),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="loans",
                                to="customers.creditline",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "loan",
                        "ordering": ("customer", "-drawn_on"),
                    },
                ),
                migrations.CreateModel(
                    name="Instalment",
                    fields=[
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "customer_id",
                                "loan_id",
                                "seq",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("seq", models.PositiveSmallIntegerField(verbose_name="number")),
                        ("due_on", models.DateField(verbose_name="due on")),
                        (
                            "principal_amount",
                            models.DecimalField(
                                decimal_places=2, max_digits=18, verbose_name="principal due"
                            ),
                        ),
                        (
                            "interest_amount",
                            models.DecimalField(
                                decimal_places=2, max_digits=18, verbose_name="interest due"
                            ),
                        ),
                        ("paid_on", models.DateField(null=True, verbose_name="fully paid on")),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "loan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="instalments",
                                to="customers.loan",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "instalment",
                        "ordering": ("loan", "seq"),
                    },
                ),
                migrations.CreateModel(
                    name="LoanApplication",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        (
                            "application_no",
                            models.CharField(
                                max_length=40, unique=True, verbose_name="application number"
                            ),
                        ),
                        ("applied_on", models.DateField(verbose_name="applied on")),
                        (
                            "family",
                            models.CharField(
                                choices=[
                                    ("loan", "Loan"),
                                    ("working_capital_loan", "Working-capital loan"),
                                    ("fixed_asset_loan", "Fixed-asset loan"),
                                    ("startup_guaranteed_loan", "Start-up guaranteed loan"),
                                    ("student_loan", "Student loan"),
                                    ("farm_production_loan", "Farm production loan"),
                                    ("supply_chain_loan", "Supply-chain loan"),
                                    ("bill_discount", "Bill discount"),
                                    ("credit_card", "Credit card"),
                                    ("instalment", "Instalment purchase"),
                                    ("deposit", "Deposit"),
                                    ("wealth", "Wealth product"),
                                    ("payment_settlement", "Payments and settlement"),
                                    ("account_card", "Account and card"),
                                    ("online_payment", "Online payment"),
                                    ("insurance", "Insurance"),
                                    ("ecommerce", "E-commerce service"),
                                    ("payroll", "Payroll service"),
                                    ("acquiring", "Merchant acquiring"),
                                    ("guarantee_letter", "Letter of guarantee"),
                                ],
                                max_length=24,
                                verbose_name="family",
                            ),
                        ),
                        (
                            "asked_amount",
                            models.DecimalField(
                                decimal_places=2, max_digits=18, verbose_name="amount asked"
                            ),
                        ),
                        (
                            "asked_months",
                            models.PositiveSmallIntegerField(
                                null=True, verbose_name="months asked"
                            ),
                        ),
                        (
                            "purpose",
                            models.CharField(blank=True, max_length=24, verbose_name="purpose"),
                        ),
                        (
                            "decision",
                            models.CharField(
                                choices=[
                                    ("pending", "Pending"),
                                    ("approved", "Approved"),
                                    ("refused", "Refused"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                max_length=10,
                                verbose_name="decision",
                            ),
                        ),
                        ("decided_on", models.DateField(null=True, verbose_name="decided on")),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "loan application",
                        "ordering": ("-applied_on",),
                    },
                ),
                migrations.CreateModel(
                    name="ManualTag",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("code", models.CharField(choices=[], max_length=24, verbose_name="tag")),
                        ("reason", models.CharField(max_length=200, verbose_name="reason")),
                        ("from_on", models.DateField(verbose_name="from")),
                        ("until_on", models.DateField(verbose_name="until")),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "tag by hand",
                        "ordering": ("customer", "code"),
                    },
                ),
                migrations.CreateModel(
                    name="MonthRollup",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "customer_id",
                                "ym",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("ym", models.PositiveIntegerField(verbose_name="month")),
                        ("inflow", customers.models.rollups.YuanField(null=True)),
                        ("outflow", customers.models.rollups.YuanField(null=True)),
                        ("business_inflow", customers.models.rollups.YuanField(null=True)),
                        ("cash_inflow", customers.models.rollups.YuanField(null=True)),
                        ("payers", models.IntegerField(null=True)),
                        ("active_days", models.IntegerField(null=True)),
                        ("deposit_average", customers.models.rollups.YuanField(null=True)),
                        ("deposit_end", customers.models.rollups.YuanField(null=True)),
                        ("line_limit", customers.models.rollups.YuanField(null=True)),
                        ("line_used", customers.models.rollups.YuanField(null=True)),
                        ("line_peak", customers.models.rollups.YuanField(null=True)),
                        ("acquired", customers.models.rollups.YuanField(null=True)),
                        ("receipts", models.IntegerField(null=True)),
                        ("receipt_payers", models.IntegerField(null=True)),
                        ("payroll_heads", models.IntegerField(null=True)),
                        ("wages", customers.models.rollups.YuanField(null=True)),
                        ("insured_heads", models.IntegerField(null=True)),
                        ("kwh", models.FloatField(null=True)),
                        ("channel_days", models.IntegerField(null=True)),
                        ("repaid_principal", customers.models.rollups.YuanField(null=True)),
                        ("repaid_early", customers.models.rollups.YuanField(null=True)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "month of a customer",
                    },
                ),
                migrations.CreateModel(
                    name="PayrollMonth",
                    fields=[
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "customer_id",
                                "ym",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("ym", models.PositiveIntegerField(verbose_name="month")),
                        ("heads", models.PositiveIntegerField(verbose_name="heads")),
                        (
                            "wages_amount",
                            models.DecimalField(
                                decimal_places=2, max_digits=18, verbose_name="wages"
                            ),
                        ),
                        ("paid_on", models.DateField(null=True, verbose_name="paid on")),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="PeerBand",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("as_of", models.DateField(verbose_name="as of")),
                        ("trade_key", models.CharField(max_length=32, verbose_name="trade")),
                        ("size_class", models.CharField(max_length=8, verbose_name="size")),
                        ("firms", models.IntegerField(verbose_name="firms")),
                        (
                            "revenue",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(),
                                null=True,
                                size=None,
                                verbose_name="revenue",
                            ),
                        ),
                        (
                            "margin",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(),
                                null=True,
                                size=None,
                                verbose_name="gross margin",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "peer band",
                        "ordering": ("-as_of", "trade_key", "size_class"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("as_of", "trade_key", "size_class"),
                                name="peer_band_once_a_day",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PeerMonth",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("trade_key", models.CharField(max_length=32, verbose_name="trade")),
                        ("size_class", models.CharField(max_length=8, verbose_name="size")),
                        ("ym", models.PositiveIntegerField(verbose_name="month")),
                        ("firms", models.IntegerField(verbose_name="firms")),
                        ("inflow_median", models.FloatField(verbose_name="median inflow")),
                    ],
                    options={
                        "verbose_name": "peer month",
                        "ordering": ("trade_key", "size_class", "ym"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("trade_key", "size_class", "ym"), name="peer_month_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PeerStatistic",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("as_of", models.DateField(verbose_name="as of")),
                        (
                            "kind",
                            models.CharField(
                                choices=[("group", "Customer group"), ("peers", "Trade and size")],
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        ("segment", models.CharField(max_length=48, verbose_name="segment")),
                        ("column", models.CharField(max_length=40, verbose_name="figure")),
                        ("members", models.IntegerField(verbose_name="members")),
                        ("known", models.IntegerField(verbose_name="known")),
                        ("low_quartile", models.FloatField(verbose_name="lower quartile")),
                        ("median", models.FloatField(verbose_name="median")),
                        ("high_quartile", models.FloatField(verbose_name="upper quartile")),
                    ],
                    options={
                        "verbose_name": "figure of a group",
                        "ordering": ("-as_of", "kind", "segment", "column"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("as_of", "kind", "segment", "column"),
                                name="peer_statistic_once_a_day",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PortraitVersion",
                    fields=[
                        ("as_of", models.DateField(verbose_name="as of")),
                        ("computed_at", models.DateTimeField(verbose_name="computed at")),
                        (
                            "trigger",
                            models.CharField(
                                choices=[
                                    ("nightly", "Nightly run"),
                                    ("import", "Import"),
                                    ("visit", "Visit"),
                                    ("loan", "Loan event"),
                                    ("edit", "Edit by hand"),
                                ],
                                max_length=12,
                                verbose_name="trigger",
                            ),
                        ),
                        ("parameters", models.CharField(max_length=12, verbose_name="parameters")),
                        ("version_no", models.IntegerField(verbose_name="version")),
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "is_material",
                            models.BooleanField(default=False, verbose_name="material change"),
                        ),
                        (
                            "registered_capital",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Registered capital"
                            ),
                        ),
                        (
                            "paid_in_ratio",
                            models.FloatField(null=True, verbose_name="Paid-in capital ratio"),
                        ),
                        ("employees", models.IntegerField(null=True, verbose_name="Employees")),
                        (
                            "employees_source",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Employees counted from"
                            ),
                        ),
                        (
                            "employees_change",
                            models.FloatField(
                                null=True, verbose_name="Employees against a year ago"
                            ),
                        ),
                        (
                            "years_in_business",
                            models.FloatField(null=True, verbose_name="Years in business"),
                        ),
                        (
                            "industry_code",
                            models.CharField(max_length=4, null=True, verbose_name="Industry"),
                        ),
                        (
                            "trade_key",
                            models.CharField(
                                max_length=32, null=True, verbose_name="Trade profile"
                            ),
                        ),
                        (
                            "annual_revenue",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Annual revenue"
                            ),
                        ),
                        (
                            "annual_revenue_source",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Revenue taken from"
                            ),
                        ),
                        (
                            "revenue_change",
                            models.FloatField(
                                null=True, verbose_name="Revenue against the year before"
                            ),
                        ),
                        (
                            "total_assets",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Total assets"
                            ),
                        ),
                        (
                            "premises",
                            models.CharField(max_length=24, null=True, verbose_name="Premises"),
                        ),
                        (
                            "premises_area",
                            models.FloatField(null=True, verbose_name="Area of the premises"),
                        ),
                        (
                            "lease_months_left",
                            models.IntegerField(null=True, verbose_name="Months left of the lease"),
                        ),
                        (
                            "controller_industry_years",
                            models.FloatField(
                                null=True, verbose_name="Controller's years in the industry"
                            ),
                        ),
                        (
                            "controller_age",
                            models.IntegerField(null=True, verbose_name="Controller's age"),
                        ),
                        (
                            "controller_education",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Controller's education"
                            ),
                        ),
                        (
                            "family_in_business",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Family in the business"
                            ),
                        ),
                        (
                            "party_type",
                            models.CharField(max_length=24, null=True, verbose_name="Party type"),
                        ),
                        (
                            "certificates",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    max_length=24, null=True, verbose_name="Certificates"
                                ),
                                null=True,
                                size=None,
                            ),
                        ),
                        (
                            "certificate_expires_on",
                            models.DateField(null=True, verbose_name="First certificate to expire"),
                        ),
                        (
                            "region_code",
                            models.CharField(max_length=6, null=True, verbose_name="Region"),
                        ),
                        (
                            "contact_completeness",
                            models.FloatField(null=True, verbose_name="Contact completeness"),
                        ),
                        (
                            "applications_24m",
                            models.IntegerField(
                                null=True, verbose_name="Loan applications, 24 months"
                            ),
                        ),
                        (
                            "approval_rate_24m",
                            models.FloatField(null=True, verbose_name="Approval rate, 24 months"),
                        ),
                        (
                            "line_utilisation_6m",
                            models.FloatField(null=True, verbose_name="Line utilisation, 6 months"),
                        ),
                        (
                            "peak_utilisation_12m",
                            models.FloatField(
                                null=True, verbose_name="Peak utilisation, 12 months"
                            ),
                        ),
                        (
                            "months_over_90_12m",
                            models.IntegerField(
                                null=True, verbose_name="Months with over 90 % drawn"
                            ),
                        ),
                        (
                            "months_tight_2m",
                            models.IntegerField(
                                null=True, verbose_name="Of the last 2 months, over 85 % drawn"
                            ),
                        ),
                        (
                            "loan_balance",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Loan balance"
                            ),
                        ),
                        (
                            "limit_amount",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Credit limits"
                            ),
                        ),
                        (
                            "on_time_share_24m",
                            models.FloatField(null=True, verbose_name="Repaid on time, 24 months"),
                        ),
                        (
                            "longest_delay_days_24m",
                            models.IntegerField(null=True, verbose_name="Longest delay, 24 months"),
                        ),
                        (
                            "days_past_due",
                            models.IntegerField(null=True, verbose_name="Days past due"),
                        ),
                        (
                            "overdue_amount",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Overdue amount"
                            ),
                        ),
                        (
                            "early_repayment_share_24m",
                            models.FloatField(null=True, verbose_name="Repaid early, 24 months"),
                        ),
                        (
                            "inflow_month_12m",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Account inflow a month"
                            ),
                        ),
                        ("inflow_trend", models.FloatField(null=True, verbose_name="Inflow trend")),
                        (
                            "inflow_trend_before",
                            models.FloatField(null=True, verbose_name="Inflow trend a quarter ago"),
                        ),
                        (
                            "inflow_cv_12m",
                            models.FloatField(null=True, verbose_name="Inflow swings, 12 months"),
                        ),
                        (
                            "deposit_to_loan_3m",
                            models.FloatField(
                                null=True, verbose_name="Deposits to loans, 3 months"
                            ),
                        ),
                        (
                            "deposit_average_3m",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Average deposits, 3 months"
                            ),
                        ),
                        (
                            "deposit_trend",
                            models.FloatField(
                                null=True, verbose_name="Deposits against a year ago"
                            ),
                        ),
                        (
                            "acquiring_month_3m",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Merchant receipts a month"
                            ),
                        ),
                        (
                            "acquiring_receipts_3m",
                            models.IntegerField(null=True, verbose_name="Merchant receipts, count"),
                        ),
                        (
                            "acquiring_payers_3m",
                            models.IntegerField(null=True, verbose_name="Payers a month"),
                        ),
                        (
                            "acquiring_months_12m",
                            models.IntegerField(
                                null=True, verbose_name="Months with merchant receipts"
                            ),
                        ),
                        (
                            "payroll_heads_3m",
                            models.IntegerField(null=True, verbose_name="Heads on the payroll"),
                        ),
                        (
                            "mean_wage_3m",
                            customers.models.rollups.YuanField(null=True, verbose_name="Mean wage"),
                        ),
                        (
                            "digital_days_3m",
                            models.IntegerField(
                                null=True, verbose_name="Digital activity, 3 months"
                            ),
                        ),
                        (
                            "active_months_12m",
                            models.IntegerField(null=True, verbose_name="Active months of 12"),
                        ),
                        (
                            "inflow_coverage_12m",
                            models.FloatField(
                                null=True, verbose_name="Share of revenue through us"
                            ),
                        ),
                        (
                            "cash_share_12m",
                            models.FloatField(null=True, verbose_name="Cash share of inflow"),
                        ),
                        (
                            "electricity_change",
                            models.FloatField(
                                null=True, verbose_name="Electricity against the year before"
                            ),
                        ),
                        ("last_visit_on", models.DateField(null=True, verbose_name="Last visit")),
                        (
                            "sales_month_12m",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Invoiced sales a month"
                            ),
                        ),
                        (
                            "purchases_month_12m",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Invoiced purchases a month"
                            ),
                        ),
                        (
                            "value_added_12m",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Value added, 12 months"
                            ),
                        ),
                        ("gross_margin", models.FloatField(null=True, verbose_name="Gross margin")),
                        (
                            "sales_growth_12m",
                            models.FloatField(
                                null=True, verbose_name="Sales against the year before"
                            ),
                        ),
                        (
                            "sales_growth_lunar",
                            models.FloatField(
                                null=True, verbose_name="Sales against the same lunar period"
                            ),
                        ),
                        (
                            "sales_cv_12m",
                            models.FloatField(null=True, verbose_name="Sales swings, 12 months"),
                        ),
                        (
                            "sales_peak_month",
                            models.IntegerField(null=True, verbose_name="Best month of the year"),
                        ),
                        (
                            "season_strength",
                            models.FloatField(null=True, verbose_name="Strength of the season"),
                        ),
                        (
                            "void_rate_12m",
                            models.FloatField(
                                null=True, verbose_name="Void rate of sales invoices"
                            ),
                        ),
                        (
                            "return_rate_12m",
                            models.FloatField(null=True, verbose_name="Return rate (red-letter)"),
                        ),
                        (
                            "purchase_return_rate_12m",
                            models.FloatField(
                                null=True, verbose_name="Returned purchases (red-letter)"
                            ),
                        ),
                        (
                            "invoices_12m",
                            models.IntegerField(
                                null=True, verbose_name="Sales invoices, 12 months"
                            ),
                        ),
                        (
                            "months_without_sales_12m",
                            models.IntegerField(null=True, verbose_name="Months without sales"),
                        ),
                        (
                            "longest_silence_days_12m",
                            models.IntegerField(null=True, verbose_name="Longest silence"),
                        ),
                        (
                            "last_activity_on",
                            models.DateField(null=True, verbose_name="Last activity"),
                        ),
                        (
                            "days_since_activity",
                            models.IntegerField(
                                null=True, verbose_name="Days since the last activity"
                            ),
                        ),
                        (
                            "top1_buyer_share_12m",
                            models.FloatField(null=True, verbose_name="Share of the largest buyer"),
                        ),
                        (
                            "top5_buyer_share_12m",
                            models.FloatField(
                                null=True, verbose_name="Share of the five largest buyers"
                            ),
                        ),
                        (
                            "buyer_hhi_12m",
                            models.FloatField(
                                null=True, verbose_name="Concentration of buyers (HHI)"
                            ),
                        ),
                        (
                            "buyers_12m",
                            models.IntegerField(null=True, verbose_name="Buyers, 12 months"),
                        ),
                        (
                            "new_buyers_6m",
                            models.IntegerField(null=True, verbose_name="New buyers, 6 months"),
                        ),
                        (
                            "lost_buyers_6m",
                            models.IntegerField(null=True, verbose_name="Lost buyers, 6 months"),
                        ),
                        (
                            "top1_supplier_share_12m",
                            models.FloatField(
                                null=True, verbose_name="Share of the largest supplier"
                            ),
                        ),
                        (
                            "top5_supplier_share_12m",
                            models.FloatField(
                                null=True, verbose_name="Share of the five largest suppliers"
                            ),
                        ),
                        (
                            "supplier_hhi_12m",
                            models.FloatField(
                                null=True, verbose_name="Concentration of suppliers (HHI)"
                            ),
                        ),
                        (
                            "suppliers_12m",
                            models.IntegerField(null=True, verbose_name="Suppliers, 12 months"),
                        ),
                        (
                            "new_suppliers_6m",
                            models.IntegerField(null=True, verbose_name="New suppliers, 6 months"),
                        ),
                        (
                            "lost_suppliers_6m",
                            models.IntegerField(null=True, verbose_name="Lost suppliers, 6 months"),
                        ),
                        (
                            "wanted_amount",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Amount wanted"
                            ),
                        ),
                        (
                            "wanted_months",
                            models.IntegerField(null=True, verbose_name="Term wanted"),
                        ),
                        (
                            "wanted_purpose",
                            models.CharField(max_length=24, null=True, verbose_name="Purpose"),
                        ),
                        (
                            "speed_need",
                            models.IntegerField(null=True, verbose_name="Need for speed"),
                        ),
                        (
                            "price_sensitivity",
                            models.IntegerField(null=True, verbose_name="Price sensitivity"),
                        ),
                        (
                            "guarantee_value",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Guarantee ability"
                            ),
                        ),
                        (
                            "property_value",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Property to pledge"
                            ),
                        ),
                        (
                            "repayment_preference",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    max_length=24, null=True, verbose_name="Repayment wished"
                                ),
                                null=True,
                                size=None,
                            ),
                        ),
                        (
                            "channel_preference",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Channel preference"
                            ),
                        ),
                        (
                            "next_funding_on",
                            models.DateField(null=True, verbose_name="Next funding moment"),
                        ),
                        (
                            "next_funding_kind",
                            models.CharField(
                                max_length=24, null=True, verbose_name="What the money will be for"
                            ),
                        ),
                        (
                            "loan_matures_next_on",
                            models.DateField(null=True, verbose_name="Next maturity of our loans"),
                        ),
                        (
                            "noncredit_needs",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    max_length=24, null=True, verbose_name="Other services wished"
                                ),
                                null=True,
                                size=None,
                            ),
                        ),
                        (
                            "wallet_share",
                            models.FloatField(null=True, verbose_name="Share of wallet"),
                        ),
                        (
                            "competitor_lender",
                            models.CharField(
                                max_length=200, null=True, verbose_name="Other lender"
                            ),
                        ),
                        (
                            "competitor_amount",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Loan at the other lender"
                            ),
                        ),
                        (
                            "competitor_rate",
                            models.FloatField(null=True, verbose_name="Rate at the other lender"),
                        ),
                        (
                            "competitor_matures_on",
                            models.DateField(null=True, verbose_name="Loan elsewhere matures on"),
                        ),
                        (
                            "service_manner",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Manner of service"
                            ),
                        ),
                        ("credit_score", models.FloatField(null=True, verbose_name="Credit score")),
                        (
                            "credit_grade",
                            models.CharField(max_length=24, null=True, verbose_name="Credit grade"),
                        ),
                        (
                            "bureau_has_overdue",
                            models.BooleanField(
                                null=True, verbose_name="Open overdue at the bureau"
                            ),
                        ),
                        (
                            "bureau_overdue_months",
                            models.IntegerField(
                                null=True, verbose_name="Months overdue at the bureau"
                            ),
                        ),
                        ("lenders", models.IntegerField(null=True, verbose_name="Lenders")),
                        (
                            "hard_queries_6m",
                            models.IntegerField(null=True, verbose_name="Loan queries, 6 months"),
                        ),
                        ("debt_ratio", models.FloatField(null=True, verbose_name="Debt ratio")),
                        (
                            "debt_service_cover",
                            models.FloatField(null=True, verbose_name="Debt service cover"),
                        ),
                        (
                            "outside_guarantee_ratio",
                            models.FloatField(
                                null=True, verbose_name="Outside guarantees to equity"
                            ),
                        ),
                        (
                            "collateral_cover",
                            models.FloatField(null=True, verbose_name="Collateral cover"),
                        ),
                        (
                            "tax_grade",
                            models.CharField(max_length=24, null=True, verbose_name="Tax grade"),
                        ),
                        (
                            "open_enforcements",
                            models.IntegerField(null=True, verbose_name="Open enforcements"),
                        ),
                        (
                            "is_dishonest",
                            models.BooleanField(
                                null=True, verbose_name="On the dishonest-debtor list"
                            ),
                        ),
                        (
                            "is_abnormal",
                            models.BooleanField(
                                null=True, verbose_name="On the abnormal-operation list"
                            ),
                        ),
                        (
                            "penalties_24m",
                            models.IntegerField(null=True, verbose_name="Penalties, 24 months"),
                        ),
                        (
                            "lawsuits_24m",
                            models.IntegerField(null=True, verbose_name="Lawsuits, 24 months"),
                        ),
                        (
                            "cross_check_verdict",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Cross-check verdict"
                            ),
                        ),
                        (
                            "verified_share",
                            models.FloatField(null=True, verbose_name="Share of facts verified"),
                        ),
                        (
                            "revenue_percentile",
                            models.FloatField(
                                null=True, verbose_name="Place in the trade by revenue"
                            ),
                        ),
                        (
                            "margin_percentile",
                            models.FloatField(
                                null=True, verbose_name="Place in the trade by gross margin"
                            ),
                        ),
                        (
                            "size_class",
                            models.CharField(max_length=8, null=True, verbose_name="Size"),
                        ),
                        (
                            "size_missing",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    max_length=24, null=True, verbose_name="Missing for the size"
                                ),
                                null=True,
                                size=None,
                            ),
                        ),
                        (
                            "size_group_key",
                            models.CharField(max_length=3, null=True, verbose_name="Size group"),
                        ),
                        (
                            "groups",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    max_length=24, null=True, verbose_name="Customer groups"
                                ),
                                null=True,
                                size=None,
                            ),
                        ),
                        (
                            "primary_group",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Primary group"
                            ),
                        ),
                        (
                            "primary_group_tests",
                            models.CharField(
                                max_length=60, null=True, verbose_name="primary_group_tests"
                            ),
                        ),
                        (
                            "core_relation",
                            models.CharField(
                                max_length=24,
                                null=True,
                                verbose_name="Relation to a core enterprise",
                            ),
                        ),
                        (
                            "survey_kind",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Kind of business"
                            ),
                        ),
                        (
                            "chain_position",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Position in the chain"
                            ),
                        ),
                        (
                            "chain_position_tests",
                            models.CharField(
                                max_length=60, null=True, verbose_name="chain_position_tests"
                            ),
                        ),
                        (
                            "asset_style",
                            models.CharField(max_length=24, null=True, verbose_name="Asset style"),
                        ),
                        (
                            "asset_style_tests",
                            models.CharField(
                                max_length=60, null=True, verbose_name="asset_style_tests"
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Life-cycle stage"
                            ),
                        ),
                        (
                            "stage_tests",
                            models.CharField(max_length=60, null=True, verbose_name="stage_tests"),
                        ),
                        (
                            "tags",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    max_length=24, null=True, verbose_name="Tags"
                                ),
                                null=True,
                                size=None,
                            ),
                        ),
                        (
                            "families",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    max_length=24, null=True, verbose_name="Products held"
                                ),
                                null=True,
                                size=None,
                            ),
                        ),
                        (
                            "families_held",
                            models.IntegerField(null=True, verbose_name="Families held"),
                        ),
                        (
                            "visits_count_12m",
                            models.IntegerField(null=True, verbose_name="Visits, 12 months"),
                        ),
                        (
                            "spread_income",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Spread income"
                            ),
                        ),
                        (
                            "comprehensive_income",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Comprehensive income"
                            ),
                        ),
                        (
                            "risk_cost",
                            customers.models.rollups.YuanField(null=True, verbose_name="Risk cost"),
                        ),
                        (
                            "servicing_cost",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Servicing cost"
                            ),
                        ),
                        (
                            "contribution_12m",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Contribution, 12 months"
                            ),
                        ),
                        (
                            "raroc",
                            models.FloatField(null=True, verbose_name="Return on risk capital"),
                        ),
                        (
                            "potential_12m",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Potential, 12 months"
                            ),
                        ),
                        ("stickiness", models.FloatField(null=True, verbose_name="Stickiness")),
                        (
                            "stickiness_known",
                            models.FloatField(
                                null=True, verbose_name="Stickiness points that could be told"
                            ),
                        ),
                        (
                            "relationship_years",
                            models.FloatField(null=True, verbose_name="Years with us"),
                        ),
                        (
                            "own_data_kinds",
                            models.IntegerField(null=True, verbose_name="Kinds of own data"),
                        ),
                        (
                            "services_used_3m",
                            models.IntegerField(
                                null=True, verbose_name="Services used in 3 months"
                            ),
                        ),
                        (
                            "tier",
                            models.CharField(max_length=24, null=True, verbose_name="Value tier"),
                        ),
                        (
                            "tier_tests",
                            models.CharField(max_length=60, null=True, verbose_name="tier_tests"),
                        ),
                        (
                            "need_basis",
                            models.CharField(max_length=24, null=True, verbose_name="Amount by"),
                        ),
                        (
                            "need_low",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Amount needed, low"
                            ),
                        ),
                        (
                            "need_high",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Amount needed, high"
                            ),
                        ),
                        (
                            "capital_cycle_days",
                            models.IntegerField(null=True, verbose_name="Days that money is bound"),
                        ),
                        (
                            "equipment_sum",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Equipment loan, 70 % of the price"
                            ),
                        ),
                        (
                            "red_flags",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    max_length=24, null=True, verbose_name="Red flags"
                                ),
                                null=True,
                                size=None,
                            ),
                        ),
                        (
                            "demand_reasons",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    max_length=24, null=True, verbose_name="What moves demand"
                                ),
                                null=True,
                                size=None,
                            ),
                        ),
                        (
                            "is_credit_suppressed",
                            models.BooleanField(null=True, verbose_name="No credit is offered"),
                        ),
                        (
                            "p_quick_loan",
                            models.FloatField(null=True, verbose_name="Small quick loan"),
                        ),
                        ("p_qr_receipts", models.FloatField(null=True, verbose_name="QR receipts")),
                        (
                            "p_account_card",
                            models.FloatField(null=True, verbose_name="Account and card"),
                        ),
                        (
                            "p_startup_loan",
                            models.FloatField(null=True, verbose_name="Start-up guaranteed loan"),
                        ),
                        (
                            "p_insurance",
                            models.FloatField(
                                null=True, verbose_name="Accident and property insurance"
                            ),
                        ),
                        (
                            "p_working_capital",
                            models.FloatField(null=True, verbose_name="Working capital"),
                        ),
                        (
                            "p_equipment_loan",
                            models.FloatField(null=True, verbose_name="Equipment loan"),
                        ),
                        ("p_payroll", models.FloatField(null=True, verbose_name="Payroll service")),
                        (
                            "p_chain_finance",
                            models.FloatField(null=True, verbose_name="Supply-chain finance"),
                        ),
                        ("p_credit_card", models.FloatField(null=True, verbose_name="Credit card")),
                        ("p_renewal", models.FloatField(null=True, verbose_name="Renewal")),
                        (
                            "p_cheaper_line",
                            models.FloatField(null=True, verbose_name="Cheaper line"),
                        ),
                        (
                            "p_cash_management",
                            models.FloatField(null=True, verbose_name="Cash management"),
                        ),
                        (
                            "p_deposit_wealth",
                            models.FloatField(null=True, verbose_name="Deposits and wealth"),
                        ),
                        (
                            "p_renewal_plan",
                            models.FloatField(null=True, verbose_name="Renewal with a new plan"),
                        ),
                        (
                            "p_restructuring",
                            models.FloatField(null=True, verbose_name="Restructuring"),
                        ),
                        ("p_cost_advice", models.FloatField(null=True, verbose_name="Cost advice")),
                        (
                            "top_need_chance",
                            models.FloatField(
                                null=True, verbose_name="Chance of the likeliest need"
                            ),
                        ),
                        (
                            "top_need",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Likeliest need"
                            ),
                        ),
                        (
                            "need_on",
                            models.DateField(null=True, verbose_name="When it will be needed"),
                        ),
                        (
                            "peer_basis",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Compared with"
                            ),
                        ),
                        ("completeness", models.FloatField(null=True, verbose_name="Completeness")),
                        ("freshness", models.FloatField(null=True, verbose_name="Freshness")),
                        (
                            "completeness_basic",
                            models.FloatField(null=True, verbose_name="Completeness, basics"),
                        ),
                        (
                            "freshness_basic",
                            models.FloatField(null=True, verbose_name="Freshness, basics"),
                        ),
                        (
                            "completeness_behaviour",
                            models.FloatField(null=True, verbose_name="Completeness, behaviour"),
                        ),
                        (
                            "freshness_behaviour",
                            models.FloatField(null=True, verbose_name="Freshness, behaviour"),
                        ),
                        (
                            "completeness_need",
                            models.FloatField(null=True, verbose_name="Completeness, needs"),
                        ),
                        (
                            "freshness_need",
                            models.FloatField(null=True, verbose_name="Freshness, needs"),
                        ),
                        (
                            "completeness_credit",
                            models.FloatField(null=True, verbose_name="Completeness, credit"),
                        ),
                        (
                            "freshness_credit",
                            models.FloatField(null=True, verbose_name="Freshness, credit"),
                        ),
                        (
                            "flow_on",
                            models.DateField(null=True, verbose_name="Account flows up to"),
                        ),
                        ("deposit_on", models.DateField(null=True, verbose_name="Deposits up to")),
                        ("line_on", models.DateField(null=True, verbose_name="Line use up to")),
                        (
                            "acquiring_on",
                            models.DateField(null=True, verbose_name="Merchant receipts up to"),
                        ),
                        ("payroll_on", models.DateField(null=True, verbose_name="Payroll up to")),
                        (
                            "social_security_on",
                            models.DateField(null=True, verbose_name="Social security up to"),
                        ),
                        (
                            "channel_on",
                            models.DateField(null=True, verbose_name="Channel use up to"),
                        ),
                        (
                            "utility_on",
                            models.DateField(null=True, verbose_name="Electricity up to"),
                        ),
                        (
                            "bureau_on",
                            models.DateField(null=True, verbose_name="Bureau summary of"),
                        ),
                        (
                            "tax_on",
                            models.DateField(null=True, verbose_name="Tax grade published on"),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="portrait_versions",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "portrait version",
                        "ordering": ("customer", "-version_no"),
                    },
                ),
                migrations.CreateModel(
                    name="ProcureMode",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        ("as_of", models.DateField(verbose_name="as of")),
                        (
                            "ended_on",
                            models.DateField(blank=True, null=True, verbose_name="held until"),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("registry", "Business registry"),
                                    ("core", "Core banking"),
                                    ("visit", "Visit"),
                                    ("statement", "Statement made on site"),
                                    ("cross_check", "Cross check"),
                                    ("invoice", "Invoices"),
                                    ("tax", "Tax office"),
                                    ("social_security", "Social security"),
                                    ("payroll", "Payroll files"),
                                    ("acquiring", "Merchant receipts"),
                                    ("bureau", "Credit bureau"),
                                    ("public_record", "Public records"),
                                    ("utility", "Electricity supplier"),
                                    ("channel", "Own channels"),
                                    ("derived", "Derived"),
                                    ("import", "Imported list"),
                                ],
                                default="visit",
                                max_length=16,
                                verbose_name="source",
                            ),
                        ),
                        (
                            "quality",
                            models.CharField(
                                choices=[
                                    ("verified", "Verified"),
                                    ("declared", "Declared"),
                                    ("estimated", "Estimated"),
                                ],
                                default="declared",
                                max_length=10,
                                verbose_name="quality",
                            ),
                        ),
                        (
                            "said_by",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=60,
                                verbose_name="who said it",
                            ),
                        ),
                        (
                            "proof",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=200,
                                verbose_name="what proves it",
                            ),
                        ),
                        (
                            "version",
                            models.PositiveIntegerField(db_default=1, default=1, editable=False),
                        ),
                        ("item", models.CharField(max_length=80, verbose_name="item")),
                        (
                            "mode",
                            models.CharField(
                                choices=[
                                    ("spot", "Spot"),
                                    ("contract", "Yearly contract"),
                                    ("prepay", "Paid in advance"),
                                    ("consignment", "On consignment"),
                                    ("platform", "Platform"),
                                    ("group_buy", "Group purchase"),
                                ],
                                max_length=12,
                                verbose_name="manner of purchase",
                            ),
                        ),
                        (
                            "batch_amount",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=18,
                                null=True,
                                verbose_name="amount of one purchase",
                            ),
                        ),
                        (
                            "every_days",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="days between purchases"
                            ),
                        ),
                        (
                            "price_term",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("fixed", "Fixed price"),
                                    ("market", "Price of the day"),
                                    ("stepped", "Rebate by volume"),
                                    ("open", "Settled afterwards"),
                                ],
                                default="",
                                max_length=8,
                                verbose_name="price term",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "entered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "manner of purchase",
                        "ordering": ("customer", "item", "mode"),
                    },
                ),
                migrations.CreateModel(
                    name="PublicRecord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("lawsuit", "Lawsuit as defendant"),
                                    ("enforcement", "Enforcement"),
                                    ("dishonest", "Dishonest-debtor list"),
                                    ("abnormal", "Abnormal-operation list"),
                                    ("penalty", "Penalty"),
                                    ("tax_arrears", "Tax arrears notice"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("number", models.CharField(max_length=60, verbose_name="case number")),
                        ("opened_on", models.DateField(verbose_name="opened on")),
                        (
                            "closed_on",
                            models.DateField(blank=True, null=True, verbose_name="closed on"),
                        ),
                        (
                            "amount",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=18,
                                null=True,
                                verbose_name="amount",
                            ),
                        ),
                        ("text", models.CharField(blank=True, max_length=300, verbose_name="text")),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "public record",
                        "ordering": ("-opened_on",),
                    },
                ),
                migrations.CreateModel(
                    name="Relation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("controls", "Controls"),
                                    ("shareholder", "Shareholder of"),
                                    ("guarantees", "Guarantees"),
                                    ("family", "Family"),
                                    ("legal_rep", "Legal representative of"),
                                    ("same_address", "Same address"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "share",
                            models.DecimalField(
                                blank=True,
                                decimal_places=6,
                                max_digits=9,
                                null=True,
                                verbose_name="share",
                            ),
                        ),
                        (
                            "amount",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=18,
                                null=True,
                                verbose_name="amount",
                            ),
                        ),
                        ("from_on", models.DateField(blank=True, null=True, verbose_name="from")),
                        ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("registry", "Business registry"),
                                    ("core", "Core banking"),
                                    ("visit", "Visit"),
                                    ("statement", "Statement made on site"),
                                    ("cross_check", "Cross check"),
                                    ("invoice", "Invoices"),
                                    ("tax", "Tax office"),
                                    ("social_security", "Social security"),
                                    ("payroll", "Payroll files"),
                                    ("acquiring", "Merchant receipts"),
                                    ("bureau", "Credit bureau"),
                                    ("public_record", "Public records"),
                                    ("utility", "Electricity supplier"),
                                    ("channel", "Own channels"),
                                    ("derived", "Derived"),
                                    ("import", "Imported list"),
                                ],
                                max_length=16,
                                verbose_name="source",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "other",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="relations_in",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "relation",
                        "ordering": ("customer", "kind", "other"),
                    },
                ),
                migrations.CreateModel(
                    name="Repayment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        (
                            "repayment_no",
                            models.CharField(
                                max_length=40, unique=True, verbose_name="repayment number"
                            ),
                        ),
                        ("paid_on", models.DateField(verbose_name="paid on")),
                        (
                            "principal_amount",
                            models.DecimalField(
                                decimal_places=2, max_digits=18, verbose_name="principal paid"
                            ),
                        ),
                        (
                            "interest_amount",
                            models.DecimalField(
                                decimal_places=2, max_digits=18, verbose_name="interest paid"
                            ),
                        ),
                        (
                            "early_days",
                            models.PositiveSmallIntegerField(
                                default=0,
                                help_text="How long before its due date principal came back.",
                                verbose_name="days early",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "loan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="repayments",
                                to="customers.loan",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "repayment",
                        "ordering": ("-paid_on",),
                    },
                ),
                migrations.CreateModel(
                    name="RunThreshold",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("as_of", models.DateField(verbose_name="as of")),
                        ("key", models.CharField(max_length=40, verbose_name="key")),
                        ("value", models.FloatField(verbose_name="value")),
                        ("customers", models.IntegerField(verbose_name="customers")),
                    ],
                    options={
                        "verbose_name": "bank-wide bound",
                        "ordering": ("-as_of", "key"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("as_of", "key"), name="run_threshold_once_a_day"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SavedList",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=30, verbose_name="name")),
                        ("query", models.CharField(blank=True, max_length=1000)),
                        (
                            "columns",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=60), default=list, size=None
                            ),
                        ),
                        ("updated_at", models.DateTimeField(auto_now=True)),
                        (
                            "user",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="saved_lists",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "saved list",
                        "ordering": ("name",),
                    },
                ),
                migrations.CreateModel(
                    name="SettleMode",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        ("as_of", models.DateField(verbose_name="as of")),
                        (
                            "ended_on",
                            models.DateField(blank=True, null=True, verbose_name="held until"),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("registry", "Business registry"),
                                    ("core", "Core banking"),
                                    ("visit", "Visit"),
                                    ("statement", "Statement made on site"),
                                    ("cross_check", "Cross check"),
                                    ("invoice", "Invoices"),
                                    ("tax", "Tax office"),
                                    ("social_security", "Social security"),
                                    ("payroll", "Payroll files"),
                                    ("acquiring", "Merchant receipts"),
                                    ("bureau", "Credit bureau"),
                                    ("public_record", "Public records"),
                                    ("utility", "Electricity supplier"),
                                    ("channel", "Own channels"),
                                    ("derived", "Derived"),
                                    ("import", "Imported list"),
                                ],
                                default="visit",
                                max_length=16,
                                verbose_name="source",
                            ),
                        ),
                        (
                            "quality",
                            models.CharField(
                                choices=[
                                    ("verified", "Verified"),
                                    ("declared", "Declared"),
                                    ("estimated", "Estimated"),
                                ],
                                default="declared",
                                max_length=10,
                                verbose_name="quality",
                            ),
                        ),
                        (
                            "said_by",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=60,
                                verbose_name="who said it",
                            ),
                        ),
                        (
                            "proof",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=200,
                                verbose_name="what proves it",
                            ),
                        ),
                        (
                            "version",
                            models.PositiveIntegerField(db_default=1, default=1, editable=False),
                        ),
                        (
                            "direction",
                            models.CharField(
                                choices=[
                                    ("in", "Received from buyers"),
                                    ("out", "Paid to suppliers"),
                                ],
                                max_length=3,
                                verbose_name="direction",
                            ),
                        ),
                        (
                            "mode",
                            models.CharField(
                                choices=[
                                    ("cash", "Cash"),
                                    ("transfer", "Transfer"),
                                    ("qr", "QR code"),
                                    ("bill", "Bill"),
                                    ("platform", "Platform"),
                                    ("credit", "On credit"),
                                ],
                                max_length=8,
                                verbose_name="manner of payment",
                            ),
                        ),
                        (
                            "share",
                            models.DecimalField(
                                decimal_places=6, max_digits=9, verbose_name="share"
                            ),
                        ),
                        (
                            "term_days",
                            models.PositiveSmallIntegerField(
                                db_default=0, default=0, verbose_name="days of credit"
                            ),
                        ),
                        (
                            "bank",
                            models.CharField(
                                choices=[
                                    ("ours", "Through us"),
                                    ("other", "Through another bank"),
                                    ("none", "Through no bank"),
                                ],
                                max_length=5,
                                verbose_name="bank used",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "entered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "manner of settlement",
                        "ordering": ("customer", "direction", "-share"),
                    },
                ),
                migrations.CreateModel(
                    name="SocialSecurityMonth",
                    fields=[
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "customer_id",
                                "ym",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("ym", models.PositiveIntegerField(verbose_name="month")),
                        ("heads", models.PositiveIntegerField(verbose_name="insured heads")),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="TaxYear",
                    fields=[
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "customer_id",
                                "year",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                        (
                            "grade",
                            models.CharField(
                                choices=[
                                    ("A", "A"),
                                    ("B", "B"),
                                    ("M", "M"),
                                    ("C", "C"),
                                    ("D", "D"),
                                    ("none", "No grade"),
                                ],
                                max_length=4,
                                verbose_name="tax grade",
                            ),
                        ),
                        (
                            "taxable_sales_amount",
                            models.DecimalField(
                                decimal_places=2,
                                max_digits=18,
                                null=True,
                                verbose_name="taxable sales",
                            ),
                        ),
                        (
                            "paid_amount",
                            models.DecimalField(
                                decimal_places=2, max_digits=18, null=True, verbose_name="tax paid"
                            ),
                        ),
                        (
                            "arrears_amount",
                            models.DecimalField(
                                decimal_places=2,
                                max_digits=18,
                                null=True,
                                verbose_name="tax arrears",
                            ),
                        ),
                        ("published_on", models.DateField(verbose_name="published on")),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "tax year",
                        "ordering": ("-year",),
                    },
                ),
                migrations.CreateModel(
                    name="Territory",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("code", models.CharField(max_length=24, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("park", "Park"),
                                    ("market", "Market"),
                                    ("district", "Business district"),
                                    ("cluster", "Industry cluster"),
                                    ("village", "Village"),
                                    ("grid", "Grid cell"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "address",
                            models.CharField(blank=True, max_length=200, verbose_name="place"),
                        ),
                        (
                            "tenant_estimate",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="estimated tenants"
                            ),
                        ),
                        ("latitude", models.FloatField(blank=True, null=True)),
                        ("longitude", models.FloatField(blank=True, null=True)),
                        (
                            "branch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="territories",
                                to="core.branch",
                            ),
                        ),
                        (
                            "manager",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="territories",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="customers.territory",
                            ),
                        ),
                        (
                            "region",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="core.regioncode",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "territory",
                        "ordering": ("code",),
                    },
                ),
                migrations.CreateModel(
                    name="TerritoryMember",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("batch_row", models.PositiveIntegerField(null=True)),
                        ("is_grid", models.BooleanField(default=False)),
                        (
                            "batch",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="customers.importbatch",
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                        (
                            "territory",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="members",
                                to="customers.territory",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "territory member",
                        "ordering": ("territory", "customer"),
                    },
                ),
                migrations.CreateModel(
                    name="Touch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("visit", "Visit"),
                                    ("branch", "At the branch"),
                                    ("phone", "Phone"),
                                    ("mobile", "Mobile banking"),
                                    ("wecom", "WeCom"),
                                ],
                                max_length=8,
                                verbose_name="channel",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="at")),
                        ("has_reached", models.BooleanField(verbose_name="reached")),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "contact made",
                        "ordering": ("-at",),
                    },
                ),
                migrations.CreateModel(
                    name="TouchedMonth",
                    fields=[
                        ("seq", models.BigAutoField(primary_key=True, serialize=False)),
                        ("ym", models.PositiveIntegerField(null=True)),
                        ("trigger", models.CharField(default="edit", max_length=12)),
                        ("touched_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "customer",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "touched month",
                        "ordering": ("seq",),
                    },
                ),
                migrations.CreateModel(
                    name="Portrait",
                    fields=[
                        ("as_of", models.DateField(verbose_name="as of")),
                        ("computed_at", models.DateTimeField(verbose_name="computed at")),
                        (
                            "trigger",
                            models.CharField(
                                choices=[
                                    ("nightly", "Nightly run"),
                                    ("import", "Import"),
                                    ("visit", "Visit"),
                                    ("loan", "Loan event"),
                                    ("edit", "Edit by hand"),
                                ],
                                max_length=12,
                                verbose_name="trigger",
                            ),
                        ),
                        ("parameters", models.CharField(max_length=12, verbose_name="parameters")),
                        ("version_no", models.IntegerField(verbose_name="version")),
                        (
                            "customer",
                            models.OneToOneField(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="portrait",
                                serialize=False,
                                to="customers.customer",
                            ),
                        ),
                        (
                            "registered_capital",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Registered capital"
                            ),
                        ),
                        (
                            "paid_in_ratio",
                            models.FloatField(null=True, verbose_name="Paid-in capital ratio"),
                        ),
                        ("employees", models.IntegerField(null=True, verbose_name="Employees")),
                        (
                            "employees_source",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Employees counted from"
                            ),
                        ),
                        (
                            "employees_change",
                            models.FloatField(
                                null=True, verbose_name="Employees against a year ago"
                            ),
                        ),
                        (
                            "years_in_business",
                            models.FloatField(null=True, verbose_name="Years in business"),
                        ),
                        (
                            "industry_code",
                            models.CharField(max_length=4, null=True, verbose_name="Industry"),
                        ),
                        (
                            "trade_key",
                            models.CharField(
                                max_length=32, null=True, verbose_name="Trade profile"
                            ),
                        ),
                        (
                            "annual_revenue",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Annual revenue"
                            ),
                        ),
                        (
                            "annual_revenue_source",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Revenue taken from"
                            ),
                        ),
                        (
                            "revenue_change",
                            models.FloatField(
                                null=True, verbose_name="Revenue against the year before"
                            ),
                        ),
                        (
                            "total_assets",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Total assets"
                            ),
                        ),
                        (
                            "premises",
                            models.CharField(max_length=24, null=True, verbose_name="Premises"),
                        ),
                        (
                            "premises_area",
                            models.FloatField(null=True, verbose_name="Area of the premises"),
                        ),
                        (
                            "lease_months_left",
                            models.IntegerField(null=True, verbose_name="Months left of the lease"),
                        ),
                        (
                            "controller_industry_years",
                            models.FloatField(
                                null=True, verbose_name="Controller's years in the industry"
                            ),
                        ),
                        (
                            "controller_age",
                            models.IntegerField(null=True, verbose_name="Controller's age"),
                        ),
                        (
                            "controller_education",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Controller's education"
                            ),
                        ),
                        (
                            "family_in_business",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Family in the business"
                            ),
                        ),
                        (
                            "party_type",
                            models.CharField(max_length=24, null=True, verbose_name="Party type"),
                        ),
                        (
                            "certificates",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    max_length=24, null=True, verbose_name="Certificates"
                                ),
                                null=True,
                                size=None,
                            ),
                        ),
                        (
                            "certificate_expires_on",
                            models.DateField(null=True, verbose_name="First certificate to expire"),
                        ),
                        (
                            "region_code",
                            models.CharField(max_length=6, null=True, verbose_name="Region"),
                        ),
                        (
                            "contact_completeness",
                            models.FloatField(null=True, verbose_name="Contact completeness"),
                        ),
                        (
                            "applications_24m",
                            models.IntegerField(
                                null=True, verbose_name="Loan applications, 24 months"
                            ),
                        ),
                        (
                            "approval_rate_24m",
                            models.FloatField(null=True, verbose_name="Approval rate, 24 months"),
                        ),
                        (
                            "line_utilisation_6m",
                            models.FloatField(null=True, verbose_name="Line utilisation, 6 months"),
                        ),
                        (
                            "peak_utilisation_12m",
                            models.FloatField(
                                null=True, verbose_name="Peak utilisation, 12 months"
                            ),
                        ),
                        (
                            "months_over_90_12m",
                            models.IntegerField(
                                null=True, verbose_name="Months with over 90 % drawn"
                            ),
                        ),
                        (
                            "months_tight_2m",
                            models.IntegerField(
                                null=True, verbose_name="Of the last 2 months, over 85 % drawn"
                            ),
                        ),
                        (
                            "loan_balance",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Loan balance"
                            ),
                        ),
                        (
                            "limit_amount",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Credit limits"
                            ),
                        ),
                        (
                            "on_time_share_24m",
                            models.FloatField(null=True, verbose_name="Repaid on time, 24 months"),
                        ),
                        (
                            "longest_delay_days_24m",
                            models.IntegerField(null=True, verbose_name="Longest delay, 24 months"),
                        ),
                        (
                            "days_past_due",
                            models.IntegerField(null=True, verbose_name="Days past due"),
                        ),
                        (
                            "overdue_amount",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Overdue amount"
                            ),
                        ),
                        (
                            "early_repayment_share_24m",
                            models.FloatField(null=True, verbose_name="Repaid early, 24 months"),
                        ),
                        (
                            "inflow_month_12m",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Account inflow a month"
                            ),
                        ),
                        ("inflow_trend", models.FloatField(null=True, verbose_name="Inflow trend")),
                        (
                            "inflow_trend_before",
                            models.FloatField(null=True, verbose_name="Inflow trend a quarter ago"),
                        ),
                        (
                            "inflow_cv_12m",
                            models.FloatField(null=True, verbose_name="Inflow swings, 12 months"),
                        ),
                        (
                            "deposit_to_loan_3m",
                            models.FloatField(
                                null=True, verbose_name="Deposits to loans, 3 months"
                            ),
                        ),
                        (
                            "deposit_average_3m",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Average deposits, 3 months"
                            ),
                        ),
                        (
                            "deposit_trend",
                            models.FloatField(
                                null=True, verbose_name="Deposits against a year ago"
                            ),
                        ),
                        (
                            "acquiring_month_3m",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Merchant receipts a month"
                            ),
                        ),
                        (
                            "acquiring_receipts_3m",
                            models.IntegerField(null=True, verbose_name="Merchant receipts, count"),
                        ),
                        (
                            "acquiring_payers_3m",
                            models.IntegerField(null=True, verbose_name="Payers a month"),
                        ),
                        (
                            "acquiring_months_12m",
                            models.IntegerField(
                                null=True, verbose_name="Months with merchant receipts"
                            ),
                        ),
                        (
                            "payroll_heads_3m",
                            models.IntegerField(null=True, verbose_name="Heads on the payroll"),
                        ),
                        (
                            "mean_wage_3m",
                            customers.models.rollups.YuanField(null=True, verbose_name="Mean wage"),
                        ),
                        (
                            "digital_days_3m",
                            models.IntegerField(
                                null=True, verbose_name="Digital activity, 3 months"
                            ),
                        ),
                        (
                            "active_months_12m",
                            models.IntegerField(null=True, verbose_name="Active months of 12"),
                        ),
                        (
                            "inflow_coverage_12m",
                            models.FloatField(
                                null=True, verbose_name="Share of revenue through us"
                            ),
                        ),
                        (
                            "cash_share_12m",
                            models.FloatField(null=True, verbose_name="Cash share of inflow"),
                        ),
                        (
                            "electricity_change",
                            models.FloatField(
                                null=True, verbose_name="Electricity against the year before"
                            ),
                        ),
                        ("last_visit_on", models.DateField(null=True, verbose_name="Last visit")),
                        (
                            "sales_month_12m",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Invoiced sales a month"
                            ),
                        ),
                        (
                            "purchases_month_12m",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Invoiced purchases a month"
                            ),
                        ),
                        (
                            "value_added_12m",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Value added, 12 months"
                            ),
                        ),
                        ("gross_margin", models.FloatField(null=True, verbose_name="Gross margin")),
                        (
                            "sales_growth_12m",
                            models.FloatField(
                                null=True, verbose_name="Sales against the year before"
                            ),
                        ),
                        (
                            "sales_growth_lunar",
                            models.FloatField(
                                null=True, verbose_name="Sales against the same lunar period"
                            ),
                        ),
                        (
                            "sales_cv_12m",
                            models.FloatField(null=True, verbose_name="Sales swings, 12 months"),
                        ),
                        (
                            "sales_peak_month",
                            models.IntegerField(null=True, verbose_name="Best month of the year"),
                        ),
                        (
                            "season_strength",
                            models.FloatField(null=True, verbose_name="Strength of the season"),
                        ),
                        (
                            "void_rate_12m",
                            models.FloatField(
                                null=True, verbose_name="Void rate of sales invoices"
                            ),
                        ),
                        (
                            "return_rate_12m",
                            models.FloatField(null=True, verbose_name="Return rate (red-letter)"),
                        ),
                        (
                            "purchase_return_rate_12m",
                            models.FloatField(
                                null=True, verbose_name="Returned purchases (red-letter)"
                            ),
                        ),
                        (
                            "invoices_12m",
                            models.IntegerField(
                                null=True, verbose_name="Sales invoices, 12 months"
                            ),
                        ),
                        (
                            "months_without_sales_12m",
                            models.IntegerField(null=True, verbose_name="Months without sales"),
                        ),
                        (
                            "longest_silence_days_12m",
                            models.IntegerField(null=True, verbose_name="Longest silence"),
                        ),
                        (
                            "last_activity_on",
                            models.DateField(null=True, verbose_name="Last activity"),
                        ),
                        (
                            "days_since_activity",
                            models.IntegerField(
                                null=True, verbose_name="Days since the last activity"
                            ),
                        ),
                        (
                            "top1_buyer_share_12m",
                            models.FloatField(null=True, verbose_name="Share of the largest buyer"),
                        ),
                        (
                            "top5_buyer_share_12m",
                            models.FloatField(
                                null=True, verbose_name="Share of the five largest buyers"
                            ),
                        ),
                        (
                            "buyer_hhi_12m",
                            models.FloatField(
                                null=True, verbose_name="Concentration of buyers (HHI)"
                            ),
                        ),
                        (
                            "buyers_12m",
                            models.IntegerField(null=True, verbose_name="Buyers, 12 months"),
                        ),
                        (
                            "new_buyers_6m",
                            models.IntegerField(null=True, verbose_name="New buyers, 6 months"),
                        ),
                        (
                            "lost_buyers_6m",
                            models.IntegerField(null=True, verbose_name="Lost buyers, 6 months"),
                        ),
                        (
                            "top1_supplier_share_12m",
                            models.FloatField(
                                null=True, verbose_name="Share of the largest supplier"
                            ),
                        ),
                        (
                            "top5_supplier_share_12m",
                            models.FloatField(
                                null=True, verbose_name="Share of the five largest suppliers"
                            ),
                        ),
                        (
                            "supplier_hhi_12m",
                            models.FloatField(
                                null=True, verbose_name="Concentration of suppliers (HHI)"
                            ),
                        ),
                        (
                            "suppliers_12m",
                            models.IntegerField(null=True, verbose_name="Suppliers, 12 months"),
                        ),
                        (
                            "new_suppliers_6m",
                            models.IntegerField(null=True, verbose_name="New suppliers, 6 months"),
                        ),
                        (
                            "lost_suppliers_6m",
                            models.IntegerField(null=True, verbose_name="Lost suppliers, 6 months"),
                        ),
                        (
                            "wanted_amount",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Amount wanted"
                            ),
                        ),
                        (
                            "wanted_months",
                            models.IntegerField(null=True, verbose_name="Term wanted"),
                        ),
                        (
                            "wanted_purpose",
                            models.CharField(max_length=24, null=True, verbose_name="Purpose"),
                        ),
                        (
                            "speed_need",
                            models.IntegerField(null=True, verbose_name="Need for speed"),
                        ),
                        (
                            "price_sensitivity",
                            models.IntegerField(null=True, verbose_name="Price sensitivity"),
                        ),
                        (
                            "guarantee_value",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Guarantee ability"
                            ),
                        ),
                        (
                            "property_value",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Property to pledge"
                            ),
                        ),
                        (
                            "repayment_preference",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    max_length=24, null=True, verbose_name="Repayment wished"
                                ),
                                null=True,
                                size=None,
                            ),
                        ),
                        (
                            "channel_preference",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Channel preference"
                            ),
                        ),
                        (
                            "next_funding_on",
                            models.DateField(null=True, verbose_name="Next funding moment"),
                        ),
                        (
                            "next_funding_kind",
                            models.CharField(
                                max_length=24, null=True, verbose_name="What the money will be for"
                            ),
                        ),
                        (
                            "loan_matures_next_on",
                            models.DateField(null=True, verbose_name="Next maturity of our loans"),
                        ),
                        (
                            "noncredit_needs",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    max_length=24, null=True, verbose_name="Other services wished"
                                ),
                                null=True,
                                size=None,
                            ),
                        ),
                        (
                            "wallet_share",
                            models.FloatField(null=True, verbose_name="Share of wallet"),
                        ),
                        (
                            "competitor_lender",
                            models.CharField(
                                max_length=200, null=True, verbose_name="Other lender"
                            ),
                        ),
                        (
                            "competitor_amount",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Loan at the other lender"
                            ),
                        ),
                        (
                            "competitor_rate",
                            models.FloatField(null=True, verbose_name="Rate at the other lender"),
                        ),
                        (
                            "competitor_matures_on",
                            models.DateField(null=True, verbose_name="Loan elsewhere matures on"),
                        ),
                        (
                            "service_manner",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Manner of service"
                            ),
                        ),
                        ("credit_score", models.FloatField(null=True, verbose_name="Credit score")),
                        (
                            "credit_grade",
                            models.CharField(max_length=24, null=True, verbose_name="Credit grade"),
                        ),
                        (
                            "bureau_has_overdue",
                            models.BooleanField(
                                null=True, verbose_name="Open overdue at the bureau"
                            ),
                        ),
                        (
                            "bureau_overdue_months",
                            models.IntegerField(
                                null=True, verbose_name="Months overdue at the bureau"
                            ),
                        ),
                        ("lenders", models.IntegerField(null=True, verbose_name="Lenders")),
                        (
                            "hard_queries_6m",
                            models.IntegerField(null=True, verbose_name="Loan queries, 6 months"),
                        ),
                        ("debt_ratio", models.FloatField(null=True, verbose_name="Debt ratio")),
                        (
                            "debt_service_cover",
                            models.FloatField(null=True, verbose_name="Debt service cover"),
                        ),
                        (
                            "outside_guarantee_ratio",
                            models.FloatField(
                                null=True, verbose_name="Outside guarantees to equity"
                            ),
                        ),
                        (
                            "collateral_cover",
                            models.FloatField(null=True, verbose_name="Collateral cover"),
                        ),
                        (
                            "tax_grade",
                            models.CharField(max_length=24, null=True, verbose_name="Tax grade"),
                        ),
                        (
                            "open_enforcements",
                            models.IntegerField(null=True, verbose_name="Open enforcements"),
                        ),
                        (
                            "is_dishonest",
                            models.BooleanField(
                                null=True, verbose_name="On the dishonest-debtor list"
                            ),
                        ),
                        (
                            "is_abnormal",
                            models.BooleanField(
                                null=True, verbose_name="On the abnormal-operation list"
                            ),
                        ),
                        (
                            "penalties_24m",
                            models.IntegerField(null=True, verbose_name="Penalties, 24 months"),
                        ),
                        (
                            "lawsuits_24m",
                            models.IntegerField(null=True, verbose_name="Lawsuits, 24 months"),
                        ),
                        (
                            "cross_check_verdict",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Cross-check verdict"
                            ),
                        ),
                        (
                            "verified_share",
                            models.FloatField(null=True, verbose_name="Share of facts verified"),
                        ),
                        (
                            "revenue_percentile",
                            models.FloatField(
                                null=True, verbose_name="Place in the trade by revenue"
                            ),
                        ),
                        (
                            "margin_percentile",
                            models.FloatField(
                                null=True, verbose_name="Place in the trade by gross margin"
                            ),
                        ),
                        (
                            "size_class",
                            models.CharField(max_length=8, null=True, verbose_name="Size"),
                        ),
                        (
                            "size_missing",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    max_length=24, null=True, verbose_name="Missing for the size"
                                ),
                                null=True,
                                size=None,
                            ),
                        ),
                        (
                            "size_group_key",
                            models.CharField(max_length=3, null=True, verbose_name="Size group"),
                        ),
                        (
                            "groups",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    max_length=24, null=True, verbose_name="Customer groups"
                                ),
                                null=True,
                                size=None,
                            ),
                        ),
                        (
                            "primary_group",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Primary group"
                            ),
                        ),
                        (
                            "primary_group_tests",
                            models.CharField(
                                max_length=60, null=True, verbose_name="primary_group_tests"
                            ),
                        ),
                        (
                            "core_relation",
                            models.CharField(
                                max_length=24,
                                null=True,
                                verbose_name="Relation to a core enterprise",
                            ),
                        ),
                        (
                            "survey_kind",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Kind of business"
                            ),
                        ),
                        (
                            "chain_position",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Position in the chain"
                            ),
                        ),
                        (
                            "chain_position_tests",
                            models.CharField(
                                max_length=60, null=True, verbose_name="chain_position_tests"
                            ),
                        ),
                        (
                            "asset_style",
                            models.CharField(max_length=24, null=True, verbose_name="Asset style"),
                        ),
                        (
                            "asset_style_tests",
                            models.CharField(
                                max_length=60, null=True, verbose_name="asset_style_tests"
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Life-cycle stage"
                            ),
                        ),
                        (
                            "stage_tests",
                            models.CharField(max_length=60, null=True, verbose_name="stage_tests"),
                        ),
                        (
                            "tags",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    max_length=24, null=True, verbose_name="Tags"
                                ),
                                null=True,
                                size=None,
                            ),
                        ),
                        (
                            "families",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    max_length=24, null=True, verbose_name="Products held"
                                ),
                                null=True,
                                size=None,
                            ),
                        ),
                        (
                            "families_held",
                            models.IntegerField(null=True, verbose_name="Families held"),
                        ),
                        (
                            "visits_count_12m",
                            models.IntegerField(null=True, verbose_name="Visits, 12 months"),
                        ),
                        (
                            "spread_income",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Spread income"
                            ),
                        ),
                        (
                            "comprehensive_income",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Comprehensive income"
                            ),
                        ),
                        (
                            "risk_cost",
                            customers.models.rollups.YuanField(null=True, verbose_name="Risk cost"),
                        ),
                        (
                            "servicing_cost",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Servicing cost"
                            ),
                        ),
                        (
                            "contribution_12m",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Contribution, 12 months"
                            ),
                        ),
                        (
                            "raroc",
                            models.FloatField(null=True, verbose_name="Return on risk capital"),
                        ),
                        (
                            "potential_12m",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Potential, 12 months"
                            ),
                        ),
                        ("stickiness", models.FloatField(null=True, verbose_name="Stickiness")),
                        (
                            "stickiness_known",
                            models.FloatField(
                                null=True, verbose_name="Stickiness points that could be told"
                            ),
                        ),
                        (
                            "relationship_years",
                            models.FloatField(null=True, verbose_name="Years with us"),
                        ),
                        (
                            "own_data_kinds",
                            models.IntegerField(null=True, verbose_name="Kinds of own data"),
                        ),
                        (
                            "services_used_3m",
                            models.IntegerField(
                                null=True, verbose_name="Services used in 3 months"
                            ),
                        ),
                        (
                            "tier",
                            models.CharField(max_length=24, null=True, verbose_name="Value tier"),
                        ),
                        (
                            "tier_tests",
                            models.CharField(max_length=60, null=True, verbose_name="tier_tests"),
                        ),
                        (
                            "need_basis",
                            models.CharField(max_length=24, null=True, verbose_name="Amount by"),
                        ),
                        (
                            "need_low",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Amount needed, low"
                            ),
                        ),
                        (
                            "need_high",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Amount needed, high"
                            ),
                        ),
                        (
                            "capital_cycle_days",
                            models.IntegerField(null=True, verbose_name="Days that money is bound"),
                        ),
                        (
                            "equipment_sum",
                            customers.models.rollups.YuanField(
                                null=True, verbose_name="Equipment loan, 70 % of the price"
                            ),
                        ),
                        (
                            "red_flags",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    max_length=24, null=True, verbose_name="Red flags"
                                ),
                                null=True,
                                size=None,
                            ),
                        ),
                        (
                            "demand_reasons",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    max_length=24, null=True, verbose_name="What moves demand"
                                ),
                                null=True,
                                size=None,
                            ),
                        ),
                        (
                            "is_credit_suppressed",
                            models.BooleanField(null=True, verbose_name="No credit is offered"),
                        ),
                        (
                            "p_quick_loan",
                            models.FloatField(null=True, verbose_name="Small quick loan"),
                        ),
                        ("p_qr_receipts", models.FloatField(null=True, verbose_name="QR receipts")),
                        (
                            "p_account_card",
                            models.FloatField(null=True, verbose_name="Account and card"),
                        ),
                        (
                            "p_startup_loan",
                            models.FloatField(null=True, verbose_name="Start-up guaranteed loan"),
                        ),
                        (
                            "p_insurance",
                            models.FloatField(
                                null=True, verbose_name="Accident and property insurance"
                            ),
                        ),
                        (
                            "p_working_capital",
                            models.FloatField(null=True, verbose_name="Working capital"),
                        ),
                        (
                            "p_equipment_loan",
                            models.FloatField(null=True, verbose_name="Equipment loan"),
                        ),
                        ("p_payroll", models.FloatField(null=True, verbose_name="Payroll service")),
                        (
                            "p_chain_finance",
                            models.FloatField(null=True, verbose_name="Supply-chain finance"),
                        ),
                        ("p_credit_card", models.FloatField(null=True, verbose_name="Credit card")),
                        ("p_renewal", models.FloatField(null=True, verbose_name="Renewal")),
                        (
                            "p_cheaper_line",
                            models.FloatField(null=True, verbose_name="Cheaper line"),
                        ),
                        (
                            "p_cash_management",
                            models.FloatField(null=True, verbose_name="Cash management"),
                        ),
                        (
                            "p_deposit_wealth",
                            models.FloatField(null=True, verbose_name="Deposits and wealth"),
                        ),
                        (
                            "p_renewal_plan",
                            models.FloatField(null=True, verbose_name="Renewal with a new plan"),
                        ),
                        (
                            "p_restructuring",
                            models.FloatField(null=True, verbose_name="Restructuring"),
                        ),
                        ("p_cost_advice", models.FloatField(null=True, verbose_name="Cost advice")),
                        (
                            "top_need_chance",
                            models.FloatField(
                                null=True, verbose_name="Chance of the likeliest need"
                            ),
                        ),
                        (
                            "top_need",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Likeliest need"
                            ),
                        ),
                        (
                            "need_on",
                            models.DateField(null=True, verbose_name="When it will be needed"),
                        ),
                        (
                            "peer_basis",
                            models.CharField(
                                max_length=24, null=True, verbose_name="Compared with"
                            ),
                        ),
                        ("completeness", models.FloatField(null=True, verbose_name="Completeness")),
                        ("freshness", models.FloatField(null=True, verbose_name="Freshness")),
                        (
                            "completeness_basic",
                            models.FloatField(null=True, verbose_name="Completeness, basics"),
                        ),
                        (
                            "freshness_basic",
                            models.FloatField(null=True, verbose_name="Freshness, basics"),
                        ),
                        (
                            "completeness_behaviour",
                            models.FloatField(null=True, verbose_name="Completeness, behaviour"),
                        ),
                        (
                            "freshness_behaviour",
                            models.FloatField(null=True, verbose_name="Freshness, behaviour"),
                        ),
                        (
                            "completeness_need",
                            models.FloatField(null=True, verbose_name="Completeness, needs"),
                        ),
                        (
                            "freshness_need",
                            models.FloatField(null=True, verbose_name="Freshness, needs"),
                        ),
                        (
                            "completeness_credit",
                            models.FloatField(null=True, verbose_name="Completeness, credit"),
                        ),
                        (
                            "freshness_credit",
                            models.FloatField(null=True, verbose_name="Freshness, credit"),
                        ),
                        (
                            "flow_on",
                            models.DateField(null=True, verbose_name="Account flows up to"),
                        ),
                        ("deposit_on", models.DateField(null=True, verbose_name="Deposits up to")),
                        ("line_on", models.DateField(null=True, verbose_name="Line use up to")),
                        (
                            "acquiring_on",
                            models.DateField(null=True, verbose_name="Merchant receipts up to"),
                        ),
                        ("payroll_on", models.DateField(null=True, verbose_name="Payroll up to")),
                        (
                            "social_security_on",
                            models.DateField(null=True, verbose_name="Social security up to"),
                        ),
                        (
                            "channel_on",
                            models.DateField(null=True, verbose_name="Channel use up to"),
                        ),
                        (
                            "utility_on",
                            models.DateField(null=True, verbose_name="Electricity up to"),
                        ),
                        (
                            "bureau_on",
                            models.DateField(null=True, verbose_name="Bureau summary of"),
                        ),
                        (
                            "tax_on",
                            models.DateField(null=True, verbose_name="Tax grade published on"),
                        ),
                    ],
                    options={
                        "verbose_name": "portrait",
                        "indexes": [
                            models.Index(
                                fields=["customer"],
                                include=(
                                    "stage",
                                    "tier",
                                    "size_class",
                                    "primary_group",
                                    "groups",
                                    "tags",
                                    "completeness",
                                    "freshness",
                                    "inflow_month_12m",
                                    "inflow_trend",
                                    "loan_balance",
                                    "deposit_average_3m",
                                    "annual_revenue",
                                    "days_past_due",
                                    "last_visit_on",
                                    "next_funding_on",
                                    "stickiness",
                                    "contribution_12m",
                                ),
                                name="portrait_list",
                            ),
                            models.Index(
                                fields=["inflow_month_12m", "customer"], name="portrait_by_inflow"
                            ),
                            models.Index(
                                fields=["loan_balance", "customer"], name="portrait_by_loan"
                            ),
                            models.Index(
                                fields=["completeness", "customer"],
                                include=("tags",),
                                name="portrait_by_completeness",
                            ),
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["groups"], name="portrait_groups"
                            ),
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["tags"], name="portrait_tags"
                            ),
                            models.Index(fields=["size_class"], name="portrait_size"),
                            django.contrib.postgres.indexes.GinIndex(
                                fields=["certificates"], name="portrait_certificates"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CorrectionRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("key", models.CharField(max_length=40, verbose_name="fact")),
                        (
                            "held",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="what we hold"
                            ),
                        ),
                        (
                            "wanted",
                            models.CharField(max_length=200, verbose_name="what it should be"),
                        ),
                        ("reason", models.CharField(max_length=200, verbose_name="reason")),
                        ("asked_on", models.DateField(verbose_name="asked on")),
                        ("due_on", models.DateField(verbose_name="due on")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("accepted", "Accepted"),
                                    ("refused", "Refused"),
                                ],
                                default="open",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "decided_on",
                            models.DateField(blank=True, null=True, verbose_name="decided on"),
                        ),
                        (
                            "answer",
                            models.CharField(blank=True, max_length=200, verbose_name="answer"),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entered_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="customers.customer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "request for correction",
                        "ordering": ("due_on", "pk"),
                        "indexes": [
                            models.Index(fields=["customer", "state"], name="correction_customer")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "open"),
                                    models.Q(
                                        ("decided_by__isnull", False), ("decided_on__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="correction_decided_by_somebody",
                            )
                        ],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="correctionrequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="audited",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE changed text[]; acting text; key text;",
                            func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."customer_id" IS DISTINCT FROM OLD."customer_id" THEN \'customer_id\' END, CASE WHEN NEW."key" IS DISTINCT FROM OLD."key" THEN \'key\' END, CASE WHEN NEW."held" IS DISTINCT FROM OLD."held" THEN \'held\' END, CASE WHEN NEW."wanted" IS DISTINCT FROM OLD."wanted" THEN \'wanted\' END, CASE WHEN NEW."reason" IS DISTINCT FROM OLD."reason" THEN \'reason\' END, CASE WHEN NEW."asked_on" IS DISTINCT FROM OLD."asked_on" THEN \'asked_on\' END, CASE WHEN NEW."due_on" IS DISTINCT FROM OLD."due_on" THEN \'due_on\' END, CASE WHEN NEW."state" IS DISTINCT FROM OLD."state" THEN \'state\' END, CASE WHEN NEW."entered_by_id" IS DISTINCT FROM OLD."entered_by_id" THEN \'entered_by_id\' END, CASE WHEN NEW."decided_by_id" IS DISTINCT FROM OLD."decided_by_id" THEN \'decided_by_id\' END, CASE WHEN NEW."decided_on" IS DISTINCT FROM OLD."decided_on" THEN \'decided_on\' END, CASE WHEN NEW."answer" IS DISTINCT FROM OLD."answer" THEN \'answer\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'customers_correctionrequest\', key, changed);\n            RETURN NULL;\n        ',
                            hash="8f382f2fbf16af9cc412723b1bd104662df4a067",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_audited_c9bcb",
                            table="customers_correctionrequest",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="customerassignment",
                    index=models.Index(fields=["customer"], name="assignment_customer"),
                ),
                migrations.AddConstraint(
                    model_name="customerassignment",
                    constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("customer", "="), ("during", "&&")],
                        name="assignment_one_at_a_time",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="customerassignment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="audited",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE changed text[]; acting text; key text;",
                            func="\n            IF TG_OP = 'UPDATE' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW.\"customer_id\" IS DISTINCT FROM OLD.\"customer_id\" THEN 'customer_id' END, CASE WHEN NEW.\"manager_id\" IS DISTINCT FROM OLD.\"manager_id\" THEN 'manager_id' END, CASE WHEN NEW.\"branch_id\" IS DISTINCT FROM OLD.\"branch_id\" THEN 'branch_id' END, CASE WHEN NEW.\"during\" IS DISTINCT FROM OLD.\"during\" THEN 'during' END, CASE WHEN NEW.\"reason\" IS DISTINCT FROM OLD.\"reason\" THEN 'reason' END, CASE WHEN NEW.\"decided_by_id\" IS DISTINCT FROM OLD.\"decided_by_id\" THEN 'decided_by_id' END]::text[], NULL);\n                IF changed = '{}' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = 'DELETE' THEN key := OLD.\"id\"; ELSE key := NEW.\"id\"; END IF;\n            acting := coalesce(current_setting('crm.acting', true), '');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), 'row', lower(TG_OP),\n                nullif(split_part(acting, '|', 1), '')::bigint, split_part(acting, '|', 2),\n                nullif(split_part(acting, '|', 3), '')::bigint, split_part(acting, '|', 4),\n                'customers_customerassignment', key, changed);\n            RETURN NULL;\n        ",
                            hash="57a3a9bfaa7513a7d08c6783b36ff6c14f1f5496",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_audited_8647e",
                            table="customers_customerassignment",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="customeridentifier",
                    index=models.Index(fields=["digest"], name="identifier_digest"),
                ),
                migrations.AddConstraint(
                    model_name="customeridentifier",
                    constraint=models.UniqueConstraint(
                        fields=("customer", "kind", "digest"), name="identifier_once_a_customer"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="customeridentifier",
                    trigger=pgtrigger.compiler.Trigger(
                        name="audited",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE changed text[]; acting text; key text;",
                            func="\n            IF TG_OP = 'UPDATE' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW.\"customer_id\" IS DISTINCT FROM OLD.\"customer_id\" THEN 'customer_id' END, CASE WHEN NEW.\"kind\" IS DISTINCT FROM OLD.\"kind\" THEN 'kind' END, CASE WHEN NEW.\"ciphertext\" IS DISTINCT FROM OLD.\"ciphertext\" THEN 'ciphertext' END, CASE WHEN NEW.\"digest\" IS DISTINCT FROM OLD.\"digest\" THEN 'digest' END, CASE WHEN NEW.\"last4\" IS DISTINCT FROM OLD.\"last4\" THEN 'last4' END]::text[], NULL);\n                IF changed = '{}' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = 'DELETE' THEN key := OLD.\"id\"; ELSE key := NEW.\"id\"; END IF;\n            acting := coalesce(current_setting('crm.acting', true), '');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), 'row', lower(TG_OP),\n                nullif(split_part(acting, '|', 1), '')::bigint, split_part(acting, '|', 2),\n                nullif(split_part(acting, '|', 3), '')::bigint, split_part(acting, '|', 4),\n                'customers_customeridentifier', key, changed);\n            RETURN NULL;\n        ",
                            hash="91a4e590bf282c621d6ed28dec93f6f76285cf9b",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_audited_0f765",
                            table="customers_customeridentifier",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="groupoverride",
                    index=models.Index(fields=["customer", "target"], name="override_customer"),
                ),
                migrations.AddConstraint(
                    model_name="groupoverride",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("until_on__gt", models.F("from_on"))),
                        name="override_ends_after_start",
                    ),
                ),
                migrations.AddIndex(
                    model_name="importbatch",
                    index=models.Index(fields=["kind", "-id"], name="import_by_kind"),
                ),
                migrations.AddIndex(
                    model_name="importbatch",
                    index=models.Index(fields=["file_sha256"], name="import_by_file"),
                ),
                migrations.AddConstraint(
                    model_name="importbatch",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "read_rows",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("created_rows"), "+", models.F("updated_rows")
                                        ),
                                        "+",
                                        models.F("unchanged_rows"),
                                    ),
                                    "+",
                                    models.F("rejected_rows"),
                                ),
                            )
                        ),
                        name="import_counts_add_up",
                    ),
                ),
                migrations.AddIndex(
                    model_name="holding",
                    index=models.Index(
                        fields=["customer", "family"], name="holding_customer_family"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="declaredfact",
                    constraint=models.UniqueConstraint(
                        fields=("customer", "key", "as_of", "source"), name="declared_fact_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="declaredfact",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("number__isnull", False),
                            ("day__isnull", False),
                            models.Q(("text", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="declared_fact_has_a_value",
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(
                        fields=["scope_no", "id"],
                        include=(
                            "relation_state",
                            "party_type",
                            "registry_status",
                            "manager",
                            "industry",
                        ),
                        name="customer_scope",
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(
                        fields=["name_pinyin", "id"],
                        include=(
                            "scope_no",
                            "relation_state",
                            "party_type",
                            "registry_status",
                            "manager",
                            "industry",
                        ),
                        name="customer_pinyin",
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(fields=["name_initials"], name="customer_initials"),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(
                        fields=["uscc"],
                        name="customer_uscc_start",
                        opclasses=("varchar_pattern_ops",),
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(fields=["updated_at", "id"], name="customer_updated"),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(fields=["created_at", "id"], name="customer_created"),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=django.contrib.postgres.indexes.GinIndex(
                        fields=["name_pieces"], name="customer_pieces"
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=django.contrib.postgres.indexes.GinIndex(
                        customers.models.customer.NamePieces("name_initials"),
                        name="customer_initial_pieces",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="customer",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("uscc", ""), _negated=True),
                        fields=("uscc",),
                        name="customer_uscc_once",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="customer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="audited",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE changed text[]; acting text; key text;",
                            func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."batch_id" IS DISTINCT FROM OLD."batch_id" THEN \'batch_id\' END, CASE WHEN NEW."batch_row" IS DISTINCT FROM OLD."batch_row" THEN \'batch_row\' END, CASE WHEN NEW."customer_no" IS DISTINCT FROM OLD."customer_no" THEN \'customer_no\' END, CASE WHEN NEW."party_type" IS DISTINCT FROM OLD."party_type" THEN \'party_type\' END, CASE WHEN NEW."name" IS DISTINCT FROM OLD."name" THEN \'name\' END, CASE WHEN NEW."uscc" IS DISTINCT FROM OLD."uscc" THEN \'uscc\' END, CASE WHEN NEW."is_uscc_odd" IS DISTINCT FROM OLD."is_uscc_odd" THEN \'is_uscc_odd\' END, CASE WHEN NEW."legal_rep_name" IS DISTINCT FROM OLD."legal_rep_name" THEN \'legal_rep_name\' END, CASE WHEN NEW."registry_status" IS DISTINCT FROM OLD."registry_status" THEN \'registry_status\' END, CASE WHEN NEW."registry_kind" IS DISTINCT FROM OLD."registry_kind" THEN \'registry_kind\' END, CASE WHEN NEW."industry_id" IS DISTINCT FROM OLD."industry_id" THEN \'industry_id\' END, CASE WHEN NEW."trade_id" IS DISTINCT FROM OLD."trade_id" THEN \'trade_id\' END, CASE WHEN NEW."region_id" IS DISTINCT FROM OLD."region_id" THEN \'region_id\' END, CASE WHEN NEW."address" IS DISTINCT FROM OLD."address" THEN \'address\' END, CASE WHEN NEW."latitude" IS DISTINCT FROM OLD."latitude" THEN \'latitude\' END, CASE WHEN NEW."longitude" IS DISTINCT FROM OLD."longitude" THEN \'longitude\' END, CASE WHEN NEW."registered_on" IS DISTINCT FROM OLD."registered_on" THEN \'registered_on\' END, CASE WHEN NEW."founded_on" IS DISTINCT FROM OLD."founded_on" THEN \'founded_on\' END, CASE WHEN NEW."registered_capital_amount" IS DISTINCT FROM OLD."registered_capital_amount" THEN \'registered_capital_amount\' END, CASE WHEN NEW."size_class" IS DISTINCT FROM OLD."size_class" THEN \'size_class\' END, CASE WHEN NEW."size_reasons" IS DISTINCT FROM OLD."size_reasons" THEN \'size_reasons\' END, CASE WHEN NEW."relation_state" IS DISTINCT FROM OLD."relation_state" THEN \'relation_state\' END, CASE WHEN NEW."customer_since" IS DISTINCT FROM OLD."customer_since" THEN \'customer_since\' END, CASE WHEN NEW."manager_id" IS DISTINCT FROM OLD."manager_id" THEN \'manager_id\' END, CASE WHEN NEW."branch_id" IS DISTINCT FROM OLD."branch_id" THEN \'branch_id\' END, CASE WHEN NEW."is_do_not_contact" IS DISTINCT FROM OLD."is_do_not_contact" THEN \'is_do_not_contact\' END, CASE WHEN NEW."created_by_id" IS DISTINCT FROM OLD."created_by_id" THEN \'created_by_id\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'customers_customer\', key, changed);\n            RETURN NULL;\n        ',
                            hash="371e746fbbb9c199a471d9dddedb77a0a94fae36",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_audited_2fc06",
                            table="customers_customer",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="creditline",
                    index=models.Index(fields=["customer"], name="line_customer"),
                ),
                migrations.AddIndex(
                    model_name="contact",
                    index=models.Index(fields=["mobile_digest"], name="contact_mobile_digest"),
                ),
                migrations.AddIndex(
                    model_name="contact",
                    index=models.Index(fields=["mobile_last4"], name="contact_mobile_last4"),
                ),
                migrations.AddConstraint(
                    model_name="contact",
                    constraint=models.UniqueConstraint(
                        fields=("customer", "name", "role"), name="contact_once_a_customer"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="contact",
                    trigger=pgtrigger.compiler.Trigger(
                        name="audited",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE changed text[]; acting text; key text;",
                            func="\n            IF TG_OP = 'UPDATE' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW.\"batch_id\" IS DISTINCT FROM OLD.\"batch_id\" THEN 'batch_id' END, CASE WHEN NEW.\"batch_row\" IS DISTINCT FROM OLD.\"batch_row\" THEN 'batch_row' END, CASE WHEN NEW.\"name\" IS DISTINCT FROM OLD.\"name\" THEN 'name' END, CASE WHEN NEW.\"role\" IS DISTINCT FROM OLD.\"role\" THEN 'role' END, CASE WHEN NEW.\"is_decision_maker\" IS DISTINCT FROM OLD.\"is_decision_maker\" THEN 'is_decision_maker' END, CASE WHEN NEW.\"mobile_ciphertext\" IS DISTINCT FROM OLD.\"mobile_ciphertext\" THEN 'mobile_ciphertext' END, CASE WHEN NEW.\"mobile_digest\" IS DISTINCT FROM OLD.\"mobile_digest\" THEN 'mobile_digest' END, CASE WHEN NEW.\"mobile_last4\" IS DISTINCT FROM OLD.\"mobile_last4\" THEN 'mobile_last4' END, CASE WHEN NEW.\"mobile_masked\" IS DISTINCT FROM OLD.\"mobile_masked\" THEN 'mobile_masked' END, CASE WHEN NEW.\"email\" IS DISTINCT FROM OLD.\"email\" THEN 'email' END, CASE WHEN NEW.\"customer_id\" IS DISTINCT FROM OLD.\"customer_id\" THEN 'customer_id' END]::text[], NULL);\n                IF changed = '{}' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = 'DELETE' THEN key := OLD.\"id\"; ELSE key := NEW.\"id\"; END IF;\n            acting := coalesce(current_setting('crm.acting', true), '');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), 'row', lower(TG_OP),\n                nullif(split_part(acting, '|', 1), '')::bigint, split_part(acting, '|', 2),\n                nullif(split_part(acting, '|', 3), '')::bigint, split_part(acting, '|', 4),\n                'customers_contact', key, changed);\n            RETURN NULL;\n        ",
                            hash="4067d2998c98e0bbc42077442c24cc61afc20470",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_audited_baa53",
                            table="customers_contact",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="consent",
                    constraint=models.UniqueConstraint(
                        fields=("customer", "template", "from_on"), name="consent_once_a_day"
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="consent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="audited",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE changed text[]; acting text; key text;",
                            func="\n            IF TG_OP = 'UPDATE' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW.\"batch_id\" IS DISTINCT FROM OLD.\"batch_id\" THEN 'batch_id' END, CASE WHEN NEW.\"batch_row\" IS DISTINCT FROM OLD.\"batch_row\" THEN 'batch_row' END, CASE WHEN NEW.\"customer_id\" IS DISTINCT FROM OLD.\"customer_id\" THEN 'customer_id' END, CASE WHEN NEW.\"template_id\" IS DISTINCT FROM OLD.\"template_id\" THEN 'template_id' END, CASE WHEN NEW.\"person_name\" IS DISTINCT FROM OLD.\"person_name\" THEN 'person_name' END, CASE WHEN NEW.\"channel\" IS DISTINCT FROM OLD.\"channel\" THEN 'channel' END, CASE WHEN NEW.\"evidence_sha256\" IS DISTINCT FROM OLD.\"evidence_sha256\" THEN 'evidence_sha256' END, CASE WHEN NEW.\"from_on\" IS DISTINCT FROM OLD.\"from_on\" THEN 'from_on' END, CASE WHEN NEW.\"until_on\" IS DISTINCT FROM OLD.\"until_on\" THEN 'until_on' END, CASE WHEN NEW.\"withdrawn_at\" IS DISTINCT FROM OLD.\"withdrawn_at\" THEN 'withdrawn_at' END]::text[], NULL);\n                IF changed = '{}' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = 'DELETE' THEN key := OLD.\"id\"; ELSE key := NEW.\"id\"; END IF;\n            acting := coalesce(current_setting('crm.acting', true), '');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), 'row', lower(TG_OP),\n                nullif(split_part(acting, '|', 1), '')::bigint, split_part(acting, '|', 2),\n                nullif(split_part(acting, '|', 3), '')::bigint, split_part(acting, '|', 4),\n                'customers_consent', key, changed);\n            RETURN NULL;\n        ",
                            hash="7c06183f52dfb1af5e5aea630a8e4c9c5de507f1",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_audited_5cdb7",
                            table="customers_consent",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="collateral",
                    index=models.Index(fields=["customer"], name="collateral_customer"),
                ),
                migrations.AddConstraint(
                    model_name="collateral",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("loan_to_value__gte", 0), ("loan_to_value__lte", 1)),
                        name="collateral_ltv_is_a_share",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="chainlink",
                    constraint=models.UniqueConstraint(
                        fields=("customer", "side", "counterparty_name"), name="chain_link_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="chainlink",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("share", None),
                            models.Q(("share__gte", 0), ("share__lte", 1)),
                            _connector="OR",
                        ),
                        name="chain_link_share_of_one",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="chainlink",
                    trigger=pgtrigger.compiler.Trigger(
                        name="audited",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE changed text[]; acting text; key text;",
                            func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."batch_id" IS DISTINCT FROM OLD."batch_id" THEN \'batch_id\' END, CASE WHEN NEW."batch_row" IS DISTINCT FROM OLD."batch_row" THEN \'batch_row\' END, CASE WHEN NEW."customer_id" IS DISTINCT FROM OLD."customer_id" THEN \'customer_id\' END, CASE WHEN NEW."chain_id" IS DISTINCT FROM OLD."chain_id" THEN \'chain_id\' END, CASE WHEN NEW."side" IS DISTINCT FROM OLD."side" THEN \'side\' END, CASE WHEN NEW."counterparty_name" IS DISTINCT FROM OLD."counterparty_name" THEN \'counterparty_name\' END, CASE WHEN NEW."counterparty_id" IS DISTINCT FROM OLD."counterparty_id" THEN \'counterparty_id\' END, CASE WHEN NEW."position" IS DISTINCT FROM OLD."position" THEN \'position\' END, CASE WHEN NEW."goods" IS DISTINCT FROM OLD."goods" THEN \'goods\' END, CASE WHEN NEW."yearly_amount" IS DISTINCT FROM OLD."yearly_amount" THEN \'yearly_amount\' END, CASE WHEN NEW."share" IS DISTINCT FROM OLD."share" THEN \'share\' END, CASE WHEN NEW."years" IS DISTINCT FROM OLD."years" THEN \'years\' END, CASE WHEN NEW."has_contract" IS DISTINCT FROM OLD."has_contract" THEN \'has_contract\' END, CASE WHEN NEW."term_days" IS DISTINCT FROM OLD."term_days" THEN \'term_days\' END, CASE WHEN NEW."is_core" IS DISTINCT FROM OLD."is_core" THEN \'is_core\' END, CASE WHEN NEW."replaceable" IS DISTINCT FROM OLD."replaceable" THEN \'replaceable\' END, CASE WHEN NEW."as_of" IS DISTINCT FROM OLD."as_of" THEN \'as_of\' END, CASE WHEN NEW."source" IS DISTINCT FROM OLD."source" THEN \'source\' END, CASE WHEN NEW."quality" IS DISTINCT FROM OLD."quality" THEN \'quality\' END, CASE WHEN NEW."said_by" IS DISTINCT FROM OLD."said_by" THEN \'said_by\' END, CASE WHEN NEW."proof" IS DISTINCT FROM OLD."proof" THEN \'proof\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'customers_chainlink\', key, changed);\n            RETURN NULL;\n        ',
                            hash="8072769ef64b07c56495c40c48357c9447a40854",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_audited_5dd2e",
                            table="customers_chainlink",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="chainlink",
                    trigger=pgtrigger.compiler.Trigger(
                        name="kept_past",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE gone date;",
                            func="\n            IF TG_OP = 'DELETE' THEN\n                gone := (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date;\n            ELSE\n                gone := NEW.as_of;\n            END IF;\n            IF gone > OLD.as_of THEN\n                INSERT INTO customers_ledgerpast\n                    (customer_id, \"table\", row_id, as_of, until, before)\n                VALUES (OLD.customer_id, 'customers_chainlink', OLD.id, OLD.as_of, gone,\n                    to_jsonb(OLD));\n            END IF;\n            RETURN NULL;\n        ",
                            hash="08b6db0ac117bd952b23299abe72c5679a3944a7",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_kept_past_f6295",
                            table="customers_chainlink",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="certificate",
                    constraint=models.UniqueConstraint(
                        fields=("customer", "kind", "valid_from"), name="certificate_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="bureausummary",
                    constraint=models.UniqueConstraint(
                        fields=("customer", "queried_on"), name="bureau_once_a_day"
                    ),
                ),
                migrations.AddIndex(
                    model_name="importchange",
                    index=models.Index(fields=["table", "key"], name="import_change_row"),
                ),
                migrations.AddConstraint(
                    model_name="importmapping",
                    constraint=models.UniqueConstraint(
                        fields=("kind", "name"), name="import_mapping_once"
                    ),
                ),
                migrations.AddIndex(
                    model_name="importrowerror",
                    index=models.Index(fields=["batch", "line"], name="import_error_place"),
                ),
                migrations.AddConstraint(
                    model_name="invoice",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("ym__gte", 22800)),
                        name="invoice_month_is_a_month_number",
                    ),
                ),
                migrations.AddIndex(
                    model_name="ledgerpast",
                    index=models.Index(
                        fields=["customer", "table", "row_id"], name="ledger_past_customer"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="ledgerpast",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("as_of"))),
                        name="ledger_past_held",
                    ),
                ),
                migrations.AddIndex(
                    model_name="loan",
                    index=models.Index(
                        fields=["customer", "matures_on"], name="loan_customer_maturity"
                    ),
                ),
                migrations.AddIndex(
                    model_name="loan",
                    index=models.Index(fields=["drawn_on"], name="loan_drawn"),
                ),
                migrations.AddIndex(
                    model_name="loanapplication",
                    index=models.Index(
                        fields=["customer", "applied_on"], name="application_customer"
                    ),
                ),
                migrations.AddIndex(
                    model_name="manualtag",
                    index=models.Index(fields=["customer", "code"], name="manual_tag_customer"),
                ),
                migrations.AddConstraint(
                    model_name="manualtag",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("until_on__gt", models.F("from_on"))),
                        name="manual_tag_ends_after_start",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="manualtag",
                    trigger=pgtrigger.compiler.Trigger(
                        name="audited",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE changed text[]; acting text; key text;",
                            func="\n            IF TG_OP = 'UPDATE' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW.\"customer_id\" IS DISTINCT FROM OLD.\"customer_id\" THEN 'customer_id' END, CASE WHEN NEW.\"code\" IS DISTINCT FROM OLD.\"code\" THEN 'code' END, CASE WHEN NEW.\"reason\" IS DISTINCT FROM OLD.\"reason\" THEN 'reason' END, CASE WHEN NEW.\"from_on\" IS DISTINCT FROM OLD.\"from_on\" THEN 'from_on' END, CASE WHEN NEW.\"until_on\" IS DISTINCT FROM OLD.\"until_on\" THEN 'until_on' END, CASE WHEN NEW.\"decided_by_id\" IS DISTINCT FROM OLD.\"decided_by_id\" THEN 'decided_by_id' END]::text[], NULL);\n                IF changed = '{}' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = 'DELETE' THEN key := OLD.\"id\"; ELSE key := NEW.\"id\"; END IF;\n            acting := coalesce(current_setting('crm.acting', true), '');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), 'row', lower(TG_OP),\n                nullif(split_part(acting, '|', 1), '')::bigint, split_part(acting, '|', 2),\n                nullif(split_part(acting, '|', 3), '')::bigint, split_part(acting, '|', 4),\n                'customers_manualtag', key, changed);\n            RETURN NULL;\n        ",
                            hash="c788b9a8a50944c13591511ceb6d13a07b2230cc",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_audited_200d0",
                            table="customers_manualtag",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="portraitversion",
                    index=models.Index(
                        fields=["customer", "version_no"], name="portrait_version_no"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="procuremode",
                    constraint=models.UniqueConstraint(
                        fields=("customer", "item", "mode"), name="procure_mode_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="procuremode",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("every_days", None), ("every_days__gte", 1), _connector="OR"
                        ),
                        name="procure_mode_some_days_apart",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="procuremode",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on", None),
                            ("ended_on__gte", models.F("as_of")),
                            _connector="OR",
                        ),
                        name="procure_mode_ends_after_start",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="procuremode",
                    trigger=pgtrigger.compiler.Trigger(
                        name="audited",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE changed text[]; acting text; key text;",
                            func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."batch_id" IS DISTINCT FROM OLD."batch_id" THEN \'batch_id\' END, CASE WHEN NEW."batch_row" IS DISTINCT FROM OLD."batch_row" THEN \'batch_row\' END, CASE WHEN NEW."customer_id" IS DISTINCT FROM OLD."customer_id" THEN \'customer_id\' END, CASE WHEN NEW."as_of" IS DISTINCT FROM OLD."as_of" THEN \'as_of\' END, CASE WHEN NEW."ended_on" IS DISTINCT FROM OLD."ended_on" THEN \'ended_on\' END, CASE WHEN NEW."source" IS DISTINCT FROM OLD."source" THEN \'source\' END, CASE WHEN NEW."quality" IS DISTINCT FROM OLD."quality" THEN \'quality\' END, CASE WHEN NEW."said_by" IS DISTINCT FROM OLD."said_by" THEN \'said_by\' END, CASE WHEN NEW."proof" IS DISTINCT FROM OLD."proof" THEN \'proof\' END, CASE WHEN NEW."entered_by_id" IS DISTINCT FROM OLD."entered_by_id" THEN \'entered_by_id\' END, CASE WHEN NEW."item" IS DISTINCT FROM OLD."item" THEN \'item\' END, CASE WHEN NEW."mode" IS DISTINCT FROM OLD."mode" THEN \'mode\' END, CASE WHEN NEW."batch_amount" IS DISTINCT FROM OLD."batch_amount" THEN \'batch_amount\' END, CASE WHEN NEW."every_days" IS DISTINCT FROM OLD."every_days" THEN \'every_days\' END, CASE WHEN NEW."price_term" IS DISTINCT FROM OLD."price_term" THEN \'price_term\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'customers_procuremode\', key, changed);\n            RETURN NULL;\n        ',
                            hash="4ba2e5d6b88121bc390e0fde0e3ce7ed848002e6",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_audited_25a66",
                            table="customers_procuremode",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="procuremode",
                    trigger=pgtrigger.compiler.Trigger(
                        name="kept_past",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE gone date;",
                            func="\n            IF TG_OP = 'DELETE' THEN\n                gone := (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date;\n            ELSE\n                gone := NEW.as_of;\n            END IF;\n            IF gone > OLD.as_of THEN\n                INSERT INTO customers_ledgerpast\n                    (customer_id, \"table\", row_id, as_of, until, before)\n                VALUES (OLD.customer_id, 'customers_procuremode', OLD.id, OLD.as_of, gone,\n                    to_jsonb(OLD));\n            END IF;\n            RETURN NULL;\n        ",
                            hash="285f0c7531912b9aa483ee2f7260cc0d99effa6a",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_kept_past_4acea",
                            table="customers_procuremode",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="publicrecord",
                    constraint=models.UniqueConstraint(
                        fields=("customer", "kind", "number"), name="public_record_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="relation",
                    constraint=models.UniqueConstraint(
                        fields=("customer", "other", "kind"), name="relation_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="relation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("customer", models.F("other")), _negated=True),
                        name="relation_not_to_self",
                    ),
                ),
                migrations.AddIndex(
                    model_name="repayment",
                    index=models.Index(fields=["customer", "paid_on"], name="repayment_customer"),
                ),
                migrations.AddConstraint(
                    model_name="savedlist",
                    constraint=models.UniqueConstraint(
                        fields=("user", "name"), name="saved_list_name_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="settlemode",
                    constraint=models.UniqueConstraint(
                        fields=("customer", "direction", "mode", "bank"), name="settle_mode_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="settlemode",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("share__gt", 0), ("share__lte", 1)),
                        name="settle_mode_share_of_one",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="settlemode",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on", None),
                            ("ended_on__gte", models.F("as_of")),
                            _connector="OR",
                        ),
                        name="settle_mode_ends_after_start",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="settlemode",
                    trigger=pgtrigger.compiler.Trigger(
                        name="audited",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE changed text[]; acting text; key text;",
                            func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."batch_id" IS DISTINCT FROM OLD."batch_id" THEN \'batch_id\' END, CASE WHEN NEW."batch_row" IS DISTINCT FROM OLD."batch_row" THEN \'batch_row\' END, CASE WHEN NEW."customer_id" IS DISTINCT FROM OLD."customer_id" THEN \'customer_id\' END, CASE WHEN NEW."as_of" IS DISTINCT FROM OLD."as_of" THEN \'as_of\' END, CASE WHEN NEW."ended_on" IS DISTINCT FROM OLD."ended_on" THEN \'ended_on\' END, CASE WHEN NEW."source" IS DISTINCT FROM OLD."source" THEN \'source\' END, CASE WHEN NEW."quality" IS DISTINCT FROM OLD."quality" THEN \'quality\' END, CASE WHEN NEW."said_by" IS DISTINCT FROM OLD."said_by" THEN \'said_by\' END, CASE WHEN NEW."proof" IS DISTINCT FROM OLD."proof" THEN \'proof\' END, CASE WHEN NEW."entered_by_id" IS DISTINCT FROM OLD."entered_by_id" THEN \'entered_by_id\' END, CASE WHEN NEW."direction" IS DISTINCT FROM OLD."direction" THEN \'direction\' END, CASE WHEN NEW."mode" IS DISTINCT FROM OLD."mode" THEN \'mode\' END, CASE WHEN NEW."share" IS DISTINCT FROM OLD."share" THEN \'share\' END, CASE WHEN NEW."term_days" IS DISTINCT FROM OLD."term_days" THEN \'term_days\' END, CASE WHEN NEW."bank" IS DISTINCT FROM OLD."bank" THEN \'bank\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'customers_settlemode\', key, changed);\n            RETURN NULL;\n        ',
                            hash="87ca21c217ded9cf96f4a62925524448fe64d235",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_audited_c2402",
                            table="customers_settlemode",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="settlemode",
                    trigger=pgtrigger.compiler.Trigger(
                        name="kept_past",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE gone date;",
                            func="\n            IF TG_OP = 'DELETE' THEN\n                gone := (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date;\n            ELSE\n                gone := NEW.as_of;\n            END IF;\n            IF gone > OLD.as_of THEN\n                INSERT INTO customers_ledgerpast\n                    (customer_id, \"table\", row_id, as_of, until, before)\n                VALUES (OLD.customer_id, 'customers_settlemode', OLD.id, OLD.as_of, gone,\n                    to_jsonb(OLD));\n            END IF;\n            RETURN NULL;\n        ",
                            hash="b10c669464be3d7034cbc0b1eddd8cec4d2d6bf8",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_kept_past_e6a01",
                            table="customers_settlemode",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="territorymember",
                    constraint=models.UniqueConstraint(
                        fields=("customer", "territory"), name="territory_member_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="territorymember",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("is_grid", True)),
                        fields=("customer",),
                        name="territory_one_grid_cell",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="touch",
                    constraint=models.UniqueConstraint(
                        fields=("customer", "channel", "at"), name="touch_once"
                    ),
                ),
            ]
        ),
    ]
