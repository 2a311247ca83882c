"""The first catalogue, from readable files: loading twice changes nothing.

What the loader made and nobody has touched since follows the files, on a demo bank and while the
catalogue has no customers to serve; elsewhere a changed file is only reported. A product that a
person has edited is left alone everywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from crm.core.jobs import publish
from customers.models import Customer
from products.models import (
    Bundle,
    BundleItem,
    BundleVersion,
    EligibilityRule,
    FeeItem,
    ForbiddenPair,
    MatchWeights,
    Product,
    ProductVersion,
)
from products.services.seed_files import (
    SEEDS,
    TERMS,
    BadSeed,
    ProductSeed,
    known,
    product_seeds,
    read,
)

BUNDLE_KEYS = (
    "benefit_zh", "benefit_en", "target_groups", "target_stages", "target_party_types",
    "rate_discount_bp", "fee_discount",
)  # fmt: skip
ITEM_KEYS = ("role", "service_zh", "service_en", "condition_zh", "condition_en")
NOTE = "目录文件"


@transaction.atomic
def load_products(*, effective_from: date, folder: Path = SEEDS) -> dict[str, int]:
    """Products with one effective version each, bundles, forbidden pairs and weights are there.

    Returns how many were made, changed, kept or left differing, by name. BadSeed for a bad file.
    """
    may_follow = settings.DEMO or not Customer.objects.exists()
    told: Counter[str] = Counter()
    for seed in product_seeds(folder):
        told[f"products {_load_product(seed, effective_from, may_follow)}"] += 1
    for row in read(folder / "bundles.toml")["bundles"]:
        told[f"bundles {_load_bundle(row, effective_from)}"] += 1
    told["forbidden pairs made"] += _load_pairs(read(folder / "forbidden_pairs.toml")["pairs"])
    told["weights made"] += _load_weights(read(folder / "weights.toml"))
    if told["products made"] or told["products changed"]:
        publish("products.changed")  # everybody is matched by what is in force now
    return {name: number for name, number in sorted(told.items()) if number}


def _load_product(seed: ProductSeed, effective_from: date, may_follow: bool) -> str:
    product, _made = Product.objects.get_or_create(code=seed.code, defaults=seed.product)
    newest = product.versions.order_by("-no").first()
    if newest is None:
        _make_version(product, seed, 1, effective_from)
        return "made"
    if newest.made_by_id is not None:
        return "kept as people edited them"
    if _content(newest) == _seed_content(seed):
        return "kept"
    if not may_follow:
        return "differing from the file, left alone"
    if newest.state == ProductVersion.State.EFFECTIVE:
        starts = max(effective_from, (newest.effective_from or effective_from))
        newest.state = ProductVersion.State.SUPERSEDED
        newest.effective_to = max(starts - timedelta(days=1), newest.effective_from or starts)
        newest.save(update_fields=["state", "effective_to"])
    Product.objects.filter(pk=product.pk).update(**seed.product)
    _make_version(product, seed, newest.no + 1, effective_from)
    return "changed"


def _make_version(product: Product, seed: ProductSeed, no: int, effective_from: date) -> None:
    version = ProductVersion.objects.create(
        product=product,
        no=no,
        state=ProductVersion.State.EFFECTIVE,
        effective_from=effective_from,
        change_note=NOTE,
        **seed.terms,
    )
    EligibilityRule.objects.bulk_create(
        EligibilityRule(version=version, seq=seq, **rule)
        for seq, rule in enumerate(seed.rules, start=1)
    )
    FeeItem.objects.bulk_create(
        FeeItem(version=version, seq=seq, **fee) for seq, fee in enumerate(seed.fees, start=1)
    )
    version.submitted_at = timezone.now()  # frozen from here on (PRO-1)
    version.save(update_fields=["submitted_at"])


def _content(version: ProductVersion) -> dict[str, Any]:
    """Everything a seed file can say of a version, as the database holds it."""
    rules = version.rules.order_by("seq")
    fees = version.fees.order_by("seq")
    return {
        "terms": {name: getattr(version, name) for name in TERMS},
        "rules": [{key: getattr(rule, key) for key in _RULE_COLUMNS} for rule in rules],
        "fees": [{key: getattr(fee, key) for key in _FEE_COLUMNS} for fee in fees],
    }


_RULE_COLUMNS = ("code", "text_zh", "text_en", "remedy_zh", "remedy_en", "condition")
_FEE_COLUMNS = ("name_zh", "name_en", "timing", "sum_amount", "share")


def _seed_content(seed: ProductSeed) -> dict[str, Any]:
    """The same of the file, with the defaults of what it leaves out."""
    blank = ProductVersion(**seed.terms)
    return {
        "terms": {name: getattr(blank, name) for name in TERMS},
        "rules": [{key: rule[key] for key in _RULE_COLUMNS} for rule in seed.rules],
        "fees": [
            {key: fee[key] if fee[key] is not None else _blank(key) for key in _FEE_COLUMNS}
            for fee in seed.fees
        ],
    }


def _blank(column: str) -> str | None:
    return None if column in {"sum_amount", "share"} else ""


def _load_bundle(row: Mapping[str, Any], effective_from: date) -> str:
    """A bundle is made once; later changes go through its page."""
    place = f"bundles.toml {row.get('code', '?')}"
    known(place, row, {"code", "name_zh", "name_en", "items", *BUNDLE_KEYS})
    names = {"name_zh": row["name_zh"], "name_en": row.get("name_en", "")}
    bundle, made = Bundle.objects.get_or_create(code=row["code"], defaults=names)
    if not made:
        return "kept"
    version = BundleVersion.objects.create(
        bundle=bundle,
        no=1,
        state=BundleVersion.State.EFFECTIVE,
        effective_from=effective_from,
        **{key: row[key] for key in BUNDLE_KEYS if key in row},
    )
    for seq, item in enumerate(row["items"], start=1):
        _load_item(f"{place} item {seq}", version, seq, item)
    return "made"


def _load_item(place: str, version: BundleVersion, seq: int, item: Mapping[str, Any]) -> None:
    known(place, item, {"choices", *ITEM_KEYS})
    codes = item.get("choices", [])
    products = Product.objects.in_bulk(codes, field_name="code")
    if missing := [code for code in codes if code not in products]:
        raise BadSeed(f"{place}: no product {', '.join(missing)}")
    if not codes and not item.get("service_zh"):
        raise BadSeed(f"{place}: neither a product nor a service")
    given = {key: item[key] for key in ITEM_KEYS if key in item}
    made = BundleItem.objects.create(version=version, seq=seq, **given)
    for code in codes:  # one by one: the order of the choices is the order they are tried in
        made.choices.add(products[code])


def _load_pairs(rows: list[dict[str, Any]]) -> int:
    made = 0
    for row in rows:
        known("forbidden_pairs.toml", row, {"first", "second", "reason_zh", "reason_en"})
        reasons = {"reason_zh": row["reason_zh"], "reason_en": row["reason_en"]}
        for first in row["first"]:
            made += ForbiddenPair.objects.get_or_create(
                first=first, second=row["second"], defaults=reasons
            )[1]
    return made


def _load_weights(values: Mapping[str, Any]) -> int:
    """Version 1 is active unless there are weights already."""
    if MatchWeights.objects.aggregate(newest=Max("version"))["newest"]:
        return 0
    known("weights.toml", values, {field.name for field in MatchWeights._meta.get_fields()})
    MatchWeights.objects.create(
        version=1, state=MatchWeights.State.ACTIVE, note=NOTE, decided_at=timezone.now(), **values
    )
    return 1
