import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations, models

from crm.core.create_tables import CreateTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        BtreeGistExtension(),  # no two stand-ins, no two managers at a time
        TrigramExtension(),
        CreateTables([
            migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('username', models.CharField(max_length=40, unique=True, verbose_name='user name')),
                    ('full_name', models.CharField(max_length=40, verbose_name='staff name')),
                    ('employee_no', models.CharField(blank=True, max_length=20, verbose_name='employee number')),
                    ('role', models.CharField(choices=[('rm', 'Relationship manager'), ('team_lead', 'Team leader'), ('branch_head', 'Branch head'), ('catalog_admin', 'Catalogue admin'), ('risk_officer', 'Risk officer'), ('auditor', 'Auditor'), ('sys_admin', 'System administrator')], max_length=16, verbose_name='role')),
                    ('scope_no', models.PositiveIntegerField(db_index=True, default=0, editable=False)),
                    ('phone', models.CharField(blank=True, max_length=20, verbose_name='mobile')),
                    ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                    ('joined_on', models.DateField(blank=True, null=True, verbose_name='in post since')),
                    ('language', models.CharField(default='zh-hans', max_length=8, verbose_name='language')),
                    ('theme', models.CharField(choices=[('system', 'As the device'), ('light', 'Light'), ('dark', 'Dark')], default='system', max_length=8, verbose_name='theme')),
                    ('is_active', models.BooleanField(default=True, verbose_name='active')),
                    ('must_change_password', models.BooleanField(default=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('updated_at', models.DateTimeField(auto_now=True)),
                ],
                options={
                    'verbose_name': 'user',
                    'ordering': ('scope_no', 'pk'),
                },
            ),
            migrations.CreateModel(
                name='LprQuote',
                fields=[
                    ('quoted_on', models.DateField(primary_key=True, serialize=False, verbose_name='date')),
                    ('lpr_1y', models.DecimalField(decimal_places=5, max_digits=7, verbose_name='1 year')),
                    ('lpr_5y', models.DecimalField(decimal_places=5, max_digits=7, verbose_name='over 5 years')),
                    ('source', models.CharField(max_length=80, verbose_name='source')),
                ],
                options={
                    'verbose_name': 'LPR quote',
                    'ordering': ('-quoted_on',),
                },
            ),
            migrations.CreateModel(
                name='RegionCode',
                fields=[
                    ('code', models.CharField(max_length=6, primary_key=True, serialize=False, verbose_name='code')),
                    ('level', models.PositiveSmallIntegerField(verbose_name='level')),
                    ('kind', models.CharField(max_length=24, verbose_name='kind')),
                    ('name_zh', models.CharField(max_length=40, verbose_name='name')),
                    ('full_name_zh', models.CharField(max_length=80, verbose_name='full name')),
                ],
                options={
                    'verbose_name': 'region',
                    'ordering': ('code',),
                },
            ),
            migrations.CreateModel(
                name='RuleParameter',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=60, verbose_name='key')),
                    ('value', models.CharField(max_length=200, verbose_name='value')),
                    ('unit', models.CharField(max_length=20, verbose_name='unit')),
                    ('title_zh', models.CharField(blank=True, max_length=80)),
                    ('title_en', models.CharField(blank=True, max_length=80)),
                    ('effective_from', models.DateField(verbose_name='effective from')),
                    ('state', models.CharField(choices=[('proposed', 'Proposed'), ('active', 'Active'), ('rejected', 'Rejected')], max_length=10, verbose_name='state')),
                    ('version', models.PositiveIntegerField(verbose_name='version')),
                    ('source', models.CharField(max_length=120, verbose_name='source')),
                    ('mark', models.CharField(choices=[('V', 'Checked against the rule'), ('V-', 'Partly checked'), ('~', 'To be checked by the bank'), ('project', 'Project default')], max_length=8, verbose_name='mark')),
                    ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('decided_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'verbose_name': 'parameter',
                    'ordering': ('key', '-effective_from', '-version'),
                },
            ),
            migrations.CreateModel(
                name='SizeMapping',
                fields=[
                    ('code', models.CharField(max_length=4, primary_key=True, serialize=False, verbose_name='code')),
                    ('size_group', models.CharField(max_length=3, verbose_name='size group')),
                    ('basis', models.CharField(max_length=16, verbose_name='basis')),
                    ('note', models.CharField(blank=True, max_length=200)),
                ],
                options={
                    'verbose_name': 'size mapping',
                    'ordering': ('code',),
                },
            ),
            migrations.CreateModel(
                name='SizeStandard',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('group', models.CharField(max_length=3, verbose_name='size group')),
                    ('group_zh', models.CharField(max_length=40)),
                    ('group_en', models.CharField(max_length=120)),
                    ('indicator', models.CharField(choices=[('employees', 'employees'), ('revenue', 'revenue'), ('assets', 'total assets')], max_length=10, verbose_name='indicator')),
                    ('unit', models.CharField(max_length=10, verbose_name='unit')),
                    ('large_min', models.DecimalField(decimal_places=2, max_digits=12)),
                    ('medium_min', models.DecimalField(decimal_places=2, max_digits=12)),
                    ('small_min', models.DecimalField(decimal_places=2, max_digits=12)),
                    ('effective_from', models.DateField()),
                ],
                options={
                    'verbose_name': 'size standard',
                    'ordering': ('group', 'indicator'),
                },
            ),
            migrations.CreateModel(
                name='Task',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=60, verbose_name='kind')),
                    ('params', models.JSONField(default=dict)),
                    ('scope_no', models.PositiveIntegerField(db_index=True, default=0, editable=False)),
                    ('due_on', models.DateField(blank=True, null=True, verbose_name='due')),
                    ('link', models.CharField(blank=True, max_length=200)),
                    ('unique_key', models.CharField(blank=True, max_length=120)),
                    ('state', models.CharField(choices=[('open', 'Open'), ('done', 'Done'), ('dropped', 'Dropped')], default='open', max_length=8, verbose_name='state')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('closed_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'verbose_name': 'to-do',
                    'ordering': ('due_on', 'pk'),
                },
            ),
            migrations.CreateModel(
                name='TradeProfile',
                fields=[
                    ('key', models.CharField(max_length=32, primary_key=True, serialize=False, verbose_name='key')),
                    ('name_zh', models.CharField(max_length=60, verbose_name='Chinese name')),
                    ('name_en', models.CharField(max_length=80, verbose_name='English name')),
                    ('industry_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=4), size=None, verbose_name='industries')),
                    ('size_group', models.CharField(max_length=3, verbose_name='size group')),
                    ('customer_group', models.CharField(max_length=40, verbose_name='customer group')),
                    ('chain_position', models.CharField(max_length=24, verbose_name='typical chain position')),
                    ('gross_margin_low', models.DecimalField(decimal_places=4, max_digits=6)),
                    ('gross_margin_high', models.DecimalField(decimal_places=4, max_digits=6)),
                    ('net_margin_low', models.DecimalField(decimal_places=4, max_digits=6)),
                    ('net_margin_high', models.DecimalField(decimal_places=4, max_digits=6)),
                    ('inventory_days_low', models.PositiveSmallIntegerField()),
                    ('inventory_days_high', models.PositiveSmallIntegerField()),
                    ('receivable_days_low', models.PositiveSmallIntegerField()),
                    ('receivable_days_high', models.PositiveSmallIntegerField()),
                    ('payable_days_low', models.PositiveSmallIntegerField()),
                    ('payable_days_high', models.PositiveSmallIntegerField()),
                    ('cash_share_low', models.DecimalField(decimal_places=4, max_digits=6)),
                    ('cash_share_high', models.DecimalField(decimal_places=4, max_digits=6)),
                    ('headcount_low', models.PositiveIntegerField()),
                    ('headcount_high', models.PositiveIntegerField()),
                    ('revenue_low_amount', models.DecimalField(decimal_places=2, max_digits=18)),
                    ('revenue_high_amount', models.DecimalField(decimal_places=2, max_digits=18)),
                    ('is_asset_light', models.BooleanField()),
                    ('season', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=12)),
                    ('season_note', models.CharField(max_length=200)),
                    ('financing_needs', models.CharField(max_length=300)),
                    ('suitable_products', models.CharField(max_length=300)),
                    ('verification_driver', models.CharField(max_length=300)),
                    ('source_note', models.CharField(max_length=300)),
                ],
                options={
                    'verbose_name': 'trade profile',
                    'ordering': ('key',),
                },
            ),
            migrations.CreateModel(
                name='Branch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=20, unique=True, verbose_name='unit code')),
                    ('name', models.CharField(max_length=80, verbose_name='name')),
                    ('level', models.CharField(choices=[('head_office', 'Head office'), ('region', 'Regional branch'), ('branch', 'Branch'), ('team', 'Team')], max_length=12, verbose_name='level')),
                    ('region_code', models.CharField(blank=True, max_length=6, verbose_name='region')),
                    ('is_active', models.BooleanField(default=True, verbose_name='active')),
                    ('scope_lo', models.PositiveIntegerField(default=0, editable=False)),
                    ('scope_hi', models.PositiveIntegerField(default=0, editable=False)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('updated_at', models.DateTimeField(auto_now=True)),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='core.branch', verbose_name='unit above')),
                ],
                options={
                    'verbose_name': 'unit',
                    'ordering': ('scope_lo', 'pk'),
                },
            ),
            migrations.CreateModel(
                name='AuditEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='time')),
                    ('kind', models.CharField(choices=[('row', 'Row changed'), ('event', 'Event'), ('read', 'Read')], max_length=5, verbose_name='kind')),
                    ('event', models.CharField(max_length=60, verbose_name='event')),
                    ('role', models.CharField(db_default='', default='', max_length=16, verbose_name='role')),
                    ('request_id', models.CharField(db_default='', default='', max_length=32)),
                    ('table_name', models.CharField(db_default='', default='', max_length=63, verbose_name='table')),
                    ('row_pk', models.CharField(db_default='', default='', max_length=64, verbose_name='row')),
                    ('changed', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=63), null=True, size=None, verbose_name='changed columns')),
                    ('details', models.JSONField(null=True, verbose_name='details')),
                    ('actor', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
                    ('unit', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='core.branch', verbose_name='unit')),
                ],
                options={
                    'verbose_name': 'audit entry',
                    'ordering': ('-at', '-id'),
                },
            ),
            migrations.AddField(
                model_name='user',
                name='branch',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='core.branch', verbose_name='unit'),
            ),
            migrations.CreateModel(
                name='Cover',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('during', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='days')),
                    ('reason', models.CharField(max_length=120, verbose_name='reason')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('absent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='covers_given', to=settings.AUTH_USER_MODEL)),
                    ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('stand_in', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='covers_taken', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'stand-in',
                    'ordering': ('-created_at', 'pk'),
                },
            ),
            migrations.CreateModel(
                name='IndustryCode',
                fields=[
                    ('code', models.CharField(max_length=4, primary_key=True, serialize=False, verbose_name='code')),
                    ('level', models.PositiveSmallIntegerField(verbose_name='level')),
                    ('section', models.CharField(db_index=True, max_length=1)),
                    ('name_zh', models.CharField(max_length=80, verbose_name='Chinese name')),
                    ('name_en', models.CharField(blank=True, max_length=160, verbose_name='English name')),
                    ('size_group', models.CharField(blank=True, max_length=5, verbose_name='size group')),
                    ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='core.industrycode')),
                ],
                options={
                    'verbose_name': 'industry',
                    'ordering': ('code',),
                },
            ),
            migrations.CreateModel(
                name='IndustryPolicy',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('stance', models.CharField(choices=[('encourage', 'Encourage'), ('neutral', 'Neutral'), ('limit', 'Restrict'), ('exit', 'Withdraw')], max_length=10, verbose_name='stance')),
                    ('risk_level', models.PositiveSmallIntegerField(default=3, verbose_name='risk level')),
                    ('reason', models.CharField(max_length=200, verbose_name='reason')),
                    ('effective_from', models.DateField(verbose_name='from')),
                    ('effective_to', models.DateField(blank=True, null=True, verbose_name='to')),
                    ('industry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='policies', to='core.industrycode')),
                ],
                options={
                    'verbose_name': 'industry policy',
                    'ordering': ('industry', '-effective_from'),
                },
            ),
            migrations.CreateModel(
                name='Job',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=60, verbose_name='kind')),
                    ('title', models.CharField(blank=True, max_length=120, verbose_name='title')),
                    ('params', models.JSONField(default=dict)),
                    ('unique_key', models.CharField(blank=True, max_length=120)),
                    ('priority', models.PositiveSmallIntegerField(default=5)),
                    ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('parked', 'Parked'), ('cancelled', 'Cancelled')], default='waiting', max_length=10, verbose_name='state')),
                    ('parts_total', models.PositiveIntegerField(default=0)),
                    ('parts_done', models.PositiveIntegerField(default=0)),
                    ('rows_total', models.PositiveBigIntegerField(null=True)),
                    ('rows_done', models.PositiveBigIntegerField(default=0)),
                    ('error', models.TextField(blank=True, verbose_name='error')),
                    ('result', models.JSONField(default=dict)),
                    ('subject_table', models.CharField(blank=True, max_length=63)),
                    ('subject_pk', models.CharField(blank=True, max_length=64)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('started_at', models.DateTimeField(null=True)),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'job',
                    'ordering': ('-id',),
                },
            ),
            migrations.CreateModel(
                name='JobRange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('stage', models.PositiveSmallIntegerField(default=0)),
                    ('params', models.JSONField(default=dict)),
                    ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('parked', 'Parked')], default='waiting', max_length=8)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('not_before', models.DateTimeField(null=True)),
                    ('lease_until', models.DateTimeField(null=True)),
                    ('worker', models.CharField(blank=True, max_length=80)),
                    ('rows_total', models.PositiveBigIntegerField(null=True)),
                    ('rows_done', models.PositiveBigIntegerField(default=0)),
                    ('error', models.TextField(blank=True)),
                    ('result', models.JSONField(default=dict)),
                    ('cursor', models.JSONField(default=dict)),
                    ('started_at', models.DateTimeField(null=True)),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ranges', to='core.job')),
                ],
                options={
                    'verbose_name': 'range of work',
                    'ordering': ('job', 'number'),
                },
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='lprquote',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."lpr_1y" IS DISTINCT FROM OLD."lpr_1y" THEN \'lpr_1y\' END, CASE WHEN NEW."lpr_5y" IS DISTINCT FROM OLD."lpr_5y" THEN \'lpr_5y\' END, CASE WHEN NEW."source" IS DISTINCT FROM OLD."source" THEN \'source\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."quoted_on"; ELSE key := NEW."quoted_on"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'core_lprquote\', key, changed);\n            RETURN NULL;\n        ', hash='1e1db8ca8bcd366cce5e506a0d4b3e66be5259a3', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_3eadf', table='core_lprquote', when='AFTER')),
            ),
            migrations.AddField(
                model_name='regioncode',
                name='parent',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='core.regioncode'),
            ),
            migrations.AddField(
                model_name='ruleparameter',
                name='decided_by',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='ruleparameter',
                name='proposed_by',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddConstraint(
                model_name='sizestandard',
                constraint=models.UniqueConstraint(fields=('group', 'indicator', 'effective_from'), name='size_standard_once'),
            ),
            migrations.AddField(
                model_name='task',
                name='closed_by',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='task',
                name='owner',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddConstraint(
                model_name='branch',
                constraint=models.CheckConstraint(condition=models.Q(('scope_lo__lte', models.F('scope_hi'))), name='branch_interval_not_empty'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='branch',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."code" IS DISTINCT FROM OLD."code" THEN \'code\' END, CASE WHEN NEW."name" IS DISTINCT FROM OLD."name" THEN \'name\' END, CASE WHEN NEW."level" IS DISTINCT FROM OLD."level" THEN \'level\' END, CASE WHEN NEW."parent_id" IS DISTINCT FROM OLD."parent_id" THEN \'parent_id\' END, CASE WHEN NEW."region_code" IS DISTINCT FROM OLD."region_code" THEN \'region_code\' END, CASE WHEN NEW."is_active" IS DISTINCT FROM OLD."is_active" THEN \'is_active\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'core_branch\', key, changed);\n            RETURN NULL;\n        ', hash='ca310830ce029aeea6d7f3f7f21a520f502c614d', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_a4585', table='core_branch', when='AFTER')),
            ),
            migrations.AddIndex(
                model_name='auditentry',
                index=models.Index(fields=['actor', '-at'], name='audit_by_actor'),
            ),
            migrations.AddIndex(
                model_name='auditentry',
                index=models.Index(fields=['table_name', 'row_pk', '-at'], name='audit_by_row'),
            ),
            migrations.AddIndex(
                model_name='auditentry',
                index=models.Index(fields=['kind', '-at'], name='audit_by_kind'),
            ),
            migrations.AddIndex(
                model_name='auditentry',
                index=models.Index(fields=['unit', '-at'], name='audit_by_unit'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='auditentry',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6b2652b5bb5129424469034ae53d5116f56d3e42', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_97da0', table='core_auditentry', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='user',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."password" IS DISTINCT FROM OLD."password" THEN \'password\' END, CASE WHEN NEW."username" IS DISTINCT FROM OLD."username" THEN \'username\' END, CASE WHEN NEW."full_name" IS DISTINCT FROM OLD."full_name" THEN \'full_name\' END, CASE WHEN NEW."employee_no" IS DISTINCT FROM OLD."employee_no" THEN \'employee_no\' END, CASE WHEN NEW."role" IS DISTINCT FROM OLD."role" THEN \'role\' END, CASE WHEN NEW."branch_id" IS DISTINCT FROM OLD."branch_id" THEN \'branch_id\' END, CASE WHEN NEW."phone" IS DISTINCT FROM OLD."phone" THEN \'phone\' END, CASE WHEN NEW."email" IS DISTINCT FROM OLD."email" THEN \'email\' END, CASE WHEN NEW."joined_on" IS DISTINCT FROM OLD."joined_on" THEN \'joined_on\' END, CASE WHEN NEW."is_active" IS DISTINCT FROM OLD."is_active" THEN \'is_active\' END, CASE WHEN NEW."must_change_password" IS DISTINCT FROM OLD."must_change_password" THEN \'must_change_password\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'core_user\', key, changed);\n            RETURN NULL;\n        ', hash='aa7b265081cd0e56a3b488aa8b02cba1f1050570', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_cc6b9', table='core_user', when='AFTER')),
            ),
            migrations.AddConstraint(
                model_name='cover',
                constraint=models.CheckConstraint(condition=models.Q(('absent', models.F('stand_in')), _negated=True), name='cover_is_somebody_else'),
            ),
            migrations.AddConstraint(
                model_name='cover',
                constraint=models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('stand_in')), _negated=True), _connector='OR'), name='cover_not_approved_by_stand_in'),
            ),
            migrations.AddConstraint(
                model_name='cover',
                constraint=models.CheckConstraint(condition=models.Q(('during__endswith__isnull', False), ('during__startswith__isnull', False)), name='cover_has_an_end'),
            ),
            migrations.AddConstraint(
                model_name='cover',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('absent', '='), ('during', '&&')], name='cover_one_stand_in_at_a_time'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='cover',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."absent_id" IS DISTINCT FROM OLD."absent_id" THEN \'absent_id\' END, CASE WHEN NEW."stand_in_id" IS DISTINCT FROM OLD."stand_in_id" THEN \'stand_in_id\' END, CASE WHEN NEW."during" IS DISTINCT FROM OLD."during" THEN \'during\' END, CASE WHEN NEW."reason" IS DISTINCT FROM OLD."reason" THEN \'reason\' END, CASE WHEN NEW."requested_by_id" IS DISTINCT FROM OLD."requested_by_id" THEN \'requested_by_id\' END, CASE WHEN NEW."approved_by_id" IS DISTINCT FROM OLD."approved_by_id" THEN \'approved_by_id\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'core_cover\', key, changed);\n            RETURN NULL;\n        ', hash='99619209239e6945625f795dccd3f94a4e0326e5', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_336d9', table='core_cover', when='AFTER')),
            ),
            migrations.AddConstraint(
                model_name='industrypolicy',
                constraint=models.UniqueConstraint(fields=('industry', 'effective_from'), name='industry_policy_once_a_day'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='industrypolicy',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."industry_id" IS DISTINCT FROM OLD."industry_id" THEN \'industry_id\' END, CASE WHEN NEW."stance" IS DISTINCT FROM OLD."stance" THEN \'stance\' END, CASE WHEN NEW."risk_level" IS DISTINCT FROM OLD."risk_level" THEN \'risk_level\' END, CASE WHEN NEW."reason" IS DISTINCT FROM OLD."reason" THEN \'reason\' END, CASE WHEN NEW."effective_from" IS DISTINCT FROM OLD."effective_from" THEN \'effective_from\' END, CASE WHEN NEW."effective_to" IS DISTINCT FROM OLD."effective_to" THEN \'effective_to\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'core_industrypolicy\', key, changed);\n            RETURN NULL;\n        ', hash='d63caed03914aea5ba310ee3749fc89c60e65e34', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_2f3b1', table='core_industrypolicy', when='AFTER')),
            ),
            migrations.AddIndex(
                model_name='job',
                index=models.Index(condition=models.Q(('state__in', ('waiting', 'running'))), fields=['priority', 'id'], name='job_unfinished'),
            ),
            migrations.AddIndex(
                model_name='job',
                index=models.Index(fields=['kind', '-id'], name='job_by_kind'),
            ),
            migrations.AddIndex(
                model_name='job',
                index=models.Index(fields=['created_by', '-id'], name='job_by_user'),
            ),
            migrations.AddIndex(
                model_name='job',
                index=models.Index(fields=['subject_table', 'subject_pk'], name='job_by_subject'),
            ),
            migrations.AddConstraint(
                model_name='job',
                constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting'), models.Q(('unique_key', ''), _negated=True)), fields=('kind', 'unique_key'), name='job_waits_once'),
            ),
            migrations.AddConstraint(
                model_name='job',
                constraint=models.CheckConstraint(condition=models.Q(('parts_done__lte', models.F('parts_total'))), name='job_parts_done_at_most_all'),
            ),
            migrations.AddIndex(
                model_name='jobrange',
                index=models.Index(condition=models.Q(('state', 'done'), _negated=True), fields=['job', 'stage', 'number'], name='job_range_open'),
            ),
            migrations.AddConstraint(
                model_name='jobrange',
                constraint=models.UniqueConstraint(fields=('job', 'number'), name='job_range_number_once'),
            ),
            migrations.AddConstraint(
                model_name='ruleparameter',
                constraint=models.UniqueConstraint(fields=('key', 'version'), name='parameter_version_once'),
            ),
            migrations.AddConstraint(
                model_name='ruleparameter',
                constraint=models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('key', 'effective_from'), name='parameter_one_active_value_a_day'),
            ),
            migrations.AddConstraint(
                model_name='ruleparameter',
                constraint=models.CheckConstraint(condition=models.Q(('proposed_by__isnull', True), ('decided_by__isnull', True), models.Q(('proposed_by', models.F('decided_by')), _negated=True), _connector='OR'), name='parameter_maker_is_not_checker'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='ruleparameter',
                trigger=pgtrigger.compiler.Trigger(name='audited', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE changed text[]; acting text; key text;', func='\n            IF TG_OP = \'UPDATE\' THEN\n                changed := array_remove(ARRAY[CASE WHEN NEW."key" IS DISTINCT FROM OLD."key" THEN \'key\' END, CASE WHEN NEW."value" IS DISTINCT FROM OLD."value" THEN \'value\' END, CASE WHEN NEW."unit" IS DISTINCT FROM OLD."unit" THEN \'unit\' END, CASE WHEN NEW."title_zh" IS DISTINCT FROM OLD."title_zh" THEN \'title_zh\' END, CASE WHEN NEW."title_en" IS DISTINCT FROM OLD."title_en" THEN \'title_en\' END, CASE WHEN NEW."effective_from" IS DISTINCT FROM OLD."effective_from" THEN \'effective_from\' END, CASE WHEN NEW."state" IS DISTINCT FROM OLD."state" THEN \'state\' END, CASE WHEN NEW."version" IS DISTINCT FROM OLD."version" THEN \'version\' END, CASE WHEN NEW."source" IS DISTINCT FROM OLD."source" THEN \'source\' END, CASE WHEN NEW."mark" IS DISTINCT FROM OLD."mark" THEN \'mark\' END, CASE WHEN NEW."reason" IS DISTINCT FROM OLD."reason" THEN \'reason\' END, CASE WHEN NEW."proposed_by_id" IS DISTINCT FROM OLD."proposed_by_id" THEN \'proposed_by_id\' END, CASE WHEN NEW."decided_by_id" IS DISTINCT FROM OLD."decided_by_id" THEN \'decided_by_id\' END, CASE WHEN NEW."decided_at" IS DISTINCT FROM OLD."decided_at" THEN \'decided_at\' END]::text[], NULL);\n                IF changed = \'{}\' THEN RETURN NULL; END IF;\n            END IF;\n            IF TG_OP = \'DELETE\' THEN key := OLD."id"; ELSE key := NEW."id"; END IF;\n            acting := coalesce(current_setting(\'crm.acting\', true), \'\');\n            INSERT INTO core_auditentry\n                (at, kind, event, actor_id, role, unit_id, request_id, table_name, row_pk, changed)\n            VALUES (clock_timestamp(), \'row\', lower(TG_OP),\n                nullif(split_part(acting, \'|\', 1), \'\')::bigint, split_part(acting, \'|\', 2),\n                nullif(split_part(acting, \'|\', 3), \'\')::bigint, split_part(acting, \'|\', 4),\n                \'core_ruleparameter\', key, changed);\n            RETURN NULL;\n        ', hash='0c7dc8a8ed1c8c37bb98dce1e77a3711bfd037cd', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_audited_fbfe9', table='core_ruleparameter', when='AFTER')),
            ),
            migrations.AddIndex(
                model_name='task',
                index=models.Index(condition=models.Q(('state', 'open')), fields=['owner', 'due_on'], name='task_open_by_owner'),
            ),
            migrations.AddConstraint(
                model_name='task',
                constraint=models.UniqueConstraint(condition=models.Q(('state', 'open'), models.Q(('unique_key', ''), _negated=True)), fields=('kind', 'unique_key'), name='task_open_once'),
            ),
        ]),
    ]
