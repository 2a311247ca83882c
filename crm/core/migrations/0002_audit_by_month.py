from django.db import migrations

from crm.core.partitions import PartitionByRange


class Migration(migrations.Migration):
    dependencies = [("core", "0001_people_reference_jobs_audit")]
    operations = [PartitionByRange("AuditEntry", "at")]
