"""Triggers that keep where people and units stood; those who are there now stood there always."""

from django.db import migrations

MOVED = """
CREATE FUNCTION board_{kind}_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN  -- an earlier holder of the same key has left
    DELETE FROM marketing_orgspan WHERE kind = '{kind}' AND ref = NEW.id;
  ELSE
    UPDATE marketing_orgspan SET until_at = clock_timestamp()
      WHERE kind = '{kind}' AND ref = NEW.id AND until_at IS NULL;
  END IF;
  INSERT INTO marketing_orgspan (kind, ref, above, from_at)
    VALUES ('{kind}', NEW.id, NEW.{above},
      CASE WHEN TG_OP = 'UPDATE' THEN clock_timestamp() END);
  RETURN NULL;
END $$;

CREATE TRIGGER board_{kind}_placed AFTER INSERT ON {table}
  FOR EACH ROW EXECUTE FUNCTION board_{kind}_moved();
CREATE TRIGGER board_{kind}_moved AFTER UPDATE OF {above} ON {table}
  FOR EACH ROW WHEN (OLD.{above} IS DISTINCT FROM NEW.{above})
  EXECUTE FUNCTION board_{kind}_moved();

INSERT INTO marketing_orgspan (kind, ref, above) SELECT '{kind}', id, {above} FROM {table};
"""

FORGET = """
DROP TRIGGER board_{kind}_placed ON {table};
DROP TRIGGER board_{kind}_moved ON {table};
DROP FUNCTION board_{kind}_moved();
DELETE FROM marketing_orgspan WHERE kind = '{kind}';
"""


def _of_both(text: str) -> str:
    people = text.replace("{kind}", "person").replace("{above}", "branch_id")
    units = text.replace("{kind}", "unit").replace("{above}", "parent_id")
    return people.replace("{table}", "core_user") + units.replace("{table}", "core_branch")


class Migration(migrations.Migration):
    dependencies = [("marketing", "0001_field_work_and_boards")]

    operations = [migrations.RunSQL(_of_both(MOVED), _of_both(FORGET))]
