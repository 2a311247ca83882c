"""Declared facts as one wide row a customer: the newest valid value of the best quality (b.1).

``RAW_SQL`` makes that row from the facts up to a day. The rollup table holds its result for all
facts; a portrait of a day before a customer's newest fact reads ``RAW_SQL`` directly, so both
give the same answer by construction.
"""

from customers.features.declared import PORTRAIT_FACTS, FactType
from customers.features.spec import SourceSpec

# Numbers that stand for a source in ``<key>_how``; append only.
SOURCE_NUMBERS = {
    "registry": 1,
    "core": 2,
    "visit": 3,
    "statement": 4,
    "cross_check": 5,
    "invoice": 6,
    "tax": 7,
    "social_security": 8,
    "payroll": 9,
    "acquiring": 10,
    "bureau": 11,
    "public_record": 12,
    "utility": 13,
    "channel": 14,
    "derived": 15,
    "import": 16,
}
QUALITY_NUMBERS = {"verified": 0, "declared": 1, "estimated": 2}
BETTER_FOR_DAYS = 180  # a better fact stands against a newer one for so long (spec b.1)

_TYPES = {
    FactType.NUMBER: ("number", "::float8"),
    FactType.DAY: ("day", ""),
    FactType.TEXT: ("text", ""),
    FactType.CODES: ("text", ""),
}


def value_columns() -> list[str]:
    """The columns of the wide row, customer excepted, in the order of the rollup table."""
    names = ["newest_on", "facts", "verified"]
    for key in PORTRAIT_FACTS:
        names += [key, f"{key}_on", f"{key}_how"]
    return names


def decode(how: int) -> tuple[str, str]:
    """The source and quality behind a ``<key>_how`` number."""
    source = next(name for name, number in SOURCE_NUMBERS.items() if number == how // 10)
    quality = next(name for name, number in QUALITY_NUMBERS.items() if number == how % 10)
    return source, quality


def _numbered(column: str, numbers: dict[str, int]) -> str:
    arms = " ".join(f"WHEN '{name}' THEN {number}" for name, number in numbers.items())
    return f"CASE {column} {arms} END"


def raw_sql(until: str) -> str:
    """SQL of the wide rows made from the facts that ``until`` (a condition on ``d``) admits."""
    keys = ", ".join(f"'{key}'" for key in PORTRAIT_FACTS)
    pivots = []
    for key, fact in PORTRAIT_FACTS.items():
        column, cast = _TYPES[fact.type]
        mine = f"FILTER (WHERE w.key = '{key}')"
        pivots += [
            f"max(w.{column}{cast}) {mine} AS {key}",
            f"max(w.as_of) {mine} AS {key}_on",
            f"max(w.how) {mine} AS {key}_how",
        ]
    return (
        "SELECT w.customer_id, max(w.newest) AS newest_on, count(*)::int AS facts, "
        "(count(*) FILTER (WHERE mod(w.how, 10) = 0))::int AS verified, "
        + ", ".join(pivots)
        + " FROM (SELECT DISTINCT ON (n.customer_id, n.key) n.* FROM (SELECT d.customer_id, d.key, "
        "d.number, d.text, d.day, d.as_of, d.id, "
        f"{_numbered('d.source', SOURCE_NUMBERS)} * 10 + "
        f"{_numbered('d.quality', QUALITY_NUMBERS)} AS how, "
        "max(d.as_of) OVER (PARTITION BY d.customer_id, d.key) AS newest "
        "FROM customers_declaredfact d WHERE [[d.customer_id]] AND NOT d.is_withdrawn "
        f"AND d.key = ANY(ARRAY[{keys}]::varchar[]) "
        f"{until}) n WHERE n.as_of >= n.newest - {BETTER_FOR_DAYS} "
        "ORDER BY n.customer_id, n.key, mod(n.how, 10), n.as_of DESC, n.id DESC) w "
        "GROUP BY w.customer_id"
    )


def _outputs(row: str) -> dict[str, str]:
    found = {"facts_known": f"{row}.facts", "facts_verified": f"{row}.verified"}
    for key in PORTRAIT_FACTS:
        found[f"d_{key}"] = f"{row}.{key}"
        found[f"d_{key}_on"] = f"{row}.{key}_on"
        found[f"d_{key}_how"] = f"{row}.{key}_how"
    return found


DECLARED = SourceSpec(
    key="declared",
    from_sql="customers_declaredrollup dr",
    keyed_by="dr.customer_id",
    grouped=False,
    outputs=_outputs("dr"),
)
DECLARED_OF_THE_DAY = SourceSpec(
    key="declared",
    from_sql=f"({raw_sql('AND d.as_of <= {as_of}')}) dr",
    keyed_by="dr.customer_id",
    grouped=False,
    outputs=_outputs("dr"),
)
