"""Reference data from the files in ``seeds/``: loading twice changes nothing."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models, transaction

from crm.core.models import (
    IndustryCode,
    LprQuote,
    RegionCode,
    RuleParameter,
    SizeMapping,
    SizeStandard,
    TradeProfile,
)

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
SIZE_RULE_FROM = date(2011, 6, 18)
WAN = 10_000


@transaction.atomic
def load_reference() -> dict[str, int]:
    """Every reference table holds what its file says; the number of rows by table."""
    loaders: dict[str, Callable[[], int]] = {
        "industries": _industries,
        "regions": _regions,
        "size standard": _size_standard,
        "size mapping": _size_mapping,
        "trade profiles": _trade_profiles,
        "LPR quotes": _lpr,
        "parameters": _parameters,
    }
    return {name: load() for name, load in loaders.items()}


def read_seed(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a seed file by column name."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _upsert(rows: list[Any], *, key: tuple[str, ...]) -> int:
    """The rows are there as given; ``key`` names the columns that tell them apart."""
    model: type[models.Model] = type(rows[0])
    names = [
        field.name
        for field in model._meta.local_concrete_fields
        if field.name not in key and not field.primary_key
    ]
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=key, update_fields=names, batch_size=1000
    )
    return len(rows)


def _industries() -> int:
    groups = list(read_seed(SEEDS / "industries.csv"))
    section: dict[str, str] = {}
    rows = []
    for row in groups:
        parent = row["parent_code"] or None
        section[row["code"]] = section[parent] if parent else row["code"]
        rows.append(
            IndustryCode(
                code=row["code"],
                level=int(row["level"]),
                parent_id=parent,
                section=section[row["code"]],
                name_zh=row["name_zh"],
                name_en=row["name_en"],
                size_group=row["size_group"],
            )
        )
    sizes = {row["code"]: row["size_group"] for row in groups}
    for row in read_seed(SEEDS / "industry_classes.csv"):
        rows.append(
            IndustryCode(
                code=row["code"],
                level=4,
                parent_id=row["group_code"],
                section=row["section_code"],
                name_zh=row["name_zh"],
                size_group=sizes[row["group_code"]],
            )
        )
    return _upsert(rows, key=("code",))


def _regions() -> int:
    rows = [
        RegionCode(
            code=row["code"],
            level=int(row["level"]),
            parent_id=row["parent_code"] or None,
            kind=row["kind"],
            name_zh=row["name_zh"],
            full_name_zh=row["full_name_zh"],
        )
        for row in read_seed(SEEDS / "regions.csv")
    ]
    rows.sort(key=lambda region: region.level)
    return _upsert(rows, key=("code",))


def _size_standard() -> int:
    rows = [
        SizeStandard(
            group=row["group_id"],
            group_zh=row["group_zh"],
            group_en=row["group_en"],
            indicator=row["indicator"],
            unit=row["unit"],
            large_min=Decimal(row["large_min"]),
            medium_min=Decimal(row["medium_min"]),
            small_min=Decimal(row["small_min"]),
            effective_from=SIZE_RULE_FROM,
        )
        for row in read_seed(SEEDS / "size_standard.csv")
    ]
    return _upsert(rows, key=("group", "indicator", "effective_from"))


def _size_mapping() -> int:
    rows = [
        SizeMapping(
            code=row["gbt4754_code"],
            size_group=row["size_group"],
            basis=row["basis"],
            note=row["note"],
        )
        for row in read_seed(SEEDS / "size_mapping.csv")
    ]
    return _upsert(rows, key=("code",))


def _trade_profiles() -> int:
    rows = [_trade_profile(row) for row in read_seed(SEEDS / "industry_profiles.csv")]
    return _upsert(rows, key=("key",))


def _trade_profile(row: dict[str, str]) -> TradeProfile:
    """Percent becomes a share, 万元 becomes yuan."""
    ends = ("low", "high")
    shares = {
        f"{name}_{end}": Decimal(row[f"{name}_{end}_pct"]) / 100
        for name in ("gross_margin", "net_margin", "cash_share")
        for end in ends
    }
    counts = {
        f"{name}_{end}": int(row[f"{name}_{end}"])
        for name in ("inventory_days", "receivable_days", "payable_days", "headcount")
        for end in ends
    }
    return TradeProfile(
        key=row["trade_id"],
        name_zh=row["trade_zh"],
        name_en=row["trade_en"],
        industry_codes=row["gbt4754_groups"].split(";"),
        size_group=row["size_group"],
        customer_group=row["customer_group"],
        chain_position=row["typical_chain_position"],
        revenue_low_amount=Decimal(row["revenue_low_wan"]) * WAN,
        revenue_high_amount=Decimal(row["revenue_high_wan"]) * WAN,
        is_asset_light=row["asset_light"] == "yes",
        season=[float(row[f"m{month:02d}"]) / 100 for month in range(1, 13)],
        season_note=row["season_note"],
        financing_needs=row["financing_needs"],
        suitable_products=row["suitable_products"],
        verification_driver=row["verification_driver"],
        source_note=row["source_note"],
        **shares,
        **counts,
    )


def _lpr() -> int:
    """Quotes that are not there yet; those a catalogue admin wrote stay."""
    rows = [
        LprQuote(
            quoted_on=date.fromisoformat(row["quoted_on"]),
            lpr_1y=Decimal(row["lpr_1y_pct"]) / 100,
            lpr_5y=Decimal(row["lpr_5y_pct"]) / 100,
            source=row["source"],
        )
        for row in read_seed(SEEDS / "lpr.csv")
    ]
    LprQuote.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _parameters() -> int:
    """Seed values of every app that are not there yet; what officers activated stays."""
    present = set(RuleParameter.objects.values_list("key", "effective_from"))
    versions = dict(RuleParameter.objects.values_list("key").annotate(models.Max("version")))
    rows, seen = [], 0
    for file in _parameter_files():
        for row in read_seed(file):
            seen += 1
            key, day = row["key"], date.fromisoformat(row["effective_from"])
            if (key, day) in present:
                continue
            versions[key] = versions.get(key, 0) + 1
            rows.append(
                RuleParameter(
                    key=key,
                    value=row["value"],
                    unit=row["unit"],
                    title_zh=row["title_zh"],
                    title_en=row["title_en"],
                    effective_from=day,
                    state=RuleParameter.State.ACTIVE,
                    version=versions[key],
                    source=row["source"],
                    mark=row["mark"],
                )
            )
    RuleParameter.objects.bulk_create(rows)
    return seen


def _parameter_files() -> list[Path]:
    """``seeds/parameters.csv`` of every app that has one."""
    found = [Path(app.path) / "seeds" / "parameters.csv" for app in apps.get_app_configs()]
    return [path for path in found if path.exists()]
