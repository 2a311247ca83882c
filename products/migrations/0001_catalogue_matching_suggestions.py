import django.contrib.postgres.fields
import django.core.validators
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
        ('core', '0002_audit_by_month'),
        ('customers', '0003_tables_by_month'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateTables([
            migrations.CreateModel(
                name='Bundle',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=16, unique=True, verbose_name='code')),
                    ('name_zh', models.CharField(max_length=60, verbose_name='Chinese name')),
                    ('name_en', models.CharField(blank=True, max_length=80, verbose_name='English name')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'verbose_name': 'bundle',
                    'ordering': ('code',),
                },
            ),
            migrations.CreateModel(
                name='BundleItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('seq', models.PositiveSmallIntegerField()),
                    ('service_zh', models.CharField(blank=True, max_length=60, verbose_name='service')),
                    ('service_en', models.CharField(blank=True, max_length=80, verbose_name='service, English')),
                    ('role', models.CharField(choices=[('anchor', 'Anchor'), ('support', 'Support')], max_length=8, verbose_name='role')),
                    ('condition_zh', models.CharField(blank=True, max_length=160, verbose_name='condition')),
                    ('condition_en', models.CharField(blank=True, max_length=200, verbose_name='condition, English')),
                ],
                options={
                    'verbose_name': 'bundle item',
                    'ordering': ('version', 'seq'),
                },
            ),
            migrations.CreateModel(
                name='BundleVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('no', models.PositiveIntegerField(verbose_name='version')),
                    ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('effective', 'Effective'), ('superseded', 'Superseded'), ('withdrawn', 'Withdrawn')], max_length=10, verbose_name='state')),
                    ('effective_from', models.DateField(blank=True, null=True, verbose_name='effective from')),
                    ('benefit_zh', models.TextField(blank=True, verbose_name='what it brings')),
                    ('benefit_en', models.TextField(blank=True, verbose_name='what it brings, English')),
                    ('target_groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='customer groups')),
                    ('target_stages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='stages')),
                    ('target_party_types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='party types')),
                    ('rate_discount_bp', models.PositiveSmallIntegerField(default=0, verbose_name='rate discount')),
                    ('fee_discount', models.DecimalField(decimal_places=4, default=0, max_digits=5, verbose_name='fee discount')),
                    ('decided_at', models.DateTimeField(blank=True, null=True)),
                    ('decision_note', models.CharField(blank=True, max_length=200, verbose_name='what the checker said')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ],
                options={
                    'verbose_name': 'bundle version',
                    'ordering': ('bundle', '-no'),
                },
            ),
            migrations.CreateModel(
                name='Competitor',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=60, unique=True, verbose_name='name')),
                    ('kind', models.CharField(choices=[('bank', 'Bank'), ('fintech', 'Fintech'), ('non_bank', 'Non-bank')], max_length=8, verbose_name='kind')),
                    ('outlets', models.PositiveIntegerField(blank=True, null=True, verbose_name='outlets here')),
                    ('style', models.CharField(blank=True, max_length=200, verbose_name='style')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'verbose_name': 'competitor',
                    'ordering': ('name',),
                },
            ),
            migrations.CreateModel(
                name='CompetitorNote',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('topic', models.CharField(choices=[('product', 'Product analysis'), ('marketing', 'Marketing strategy'), ('risk', 'Risk and compliance'), ('cooperation', 'Cross-sector cooperation')], max_length=12, verbose_name='topic')),
                    ('text', models.TextField(verbose_name='note')),
                    ('noted_on', models.DateField(verbose_name='noted on')),
                    ('at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'verbose_name': 'competitor note',
                    'ordering': ('competitor', '-noted_on'),
                },
            ),
            migrations.CreateModel(
                name='CompetitorProduct',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('batch_row', models.PositiveIntegerField(null=True)),
                    ('name', models.CharField(max_length=60, verbose_name='product')),
                    ('family', models.CharField(choices=[('loan', 'Loan'), ('working_capital_loan', 'Working-capital loan'), ('fixed_asset_loan', 'Fixed-asset loan'), ('startup_guaranteed_loan', 'Start-up guaranteed loan'), ('student_loan', 'Student loan'), ('farm_production_loan', 'Farm production loan'), ('supply_chain_loan', 'Supply-chain loan'), ('bill_discount', 'Bill discount'), ('credit_card', 'Credit card'), ('instalment', 'Instalment purchase'), ('deposit', 'Deposit'), ('wealth', 'Wealth product'), ('payment_settlement', 'Payments and settlement'), ('account_card', 'Account and card'), ('online_payment', 'Online payment'), ('insurance', 'Insurance'), ('ecommerce', 'E-commerce service'), ('payroll', 'Payroll service'), ('acquiring', 'Merchant acquiring'), ('guarantee_letter', 'Letter of guarantee')], max_length=24, verbose_name='family')),
                    ('amount_min', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name='smallest amount')),
                    ('amount_max', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name='largest amount')),
                    ('term_min_months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='shortest term')),
                    ('term_max_months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='longest term')),
                    ('is_revolving', models.BooleanField(default=False, verbose_name='revolving')),
                    ('rate_min', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='lowest yearly rate')),
                    ('rate_max', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='highest yearly rate')),
                    ('upfront_fee_share', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='fee at the start, share of the amount')),
                    ('yearly_fee_amount', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name='yearly fee')),
                    ('guarantee_modes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('credit', 'Unsecured'), ('mortgage', 'Mortgage'), ('pledge', 'Pledge'), ('guarantee', 'Guarantor'), ('guarantee_company', 'Guarantee company'), ('receivables', 'Receivables'), ('stock', 'Stock'), ('ip', 'Intellectual property'), ('equipment', 'Equipment'), ('joint', 'Joint liability'), ('risk_fund', 'Risk-sharing fund'), ('public_fund', 'Public guarantee fund'), ('core_firm', "Core enterprise's undertaking"), ('as_old', 'As before')], max_length=24), blank=True, default=list, size=None, verbose_name='guarantee')),
                    ('repayment_modes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('equal_instalment', 'Equal instalments'), ('equal_principal', 'Equal principal'), ('interest_first', 'Interest first, principal at the end'), ('quarterly_principal', 'Principal every quarter'), ('seasonal', 'After the season'), ('revolving', 'Draw and repay at will'), ('bullet', 'All at maturity')], max_length=24), blank=True, default=list, size=None, verbose_name='repayment')),
                    ('processing_hours', models.PositiveIntegerField(blank=True, null=True, verbose_name='decided within, hours')),
                    ('channels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('branch', 'At the branch'), ('rm', 'Relationship manager'), ('mobile', 'Mobile banking'), ('online', 'Online banking'), ('partner', 'Partner')], max_length=24), blank=True, default=list, size=None, verbose_name='channels')),
                    ('admission', models.JSONField(blank=True, default=list, verbose_name='admission')),
                    ('wanted_industries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='industries wanted')),
                    ('limited_industries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='industries limited')),
                    ('avoided_industries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='industries avoided')),
                    ('min_years', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='years in business at least')),
                    ('max_lenders', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='lenders at most')),
                    ('regions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='regions')),
                    ('collateral_kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='collateral taken')),
                    ('source', models.CharField(choices=[('flyer', 'Flyer'), ('customer', 'Customer told'), ('visit', 'Visit'), ('web', 'Web page'), ('bureau', 'Bureau structure')], max_length=8, verbose_name='source')),
                    ('source_on', models.DateField(verbose_name='seen on')),
                    ('confidence', models.CharField(choices=[('high', 'High confidence'), ('medium', 'Medium confidence'), ('low', 'Low confidence')], max_length=6, verbose_name='confidence')),
                    ('evidence', models.CharField(blank=True, max_length=200, verbose_name='evidence')),
                    ('valid_until', models.DateField(verbose_name='valid until')),
                    ('added_at', models.DateTimeField(auto_now_add=True)),
                    ('import_key', models.CharField(blank=True, editable=False, max_length=140, null=True, unique=True)),
                ],
                options={
                    'verbose_name': 'competitor product',
                    'ordering': ('competitor', 'name', '-source_on'),
                },
            ),
            migrations.CreateModel(
                name='CustomerMatch',
                fields=[
                    ('customer', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='match', serialize=False, to='customers.customer')),
                    ('book_number', models.PositiveIntegerField(verbose_name='rule book')),
                    ('as_of', models.DateField(verbose_name='as of')),
                    ('computed_at', models.DateTimeField(verbose_name='computed at')),
                    ('portrait_version', models.IntegerField(verbose_name='portrait version')),
                    ('inputs', models.JSONField()),
                    ('outcomes', models.CharField(max_length=200)),
                    ('scores', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(null=True), size=None)),
                    ('failed', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=None)),
                    ('unknown', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=None)),
                    ('top', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ],
                options={
                    'verbose_name': 'match',
                },
            ),
            migrations.CreateModel(
                name='EligibilityRule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('seq', models.PositiveSmallIntegerField()),
                    ('code', models.CharField(max_length=32, verbose_name='code')),
                    ('text_zh', models.CharField(max_length=160, verbose_name='Chinese sentence')),
                    ('text_en', models.CharField(blank=True, max_length=200, verbose_name='English sentence')),
                    ('remedy_zh', models.CharField(blank=True, max_length=160, verbose_name='what would change it')),
                    ('remedy_en', models.CharField(blank=True, max_length=200, verbose_name='what would change it, English')),
                    ('condition', models.JSONField(verbose_name='condition')),
                ],
                options={
                    'verbose_name': 'eligibility rule',
                    'ordering': ('version', 'seq'),
                },
            ),
            migrations.CreateModel(
                name='FeeItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('seq', models.PositiveSmallIntegerField()),
                    ('name_zh', models.CharField(max_length=40, verbose_name='Chinese name')),
                    ('name_en', models.CharField(blank=True, max_length=60, verbose_name='English name')),
                    ('timing', models.CharField(choices=[('upfront', 'Once, at the start'), ('monthly', 'Every month'), ('yearly', 'Every year'), ('use', 'Per use')], max_length=8, verbose_name='when')),
                    ('sum_amount', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name='sum')),
                    ('share', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, validators=[django.core.validators.MaxValueValidator(1)], verbose_name='share of the amount')),
                ],
                options={
                    'verbose_name': 'fee',
                    'ordering': ('version', 'seq'),
                },
            ),
            migrations.CreateModel(
                name='ForbiddenPair',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('first', models.CharField(choices=[('loan', 'Loan'), ('working_capital_loan', 'Working-capital loan'), ('fixed_asset_loan', 'Fixed-asset loan'), ('startup_guaranteed_loan', 'Start-up guaranteed loan'), ('student_loan', 'Student loan'), ('farm_production_loan', 'Farm production loan'), ('supply_chain_loan', 'Supply-chain loan'), ('bill_discount', 'Bill discount'), ('credit_card', 'Credit card'), ('instalment', 'Instalment purchase'), ('deposit', 'Deposit'), ('wealth', 'Wealth product'), ('payment_settlement', 'Payments and settlement'), ('account_card', 'Account and card'), ('online_payment', 'Online payment'), ('insurance', 'Insurance'), ('ecommerce', 'E-commerce service'), ('payroll', 'Payroll service'), ('acquiring', 'Merchant acquiring'), ('guarantee_letter', 'Letter of guarantee')], max_length=24, verbose_name='family')),
                    ('second', models.CharField(choices=[('loan', 'Loan'), ('working_capital_loan', 'Working-capital loan'), ('fixed_asset_loan', 'Fixed-asset loan'), ('startup_guaranteed_loan', 'Start-up guaranteed loan'), ('student_loan', 'Student loan'), ('farm_production_loan', 'Farm production loan'), ('supply_chain_loan', 'Supply-chain loan'), ('bill_discount', 'Bill discount'), ('credit_card', 'Credit card'), ('instalment', 'Instalment purchase'), ('deposit', 'Deposit'), ('wealth', 'Wealth product'), ('payment_settlement', 'Payments and settlement'), ('account_card', 'Account and card'), ('online_payment', 'Online payment'), ('insurance', 'Insurance'), ('ecommerce', 'E-commerce service'), ('payroll', 'Payroll service'), ('acquiring', 'Merchant acquiring'), ('guarantee_letter', 'Letter of guarantee')], max_length=24, verbose_name='with')),
                    ('reason_zh', models.CharField(max_length=160, verbose_name='why')),
                    ('reason_en', models.CharField(blank=True, max_length=200, verbose_name='why, English')),
                ],
                options={
                    'verbose_name': 'forbidden pair',
                },
            ),
            migrations.CreateModel(
                name='MatchCount',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('scope_no', models.PositiveIntegerField()),
                    ('dimension', models.CharField(choices=[('industry', 'Industry'), ('stage', 'Stage'), ('asset_style', 'Asset style')], max_length=12)),
                    ('value', models.CharField(max_length=32)),
                    ('customers', models.PositiveIntegerField()),
                    ('versions', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                    ('fits', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None)),
                    ('score_sums', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                ],
                options={
                    'verbose_name': 'match count',
                },
            ),
            migrations.CreateModel(
                name='MatchFeedback',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('book_number', models.PositiveIntegerField(verbose_name='rule book')),
                    ('score', models.FloatField(verbose_name='score')),
                    ('answer', models.CharField(choices=[('fits', 'Fits'), ('not_now', 'Not now'), ('wrong', 'Does not fit')], max_length=8, verbose_name='answer')),
                    ('reason', models.CharField(blank=True, max_length=24, verbose_name='reason')),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                    ('on', models.DateField(verbose_name='day')),
                    ('at', models.DateTimeField(auto_now=True)),
                ],
                options={
                    'verbose_name': 'match feedback',
                    'ordering': ('-at',),
                },
            ),
            migrations.CreateModel(
                name='MatchWeights',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField(unique=True, verbose_name='version')),
                    ('state', models.CharField(choices=[('proposed', 'Proposed'), ('active', 'Active'), ('retired', 'Retired'), ('rejected', 'Rejected')], max_length=8, verbose_name='state')),
                    ('need', models.PositiveSmallIntegerField(default=30, verbose_name='need')),
                    ('segment', models.PositiveSmallIntegerField(default=20, verbose_name='customer group')),
                    ('repayment', models.PositiveSmallIntegerField(default=15, verbose_name='repayment')),
                    ('guarantee', models.PositiveSmallIntegerField(default=10, verbose_name='guarantee')),
                    ('price', models.PositiveSmallIntegerField(default=10, verbose_name='price')),
                    ('speed', models.PositiveSmallIntegerField(default=5, verbose_name='speed')),
                    ('channel', models.PositiveSmallIntegerField(default=5, verbose_name='channel')),
                    ('strategy', models.PositiveSmallIntegerField(default=5, verbose_name='branch strategy')),
                    ('limited_industry', models.PositiveSmallIntegerField(default=15, verbose_name='limited industry')),
                    ('amber_warning', models.PositiveSmallIntegerField(default=10, verbose_name='amber warning')),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='why')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('decided_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'verbose_name': 'match weights',
                    'ordering': ('-version',),
                },
            ),
            migrations.CreateModel(
                name='OfferFit',
                fields=[
                    ('pk', models.CompositePrimaryKey('customer_id', 'version_id', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('kind', models.CharField(choices=[('y', 'Fits'), ('a', 'One rule away'), ('u', 'One fact missing')], db_collation='C', max_length=1)),
                    ('score', models.FloatField(verbose_name='score')),
                    ('rule', models.CharField(blank=True, max_length=32)),
                ],
                options={
                    'verbose_name': 'fit',
                },
            ),
            migrations.CreateModel(
                name='Product',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=16, unique=True, verbose_name='code')),
                    ('name_zh', models.CharField(max_length=60, verbose_name='Chinese name')),
                    ('name_en', models.CharField(blank=True, max_length=80, verbose_name='English name')),
                    ('family', models.CharField(choices=[('loan', 'Loan'), ('working_capital_loan', 'Working-capital loan'), ('fixed_asset_loan', 'Fixed-asset loan'), ('startup_guaranteed_loan', 'Start-up guaranteed loan'), ('student_loan', 'Student loan'), ('farm_production_loan', 'Farm production loan'), ('supply_chain_loan', 'Supply-chain loan'), ('bill_discount', 'Bill discount'), ('credit_card', 'Credit card'), ('instalment', 'Instalment purchase'), ('deposit', 'Deposit'), ('wealth', 'Wealth product'), ('payment_settlement', 'Payments and settlement'), ('account_card', 'Account and card'), ('online_payment', 'Online payment'), ('insurance', 'Insurance'), ('ecommerce', 'E-commerce service'), ('payroll', 'Payroll service'), ('acquiring', 'Merchant acquiring'), ('guarantee_letter', 'Letter of guarantee')], max_length=24, verbose_name='family')),
                    ('owner_line', models.CharField(choices=[('inclusive', 'Inclusive finance'), ('corporate', 'Corporate banking'), ('retail', 'Retail banking'), ('cards', 'Cards'), ('rural', 'Rural finance'), ('transaction', 'Transaction banking'), ('digital', 'Digital banking'), ('wealth', 'Wealth management')], max_length=16, verbose_name='owner line')),
                    ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None)),
                    ('status', models.CharField(choices=[('on_sale', 'On sale'), ('paused', 'Paused'), ('closed', 'Closed')], default='on_sale', max_length=8)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'verbose_name': 'product',
                    'ordering': ('code',),
                },
            ),
            migrations.CreateModel(
                name='ProductVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('no', models.PositiveIntegerField(verbose_name='version')),
                    ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('approved', 'Approved'), ('effective', 'Effective'), ('superseded', 'Superseded'), ('withdrawn', 'Withdrawn')], default='draft', max_length=10, verbose_name='state')),
                    ('effective_from', models.DateField(blank=True, null=True, verbose_name='effective from')),
                    ('effective_to', models.DateField(blank=True, null=True, verbose_name='last day')),
                    ('change_note', models.CharField(blank=True, max_length=200, verbose_name='what changed and why')),
                    ('made_at', models.DateTimeField(auto_now_add=True)),
                    ('makers', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, editable=False, size=None)),
                    ('submitted_at', models.DateTimeField(blank=True, null=True)),
                    ('revision', models.PositiveIntegerField(default=1, editable=False)),
                    ('amount_min', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name='smallest amount')),
                    ('amount_max', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name='largest amount')),
                    ('amount_step', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name='amount step')),
                    ('amount_formula', models.CharField(choices=[('range', 'Within the bounds'), ('revenue_multiple', 'Factor of verified revenue'), ('collateral_share', 'Share of the collateral'), ('order_share', 'Share of the order or receivable'), ('gap', 'The funding gap'), ('old_balance', 'Not above the old balance')], default='range', max_length=24, verbose_name='amount rule')),
                    ('amount_factor', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='factor of the amount rule')),
                    ('term_min_months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='shortest term')),
                    ('term_max_months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='longest term')),
                    ('draw_max_months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='longest single draw')),
                    ('is_revolving', models.BooleanField(default=False, verbose_name='revolving')),
                    ('rate_base', models.CharField(choices=[('lpr_1y', 'LPR 1 year'), ('lpr_5y', 'LPR over 5 years'), ('none', 'Tariff')], default='none', max_length=8, verbose_name='base rate')),
                    ('spread_min_bp', models.IntegerField(blank=True, null=True, verbose_name='lowest spread')),
                    ('spread_max_bp', models.IntegerField(blank=True, null=True, verbose_name='highest spread')),
                    ('rate_kind', models.CharField(blank=True, choices=[('fixed', 'Fixed'), ('floating', 'Floating')], max_length=8, verbose_name='fixed or floating')),
                    ('fixed_rate', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='yearly rate without a base')),
                    ('discount_rules', models.TextField(blank=True, verbose_name='discounts')),
                    ('guarantee_modes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('credit', 'Unsecured'), ('mortgage', 'Mortgage'), ('pledge', 'Pledge'), ('guarantee', 'Guarantor'), ('guarantee_company', 'Guarantee company'), ('receivables', 'Receivables'), ('stock', 'Stock'), ('ip', 'Intellectual property'), ('equipment', 'Equipment'), ('joint', 'Joint liability'), ('risk_fund', 'Risk-sharing fund'), ('public_fund', 'Public guarantee fund'), ('core_firm', "Core enterprise's undertaking"), ('as_old', 'As before')], max_length=24), blank=True, default=list, size=None, verbose_name='guarantee')),
                    ('loan_to_value', models.JSONField(blank=True, default=dict, verbose_name='loan to value by collateral')),
                    ('repayment_modes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('equal_instalment', 'Equal instalments'), ('equal_principal', 'Equal principal'), ('interest_first', 'Interest first, principal at the end'), ('quarterly_principal', 'Principal every quarter'), ('seasonal', 'After the season'), ('revolving', 'Draw and repay at will'), ('bullet', 'All at maturity')], max_length=24), blank=True, default=list, size=None, verbose_name='repayment')),
                    ('season_months', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None, verbose_name='due months')),
                    ('yearly_principal_share', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='principal repaid at each year end')),
                    ('target_groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='customer groups')),
                    ('target_stages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='stages')),
                    ('target_sizes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='sizes')),
                    ('target_party_types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='party types')),
                    ('target_asset_styles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='asset styles')),
                    ('target_chain_positions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='chain positions')),
                    ('target_industries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='industries wanted')),
                    ('avoided_industries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='industries avoided')),
                    ('target_regions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='regions')),
                    ('channels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('branch', 'At the branch'), ('rm', 'Relationship manager'), ('mobile', 'Mobile banking'), ('online', 'Online banking'), ('partner', 'Partner')], max_length=24), blank=True, default=list, size=None, verbose_name='channels')),
                    ('processing_hours', models.PositiveIntegerField(blank=True, null=True, verbose_name='decided within, hours')),
                    ('decision_lane', models.CharField(choices=[('auto', 'By rules, at once'), ('manual', 'By people')], default='manual', max_length=8, verbose_name='decision')),
                    ('materials', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, size=None, verbose_name='papers to bring')),
                    ('uses', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None, verbose_name='use of funds')),
                    ('renewal_rule', models.TextField(blank=True, verbose_name='renewal')),
                    ('risk_weight', models.DecimalField(blank=True, decimal_places=6, max_digits=9, null=True, verbose_name='risk weight')),
                    ('risk_level', models.CharField(blank=True, choices=[('R1', 'R1'), ('R2', 'R2'), ('R3', 'R3'), ('R4', 'R4'), ('R5', 'R5')], max_length=2, verbose_name='risk level')),
                    ('subsidy', models.TextField(blank=True, verbose_name='subsidies')),
                    ('tariff', models.TextField(blank=True, verbose_name='tariff')),
                    ('benefits', models.TextField(blank=True, verbose_name='benefits')),
                    ('script', models.TextField(blank=True, verbose_name='what to say')),
                    ('risk_warning', models.TextField(blank=True, verbose_name='risk warning')),
                    ('competitor_note', models.TextField(blank=True, verbose_name='against competitors')),
                ],
                options={
                    'verbose_name': 'product version',
                    'ordering': ('product', '-no'),
                },
            ),
            migrations.CreateModel(
                name='PropensityModel',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveIntegerField(unique=True, verbose_name='version')),
                    ('state', models.CharField(choices=[('candidate', 'Candidate'), ('active', 'Active'), ('retired', 'Retired')], max_length=10, verbose_name='state')),
                    ('trained_to', models.DateField(verbose_name='no input is later than')),
                    ('horizon_days', models.PositiveSmallIntegerField(verbose_name='horizon')),
                    ('content', models.JSONField()),
                    ('metrics', models.JSONField(default=dict)),
                    ('data_hash', models.CharField(max_length=64)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'verbose_name': 'propensity model',
                    'ordering': ('-version',),
                },
            ),
            migrations.CreateModel(
                name='Quote',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('as_of', models.DateField(verbose_name='as of')),
                    ('valid_until', models.DateField(verbose_name='valid until')),
                    ('lines', models.JSONField(default=list)),
                    ('figures', models.JSONField(default=dict)),
                    ('made_at', models.DateTimeField(auto_now_add=True)),
                    ('key', models.CharField(editable=False, max_length=36)),
                ],
                options={
                    'verbose_name': 'quote',
                    'ordering': ('-made_at',),
                },
            ),
            migrations.CreateModel(
                name='RuleBook',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField(unique=True, verbose_name='number')),
                    ('digest', models.CharField(max_length=64, unique=True)),
                    ('content', models.JSONField()),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'verbose_name': 'rule book',
                    'ordering': ('-number',),
                },
            ),
            migrations.CreateModel(
                name='Suggestion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('family', models.CharField(choices=[('loan', 'Loan'), ('working_capital_loan', 'Working-capital loan'), ('fixed_asset_loan', 'Fixed-asset loan'), ('startup_guaranteed_loan', 'Start-up guaranteed loan'), ('student_loan', 'Student loan'), ('farm_production_loan', 'Farm production loan'), ('supply_chain_loan', 'Supply-chain loan'), ('bill_discount', 'Bill discount'), ('credit_card', 'Credit card'), ('instalment', 'Instalment purchase'), ('deposit', 'Deposit'), ('wealth', 'Wealth product'), ('payment_settlement', 'Payments and settlement'), ('account_card', 'Account and card'), ('online_payment', 'Online payment'), ('insurance', 'Insurance'), ('ecommerce', 'E-commerce service'), ('payroll', 'Payroll service'), ('acquiring', 'Merchant acquiring'), ('guarantee_letter', 'Letter of guarantee')], max_length=24, verbose_name='family')),
                    ('rank', models.PositiveSmallIntegerField(verbose_name='rank')),
                    ('chance', models.FloatField(verbose_name='chance within the horizon')),
                    ('match_score', models.FloatField(verbose_name='match score')),
                    ('expected_amount', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='expected value in a year')),
                    ('reasons', models.JSONField(default=list)),
                    ('receipt', models.JSONField(default=dict)),
                    ('state', models.CharField(choices=[('new', 'New'), ('seen', 'Seen'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('expired', 'Expired')], default='new', max_length=8, verbose_name='state')),
                    ('as_of', models.DateField(verbose_name='as of')),
                    ('made_at', models.DateTimeField(verbose_name='made at')),
                    ('refreshed_at', models.DateTimeField(verbose_name='refreshed at')),
                    ('expires_on', models.DateField(verbose_name='expires on')),
                    ('seen_at', models.DateTimeField(blank=True, null=True)),
                    ('answered_at', models.DateTimeField(blank=True, null=True)),
                    ('decline_reason', models.CharField(blank=True, choices=[('has_elsewhere', 'Has it at another bank'), ('too_dear', 'Too dear'), ('no_need', 'No need now'), ('not_suitable', 'Does not suit'), ('bad_timing', 'Bad timing'), ('risk', 'Risk concern'), ('other', 'Other')], max_length=16, verbose_name='why not')),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                    ('cool_until', models.DateField(blank=True, null=True, verbose_name='not again before')),
                    ('opened_on', models.DateField(blank=True, null=True, verbose_name='opened on')),
                ],
                options={
                    'verbose_name': 'suggestion',
                    'ordering': ('customer', 'rank'),
                },
            ),
            migrations.CreateModel(
                name='UnitFocus',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                    ('industries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=4), blank=True, default=list, size=None)),
                    ('groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None)),
                    ('families', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None)),
                    ('territories', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ],
                options={
                    'verbose_name': 'focus of a unit',
                    'ordering': ('unit', 'year'),
                },
            ),
            migrations.CreateModel(
                name='VersionDecision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('round', models.PositiveSmallIntegerField(default=1, verbose_name='round')),
                    ('role', models.CharField(choices=[('catalogue', 'Catalogue'), ('risk', 'Risk terms')], max_length=10, verbose_name='as')),
                    ('is_approved', models.BooleanField(verbose_name='approved')),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                    ('at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'verbose_name': 'decision on a version',
                    'ordering': ('version', 'at'),
                },
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='bundle',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."code" IS DISTINCT FROM OLD."code" THEN \'code\' END, CASE WHEN NEW."name_zh" IS DISTINCT FROM OLD."name_zh" THEN \'name_zh\' END, CASE WHEN NEW."name_en" IS DISTINCT FROM OLD."name_en" THEN \'name_en\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'products_bundle\', key, changed);\n            RETURN NULL;\n        ', hash='5d22fa9cfd7f26f950bcda8ed7c01b010b79bd34', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_d7dfa', table='products_bundle', when='AFTER')),
            ),
            migrations.AddField(
                model_name='bundleversion',
                name='bundle',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='products.bundle'),
            ),
            migrations.AddField(
                model_name='bundleversion',
                name='decided_by',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='bundleversion',
                name='made_by',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='bundleitem',
                name='version',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='products.bundleversion'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='competitor',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."name" IS DISTINCT FROM OLD."name" THEN \'name\' END, CASE WHEN NEW."kind" IS DISTINCT FROM OLD."kind" THEN \'kind\' END, CASE WHEN NEW."outlets" IS DISTINCT FROM OLD."outlets" THEN \'outlets\' END, CASE WHEN NEW."style" IS DISTINCT FROM OLD."style" THEN \'style\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'products_competitor\', key, changed);\n            RETURN NULL;\n        ', hash='8054bde5e88d88cf2c3a64c5ce161f6530b7be87', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_14a22', table='products_competitor', when='AFTER')),
            ),
            migrations.AddField(
                model_name='competitornote',
                name='by',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='competitornote',
                name='competitor',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='products.competitor'),
            ),
            migrations.AddField(
                model_name='competitorproduct',
                name='added_by',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='competitorproduct',
                name='batch',
                field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.importbatch'),
            ),
            migrations.AddField(
                model_name='competitorproduct',
                name='competitor',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='products', to='products.competitor'),
            ),
            migrations.AddField(
                model_name='competitorproduct',
                name='customer',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='customers.customer'),
            ),
            migrations.AddConstraint(
                model_name='forbiddenpair',
                constraint=models.UniqueConstraint(fields=('first', 'second'), name='forbidden_pair_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='forbiddenpair',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."first" IS DISTINCT FROM OLD."first" THEN \'first\' END, CASE WHEN NEW."second" IS DISTINCT FROM OLD."second" THEN \'second\' END, CASE WHEN NEW."reason_zh" IS DISTINCT FROM OLD."reason_zh" THEN \'reason_zh\' END, CASE WHEN NEW."reason_en" IS DISTINCT FROM OLD."reason_en" THEN \'reason_en\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'products_forbiddenpair\', key, changed);\n            RETURN NULL;\n        ', hash='f5127dd1f7c08b92572849f89da30e68d6efec7f', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_a4907', table='products_forbiddenpair', when='AFTER')),
            ),
            migrations.AddConstraint(
                model_name='matchcount',
                constraint=models.UniqueConstraint(fields=('scope_no', 'dimension', 'value'), name='match_count_once'),
            ),
            migrations.AddField(
                model_name='matchfeedback',
                name='by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='matchfeedback',
                name='customer',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer'),
            ),
            migrations.AddField(
                model_name='matchweights',
                name='decided_by',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='matchweights',
                name='proposed_by',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='offerfit',
                name='customer',
                field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer'),
            ),
            migrations.AddField(
                model_name='product',
                name='created_by',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='bundleitem',
                name='choices',
                field=models.ManyToManyField(related_name='+', to='products.product'),
            ),
            migrations.AddField(
                model_name='productversion',
                name='made_by',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='productversion',
                name='product',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='products.product'),
            ),
            migrations.AddField(
                model_name='offerfit',
                name='version',
                field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='products.productversion'),
            ),
            migrations.AddField(
                model_name='matchfeedback',
                name='version',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='feedback', to='products.productversion'),
            ),
            migrations.AddField(
                model_name='feeitem',
                name='version',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fees', to='products.productversion'),
            ),
            migrations.AddField(
                model_name='eligibilityrule',
                name='version',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='products.productversion'),
            ),
            migrations.AddConstraint(
                model_name='propensitymodel',
                constraint=models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('state',), name='propensity_one_active'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='propensitymodel',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."version" IS DISTINCT FROM OLD."version" THEN \'version\' END, CASE WHEN NEW."state" IS DISTINCT FROM OLD."state" THEN \'state\' END, CASE WHEN NEW."trained_to" IS DISTINCT FROM OLD."trained_to" THEN \'trained_to\' END, CASE WHEN NEW."horizon_days" IS DISTINCT FROM OLD."horizon_days" THEN \'horizon_days\' END, CASE WHEN NEW."content" IS DISTINCT FROM OLD."content" THEN \'content\' END, CASE WHEN NEW."metrics" IS DISTINCT FROM OLD."metrics" THEN \'metrics\' END, CASE WHEN NEW."data_hash" IS DISTINCT FROM OLD."data_hash" THEN \'data_hash\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'products_propensitymodel\', key, changed);\n            RETURN NULL;\n        ', hash='b38085b7fc181e30b8bd4d09a2ae9d81559ec29a', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_970da', table='products_propensitymodel', when='AFTER')),
            ),
            migrations.AddField(
                model_name='quote',
                name='bundle_version',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='quotes', to='products.bundleversion'),
            ),
            migrations.AddField(
                model_name='quote',
                name='customer',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer'),
            ),
            migrations.AddField(
                model_name='quote',
                name='made_by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='suggestion',
                name='answered_by',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='suggestion',
                name='customer',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer'),
            ),
            migrations.AddField(
                model_name='suggestion',
                name='owner',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='suggestion',
                name='version',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suggestions', to='products.productversion'),
            ),
            migrations.AddField(
                model_name='unitfocus',
                name='unit',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='focuses', to='core.branch'),
            ),
            migrations.AddField(
                model_name='versiondecision',
                name='by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='versiondecision',
                name='version',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='products.productversion'),
            ),
            migrations.AddConstraint(
                model_name='bundleversion',
                constraint=models.UniqueConstraint(fields=('bundle', 'no'), name='bundle_version_no_once'),
            ),
            migrations.AddConstraint(
                model_name='bundleversion',
                constraint=models.UniqueConstraint(condition=models.Q(('state', 'effective')), fields=('bundle',), name='bundle_one_effective_version'),
            ),
            migrations.AddConstraint(
                model_name='bundleversion',
                constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'submitted'))), fields=('bundle',), name='bundle_one_version_in_the_making'),
            ),
            migrations.AddConstraint(
                model_name='bundleversion',
                constraint=models.CheckConstraint(condition=models.Q(('made_by__isnull', True), ('decided_by__isnull', True), models.Q(('made_by', models.F('decided_by')), _negated=True), _connector='OR'), name='bundle_maker_is_not_checker'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='bundleversion',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."bundle_id" IS DISTINCT FROM OLD."bundle_id" THEN \'bundle_id\' END, CASE WHEN NEW."no" IS DISTINCT FROM OLD."no" THEN \'no\' END, CASE WHEN NEW."state" IS DISTINCT FROM OLD."state" THEN \'state\' END, CASE WHEN NEW."effective_from" IS DISTINCT FROM OLD."effective_from" THEN \'effective_from\' END, CASE WHEN NEW."benefit_zh" IS DISTINCT FROM OLD."benefit_zh" THEN \'benefit_zh\' END, CASE WHEN NEW."benefit_en" IS DISTINCT FROM OLD."benefit_en" THEN \'benefit_en\' END, CASE WHEN NEW."target_groups" IS DISTINCT FROM OLD."target_groups" THEN \'target_groups\' END, CASE WHEN NEW."target_stages" IS DISTINCT FROM OLD."target_stages" THEN \'target_stages\' END, CASE WHEN NEW."target_party_types" IS DISTINCT FROM OLD."target_party_types" THEN \'target_party_types\' END, CASE WHEN NEW."rate_discount_bp" IS DISTINCT FROM OLD."rate_discount_bp" THEN \'rate_discount_bp\' END, CASE WHEN NEW."fee_discount" IS DISTINCT FROM OLD."fee_discount" THEN \'fee_discount\' END, CASE WHEN NEW."made_by_id" IS DISTINCT FROM OLD."made_by_id" THEN \'made_by_id\' END, CASE WHEN NEW."decided_by_id" IS DISTINCT FROM OLD."decided_by_id" THEN \'decided_by_id\' END, CASE WHEN NEW."decided_at" IS DISTINCT FROM OLD."decided_at" THEN \'decided_at\' END, CASE WHEN NEW."decision_note" IS DISTINCT FROM OLD."decision_note" THEN \'decision_note\' END, CASE WHEN NEW."revision" IS DISTINCT FROM OLD."revision" THEN \'revision\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'products_bundleversion\', key, changed);\n            RETURN NULL;\n        ', hash='34afe7735fbd0b703a30833fe3f8c71cdb83766c', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_e689e', table='products_bundleversion', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='competitornote',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."competitor_id" IS DISTINCT FROM OLD."competitor_id" THEN \'competitor_id\' END, CASE WHEN NEW."topic" IS DISTINCT FROM OLD."topic" THEN \'topic\' END, CASE WHEN NEW."text" IS DISTINCT FROM OLD."text" THEN \'text\' END, CASE WHEN NEW."noted_on" IS DISTINCT FROM OLD."noted_on" THEN \'noted_on\' END, CASE WHEN NEW."by_id" IS DISTINCT FROM OLD."by_id" THEN \'by_id\' END, CASE WHEN NEW."at" IS DISTINCT FROM OLD."at" THEN \'at\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'products_competitornote\', key, changed);\n            RETURN NULL;\n        ', hash='f3d6e3233f254e4366c3a4de940bed16af149c75', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_5addc', table='products_competitornote', when='AFTER')),
            ),
            migrations.AddIndex(
                model_name='competitorproduct',
                index=models.Index(fields=['family', 'valid_until'], name='competitor_family_valid'),
            ),
            migrations.AddConstraint(
                model_name='competitorproduct',
                constraint=models.CheckConstraint(condition=models.Q(('valid_until__gte', models.F('source_on'))), name='competitor_valid_after_seen'),
            ),
            migrations.AddConstraint(
                model_name='competitorproduct',
                constraint=models.CheckConstraint(condition=models.Q(('rate_min__isnull', True), ('rate_max__isnull', True), ('rate_min__lte', models.F('rate_max')), _connector='OR'), name='competitor_rate_low_first'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='competitorproduct',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."batch_id" IS DISTINCT FROM OLD."batch_id" THEN \'batch_id\' END, CASE WHEN NEW."batch_row" IS DISTINCT FROM OLD."batch_row" THEN \'batch_row\' END, CASE WHEN NEW."competitor_id" IS DISTINCT FROM OLD."competitor_id" THEN \'competitor_id\' END, CASE WHEN NEW."name" IS DISTINCT FROM OLD."name" THEN \'name\' END, CASE WHEN NEW."family" IS DISTINCT FROM OLD."family" THEN \'family\' END, CASE WHEN NEW."amount_min" IS DISTINCT FROM OLD."amount_min" THEN \'amount_min\' END, CASE WHEN NEW."amount_max" IS DISTINCT FROM OLD."amount_max" THEN \'amount_max\' END, CASE WHEN NEW."term_min_months" IS DISTINCT FROM OLD."term_min_months" THEN \'term_min_months\' END, CASE WHEN NEW."term_max_months" IS DISTINCT FROM OLD."term_max_months" THEN \'term_max_months\' END, CASE WHEN NEW."is_revolving" IS DISTINCT FROM OLD."is_revolving" THEN \'is_revolving\' END, CASE WHEN NEW."rate_min" IS DISTINCT FROM OLD."rate_min" THEN \'rate_min\' END, CASE WHEN NEW."rate_max" IS DISTINCT FROM OLD."rate_max" THEN \'rate_max\' END, CASE WHEN NEW."upfront_fee_share" IS DISTINCT FROM OLD."upfront_fee_share" THEN \'upfront_fee_share\' END, CASE WHEN NEW."yearly_fee_amount" IS DISTINCT FROM OLD."yearly_fee_amount" THEN \'yearly_fee_amount\' END, CASE WHEN NEW."guarantee_modes" IS DISTINCT FROM OLD."guarantee_modes" THEN \'guarantee_modes\' END, CASE WHEN NEW."repayment_modes" IS DISTINCT FROM OLD."repayment_modes" THEN \'repayment_modes\' END, CASE WHEN NEW."processing_hours" IS DISTINCT FROM OLD."processing_hours" THEN \'processing_hours\' END, CASE WHEN NEW."channels" IS DISTINCT FROM OLD."channels" THEN \'channels\' END, CASE WHEN NEW."admission" IS DISTINCT FROM OLD."admission" THEN \'admission\' END, CASE WHEN NEW."wanted_industries" IS DISTINCT FROM OLD."wanted_industries" THEN \'wanted_industries\' END, CASE WHEN NEW."limited_industries" IS DISTINCT FROM OLD."limited_industries" THEN \'limited_industries\' END, CASE WHEN NEW."avoided_industries" IS DISTINCT FROM OLD."avoided_industries" THEN \'avoided_industries\' END, CASE WHEN NEW."min_years" IS DISTINCT FROM OLD."min_years" THEN \'min_years\' END, CASE WHEN NEW."max_lenders" IS DISTINCT FROM OLD."max_lenders" THEN \'max_lenders\' END, CASE WHEN NEW."regions" IS DISTINCT FROM OLD."regions" THEN \'regions\' END, CASE WHEN NEW."collateral_kinds" IS DISTINCT FROM OLD."collateral_kinds" THEN \'collateral_kinds\' END, CASE WHEN NEW."source" IS DISTINCT FROM OLD."source" THEN \'source\' END, CASE WHEN NEW."source_on" IS DISTINCT FROM OLD."source_on" THEN \'source_on\' END, CASE WHEN NEW."confidence" IS DISTINCT FROM OLD."confidence" THEN \'confidence\' END, CASE WHEN NEW."evidence" IS DISTINCT FROM OLD."evidence" THEN \'evidence\' END, CASE WHEN NEW."valid_until" IS DISTINCT FROM OLD."valid_until" THEN \'valid_until\' END, CASE WHEN NEW."customer_id" IS DISTINCT FROM OLD."customer_id" THEN \'customer_id\' END, CASE WHEN NEW."added_by_id" IS DISTINCT FROM OLD."added_by_id" THEN \'added_by_id\' END, CASE WHEN NEW."added_at" IS DISTINCT FROM OLD."added_at" THEN \'added_at\' END, CASE WHEN NEW."import_key" IS DISTINCT FROM OLD."import_key" THEN \'import_key\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'products_competitorproduct\', key, changed);\n            RETURN NULL;\n        ', hash='874cb9df2f77d39ac3686ab2f8f67a24ce12f376', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_8c843', table='products_competitorproduct', when='AFTER')),
            ),
            migrations.AddConstraint(
                model_name='matchweights',
                constraint=models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('state',), name='weights_one_active'),
            ),
            migrations.AddConstraint(
                model_name='matchweights',
                constraint=models.CheckConstraint(condition=models.Q(('proposed_by__isnull', True), ('decided_by__isnull', True), models.Q(('proposed_by', models.F('decided_by')), _negated=True), _connector='OR'), name='weights_maker_is_not_checker'),
            ),
            migrations.AddConstraint(
                model_name='matchweights',
                constraint=models.CheckConstraint(condition=models.Q(('need', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.Value(100), '-', models.F('segment')), '-', models.F('repayment')), '-', models.F('guarantee')), '-', models.F('price')), '-', models.F('speed')), '-', models.F('channel')), '-', models.F('strategy')))), name='weights_sum_to_100'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='matchweights',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."version" IS DISTINCT FROM OLD."version" THEN \'version\' END, CASE WHEN NEW."state" IS DISTINCT FROM OLD."state" THEN \'state\' END, CASE WHEN NEW."need" IS DISTINCT FROM OLD."need" THEN \'need\' END, CASE WHEN NEW."segment" IS DISTINCT FROM OLD."segment" THEN \'segment\' END, CASE WHEN NEW."repayment" IS DISTINCT FROM OLD."repayment" THEN \'repayment\' END, CASE WHEN NEW."guarantee" IS DISTINCT FROM OLD."guarantee" THEN \'guarantee\' END, CASE WHEN NEW."price" IS DISTINCT FROM OLD."price" THEN \'price\' END, CASE WHEN NEW."speed" IS DISTINCT FROM OLD."speed" THEN \'speed\' END, CASE WHEN NEW."channel" IS DISTINCT FROM OLD."channel" THEN \'channel\' END, CASE WHEN NEW."strategy" IS DISTINCT FROM OLD."strategy" THEN \'strategy\' END, CASE WHEN NEW."limited_industry" IS DISTINCT FROM OLD."limited_industry" THEN \'limited_industry\' END, CASE WHEN NEW."amber_warning" IS DISTINCT FROM OLD."amber_warning" THEN \'amber_warning\' END, CASE WHEN NEW."note" IS DISTINCT FROM OLD."note" THEN \'note\' END, CASE WHEN NEW."proposed_by_id" IS DISTINCT FROM OLD."proposed_by_id" THEN \'proposed_by_id\' END, CASE WHEN NEW."decided_by_id" IS DISTINCT FROM OLD."decided_by_id" THEN \'decided_by_id\' END, CASE WHEN NEW."decided_at" IS DISTINCT FROM OLD."decided_at" THEN \'decided_at\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'products_matchweights\', key, changed);\n            RETURN NULL;\n        ', hash='c3f9ec6b730597fe28e4db8abfe59987ee9c8f95', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_3293f', table='products_matchweights', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='product',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."code" IS DISTINCT FROM OLD."code" THEN \'code\' END, CASE WHEN NEW."name_zh" IS DISTINCT FROM OLD."name_zh" THEN \'name_zh\' END, CASE WHEN NEW."name_en" IS DISTINCT FROM OLD."name_en" THEN \'name_en\' END, CASE WHEN NEW."family" IS DISTINCT FROM OLD."family" THEN \'family\' END, CASE WHEN NEW."owner_line" IS DISTINCT FROM OLD."owner_line" THEN \'owner_line\' END, CASE WHEN NEW."tags" IS DISTINCT FROM OLD."tags" THEN \'tags\' END, CASE WHEN NEW."status" IS DISTINCT FROM OLD."status" THEN \'status\' END, CASE WHEN NEW."created_by_id" IS DISTINCT FROM OLD."created_by_id" THEN \'created_by_id\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'products_product\', key, changed);\n            RETURN NULL;\n        ', hash='51c6c47b0be2d1b0274c4300288cff18d217d421', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_04d97', table='products_product', when='AFTER')),
            ),
            migrations.AddConstraint(
                model_name='bundleitem',
                constraint=models.UniqueConstraint(fields=('version', 'seq'), name='bundle_item_seq'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='bundleitem',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."version_id" IS DISTINCT FROM OLD."version_id" THEN \'version_id\' END, CASE WHEN NEW."seq" IS DISTINCT FROM OLD."seq" THEN \'seq\' END, CASE WHEN NEW."service_zh" IS DISTINCT FROM OLD."service_zh" THEN \'service_zh\' END, CASE WHEN NEW."service_en" IS DISTINCT FROM OLD."service_en" THEN \'service_en\' END, CASE WHEN NEW."role" IS DISTINCT FROM OLD."role" THEN \'role\' END, CASE WHEN NEW."condition_zh" IS DISTINCT FROM OLD."condition_zh" THEN \'condition_zh\' END, CASE WHEN NEW."condition_en" IS DISTINCT FROM OLD."condition_en" THEN \'condition_en\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'products_bundleitem\', key, changed);\n            RETURN NULL;\n        ', hash='12e1505f807d5cbcd9e4aea8f3273dbab39da256', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_ebc6f', table='products_bundleitem', when='AFTER')),
            ),
            migrations.AddConstraint(
                model_name='productversion',
                constraint=models.UniqueConstraint(fields=('product', 'no'), name='product_version_no_once'),
            ),
            migrations.AddConstraint(
                model_name='productversion',
                constraint=models.UniqueConstraint(condition=models.Q(('state', 'effective')), fields=('product',), name='product_one_effective_version'),
            ),
            migrations.AddConstraint(
                model_name='productversion',
                constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'submitted', 'approved'))), fields=('product',), name='product_one_version_in_the_making'),
            ),
            migrations.AddConstraint(
                model_name='productversion',
                constraint=models.CheckConstraint(condition=models.Q(('amount_min__isnull', True), ('amount_max__isnull', True), ('amount_min__lte', models.F('amount_max')), _connector='OR'), name='product_amount_low_first'),
            ),
            migrations.AddConstraint(
                model_name='productversion',
                constraint=models.CheckConstraint(condition=models.Q(('term_min_months__isnull', True), ('term_max_months__isnull', True), ('term_min_months__lte', models.F('term_max_months')), _connector='OR'), name='product_term_low_first'),
            ),
            migrations.AddConstraint(
                model_name='productversion',
                constraint=models.CheckConstraint(condition=models.Q(('spread_min_bp__isnull', True), ('spread_max_bp__isnull', True), ('spread_min_bp__lte', models.F('spread_max_bp')), _connector='OR'), name='product_spread_low_first'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='productversion',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."product_id" IS DISTINCT FROM OLD."product_id" THEN \'product_id\' END, CASE WHEN NEW."no" IS DISTINCT FROM OLD."no" THEN \'no\' END, CASE WHEN NEW."state" IS DISTINCT FROM OLD."state" THEN \'state\' END, CASE WHEN NEW."effective_from" IS DISTINCT FROM OLD."effective_from" THEN \'effective_from\' END, CASE WHEN NEW."effective_to" IS DISTINCT FROM OLD."effective_to" THEN \'effective_to\' END, CASE WHEN NEW."change_note" IS DISTINCT FROM OLD."change_note" THEN \'change_note\' END, CASE WHEN NEW."made_by_id" IS DISTINCT FROM OLD."made_by_id" THEN \'made_by_id\' END, CASE WHEN NEW."made_at" IS DISTINCT FROM OLD."made_at" THEN \'made_at\' END, CASE WHEN NEW."makers" IS DISTINCT FROM OLD."makers" THEN \'makers\' END, CASE WHEN NEW."submitted_at" IS DISTINCT FROM OLD."submitted_at" THEN \'submitted_at\' END, CASE WHEN NEW."revision" IS DISTINCT FROM OLD."revision" THEN \'revision\' END, CASE WHEN NEW."amount_min" IS DISTINCT FROM OLD."amount_min" THEN \'amount_min\' END, CASE WHEN NEW."amount_max" IS DISTINCT FROM OLD."amount_max" THEN \'amount_max\' END, CASE WHEN NEW."amount_step" IS DISTINCT FROM OLD."amount_step" THEN \'amount_step\' END, CASE WHEN NEW."amount_formula" IS DISTINCT FROM OLD."amount_formula" THEN \'amount_formula\' END, CASE WHEN NEW."amount_factor" IS DISTINCT FROM OLD."amount_factor" THEN \'amount_factor\' END, CASE WHEN NEW."term_min_months" IS DISTINCT FROM OLD."term_min_months" THEN \'term_min_months\' END, CASE WHEN NEW."term_max_months" IS DISTINCT FROM OLD."term_max_months" THEN \'term_max_months\' END, CASE WHEN NEW."draw_max_months" IS DISTINCT FROM OLD."draw_max_months" THEN \'draw_max_months\' END, CASE WHEN NEW."is_revolving" IS DISTINCT FROM OLD."is_revolving" THEN \'is_revolving\' END, CASE WHEN NEW."rate_base" IS DISTINCT FROM OLD."rate_base" THEN \'rate_base\' END, CASE WHEN NEW."spread_min_bp" IS DISTINCT FROM OLD."spread_min_bp" THEN \'spread_min_bp\' END, CASE WHEN NEW."spread_max_bp" IS DISTINCT FROM OLD."spread_max_bp" THEN \'spread_max_bp\' END, CASE WHEN NEW."rate_kind" IS DISTINCT FROM OLD."rate_kind" THEN \'rate_kind\' END, CASE WHEN NEW."fixed_rate" IS DISTINCT FROM OLD."fixed_rate" THEN \'fixed_rate\' END, CASE WHEN NEW."discount_rules" IS DISTINCT FROM OLD."discount_rules" THEN \'discount_rules\' END, CASE WHEN NEW."guarantee_modes" IS DISTINCT FROM OLD."guarantee_modes" THEN \'guarantee_modes\' END, CASE WHEN NEW."loan_to_value" IS DISTINCT FROM OLD."loan_to_value" THEN \'loan_to_value\' END, CASE WHEN NEW."repayment_modes" IS DISTINCT FROM OLD."repayment_modes" THEN \'repayment_modes\' END, CASE WHEN NEW."season_months" IS DISTINCT FROM OLD."season_months" THEN \'season_months\' END, CASE WHEN NEW."yearly_principal_share" IS DISTINCT FROM OLD."yearly_principal_share" THEN \'yearly_principal_share\' END, CASE WHEN NEW."target_groups" IS DISTINCT FROM OLD."target_groups" THEN \'target_groups\' END, CASE WHEN NEW."target_stages" IS DISTINCT FROM OLD."target_stages" THEN \'target_stages\' END, CASE WHEN NEW."target_sizes" IS DISTINCT FROM OLD."target_sizes" THEN \'target_sizes\' END, CASE WHEN NEW."target_party_types" IS DISTINCT FROM OLD."target_party_types" THEN \'target_party_types\' END, CASE WHEN NEW."target_asset_styles" IS DISTINCT FROM OLD."target_asset_styles" THEN \'target_asset_styles\' END, CASE WHEN NEW."target_chain_positions" IS DISTINCT FROM OLD."target_chain_positions" THEN \'target_chain_positions\' END, CASE WHEN NEW."target_industries" IS DISTINCT FROM OLD."target_industries" THEN \'target_industries\' END, CASE WHEN NEW."avoided_industries" IS DISTINCT FROM OLD."avoided_industries" THEN \'avoided_industries\' END, CASE WHEN NEW."target_regions" IS DISTINCT FROM OLD."target_regions" THEN \'target_regions\' END, CASE WHEN NEW."channels" IS DISTINCT FROM OLD."channels" THEN \'channels\' END, CASE WHEN NEW."processing_hours" IS DISTINCT FROM OLD."processing_hours" THEN \'processing_hours\' END, CASE WHEN NEW."decision_lane" IS DISTINCT FROM OLD."decision_lane" THEN \'decision_lane\' END, CASE WHEN NEW."materials" IS DISTINCT FROM OLD."materials" THEN \'materials\' END, CASE WHEN NEW."uses" IS DISTINCT FROM OLD."uses" THEN \'uses\' END, CASE WHEN NEW."renewal_rule" IS DISTINCT FROM OLD."renewal_rule" THEN \'renewal_rule\' END, CASE WHEN NEW."risk_weight" IS DISTINCT FROM OLD."risk_weight" THEN \'risk_weight\' END, CASE WHEN NEW."risk_level" IS DISTINCT FROM OLD."risk_level" THEN \'risk_level\' END, CASE WHEN NEW."subsidy" IS DISTINCT FROM OLD."subsidy" THEN \'subsidy\' END, CASE WHEN NEW."tariff" IS DISTINCT FROM OLD."tariff" THEN \'tariff\' END, CASE WHEN NEW."benefits" IS DISTINCT FROM OLD."benefits" THEN \'benefits\' END, CASE WHEN NEW."script" IS DISTINCT FROM OLD."script" THEN \'script\' END, CASE WHEN NEW."risk_warning" IS DISTINCT FROM OLD."risk_warning" THEN \'risk_warning\' END, CASE WHEN NEW."competitor_note" IS DISTINCT FROM OLD."competitor_note" THEN \'competitor_note\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'products_productversion\', key, changed);\n            RETURN NULL;\n        ', hash='3d8cfba1d0ab7b048141c79ee5163e44d7bdb500', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_01745', table='products_productversion', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='productversion',
                trigger=pgtrigger.compiler.Trigger(name='frozen_content', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            IF OLD.state <> \'draft\' AND OLD.submitted_at IS NOT NULL\n                AND ROW(OLD."product_id", OLD."no", OLD."change_note", OLD."amount_min", OLD."amount_max", OLD."amount_step", OLD."amount_formula", OLD."amount_factor", OLD."term_min_months", OLD."term_max_months", OLD."draw_max_months", OLD."is_revolving", OLD."rate_base", OLD."spread_min_bp", OLD."spread_max_bp", OLD."rate_kind", OLD."fixed_rate", OLD."discount_rules", OLD."guarantee_modes", OLD."loan_to_value", OLD."repayment_modes", OLD."season_months", OLD."yearly_principal_share", OLD."target_groups", OLD."target_stages", OLD."target_sizes", OLD."target_party_types", OLD."target_asset_styles", OLD."target_chain_positions", OLD."target_industries", OLD."avoided_industries", OLD."target_regions", OLD."channels", OLD."processing_hours", OLD."decision_lane", OLD."materials", OLD."uses", OLD."renewal_rule", OLD."risk_weight", OLD."risk_level", OLD."subsidy", OLD."tariff", OLD."benefits", OLD."script", OLD."risk_warning", OLD."competitor_note") IS DISTINCT FROM ROW(NEW."product_id", NEW."no", NEW."change_note", NEW."amount_min", NEW."amount_max", NEW."amount_step", NEW."amount_formula", NEW."amount_factor", NEW."term_min_months", NEW."term_max_months", NEW."draw_max_months", NEW."is_revolving", NEW."rate_base", NEW."spread_min_bp", NEW."spread_max_bp", NEW."rate_kind", NEW."fixed_rate", NEW."discount_rules", NEW."guarantee_modes", NEW."loan_to_value", NEW."repayment_modes", NEW."season_months", NEW."yearly_principal_share", NEW."target_groups", NEW."target_stages", NEW."target_sizes", NEW."target_party_types", NEW."target_asset_styles", NEW."target_chain_positions", NEW."target_industries", NEW."avoided_industries", NEW."target_regions", NEW."channels", NEW."processing_hours", NEW."decision_lane", NEW."materials", NEW."uses", NEW."renewal_rule", NEW."risk_weight", NEW."risk_level", NEW."subsidy", NEW."tariff", NEW."benefits", NEW."script", NEW."risk_warning", NEW."competitor_note") THEN RAISE EXCEPTION \'A submitted version is frozen\' USING ERRCODE = \'check_violation\', CONSTRAINT = \'version_frozen_once_submitted\', TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NEW;\n        ', hash='3358da236178406d15567f4a6d51d666c7b9f3f7', operation='UPDATE', pgid='pgtrigger_frozen_content_6dc9c', table='products_productversion', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='offerfit',
                index=models.Index(condition=models.Q(('kind', 'y')), fields=['version', '-score', 'customer'], name='fit_best'),
            ),
            migrations.AddIndex(
                model_name='offerfit',
                index=models.Index(condition=models.Q(('kind', 'a')), fields=['version', '-score', 'customer'], name='fit_almost'),
            ),
            migrations.AddIndex(
                model_name='offerfit',
                index=models.Index(condition=models.Q(('kind', 'u')), fields=['version', '-score', 'customer'], name='fit_unknown'),
            ),
            migrations.AddIndex(
                model_name='matchfeedback',
                index=models.Index(fields=['on', 'version'], name='feedback_by_day'),
            ),
            migrations.AddConstraint(
                model_name='matchfeedback',
                constraint=models.UniqueConstraint(fields=('customer', 'version', 'by', 'on'), name='feedback_once_a_day'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='matchfeedback',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."customer_id" IS DISTINCT FROM OLD."customer_id" THEN \'customer_id\' END, CASE WHEN NEW."version_id" IS DISTINCT FROM OLD."version_id" THEN \'version_id\' END, CASE WHEN NEW."book_number" IS DISTINCT FROM OLD."book_number" THEN \'book_number\' END, CASE WHEN NEW."score" IS DISTINCT FROM OLD."score" THEN \'score\' END, CASE WHEN NEW."answer" IS DISTINCT FROM OLD."answer" THEN \'answer\' END, CASE WHEN NEW."reason" IS DISTINCT FROM OLD."reason" THEN \'reason\' END, CASE WHEN NEW."note" IS DISTINCT FROM OLD."note" THEN \'note\' END, CASE WHEN NEW."by_id" IS DISTINCT FROM OLD."by_id" THEN \'by_id\' END, CASE WHEN NEW."on" IS DISTINCT FROM OLD."on" THEN \'on\' END, CASE WHEN NEW."at" IS DISTINCT FROM OLD."at" THEN \'at\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'products_matchfeedback\', key, changed);\n            RETURN NULL;\n        ', hash='f54bd3c7ac8ef6e4ebf0728f904e9df3e1691280', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_3bea3', table='products_matchfeedback', when='AFTER')),
            ),
            migrations.AddConstraint(
                model_name='feeitem',
                constraint=models.UniqueConstraint(fields=('version', 'seq'), name='fee_seq_once'),
            ),
            migrations.AddConstraint(
                model_name='feeitem',
                constraint=models.CheckConstraint(condition=models.Q(('sum_amount__isnull', False), ('share__isnull', False), _connector='XOR'), name='fee_is_a_sum_or_a_share'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='feeitem',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."version_id" IS DISTINCT FROM OLD."version_id" THEN \'version_id\' END, CASE WHEN NEW."seq" IS DISTINCT FROM OLD."seq" THEN \'seq\' END, CASE WHEN NEW."name_zh" IS DISTINCT FROM OLD."name_zh" THEN \'name_zh\' END, CASE WHEN NEW."name_en" IS DISTINCT FROM OLD."name_en" THEN \'name_en\' END, CASE WHEN NEW."timing" IS DISTINCT FROM OLD."timing" THEN \'timing\' END, CASE WHEN NEW."sum_amount" IS DISTINCT FROM OLD."sum_amount" THEN \'sum_amount\' END, CASE WHEN NEW."share" IS DISTINCT FROM OLD."share" THEN \'share\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'products_feeitem\', key, changed);\n            RETURN NULL;\n        ', hash='b5c5a877b5fc8a6135bc98aca863d4b4eb68663f', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_5c3f1', table='products_feeitem', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='feeitem',
                trigger=pgtrigger.compiler.Trigger(name='frozen_part', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE versions bigint[];', func="\n            IF TG_OP = 'INSERT' THEN versions := ARRAY[NEW.version_id];\n            ELSIF TG_OP = 'DELETE' THEN versions := ARRAY[OLD.version_id];\n            ELSE versions := ARRAY[OLD.version_id, NEW.version_id];\n            END IF;\n            IF EXISTS (SELECT FROM products_productversion v WHERE v.id = ANY(versions)\n                AND v.state <> 'draft' AND v.submitted_at IS NOT NULL) THEN RAISE EXCEPTION 'A submitted version is frozen' USING ERRCODE = 'check_violation', CONSTRAINT = 'version_frozen_once_submitted', TABLE = TG_TABLE_NAME;\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ", hash='2805789a797efd23443b3e0068e31302c7c3908b', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_frozen_part_1c1d1', table='products_feeitem', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='eligibilityrule',
                constraint=models.UniqueConstraint(fields=('version', 'code'), name='rule_code_once'),
            ),
            migrations.AddConstraint(
                model_name='eligibilityrule',
                constraint=models.UniqueConstraint(fields=('version', 'seq'), name='rule_seq_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='eligibilityrule',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."version_id" IS DISTINCT FROM OLD."version_id" THEN \'version_id\' END, CASE WHEN NEW."seq" IS DISTINCT FROM OLD."seq" THEN \'seq\' END, CASE WHEN NEW."code" IS DISTINCT FROM OLD."code" THEN \'code\' END, CASE WHEN NEW."text_zh" IS DISTINCT FROM OLD."text_zh" THEN \'text_zh\' END, CASE WHEN NEW."text_en" IS DISTINCT FROM OLD."text_en" THEN \'text_en\' END, CASE WHEN NEW."remedy_zh" IS DISTINCT FROM OLD."remedy_zh" THEN \'remedy_zh\' END, CASE WHEN NEW."remedy_en" IS DISTINCT FROM OLD."remedy_en" THEN \'remedy_en\' END, CASE WHEN NEW."condition" IS DISTINCT FROM OLD."condition" THEN \'condition\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'products_eligibilityrule\', key, changed);\n            RETURN NULL;\n        ', hash='c98cb9f9bb0327117613b7aaf49a8116ecc8d5a1', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_f8963', table='products_eligibilityrule', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='eligibilityrule',
                trigger=pgtrigger.compiler.Trigger(name='frozen_part', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE versions bigint[];', func="\n            IF TG_OP = 'INSERT' THEN versions := ARRAY[NEW.version_id];\n            ELSIF TG_OP = 'DELETE' THEN versions := ARRAY[OLD.version_id];\n            ELSE versions := ARRAY[OLD.version_id, NEW.version_id];\n            END IF;\n            IF EXISTS (SELECT FROM products_productversion v WHERE v.id = ANY(versions)\n                AND v.state <> 'draft' AND v.submitted_at IS NOT NULL) THEN RAISE EXCEPTION 'A submitted version is frozen' USING ERRCODE = 'check_violation', CONSTRAINT = 'version_frozen_once_submitted', TABLE = TG_TABLE_NAME;\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ", hash='a7bf6b0e520bd4e2ad6f02cf251d3b66dcea93f3', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_frozen_part_fabf8', table='products_eligibilityrule', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='quote',
                index=models.Index(fields=['customer', '-made_at'], name='quote_customer'),
            ),
            migrations.AddConstraint(
                model_name='quote',
                constraint=models.UniqueConstraint(fields=('made_by', 'key'), name='quote_key_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='quote',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."customer_id" IS DISTINCT FROM OLD."customer_id" THEN \'customer_id\' END, CASE WHEN NEW."bundle_version_id" IS DISTINCT FROM OLD."bundle_version_id" THEN \'bundle_version_id\' END, CASE WHEN NEW."as_of" IS DISTINCT FROM OLD."as_of" THEN \'as_of\' END, CASE WHEN NEW."valid_until" IS DISTINCT FROM OLD."valid_until" THEN \'valid_until\' END, CASE WHEN NEW."lines" IS DISTINCT FROM OLD."lines" THEN \'lines\' END, CASE WHEN NEW."figures" IS DISTINCT FROM OLD."figures" THEN \'figures\' END, CASE WHEN NEW."made_by_id" IS DISTINCT FROM OLD."made_by_id" THEN \'made_by_id\' END, CASE WHEN NEW."made_at" IS DISTINCT FROM OLD."made_at" THEN \'made_at\' END, CASE WHEN NEW."key" IS DISTINCT FROM OLD."key" THEN \'key\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'products_quote\', key, changed);\n            RETURN NULL;\n        ', hash='37c45a648124791087aa952cce9299bffd3fd4f9', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_c0bdf', table='products_quote', when='AFTER')),
            ),
            migrations.AddIndex(
                model_name='suggestion',
                index=models.Index(fields=['customer', 'state', 'rank'], name='suggestion_customer'),
            ),
            migrations.AddIndex(
                model_name='suggestion',
                index=models.Index(condition=models.Q(('state__in', ('new', 'seen'))), fields=['owner', '-expected_amount'], name='suggestion_owner_open'),
            ),
            migrations.AddIndex(
                model_name='suggestion',
                index=models.Index(condition=models.Q(('state__in', ('new', 'seen'))), fields=['-expected_amount', 'id'], name='suggestion_by_value'),
            ),
            migrations.AddIndex(
                model_name='suggestion',
                index=models.Index(condition=models.Q(('state__in', ('new', 'seen'))), fields=['expires_on'], name='suggestion_expiry'),
            ),
            migrations.AddConstraint(
                model_name='suggestion',
                constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('new', 'seen'))), fields=('customer', 'family'), name='suggestion_one_open_a_family'),
            ),
            migrations.AddConstraint(
                model_name='suggestion',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), _negated=True), models.Q(('decline_reason', ''), _negated=True), _connector='OR'), name='suggestion_declined_with_reason'),
            ),
            migrations.AddConstraint(
                model_name='unitfocus',
                constraint=models.UniqueConstraint(fields=('unit', 'year'), name='unit_focus_once_a_year'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='unitfocus',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."unit_id" IS DISTINCT FROM OLD."unit_id" THEN \'unit_id\' END, CASE WHEN NEW."year" IS DISTINCT FROM OLD."year" THEN \'year\' END, CASE WHEN NEW."industries" IS DISTINCT FROM OLD."industries" THEN \'industries\' END, CASE WHEN NEW."groups" IS DISTINCT FROM OLD."groups" THEN \'groups\' END, CASE WHEN NEW."families" IS DISTINCT FROM OLD."families" THEN \'families\' END, CASE WHEN NEW."territories" IS DISTINCT FROM OLD."territories" THEN \'territories\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'products_unitfocus\', key, changed);\n            RETURN NULL;\n        ', hash='7d38bfa1ad1f6c825fa2b0a2bff697f6e95e11f8', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_40ba0', table='products_unitfocus', when='AFTER')),
            ),
            migrations.AddConstraint(
                model_name='versiondecision',
                constraint=models.UniqueConstraint(fields=('version', 'round', 'by'), name='version_decided_once_by_each'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='versiondecision',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."version_id" IS DISTINCT FROM OLD."version_id" THEN \'version_id\' END, CASE WHEN NEW."round" IS DISTINCT FROM OLD."round" THEN \'round\' END, CASE WHEN NEW."by_id" IS DISTINCT FROM OLD."by_id" THEN \'by_id\' END, CASE WHEN NEW."role" IS DISTINCT FROM OLD."role" THEN \'role\' END, CASE WHEN NEW."is_approved" IS DISTINCT FROM OLD."is_approved" THEN \'is_approved\' END, CASE WHEN NEW."note" IS DISTINCT FROM OLD."note" THEN \'note\' END, CASE WHEN NEW."at" IS DISTINCT FROM OLD."at" THEN \'at\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'products_versiondecision\', key, changed);\n            RETURN NULL;\n        ', hash='2e0cda54b50a6216e9969e3b3b66ee9b29d2927e', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_e4954', table='products_versiondecision', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='versiondecision',
                trigger=pgtrigger.compiler.Trigger(name='checker_is_not_maker', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (SELECT FROM products_productversion v WHERE v.id = NEW.version_id\n                AND (v.made_by_id = NEW.by_id OR NEW.by_id = ANY(v.makers))) THEN RAISE EXCEPTION 'The maker never decides' USING ERRCODE = 'check_violation', CONSTRAINT = 'version_checker_is_not_maker', TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NEW;\n        ", hash='d33bec3e8a2aca4b41c76e1097f547009195a7f5', operation='INSERT OR UPDATE', pgid='pgtrigger_checker_is_not_maker_aeb99', table='products_versiondecision', when='BEFORE')),
            ),
        ]),
    ]
