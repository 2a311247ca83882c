"""Triggers that keep where people and units stood; those who are there now stood there always."""

from django.db import migrations

CREATE = """
CREATE FUNCTION board_person_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE marketing_orgspan SET until_at = clock_timestamp()
    WHERE kind = 'person' AND ref = NEW.id AND until_at IS NULL AND TG_OP = 'UPDATE';
  INSERT INTO marketing_orgspan (kind, ref, above, from_at)
    VALUES ('person', NEW.id, NEW.branch_id,
      CASE WHEN TG_OP = 'UPDATE' THEN clock_timestamp() END);
  RETURN NULL;
END $$;

CREATE FUNCTION board_unit_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE marketing_orgspan SET until_at = clock_timestamp()
    WHERE kind = 'unit' AND ref = NEW.id AND until_at IS NULL AND TG_OP = 'UPDATE';
  INSERT INTO marketing_orgspan (kind, ref, above, from_at)
    VALUES ('unit', NEW.id, NEW.parent_id,
      CASE WHEN TG_OP = 'UPDATE' THEN clock_timestamp() END);
  RETURN NULL;
END $$;

CREATE TRIGGER board_person_placed AFTER INSERT ON core_user
  FOR EACH ROW EXECUTE FUNCTION board_person_moved();
CREATE TRIGGER board_person_moved AFTER UPDATE OF branch_id ON core_user
  FOR EACH ROW WHEN (OLD.branch_id IS DISTINCT FROM NEW.branch_id)
  EXECUTE FUNCTION board_person_moved();
CREATE TRIGGER board_unit_placed AFTER INSERT ON core_branch
  FOR EACH ROW EXECUTE FUNCTION board_unit_moved();
CREATE TRIGGER board_unit_moved AFTER UPDATE OF parent_id ON core_branch
  FOR EACH ROW WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id)
  EXECUTE FUNCTION board_unit_moved();

INSERT INTO marketing_orgspan (kind, ref, above)
  SELECT 'person', id, branch_id FROM core_user
  UNION ALL SELECT 'unit', id, parent_id FROM core_branch;
"""

DROP = """
DROP TRIGGER board_person_placed ON core_user;
DROP TRIGGER board_person_moved ON core_user;
DROP TRIGGER board_unit_placed ON core_branch;
DROP TRIGGER board_unit_moved ON core_branch;
DROP FUNCTION board_person_moved();
DROP FUNCTION board_unit_moved();
DELETE FROM marketing_orgspan;
"""


class Migration(migrations.Migration):

    dependencies = [("marketing", "0006_board_places_and_cells")]

    operations = [migrations.RunSQL(CREATE, DROP)]
