from django.db import migrations

# Every character and every pair of neighbouring characters of a name, lower-cased, without blanks:
# the index on it answers searches for one or two Chinese characters.
CREATE = """
CREATE FUNCTION name_pieces(name text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ARRAY(
        SELECT DISTINCT substr(clean, place, width)
        FROM (SELECT regexp_replace(lower(name), '[[:space:]]', '', 'g') AS clean) AS c,
             generate_series(1, length(clean)) AS place,
             generate_series(1, 2) AS width
        WHERE place + width - 1 <= length(clean)
        ORDER BY 1
    )
$$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION name_pieces(text)")]
