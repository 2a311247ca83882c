import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("marketing", "0017_stage_events_by_time")]

    operations = [
        BtreeGinExtension(),  # sets and months in one index
        migrations.RemoveIndex(model_name="boardcell", name="board_cell_unit"),
        migrations.AddField(
            model_name="boardcell",
            name="narrow",
            field=models.CharField(blank=True, db_default="", default="", max_length=12),
        ),
        migrations.AddField(
            model_name="boardcell",
            name="value",
            field=models.CharField(blank=True, db_default="", default="", max_length=32),
        ),
        migrations.AddField(
            model_name="boardrun",
            name="wide",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, size=None
            ),
        ),
        migrations.AddIndex(
            model_name="boardcell",
            index=models.Index(
                condition=models.Q(("unit__isnull", False)),
                fields=["unit", "population", "narrow", "value", "ym"],
                name="board_cell_unit",
            ),
        ),
        migrations.AddIndex(
            model_name="boardcell",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("is_fine", True)),
                fields=["territories", "ym"],
                name="board_cell_territory",
            ),
        ),
    ]
