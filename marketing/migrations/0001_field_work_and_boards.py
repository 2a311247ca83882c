import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations, models

from crm.core.create_tables import CreateTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0002_audit_by_month'),
        ('customers', '0003_tables_by_month'),
        ('products', '0001_catalogue_matching_suggestions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGinExtension(),  # sets and months in one index
        CreateTables([
            migrations.CreateModel(
                name='BoardRun',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('as_of', models.DateField(verbose_name='as of')),
                    ('computed_at', models.DateTimeField(verbose_name='computed at')),
                    ('is_full', models.BooleanField(default=True)),
                    ('cells', models.PositiveIntegerField(default=0)),
                    ('wide', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ],
                options={
                    'verbose_name': 'board run',
                    'ordering': ('-computed_at',),
                },
            ),
            migrations.CreateModel(
                name='GoalRun',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('as_of', models.DateField(verbose_name='as of')),
                    ('computed_at', models.DateTimeField(verbose_name='computed at')),
                    ('parameters', models.CharField(max_length=12, verbose_name='parameters')),
                ],
                options={
                    'verbose_name': 'count of the goals',
                    'ordering': ('-computed_at',),
                },
            ),
            migrations.CreateModel(
                name='BoardPlace',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('path', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                    ('manager', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'place of a board',
                },
            ),
            migrations.CreateModel(
                name='BoardCustomer',
                fields=[
                    ('customer', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='customers.customer')),
                    ('section', models.CharField(blank=True, max_length=1)),
                    ('groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), default=list, size=None)),
                    ('families', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), default=list, size=None)),
                    ('territories', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                    ('place', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='marketing.boardplace')),
                ],
                options={
                    'verbose_name': 'customer of a board',
                },
            ),
            migrations.CreateModel(
                name='BoardCharge',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('from_at', models.DateTimeField()),
                    ('until_at', models.DateTimeField()),
                    ('customer', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
                    ('place', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='marketing.boardplace')),
                ],
                options={
                    'verbose_name': 'charge of a customer',
                },
            ),
            migrations.CreateModel(
                name='BoardCell',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('population', models.CharField(max_length=16)),
                    ('is_fine', models.BooleanField()),
                    ('ym', models.PositiveIntegerField()),
                    ('unit', models.BigIntegerField(null=True)),
                    ('narrow', models.CharField(blank=True, db_default='', default='', max_length=12)),
                    ('value', models.CharField(blank=True, db_default='', default='', max_length=32)),
                    ('cut', models.CharField(blank=True, max_length=60)),
                    ('section', models.CharField(blank=True, max_length=1)),
                    ('groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), default=list, size=None)),
                    ('families', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), default=list, size=None)),
                    ('territories', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                    ('mode', models.CharField(blank=True, max_length=12)),
                    ('sums', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                    ('spread', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), null=True, size=None)),
                    ('place', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='marketing.boardplace')),
                ],
                options={
                    'verbose_name': 'board figure',
                },
            ),
            migrations.CreateModel(
                name='BoardSeat',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('from_at', models.DateTimeField()),
                    ('until_at', models.DateTimeField()),
                    ('manager', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='marketing.boardplace')),
                ],
                options={
                    'verbose_name': 'seat of a manager',
                },
            ),
            migrations.CreateModel(
                name='BranchStrategy',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                    ('positioning', models.TextField(blank=True, verbose_name='positioning')),
                    ('focus_industries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=4), blank=True, default=list, size=None)),
                    ('focus_groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None)),
                    ('focus_families', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None)),
                    ('focus_territories', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                    ('territory_plan', models.JSONField(blank=True, default=dict)),
                    ('product_mix', models.JSONField(blank=True, default=dict)),
                    ('styles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, size=None)),
                    ('avoided', models.TextField(blank=True, verbose_name='what we keep out of')),
                    ('goals', models.JSONField(blank=True, default=dict)),
                    ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='note on the decision')),
                    ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('approved', 'Approved')], default='draft', max_length=10, verbose_name='state')),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='strategies', to='core.branch')),
                    ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'branch strategy',
                    'ordering': ('-year', 'branch'),
                },
            ),
            migrations.CreateModel(
                name='CareTask',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('cycle', 'Care cycle'), ('maturity', 'Loan matures'), ('certificate', 'New certificate'), ('lease', 'Lease ends'), ('complaint', 'Complaint'), ('churn', 'Churn signal'), ('relief', 'Short of cash'), ('satisfaction', 'Ask how content they are')], max_length=12, verbose_name='kind')),
                    ('reasons', models.JSONField(default=list)),
                    ('due_on', models.DateField(verbose_name='due')),
                    ('state', models.CharField(choices=[('open', 'Open'), ('done', 'Done'), ('dropped', 'Dropped')], default='open', max_length=8, verbose_name='state')),
                    ('outcome', models.CharField(blank=True, max_length=200, verbose_name='outcome')),
                    ('made_on', models.DateField(verbose_name='made on')),
                    ('closed_at', models.DateTimeField(blank=True, null=True)),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
                    ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='care_tasks', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'care task',
                    'ordering': ('due_on',),
                },
            ),
            migrations.CreateModel(
                name='Complaint',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=24, verbose_name='kind')),
                    ('text', models.TextField(verbose_name='complaint')),
                    ('received_on', models.DateField(verbose_name='received on')),
                    ('due_on', models.DateField(verbose_name='due')),
                    ('handed_note', models.CharField(blank=True, db_default='', max_length=200, verbose_name='note')),
                    ('state', models.CharField(choices=[('open', 'Open'), ('closed', 'Closed')], default='open', max_length=8, verbose_name='state')),
                    ('cause', models.CharField(blank=True, max_length=200, verbose_name='cause')),
                    ('fix', models.CharField(blank=True, max_length=200, verbose_name='what was done')),
                    ('closed_at', models.DateTimeField(blank=True, null=True)),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
                    ('handed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'complaint',
                    'ordering': ('due_on',),
                },
            ),
            migrations.CreateModel(
                name='CoordinationItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('batch_row', models.PositiveIntegerField(null=True)),
                    ('list_no', models.CharField(max_length=40, verbose_name='list')),
                    ('kind', models.CharField(choices=[('declared', 'Declared list'), ('recommended', 'Recommended list')], max_length=12, verbose_name='kind of list')),
                    ('source_team', models.CharField(blank=True, db_default='', max_length=80, verbose_name='work team')),
                    ('town', models.CharField(blank=True, max_length=60, verbose_name='town')),
                    ('received_on', models.DateField(verbose_name='received on')),
                    ('contact_due_on', models.DateField(blank=True, null=True, verbose_name='contact due on')),
                    ('contacted_on', models.DateField(blank=True, null=True, verbose_name='contacted on')),
                    ('due_on', models.DateField(verbose_name='due on')),
                    ('wanted_amount', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True)),
                    ('state', models.CharField(choices=[('open', 'To be visited'), ('visited', 'Visited'), ('approved', 'Credit approved'), ('refused', 'Not approved'), ('helped', 'Being helped')], default='open', max_length=8, verbose_name='state')),
                    ('checks', models.JSONField(blank=True, default=dict)),
                    ('refusal', models.CharField(blank=True, choices=[('no_need', 'No real need'), ('stopped', 'Operation stopped'), ('credit_record', 'Credit record'), ('debts', 'Debts too high'), ('no_cash', 'No cash source'), ('use_unclear', 'Use unclear'), ('industry', 'Industry limit'), ('papers', 'Missing materials'), ('other', 'Other')], max_length=14, verbose_name='why refused')),
                    ('help_steps', models.TextField(blank=True, verbose_name='steps to repair')),
                    ('retry_on', models.DateField(blank=True, null=True, verbose_name='try again on')),
                    ('is_repairable', models.BooleanField(blank=True, null=True, verbose_name='can be repaired')),
                    ('approved_amount', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name='approved amount')),
                    ('decision_note', models.CharField(blank=True, db_default='', max_length=200, verbose_name='note on the decision')),
                    ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                    ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                    ('batch', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.importbatch')),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
                    ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'coordination item',
                    'ordering': ('due_on',),
                },
            ),
            migrations.CreateModel(
                name='GoalCohort',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('on', models.DateField(verbose_name='as of')),
                    ('is_small', models.BooleanField()),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
                ],
                options={
                    'verbose_name': "borrower at a year's end",
                },
            ),
            migrations.CreateModel(
                name='GoalLoan',
                fields=[
                    ('loan', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='customers.loan')),
                    ('scope_no', models.PositiveIntegerField(editable=False)),
                    ('total_credit', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='total credit of the customer')),
                    ('balance', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='balance')),
                    ('base_balance', models.DecimalField(decimal_places=2, max_digits=18, verbose_name="balance at the last year's end")),
                    ('base_credit', models.DecimalField(db_default=0, decimal_places=2, max_digits=18, verbose_name="total credit at the last year's end")),
                    ('base_scope_no', models.PositiveIntegerField(db_default=0, editable=False)),
                    ('base_is_small', models.BooleanField(db_default=False)),
                    ('is_business', models.BooleanField()),
                    ('is_small', models.BooleanField()),
                    ('is_sole_trader', models.BooleanField()),
                    ('is_farm_household', models.BooleanField()),
                    ('is_farm_related', models.BooleanField()),
                    ('is_manufacturing', models.BooleanField()),
                    ('is_sci_tech', models.BooleanField()),
                    ('is_new_citizen', models.BooleanField()),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
                ],
                options={
                    'verbose_name': 'loan in the goals',
                },
            ),
            migrations.CreateModel(
                name='GoalSum',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('scope_no', models.PositiveIntegerField()),
                    ('metric', models.CharField(max_length=32, verbose_name='metric')),
                    ('caliber', models.CharField(blank=True, max_length=32, verbose_name='caliber')),
                    ('period_from', models.DateField(verbose_name='from')),
                    ('rows', models.PositiveIntegerField(verbose_name='rows that count')),
                    ('top', models.DecimalField(decimal_places=4, default=0, max_digits=24)),
                    ('bottom', models.DecimalField(decimal_places=4, default=0, max_digits=24)),
                    ('whole_top', models.DecimalField(decimal_places=4, default=0, max_digits=24)),
                    ('whole_bottom', models.DecimalField(decimal_places=4, default=0, max_digits=24)),
                ],
                options={
                    'verbose_name': 'figure of a goal',
                    'constraints': [models.UniqueConstraint(fields=('metric', 'caliber', 'period_from', 'scope_no'), name='goal_sum_once')],
                },
            ),
            migrations.CreateModel(
                name='MarketCount',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('scope_no', models.PositiveIntegerField()),
                    ('dimension', models.CharField(max_length=9)),
                    ('place', models.CharField(max_length=24)),
                    ('value', models.CharField(max_length=24)),
                    ('known', models.PositiveIntegerField(verbose_name='known to us')),
                    ('holders', models.PositiveIntegerField(verbose_name='customers')),
                    ('borrowers', models.PositiveIntegerField(verbose_name='credit customers')),
                    ('new_holders', models.PositiveIntegerField(verbose_name='new customers, 12 months')),
                    ('contribution', models.FloatField(verbose_name='contribution, 12 months')),
                    ('contributors', models.PositiveIntegerField()),
                    ('as_of', models.DateField(verbose_name='as of')),
                    ('counted_at', models.DateTimeField(verbose_name='computed at')),
                ],
                options={
                    'verbose_name': 'market count',
                    'constraints': [models.UniqueConstraint(fields=('dimension', 'scope_no', 'place', 'value'), name='market_count_once')],
                },
            ),
            migrations.CreateModel(
                name='MarketSurvey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('as_of', models.DateField(verbose_name='as of')),
                    ('source', models.CharField(choices=[('registry', 'Business registry'), ('tax', 'Tax office'), ('park', 'Park office'), ('count', 'Own count'), ('estimate', 'Estimate')], max_length=8, verbose_name='source')),
                    ('confidence', models.PositiveSmallIntegerField(verbose_name='confidence 1-5')),
                    ('state', models.CharField(choices=[('draft', 'Draft'), ('approved', 'Approved')], default='draft', max_length=8, verbose_name='state')),
                    ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved')),
                    ('note', models.CharField(blank=True, db_default='', max_length=200, verbose_name='how it was counted')),
                    ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False)),
                    ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='surveys', to='core.branch')),
                    ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.regioncode')),
                    ('territory', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='surveys', to='customers.territory')),
                ],
                options={
                    'verbose_name': 'market survey',
                    'ordering': ('-as_of', '-pk'),
                },
            ),
            migrations.CreateModel(
                name='Opportunity',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('pipeline', models.CharField(choices=[('credit', 'Loan business'), ('other', 'Other business')], max_length=8, verbose_name='pipeline')),
                    ('family', models.CharField(choices=[('loan', 'Loan'), ('working_capital_loan', 'Working-capital loan'), ('fixed_asset_loan', 'Fixed-asset loan'), ('startup_guaranteed_loan', 'Start-up guaranteed loan'), ('student_loan', 'Student loan'), ('farm_production_loan', 'Farm production loan'), ('supply_chain_loan', 'Supply-chain loan'), ('bill_discount', 'Bill discount'), ('credit_card', 'Credit card'), ('instalment', 'Instalment purchase'), ('deposit', 'Deposit'), ('wealth', 'Wealth product'), ('payment_settlement', 'Payments and settlement'), ('account_card', 'Account and card'), ('online_payment', 'Online payment'), ('insurance', 'Insurance'), ('ecommerce', 'E-commerce service'), ('payroll', 'Payroll service'), ('acquiring', 'Merchant acquiring'), ('guarantee_letter', 'Letter of guarantee')], max_length=24, verbose_name='family')),
                    ('title', models.CharField(blank=True, max_length=80, verbose_name='title')),
                    ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name='amount')),
                    ('months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='months')),
                    ('origin_mode', models.CharField(choices=[('passive', 'Passive marketing'), ('active', 'Active marketing'), ('value', 'Value marketing'), ('data', 'Data marketing'), ('batch', 'Batch marketing'), ('combination', 'Combination marketing')], max_length=12, verbose_name='mode')),
                    ('stage', models.CharField(max_length=16, verbose_name='stage')),
                    ('stage_since', models.DateTimeField(verbose_name='in this stage since')),
                    ('stage_due_on', models.DateField(blank=True, null=True, verbose_name='stage due')),
                    ('state', models.CharField(choices=[('open', 'Under way'), ('won', 'Won'), ('lost', 'Lost')], default='open', max_length=6, verbose_name='state')),
                    ('probability', models.FloatField(verbose_name='probability')),
                    ('expected_on', models.DateField(blank=True, null=True, verbose_name='expected on')),
                    ('next_action', models.CharField(blank=True, max_length=120, verbose_name='next action')),
                    ('next_on', models.DateField(blank=True, null=True, verbose_name='next action on')),
                    ('last_action_on', models.DateField(verbose_name='last action')),
                    ('lost_reason', models.CharField(blank=True, choices=[('price', 'Price too high'), ('amount', 'Amount too small'), ('speed', 'Too slow'), ('guarantee', 'Guarantee not to be had'), ('not_eligible', 'Not eligible'), ('no_need', 'No need'), ('competitor', 'Went to a competitor'), ('risk', 'Refused for risk'), ('no_contact', 'No contact')], max_length=12, verbose_name='lost because')),
                    ('lost_to', models.CharField(blank=True, max_length=60, verbose_name='lost to')),
                    ('opened_at', models.DateTimeField(verbose_name='opened at')),
                    ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                    ('evidence', models.JSONField(blank=True, default=dict)),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opportunities', to=settings.AUTH_USER_MODEL)),
                    ('suggestion', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='opportunity', to='products.suggestion')),
                    ('version_chosen', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='opportunities', to='products.productversion')),
                ],
                options={
                    'verbose_name': 'opportunity',
                    'ordering': ('-opened_at',),
                },
            ),
            migrations.CreateModel(
                name='OrgSpan',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('person', 'Person'), ('unit', 'Unit')], max_length=6)),
                    ('ref', models.BigIntegerField()),
                    ('above', models.BigIntegerField(null=True)),
                    ('from_at', models.DateTimeField(null=True)),
                    ('until_at', models.DateTimeField(null=True)),
                ],
                options={
                    'verbose_name': 'place in the tree',
                    'ordering': ('kind', 'ref', 'from_at'),
                    'constraints': [models.UniqueConstraint(condition=models.Q(('until_at', None)), fields=('kind', 'ref'), name='org_span_one_open')],
                },
            ),
            migrations.CreateModel(
                name='QueueMark',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('source', models.CharField(max_length=24, verbose_name='source')),
                    ('ref', models.CharField(max_length=64, verbose_name='reference')),
                    ('kind', models.CharField(choices=[('snoozed', 'Put off'), ('delegated', 'Passed on'), ('done', 'Done')], max_length=10, verbose_name='what')),
                    ('until_on', models.DateField(blank=True, null=True, verbose_name='until')),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                    ('at', models.DateTimeField(auto_now=True)),
                    ('delegate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='queue_marks', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'queue mark',
                    'ordering': ('-at',),
                },
            ),
            migrations.CreateModel(
                name='RegTarget',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('metric', models.CharField(max_length=32, verbose_name='metric')),
                    ('caliber', models.CharField(blank=True, max_length=32, verbose_name='caliber')),
                    ('period_from', models.DateField(verbose_name='from')),
                    ('period_to', models.DateField(verbose_name='to')),
                    ('baseline', models.DecimalField(decimal_places=4, max_digits=20, null=True, verbose_name='baseline')),
                    ('target', models.DecimalField(decimal_places=4, max_digits=20, verbose_name='target')),
                    ('weight', models.DecimalField(decimal_places=2, default=1, max_digits=6, verbose_name='weight')),
                    ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('approved', 'Approved'), ('replaced', 'Replaced')], default='draft', max_length=10, verbose_name='state')),
                    ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='goals', to='core.branch')),
                    ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'goal',
                    'ordering': ('branch', 'metric', '-period_from'),
                },
            ),
            migrations.CreateModel(
                name='Relief',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('found_on', models.DateField(verbose_name='found on')),
                    ('runway_months', models.DecimalField(decimal_places=2, max_digits=10, verbose_name='months the cash lasts')),
                    ('cash_amount', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='cash and unused line')),
                    ('cost_amount', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='fixed cost a month')),
                    ('five_class', models.CharField(choices=[('normal', 'Normal'), ('special_mention', 'Special mention'), ('substandard', 'Substandard'), ('doubtful', 'Doubtful'), ('loss', 'Loss')], max_length=16, verbose_name='class')),
                    ('state', models.CharField(choices=[('found', 'Found'), ('proposed', 'Help proposed'), ('closed', 'Closed')], default='found', max_length=8, verbose_name='state')),
                    ('proposals', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list, size=None)),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                    ('proposed_on', models.DateField(blank=True, null=True, verbose_name='proposed on')),
                    ('outcome_due_on', models.DateField(blank=True, null=True, verbose_name='outcome due')),
                    ('outcome', models.CharField(blank=True, choices=[('recovered', 'Recovered'), ('stable', 'Stable'), ('worse', 'Worse'), ('left', 'Left us or closed')], max_length=10, verbose_name='outcome')),
                    ('outcome_note', models.CharField(blank=True, max_length=200, verbose_name='what came of it')),
                    ('outcome_on', models.DateField(blank=True, null=True, verbose_name='outcome on')),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
                    ('proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'relief',
                    'ordering': ('runway_months',),
                },
            ),
            migrations.CreateModel(
                name='Satisfaction',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('after', models.CharField(choices=[('visit', 'Visit'), ('decision', 'Decision'), ('complaint', 'Complaint')], max_length=10, verbose_name='after')),
                    ('mark', models.PositiveSmallIntegerField(verbose_name='mark')),
                    ('on', models.DateField(verbose_name='on')),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                    ('family', models.CharField(blank=True, choices=[('loan', 'Loan'), ('working_capital_loan', 'Working-capital loan'), ('fixed_asset_loan', 'Fixed-asset loan'), ('startup_guaranteed_loan', 'Start-up guaranteed loan'), ('student_loan', 'Student loan'), ('farm_production_loan', 'Farm production loan'), ('supply_chain_loan', 'Supply-chain loan'), ('bill_discount', 'Bill discount'), ('credit_card', 'Credit card'), ('instalment', 'Instalment purchase'), ('deposit', 'Deposit'), ('wealth', 'Wealth product'), ('payment_settlement', 'Payments and settlement'), ('account_card', 'Account and card'), ('online_payment', 'Online payment'), ('insurance', 'Insurance'), ('ecommerce', 'E-commerce service'), ('payroll', 'Payroll service'), ('acquiring', 'Merchant acquiring'), ('guarantee_letter', 'Letter of guarantee')], db_default='', max_length=24, verbose_name='family')),
                    ('subject', models.CharField(blank=True, db_default='', max_length=40)),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
                    ('manager', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'satisfaction',
                    'ordering': ('-on',),
                },
            ),
            migrations.CreateModel(
                name='StageEvent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('from_stage', models.CharField(blank=True, max_length=16, verbose_name='from')),
                    ('to_stage', models.CharField(max_length=16, verbose_name='to')),
                    ('at', models.DateTimeField(verbose_name='at')),
                    ('scope_no', models.PositiveIntegerField(editable=False)),
                    ('days_in_stage', models.FloatField(null=True, verbose_name='days in the stage before')),
                    ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name='amount')),
                    ('evidence', models.JSONField(default=dict)),
                    ('skip_reason', models.CharField(blank=True, max_length=200, verbose_name='why a stage was skipped')),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
                    ('opportunity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='marketing.opportunity')),
                ],
                options={
                    'verbose_name': 'stage change',
                    'ordering': ('opportunity', 'at'),
                },
            ),
            migrations.CreateModel(
                name='StageRate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('pipeline', models.CharField(choices=[('credit', 'Loan business'), ('other', 'Other business')], max_length=8, verbose_name='pipeline')),
                    ('stage', models.CharField(max_length=16, verbose_name='stage')),
                    ('closed', models.PositiveIntegerField(verbose_name='closed')),
                    ('won', models.PositiveIntegerField(verbose_name='won')),
                    ('as_of', models.DateField(verbose_name='as of')),
                ],
                options={
                    'verbose_name': 'stage rate',
                    'ordering': ('pipeline', 'stage'),
                    'constraints': [models.UniqueConstraint(fields=('pipeline', 'stage'), name='stage_rate_once'), models.CheckConstraint(condition=models.Q(('won__lte', models.F('closed'))), name='stage_rate_won_of_closed')],
                },
            ),
            migrations.CreateModel(
                name='SurveyLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('party_type', models.CharField(blank=True, choices=[('company', 'Company'), ('partnership_sole_prop', 'Partnership or sole proprietorship'), ('sole_trader', 'Sole trader'), ('coop', 'Cooperative'), ('farm_household', 'Farm household'), ('owner_person', 'Business owner'), ('individual', 'Individual')], max_length=24, verbose_name='party type')),
                    ('survey_kind', models.CharField(blank=True, max_length=24, verbose_name='kind')),
                    ('size_class', models.CharField(blank=True, max_length=8, verbose_name='size')),
                    ('age_band', models.CharField(blank=True, max_length=8, verbose_name="operator's age")),
                    ('count', models.PositiveIntegerField(verbose_name='count')),
                    ('new_count', models.PositiveIntegerField(blank=True, null=True, verbose_name='newly registered, 12 months')),
                    ('industry', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.industrycode')),
                    ('survey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='marketing.marketsurvey')),
                ],
                options={
                    'verbose_name': 'survey line',
                    'ordering': ('survey', 'party_type', 'survey_kind'),
                },
            ),
            migrations.CreateModel(
                name='Visit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.UUIDField(unique=True, verbose_name='key')),
                    ('manager_scope_no', models.PositiveIntegerField(editable=False)),
                    ('purpose', models.CharField(choices=[('acquire', 'Win the customer'), ('care', 'Care'), ('investigate', 'Investigate'), ('post_loan', 'Post-loan check'), ('collect', 'Collect'), ('survey', 'Survey'), ('coordination', 'Coordination list')], max_length=12, verbose_name='purpose')),
                    ('started_at', models.DateTimeField(verbose_name='from')),
                    ('ended_at', models.DateTimeField(verbose_name='to')),
                    ('whom_met', models.CharField(max_length=60, verbose_name='whom met')),
                    ('summary', models.TextField(verbose_name='what was learnt')),
                    ('need', models.CharField(blank=True, max_length=200, verbose_name='need heard')),
                    ('mood', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Cold'), (2, 'Cool'), (3, 'Even'), (4, 'Warm'), (5, 'Keen')], null=True, verbose_name='mood')),
                    ('objections', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('price', 'Price'), ('amount', 'Amount'), ('speed', 'Speed'), ('guarantee', 'Guarantee'), ('papers', 'Papers'), ('no_need', 'No need'), ('other_bank', 'Content with another bank')], max_length=12), blank=True, default=list, size=None, verbose_name='objections')),
                    ('promise', models.CharField(blank=True, max_length=200, verbose_name='promise made')),
                    ('promise_on', models.DateField(blank=True, null=True, verbose_name='promised for')),
                    ('next_step', models.CharField(blank=True, max_length=200, verbose_name='next step')),
                    ('next_on', models.DateField(blank=True, null=True, verbose_name='next step on')),
                    ('closed_reason', models.CharField(blank=True, max_length=200, verbose_name='no further step because')),
                    ('companions', models.CharField(blank=True, max_length=120, verbose_name='together with')),
                    ('coordination_checks', models.JSONField(blank=True, default=dict)),
                    ('checked_in_at', models.DateTimeField(blank=True, null=True, verbose_name='checked in')),
                    ('latitude', models.FloatField(blank=True, null=True)),
                    ('longitude', models.FloatField(blank=True, null=True)),
                    ('accuracy_m', models.FloatField(blank=True, null=True, verbose_name='accuracy of the position')),
                    ('fix_age_s', models.PositiveIntegerField(blank=True, null=True, verbose_name='age of the position')),
                    ('fix_source', models.CharField(choices=[('device', 'Device'), ('network', 'Network'), ('none', 'No position')], default='none', max_length=8, verbose_name='source of the position')),
                    ('distance_m', models.FloatField(blank=True, null=True, verbose_name='distance to the address')),
                    ('far_reason', models.CharField(blank=True, max_length=200, verbose_name='why so far')),
                    ('was_offline', models.BooleanField(default=False, verbose_name='written without a network')),
                    ('content_sha256', models.CharField(blank=True, editable=False, max_length=64)),
                    ('received_at', models.DateTimeField(auto_now_add=True)),
                    ('facts_said', models.PositiveSmallIntegerField(default=0, verbose_name='facts')),
                    ('rows_said', models.JSONField(db_default=[], default=list, editable=False)),
                    ('quality', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='quality')),
                    ('flags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), blank=True, default=list, size=None)),
                    ('sampled_on', models.DateField(blank=True, null=True, verbose_name='drawn for review')),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
                    ('manager', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to=settings.AUTH_USER_MODEL)),
                    ('opportunity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='heard_at', to='marketing.opportunity')),
                ],
                options={
                    'verbose_name': 'visit',
                    'ordering': ('-started_at',),
                },
            ),
            migrations.AddField(
                model_name='opportunity',
                name='visit',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='opportunities', to='marketing.visit'),
            ),
            migrations.CreateModel(
                name='VisitFact',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=32, verbose_name='fact')),
                    ('category', models.PositiveSmallIntegerField(verbose_name='category')),
                    ('value', models.CharField(max_length=200, verbose_name='value')),
                    ('said_by', models.CharField(blank=True, max_length=60, verbose_name='who said it')),
                    ('proof', models.CharField(blank=True, max_length=200, verbose_name='what proves it')),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
                    ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='facts', to='marketing.visit')),
                ],
                options={
                    'verbose_name': 'fact of a visit',
                    'ordering': ('visit', 'category', 'key'),
                },
            ),
            migrations.CreateModel(
                name='VisitPhoto',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.UUIDField(unique=True)),
                    ('kind', models.CharField(choices=[('door', 'Door'), ('workshop', 'Workshop'), ('stock', 'Stock'), ('licence', 'Licence'), ('paper', 'Paper'), ('other', 'Other')], max_length=8, verbose_name='kind')),
                    ('sha256', models.CharField(db_index=True, max_length=64)),
                    ('likeness', models.BigIntegerField(null=True)),
                    ('taken_at', models.DateTimeField(blank=True, null=True, verbose_name='taken at')),
                    ('byte_count', models.PositiveIntegerField(verbose_name='size')),
                    ('path', models.CharField(max_length=120)),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
                    ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='marketing.visit')),
                ],
                options={
                    'verbose_name': 'photo',
                    'ordering': ('visit', 'pk'),
                },
            ),
            migrations.CreateModel(
                name='VisitPlan',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('week_on', models.DateField(verbose_name='week')),
                    ('capacity', models.PositiveSmallIntegerField(verbose_name='visits a day')),
                    ('start_latitude', models.FloatField(blank=True, null=True)),
                    ('start_longitude', models.FloatField(blank=True, null=True)),
                    ('made_at', models.DateTimeField(auto_now_add=True)),
                    ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ('manager', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visit_plans', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'visit plan',
                    'ordering': ('-week_on',),
                },
            ),
            migrations.CreateModel(
                name='PlannedVisit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('on', models.DateField(verbose_name='day')),
                    ('place', models.PositiveSmallIntegerField(default=0, verbose_name='place in the route')),
                    ('purpose', models.CharField(choices=[('acquire', 'Win the customer'), ('care', 'Care'), ('investigate', 'Investigate'), ('post_loan', 'Post-loan check'), ('collect', 'Collect'), ('survey', 'Survey'), ('coordination', 'Coordination list')], max_length=12, verbose_name='purpose')),
                    ('reasons', models.JSONField(default=list)),
                    ('state', models.CharField(choices=[('planned', 'Planned'), ('done', 'Done'), ('dropped', 'Dropped')], default='planned', max_length=8, verbose_name='state')),
                    ('is_locked', models.BooleanField(default=False, verbose_name='stays on its day')),
                    ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer')),
                    ('manager', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('visit', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='planned', to='marketing.visit')),
                    ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stops', to='marketing.visitplan')),
                ],
                options={
                    'verbose_name': 'planned visit',
                    'ordering': ('on', 'place'),
                },
            ),
            migrations.CreateModel(
                name='VisitReview',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('score', models.PositiveSmallIntegerField(verbose_name='score')),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                    ('at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('visit', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='review', to='marketing.visit')),
                ],
                options={
                    'verbose_name': 'visit review',
                },
            ),
            migrations.AddConstraint(
                model_name='boardplace',
                constraint=models.UniqueConstraint(fields=('manager', 'path'), name='board_place_once', nulls_distinct=False),
            ),
            migrations.AddIndex(
                model_name='boardcharge',
                index=models.Index(fields=['customer', 'from_at'], name='board_charge_customer'),
            ),
            migrations.AddIndex(
                model_name='boardcell',
                index=models.Index(fields=['population', 'is_fine', 'ym', 'place'], name='board_cell_read'),
            ),
            migrations.AddIndex(
                model_name='boardcell',
                index=models.Index(condition=models.Q(('unit__isnull', False)), fields=['unit', 'population', 'narrow', 'value', 'ym'], name='board_cell_unit'),
            ),
            migrations.AddIndex(
                model_name='boardcell',
                index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('is_fine', True)), fields=['territories', 'ym'], name='board_cell_territory'),
            ),
            migrations.AddConstraint(
                model_name='branchstrategy',
                constraint=models.UniqueConstraint(fields=('branch', 'year'), name='strategy_once_a_year'),
            ),
            migrations.AddConstraint(
                model_name='branchstrategy',
                constraint=models.CheckConstraint(condition=models.Q(('made_by__isnull', True), ('decided_by__isnull', True), models.Q(('made_by', models.F('decided_by')), _negated=True), _connector='OR'), name='strategy_maker_is_not_checker'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='branchstrategy',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."branch_id" IS DISTINCT FROM OLD."branch_id" THEN \'branch_id\' END, CASE WHEN NEW."year" IS DISTINCT FROM OLD."year" THEN \'year\' END, CASE WHEN NEW."positioning" IS DISTINCT FROM OLD."positioning" THEN \'positioning\' END, CASE WHEN NEW."focus_industries" IS DISTINCT FROM OLD."focus_industries" THEN \'focus_industries\' END, CASE WHEN NEW."focus_groups" IS DISTINCT FROM OLD."focus_groups" THEN \'focus_groups\' END, CASE WHEN NEW."focus_families" IS DISTINCT FROM OLD."focus_families" THEN \'focus_families\' END, CASE WHEN NEW."focus_territories" IS DISTINCT FROM OLD."focus_territories" THEN \'focus_territories\' END, CASE WHEN NEW."territory_plan" IS DISTINCT FROM OLD."territory_plan" THEN \'territory_plan\' END, CASE WHEN NEW."product_mix" IS DISTINCT FROM OLD."product_mix" THEN \'product_mix\' END, CASE WHEN NEW."styles" IS DISTINCT FROM OLD."styles" THEN \'styles\' END, CASE WHEN NEW."avoided" IS DISTINCT FROM OLD."avoided" THEN \'avoided\' END, CASE WHEN NEW."goals" IS DISTINCT FROM OLD."goals" THEN \'goals\' END, CASE WHEN NEW."decided_at" IS DISTINCT FROM OLD."decided_at" THEN \'decided_at\' END, CASE WHEN NEW."note" IS DISTINCT FROM OLD."note" THEN \'note\' END, CASE WHEN NEW."state" IS DISTINCT FROM OLD."state" THEN \'state\' END, CASE WHEN NEW."made_by_id" IS DISTINCT FROM OLD."made_by_id" THEN \'made_by_id\' END, CASE WHEN NEW."decided_by_id" IS DISTINCT FROM OLD."decided_by_id" THEN \'decided_by_id\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'marketing_branchstrategy\', key, changed);\n            RETURN NULL;\n        ', hash='aa3d9fc05500cea72574c2a32a48bd7d72d63b16', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_d8eb8', table='marketing_branchstrategy', when='AFTER')),
            ),
            migrations.AddIndex(
                model_name='caretask',
                index=models.Index(condition=models.Q(('state', 'open')), fields=['owner', 'due_on'], name='care_owner_open'),
            ),
            migrations.AddIndex(
                model_name='caretask',
                index=models.Index(fields=['customer', 'kind', 'closed_at'], name='care_customer'),
            ),
            migrations.AddConstraint(
                model_name='caretask',
                constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('customer', 'kind'), name='care_open_once'),
            ),
            migrations.AddIndex(
                model_name='complaint',
                index=models.Index(fields=['customer', 'state'], name='complaint_customer'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='complaint',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."customer_id" IS DISTINCT FROM OLD."customer_id" THEN \'customer_id\' END, CASE WHEN NEW."kind" IS DISTINCT FROM OLD."kind" THEN \'kind\' END, CASE WHEN NEW."text" IS DISTINCT FROM OLD."text" THEN \'text\' END, CASE WHEN NEW."received_on" IS DISTINCT FROM OLD."received_on" THEN \'received_on\' END, CASE WHEN NEW."due_on" IS DISTINCT FROM OLD."due_on" THEN \'due_on\' END, CASE WHEN NEW."owner_id" IS DISTINCT FROM OLD."owner_id" THEN \'owner_id\' END, CASE WHEN NEW."handed_by_id" IS DISTINCT FROM OLD."handed_by_id" THEN \'handed_by_id\' END, CASE WHEN NEW."handed_note" IS DISTINCT FROM OLD."handed_note" THEN \'handed_note\' END, CASE WHEN NEW."state" IS DISTINCT FROM OLD."state" THEN \'state\' END, CASE WHEN NEW."cause" IS DISTINCT FROM OLD."cause" THEN \'cause\' END, CASE WHEN NEW."fix" IS DISTINCT FROM OLD."fix" THEN \'fix\' END, CASE WHEN NEW."closed_at" IS DISTINCT FROM OLD."closed_at" THEN \'closed_at\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'marketing_complaint\', key, changed);\n            RETURN NULL;\n        ', hash='28ca993eec9334c7d57c907bd93033a008d651c8', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_3f5be', table='marketing_complaint', when='AFTER')),
            ),
            migrations.AddIndex(
                model_name='coordinationitem',
                index=models.Index(fields=['customer'], name='coordination_customer'),
            ),
            migrations.AddIndex(
                model_name='coordinationitem',
                index=models.Index(condition=models.Q(('state__in', ('open', 'visited'))), fields=['owner', 'due_on'], name='coordination_open'),
            ),
            migrations.AddConstraint(
                model_name='coordinationitem',
                constraint=models.UniqueConstraint(fields=('customer', 'list_no'), name='coordination_once_a_list'),
            ),
            migrations.AddConstraint(
                model_name='coordinationitem',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('refusal', ''), _negated=True), _connector='OR'), name='coordination_refused_with_reason'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='coordinationitem',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."batch_id" IS DISTINCT FROM OLD."batch_id" THEN \'batch_id\' END, CASE WHEN NEW."batch_row" IS DISTINCT FROM OLD."batch_row" THEN \'batch_row\' END, CASE WHEN NEW."customer_id" IS DISTINCT FROM OLD."customer_id" THEN \'customer_id\' END, CASE WHEN NEW."list_no" IS DISTINCT FROM OLD."list_no" THEN \'list_no\' END, CASE WHEN NEW."kind" IS DISTINCT FROM OLD."kind" THEN \'kind\' END, CASE WHEN NEW."source_team" IS DISTINCT FROM OLD."source_team" THEN \'source_team\' END, CASE WHEN NEW."town" IS DISTINCT FROM OLD."town" THEN \'town\' END, CASE WHEN NEW."received_on" IS DISTINCT FROM OLD."received_on" THEN \'received_on\' END, CASE WHEN NEW."contact_due_on" IS DISTINCT FROM OLD."contact_due_on" THEN \'contact_due_on\' END, CASE WHEN NEW."contacted_on" IS DISTINCT FROM OLD."contacted_on" THEN \'contacted_on\' END, CASE WHEN NEW."due_on" IS DISTINCT FROM OLD."due_on" THEN \'due_on\' END, CASE WHEN NEW."wanted_amount" IS DISTINCT FROM OLD."wanted_amount" THEN \'wanted_amount\' END, CASE WHEN NEW."state" IS DISTINCT FROM OLD."state" THEN \'state\' END, CASE WHEN NEW."checks" IS DISTINCT FROM OLD."checks" THEN \'checks\' END, CASE WHEN NEW."owner_id" IS DISTINCT FROM OLD."owner_id" THEN \'owner_id\' END, CASE WHEN NEW."refusal" IS DISTINCT FROM OLD."refusal" THEN \'refusal\' END, CASE WHEN NEW."help_steps" IS DISTINCT FROM OLD."help_steps" THEN \'help_steps\' END, CASE WHEN NEW."retry_on" IS DISTINCT FROM OLD."retry_on" THEN \'retry_on\' END, CASE WHEN NEW."is_repairable" IS DISTINCT FROM OLD."is_repairable" THEN \'is_repairable\' END, CASE WHEN NEW."approved_amount" IS DISTINCT FROM OLD."approved_amount" THEN \'approved_amount\' END, CASE WHEN NEW."decision_note" IS DISTINCT FROM OLD."decision_note" THEN \'decision_note\' END, CASE WHEN NEW."decided_by_id" IS DISTINCT FROM OLD."decided_by_id" THEN \'decided_by_id\' END, CASE WHEN NEW."decided_at" IS DISTINCT FROM OLD."decided_at" THEN \'decided_at\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'marketing_coordinationitem\', key, changed);\n            RETURN NULL;\n        ', hash='61475a06cef06bf6e1040c04e46747ad36f38982', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_ca490', table='marketing_coordinationitem', when='AFTER')),
            ),
            migrations.AddConstraint(
                model_name='goalcohort',
                constraint=models.UniqueConstraint(fields=('customer', 'on'), name='goal_cohort_once'),
            ),
            migrations.AddIndex(
                model_name='goalloan',
                index=models.Index(fields=['scope_no'], name='goal_loan_scope'),
            ),
            migrations.AddIndex(
                model_name='goalloan',
                index=models.Index(fields=['customer'], name='goal_loan_customer'),
            ),
            migrations.AddIndex(
                model_name='marketsurvey',
                index=models.Index(condition=models.Q(('state', 'approved')), fields=['region', '-as_of'], name='survey_in_force'),
            ),
            migrations.AddConstraint(
                model_name='marketsurvey',
                constraint=models.CheckConstraint(condition=models.Q(('confidence__gte', 1), ('confidence__lte', 5)), name='survey_confidence_1_to_5'),
            ),
            migrations.AddConstraint(
                model_name='marketsurvey',
                constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), ('made_by__isnull', True), models.Q(('approved_by', models.F('made_by')), _negated=True), _connector='OR'), name='survey_maker_is_not_checker'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='marketsurvey',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."branch_id" IS DISTINCT FROM OLD."branch_id" THEN \'branch_id\' END, CASE WHEN NEW."region_id" IS DISTINCT FROM OLD."region_id" THEN \'region_id\' END, CASE WHEN NEW."territory_id" IS DISTINCT FROM OLD."territory_id" THEN \'territory_id\' END, CASE WHEN NEW."as_of" IS DISTINCT FROM OLD."as_of" THEN \'as_of\' END, CASE WHEN NEW."source" IS DISTINCT FROM OLD."source" THEN \'source\' END, CASE WHEN NEW."confidence" IS DISTINCT FROM OLD."confidence" THEN \'confidence\' END, CASE WHEN NEW."state" IS DISTINCT FROM OLD."state" THEN \'state\' END, CASE WHEN NEW."made_by_id" IS DISTINCT FROM OLD."made_by_id" THEN \'made_by_id\' END, CASE WHEN NEW."approved_by_id" IS DISTINCT FROM OLD."approved_by_id" THEN \'approved_by_id\' END, CASE WHEN NEW."approved_at" IS DISTINCT FROM OLD."approved_at" THEN \'approved_at\' END, CASE WHEN NEW."note" IS DISTINCT FROM OLD."note" THEN \'note\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'marketing_marketsurvey\', key, changed);\n            RETURN NULL;\n        ', hash='5957a7bf8207eda36d6e23839e2dffb0d2296fda', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_dc598', table='marketing_marketsurvey', when='AFTER')),
            ),
            migrations.AddIndex(
                model_name='queuemark',
                index=models.Index(condition=models.Q(('kind', 'delegated')), fields=['delegate'], name='queue_mark_delegate'),
            ),
            migrations.AddConstraint(
                model_name='queuemark',
                constraint=models.UniqueConstraint(fields=('owner', 'source', 'ref'), name='queue_mark_once'),
            ),
            migrations.AddConstraint(
                model_name='queuemark',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'delegated'), _negated=True), ('delegate__isnull', False), _connector='OR'), name='queue_mark_delegated_to_somebody'),
            ),
            migrations.AddConstraint(
                model_name='regtarget',
                constraint=models.UniqueConstraint(condition=models.Q(('state', 'approved')), fields=('branch', 'metric', 'caliber', 'period_from'), name='goal_once_in_force'),
            ),
            migrations.AddConstraint(
                model_name='regtarget',
                constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'submitted'))), fields=('branch', 'metric', 'caliber', 'period_from'), name='goal_once_proposed'),
            ),
            migrations.AddConstraint(
                model_name='regtarget',
                constraint=models.CheckConstraint(condition=models.Q(('made_by__isnull', True), ('decided_by__isnull', True), models.Q(('made_by', models.F('decided_by')), _negated=True), _connector='OR'), name='goal_maker_is_not_checker'),
            ),
            migrations.AddConstraint(
                model_name='regtarget',
                constraint=models.CheckConstraint(condition=models.Q(('period_to__gt', models.F('period_from'))), name='goal_period_runs_forward'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='regtarget',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."branch_id" IS DISTINCT FROM OLD."branch_id" THEN \'branch_id\' END, CASE WHEN NEW."metric" IS DISTINCT FROM OLD."metric" THEN \'metric\' END, CASE WHEN NEW."caliber" IS DISTINCT FROM OLD."caliber" THEN \'caliber\' END, CASE WHEN NEW."period_from" IS DISTINCT FROM OLD."period_from" THEN \'period_from\' END, CASE WHEN NEW."period_to" IS DISTINCT FROM OLD."period_to" THEN \'period_to\' END, CASE WHEN NEW."baseline" IS DISTINCT FROM OLD."baseline" THEN \'baseline\' END, CASE WHEN NEW."target" IS DISTINCT FROM OLD."target" THEN \'target\' END, CASE WHEN NEW."weight" IS DISTINCT FROM OLD."weight" THEN \'weight\' END, CASE WHEN NEW."state" IS DISTINCT FROM OLD."state" THEN \'state\' END, CASE WHEN NEW."made_by_id" IS DISTINCT FROM OLD."made_by_id" THEN \'made_by_id\' END, CASE WHEN NEW."decided_by_id" IS DISTINCT FROM OLD."decided_by_id" THEN \'decided_by_id\' END, CASE WHEN NEW."decided_at" IS DISTINCT FROM OLD."decided_at" THEN \'decided_at\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'marketing_regtarget\', key, changed);\n            RETURN NULL;\n        ', hash='6a4831822ecf5ce7bff289dfe73a519ff4f3242e', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_cc789', table='marketing_regtarget', when='AFTER')),
            ),
            migrations.AddIndex(
                model_name='relief',
                index=models.Index(fields=['customer', '-found_on'], name='relief_customer'),
            ),
            migrations.AddConstraint(
                model_name='relief',
                constraint=models.UniqueConstraint(condition=models.Q(('state', 'closed'), _negated=True), fields=('customer',), name='relief_open_once'),
            ),
            migrations.AddConstraint(
                model_name='relief',
                constraint=models.CheckConstraint(condition=models.Q(('state', 'found'), ('proposed_on__isnull', False), _connector='OR'), name='relief_proposed_has_a_day'),
            ),
            migrations.AddConstraint(
                model_name='relief',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('outcome', ''), _negated=True), _connector='OR'), name='relief_closed_with_outcome'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='relief',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."customer_id" IS DISTINCT FROM OLD."customer_id" THEN \'customer_id\' END, CASE WHEN NEW."found_on" IS DISTINCT FROM OLD."found_on" THEN \'found_on\' END, CASE WHEN NEW."runway_months" IS DISTINCT FROM OLD."runway_months" THEN \'runway_months\' END, CASE WHEN NEW."cash_amount" IS DISTINCT FROM OLD."cash_amount" THEN \'cash_amount\' END, CASE WHEN NEW."cost_amount" IS DISTINCT FROM OLD."cost_amount" THEN \'cost_amount\' END, CASE WHEN NEW."five_class" IS DISTINCT FROM OLD."five_class" THEN \'five_class\' END, CASE WHEN NEW."state" IS DISTINCT FROM OLD."state" THEN \'state\' END, CASE WHEN NEW."proposals" IS DISTINCT FROM OLD."proposals" THEN \'proposals\' END, CASE WHEN NEW."note" IS DISTINCT FROM OLD."note" THEN \'note\' END, CASE WHEN NEW."proposed_by_id" IS DISTINCT FROM OLD."proposed_by_id" THEN \'proposed_by_id\' END, CASE WHEN NEW."proposed_on" IS DISTINCT FROM OLD."proposed_on" THEN \'proposed_on\' END, CASE WHEN NEW."outcome_due_on" IS DISTINCT FROM OLD."outcome_due_on" THEN \'outcome_due_on\' END, CASE WHEN NEW."outcome" IS DISTINCT FROM OLD."outcome" THEN \'outcome\' END, CASE WHEN NEW."outcome_note" IS DISTINCT FROM OLD."outcome_note" THEN \'outcome_note\' END, CASE WHEN NEW."outcome_on" IS DISTINCT FROM OLD."outcome_on" THEN \'outcome_on\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'marketing_relief\', key, changed);\n            RETURN NULL;\n        ', hash='40e359e8e71bc2e34196c1ffa810ca4bf5d1b61b', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_c9015', table='marketing_relief', when='AFTER')),
            ),
            migrations.AddIndex(
                model_name='satisfaction',
                index=models.Index(fields=['customer', '-on'], name='satisfaction_customer'),
            ),
            migrations.AddConstraint(
                model_name='satisfaction',
                constraint=models.CheckConstraint(condition=models.Q(('mark__gte', 1), ('mark__lte', 5)), name='satisfaction_1_to_5'),
            ),
            migrations.AddConstraint(
                model_name='satisfaction',
                constraint=models.UniqueConstraint(condition=models.Q(('subject', ''), _negated=True), fields=('customer', 'after', 'subject'), name='satisfaction_asked_once'),
            ),
            migrations.AddIndex(
                model_name='stageevent',
                index=models.Index(fields=['opportunity', 'at'], name='stage_event_opportunity'),
            ),
            migrations.AddIndex(
                model_name='stageevent',
                index=models.Index(fields=['at'], name='stage_event_at'),
            ),
            migrations.AddConstraint(
                model_name='surveyline',
                constraint=models.UniqueConstraint(fields=('survey', 'party_type', 'survey_kind', 'industry', 'size_class', 'age_band'), name='survey_line_once', nulls_distinct=False),
            ),
            migrations.AddIndex(
                model_name='visit',
                index=models.Index(fields=['customer', '-started_at'], name='visit_customer'),
            ),
            migrations.AddIndex(
                model_name='visit',
                index=models.Index(fields=['manager', '-started_at'], name='visit_manager'),
            ),
            migrations.AddIndex(
                model_name='visit',
                index=models.Index(fields=['manager_scope_no', 'started_at'], name='visit_scope_day'),
            ),
            migrations.AddIndex(
                model_name='visit',
                index=models.Index(fields=['-started_at', '-id'], name='visit_newest'),
            ),
            migrations.AddIndex(
                model_name='visit',
                index=models.Index(condition=models.Q(('sampled_on__isnull', False), models.Q(('flags', []), _negated=True), _connector='OR'), fields=['-started_at'], name='visit_to_review'),
            ),
            migrations.AddConstraint(
                model_name='visit',
                constraint=models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('started_at'))), name='visit_ends'),
            ),
            migrations.AddConstraint(
                model_name='visit',
                constraint=models.CheckConstraint(condition=models.Q(('next_on__isnull', False), models.Q(('closed_reason', ''), _negated=True), _connector='OR'), name='visit_has_a_next_step_or_a_reason'),
            ),
            migrations.AddConstraint(
                model_name='visit',
                constraint=models.CheckConstraint(condition=models.Q(('quality__isnull', True), ('quality__lte', 5), _connector='OR'), name='visit_quality_to_five'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='visit',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."customer_id" IS DISTINCT FROM OLD."customer_id" THEN \'customer_id\' END, CASE WHEN NEW."key" IS DISTINCT FROM OLD."key" THEN \'key\' END, CASE WHEN NEW."manager_id" IS DISTINCT FROM OLD."manager_id" THEN \'manager_id\' END, CASE WHEN NEW."manager_scope_no" IS DISTINCT FROM OLD."manager_scope_no" THEN \'manager_scope_no\' END, CASE WHEN NEW."purpose" IS DISTINCT FROM OLD."purpose" THEN \'purpose\' END, CASE WHEN NEW."started_at" IS DISTINCT FROM OLD."started_at" THEN \'started_at\' END, CASE WHEN NEW."ended_at" IS DISTINCT FROM OLD."ended_at" THEN \'ended_at\' END, CASE WHEN NEW."whom_met" IS DISTINCT FROM OLD."whom_met" THEN \'whom_met\' END, CASE WHEN NEW."summary" IS DISTINCT FROM OLD."summary" THEN \'summary\' END, CASE WHEN NEW."need" IS DISTINCT FROM OLD."need" THEN \'need\' END, CASE WHEN NEW."mood" IS DISTINCT FROM OLD."mood" THEN \'mood\' END, CASE WHEN NEW."objections" IS DISTINCT FROM OLD."objections" THEN \'objections\' END, CASE WHEN NEW."promise" IS DISTINCT FROM OLD."promise" THEN \'promise\' END, CASE WHEN NEW."promise_on" IS DISTINCT FROM OLD."promise_on" THEN \'promise_on\' END, CASE WHEN NEW."next_step" IS DISTINCT FROM OLD."next_step" THEN \'next_step\' END, CASE WHEN NEW."next_on" IS DISTINCT FROM OLD."next_on" THEN \'next_on\' END, CASE WHEN NEW."closed_reason" IS DISTINCT FROM OLD."closed_reason" THEN \'closed_reason\' END, CASE WHEN NEW."companions" IS DISTINCT FROM OLD."companions" THEN \'companions\' END, CASE WHEN NEW."coordination_checks" IS DISTINCT FROM OLD."coordination_checks" THEN \'coordination_checks\' END, CASE WHEN NEW."checked_in_at" IS DISTINCT FROM OLD."checked_in_at" THEN \'checked_in_at\' END, CASE WHEN NEW."latitude" IS DISTINCT FROM OLD."latitude" THEN \'latitude\' END, CASE WHEN NEW."longitude" IS DISTINCT FROM OLD."longitude" THEN \'longitude\' END, CASE WHEN NEW."accuracy_m" IS DISTINCT FROM OLD."accuracy_m" THEN \'accuracy_m\' END, CASE WHEN NEW."fix_age_s" IS DISTINCT FROM OLD."fix_age_s" THEN \'fix_age_s\' END, CASE WHEN NEW."fix_source" IS DISTINCT FROM OLD."fix_source" THEN \'fix_source\' END, CASE WHEN NEW."distance_m" IS DISTINCT FROM OLD."distance_m" THEN \'distance_m\' END, CASE WHEN NEW."far_reason" IS DISTINCT FROM OLD."far_reason" THEN \'far_reason\' END, CASE WHEN NEW."was_offline" IS DISTINCT FROM OLD."was_offline" THEN \'was_offline\' END, CASE WHEN NEW."opportunity_id" IS DISTINCT FROM OLD."opportunity_id" THEN \'opportunity_id\' END, CASE WHEN NEW."received_at" IS DISTINCT FROM OLD."received_at" THEN \'received_at\' END, CASE WHEN NEW."version" IS DISTINCT FROM OLD."version" THEN \'version\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'marketing_visit\', key, changed);\n            RETURN NULL;\n        ', hash='ce10764626c6a55d80016d268345ea75be0cd484', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_f4477', table='marketing_visit', when='AFTER')),
            ),
            migrations.AddIndex(
                model_name='opportunity',
                index=models.Index(fields=['customer', '-opened_at'], name='opportunity_customer'),
            ),
            migrations.AddIndex(
                model_name='opportunity',
                index=models.Index(condition=models.Q(('state', 'open')), fields=['owner', 'stage'], name='opportunity_owner_open'),
            ),
            migrations.AddIndex(
                model_name='opportunity',
                index=models.Index(fields=['closed_at', 'id'], name='opportunity_closed'),
            ),
            migrations.AddIndex(
                model_name='opportunity',
                index=models.Index(condition=models.Q(('state', 'open')), fields=['pipeline', 'stage', 'stage_due_on', 'id'], include=('customer', 'state', 'amount', 'probability'), name='opp_stage'),
            ),
            migrations.AddIndex(
                model_name='opportunity',
                index=models.Index(condition=models.Q(('state', 'won')), fields=['pipeline', 'closed_at', 'id'], include=('stage', 'stage_due_on', 'customer', 'state', 'amount', 'probability'), name='opp_won'),
            ),
            migrations.AddIndex(
                model_name='opportunity',
                index=models.Index(condition=models.Q(('state', 'open')), fields=['stage_due_on', 'id'], name='opp_due'),
            ),
            migrations.AddIndex(
                model_name='opportunity',
                index=models.Index(condition=models.Q(('state', 'open')), fields=['amount', 'id'], name='opp_value'),
            ),
            migrations.AddIndex(
                model_name='opportunity',
                index=models.Index(condition=models.Q(('state', 'open')), fields=['opened_at', 'id'], name='opp_newest'),
            ),
            migrations.AddIndex(
                model_name='opportunity',
                index=models.Index(condition=models.Q(('state', 'open')), fields=['next_on', 'id'], name='opp_next'),
            ),
            migrations.AddIndex(
                model_name='opportunity',
                index=models.Index(condition=models.Q(('state', 'open')), fields=['expected_on', 'id'], name='opp_expected'),
            ),
            migrations.AddIndex(
                model_name='opportunity',
                index=models.Index(condition=models.Q(('state', 'open')), fields=['last_action_on', 'id'], name='opp_silent'),
            ),
            migrations.AddConstraint(
                model_name='opportunity',
                constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('customer', 'family'), name='opportunity_one_open_a_family'),
            ),
            migrations.AddConstraint(
                model_name='opportunity',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'lost'), _negated=True), models.Q(('lost_reason', ''), _negated=True), _connector='OR'), name='opportunity_lost_with_reason'),
            ),
            migrations.AddConstraint(
                model_name='opportunity',
                constraint=models.CheckConstraint(condition=models.Q(('state', 'open'), ('closed_at__isnull', False), _connector='OR'), name='opportunity_closed_has_a_time'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='opportunity',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."customer_id" IS DISTINCT FROM OLD."customer_id" THEN \'customer_id\' END, CASE WHEN NEW."pipeline" IS DISTINCT FROM OLD."pipeline" THEN \'pipeline\' END, CASE WHEN NEW."family" IS DISTINCT FROM OLD."family" THEN \'family\' END, CASE WHEN NEW."version_chosen_id" IS DISTINCT FROM OLD."version_chosen_id" THEN \'version_chosen_id\' END, CASE WHEN NEW."title" IS DISTINCT FROM OLD."title" THEN \'title\' END, CASE WHEN NEW."amount" IS DISTINCT FROM OLD."amount" THEN \'amount\' END, CASE WHEN NEW."months" IS DISTINCT FROM OLD."months" THEN \'months\' END, CASE WHEN NEW."origin_mode" IS DISTINCT FROM OLD."origin_mode" THEN \'origin_mode\' END, CASE WHEN NEW."suggestion_id" IS DISTINCT FROM OLD."suggestion_id" THEN \'suggestion_id\' END, CASE WHEN NEW."visit_id" IS DISTINCT FROM OLD."visit_id" THEN \'visit_id\' END, CASE WHEN NEW."stage" IS DISTINCT FROM OLD."stage" THEN \'stage\' END, CASE WHEN NEW."stage_since" IS DISTINCT FROM OLD."stage_since" THEN \'stage_since\' END, CASE WHEN NEW."stage_due_on" IS DISTINCT FROM OLD."stage_due_on" THEN \'stage_due_on\' END, CASE WHEN NEW."state" IS DISTINCT FROM OLD."state" THEN \'state\' END, CASE WHEN NEW."expected_on" IS DISTINCT FROM OLD."expected_on" THEN \'expected_on\' END, CASE WHEN NEW."owner_id" IS DISTINCT FROM OLD."owner_id" THEN \'owner_id\' END, CASE WHEN NEW."next_action" IS DISTINCT FROM OLD."next_action" THEN \'next_action\' END, CASE WHEN NEW."next_on" IS DISTINCT FROM OLD."next_on" THEN \'next_on\' END, CASE WHEN NEW."last_action_on" IS DISTINCT FROM OLD."last_action_on" THEN \'last_action_on\' END, CASE WHEN NEW."lost_reason" IS DISTINCT FROM OLD."lost_reason" THEN \'lost_reason\' END, CASE WHEN NEW."lost_to" IS DISTINCT FROM OLD."lost_to" THEN \'lost_to\' END, CASE WHEN NEW."opened_at" IS DISTINCT FROM OLD."opened_at" THEN \'opened_at\' END, CASE WHEN NEW."closed_at" IS DISTINCT FROM OLD."closed_at" THEN \'closed_at\' END, CASE WHEN NEW."evidence" IS DISTINCT FROM OLD."evidence" THEN \'evidence\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'marketing_opportunity\', key, changed);\n            RETURN NULL;\n        ', hash='f254e2f69d583ca6778ab68d068439860a496dc8', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_66219', table='marketing_opportunity', when='AFTER')),
            ),
            migrations.AddIndex(
                model_name='visitfact',
                index=models.Index(fields=['customer', 'key'], name='visit_fact_customer'),
            ),
            migrations.AddConstraint(
                model_name='visitfact',
                constraint=models.UniqueConstraint(fields=('visit', 'key'), name='visit_fact_once'),
            ),
            migrations.AddIndex(
                model_name='visitphoto',
                index=models.Index(fields=['customer'], name='visit_photo_customer'),
            ),
            migrations.AddConstraint(
                model_name='visitplan',
                constraint=models.UniqueConstraint(fields=('manager', 'week_on'), name='visit_plan_once_a_week'),
            ),
            migrations.AddIndex(
                model_name='plannedvisit',
                index=models.Index(fields=['manager', 'on'], name='stop_manager_day'),
            ),
            migrations.AddIndex(
                model_name='plannedvisit',
                index=models.Index(fields=['customer', 'on'], name='stop_customer'),
            ),
            migrations.AddConstraint(
                model_name='plannedvisit',
                constraint=models.UniqueConstraint(fields=('plan', 'customer'), name='stop_once_a_plan'),
            ),
            migrations.AddConstraint(
                model_name='visitreview',
                constraint=models.CheckConstraint(condition=models.Q(('score__lte', 5)), name='visit_review_to_five'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='visitreview',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."visit_id" IS DISTINCT FROM OLD."visit_id" THEN \'visit_id\' END, CASE WHEN NEW."by_id" IS DISTINCT FROM OLD."by_id" THEN \'by_id\' END, CASE WHEN NEW."score" IS DISTINCT FROM OLD."score" THEN \'score\' END, CASE WHEN NEW."note" IS DISTINCT FROM OLD."note" THEN \'note\' END, CASE WHEN NEW."at" IS DISTINCT FROM OLD."at" THEN \'at\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'marketing_visitreview\', key, changed);\n            RETURN NULL;\n        ', hash='c3c3c03132857b5ab4f801e51321b7515ec89e07', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_d6c34', table='marketing_visitreview', when='AFTER')),
            ),
        ]),
    ]
