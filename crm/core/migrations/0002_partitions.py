from django.db import migrations

from crm.core.partitions import PartitionByRange


class Migration(migrations.Migration):
    """The audit trail is cut by month."""

    dependencies = [("core", "0001_initial")]
    operations = [PartitionByRange("AuditEntry", "at")]
