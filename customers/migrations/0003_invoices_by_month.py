from django.db import migrations

from crm.core.partitions import PartitionByRange


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_customers_and_facts")]
    operations = [PartitionByRange("Invoice", "issued_on")]
