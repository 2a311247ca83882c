from django.db import migrations

from crm.core.partitions import PartitionByRange


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_customers_facts_portraits")]
    operations = [
        PartitionByRange("Invoice", "issued_on"),
        PartitionByRange("PortraitVersion", "computed_at"),
    ]
