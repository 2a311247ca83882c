"""Whoever is new has no spans of an earlier holder of the same key."""

from django.db import migrations

BODY = """
CREATE OR REPLACE FUNCTION board_{kind}_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
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
"""
FORMER = """
CREATE OR REPLACE FUNCTION board_{kind}_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE marketing_orgspan SET until_at = clock_timestamp()
    WHERE kind = '{kind}' AND ref = NEW.id AND until_at IS NULL AND TG_OP = 'UPDATE';
  INSERT INTO marketing_orgspan (kind, ref, above, from_at)
    VALUES ('{kind}', NEW.id, NEW.{above},
      CASE WHEN TG_OP = 'UPDATE' THEN clock_timestamp() END);
  RETURN NULL;
END $$;
"""


def _both(text: str) -> str:
    return text.replace("{kind}", "person").replace("{above}", "branch_id") + text.replace(
        "{kind}", "unit"
    ).replace("{above}", "parent_id")


class Migration(migrations.Migration):

    dependencies = [("marketing", "0012_how_a_list_item_stands")]

    operations = [migrations.RunSQL(_both(BODY), _both(FORMER))]
