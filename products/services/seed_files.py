"""The seed files of ``products/seeds`` as plain values, checked while they are read.

A mistake in a file is a ``BadSeed`` with the file, the place and the value.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import models

from crm.core.conditions import BadCondition
from products.models import FeeItem, Product, ProductVersion
from products.selectors.rules import checked_condition

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
TERMS = frozenset(
    field.name
    for field in ProductVersion._meta.local_concrete_fields
    if field.editable
    and field.name
    not in {
        "id", "product", "no", "state", "effective_from", "effective_to", "change_note",
        "made_by", "made_at", "submitted_at",
    }
)  # fmt: skip
RULE_KEYS = ("code", "text_zh", "text_en", "remedy_zh", "remedy_en")
FEE_KEYS = frozenset({"name_zh", "name_en", "timing", "sum_amount", "share"})
PRODUCT_KEYS = ("name_zh", "name_en", "family", "owner_line", "tags")


class BadSeed(ValueError):
    """A seed file says something that is not so; the message names file, place and value."""


@dataclass(frozen=True)
class ProductSeed:
    """One product of the files: its columns, and the terms, rules and fees of its version."""

    code: str
    product: dict[str, Any]
    terms: dict[str, Any]
    rules: tuple[dict[str, Any], ...]
    fees: tuple[dict[str, Any], ...]


def product_seeds(folder: Path = SEEDS) -> list[ProductSeed]:
    """Every product of ``catalogue/*.toml``, by code."""
    shared = read(folder / "shared_rules.toml")
    files = sorted((folder / "catalogue").glob("*.toml"))
    found = [_product(path, read(path), shared) for path in files]
    if len({seed.code for seed in found}) < len(found):
        raise BadSeed(f"{folder}: a product code stands in two files")
    return found


def read(path: Path) -> dict[str, Any]:
    """The file's tables, numbers with a point as Decimal; BadSeed for what is no TOML."""
    try:
        with path.open("rb") as file:
            return tomllib.load(file, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise BadSeed(f"{path.name}: {error}") from error


def known(path: str, given: Mapping[str, Any], allowed: Iterable[str]) -> None:
    """BadSeed when a key is not one of ``allowed``."""
    if strange := sorted(set(given) - set(allowed)):
        raise BadSeed(f"{path}: unknown key {', '.join(strange)}")


def _product(path: Path, data: dict[str, Any], shared: Mapping[str, Any]) -> ProductSeed:
    known(path.name, data, {"code", *PRODUCT_KEYS, "terms", "shared", "rules", "fees"})
    try:
        code = str(data["code"])
        product = {key: data[key] for key in PRODUCT_KEYS}
        common = [{"code": name, **shared[name]} for name in data["shared"]]
    except KeyError as error:
        raise BadSeed(f"{path.name}: {error.args[0]} is missing") from error
    _clean(path.name, Product(code=code, **product))
    terms = _terms(path.name, data.get("terms", {}))
    rules = tuple(_rule(path.name, row) for row in [*data.get("rules", ()), *common])
    fees = tuple(_fee(path.name, row) for row in data.get("fees", ()))
    if len({rule["code"] for rule in rules}) < len(rules):
        raise BadSeed(f"{path.name}: two rules have one code")
    return ProductSeed(code, product, terms, rules, fees)


def _terms(place: str, given: dict[str, Any]) -> dict[str, Any]:
    known(f"{place} [terms]", given, TERMS)
    values = dict(given)
    if "loan_to_value" in values:  # JSON has no decimals of its own
        values["loan_to_value"] = {key: str(part) for key, part in values["loan_to_value"].items()}
    _clean(f"{place} [terms]", ProductVersion(**values), only=values)
    return values


def _rule(place: str, given: Mapping[str, Any]) -> dict[str, Any]:
    name = f"{place} rule {given.get('code', '?')}"
    known(name, given, {*RULE_KEYS, "condition"})
    try:
        rule = {key: given[key] for key in RULE_KEYS}
        rule["condition"] = checked_condition(_plain(given["condition"])).to_data()
    except KeyError as error:
        raise BadSeed(f"{name}: {error.args[0]} is missing") from error
    except BadCondition as error:
        raise BadSeed(f"{name}: {error}") from error
    return rule


def _fee(place: str, given: Mapping[str, Any]) -> dict[str, Any]:
    name = f"{place} fee {given.get('name_zh', '?')}"
    known(name, given, FEE_KEYS)
    if ("sum_amount" in given) == ("share" in given):
        raise BadSeed(f"{name}: a fee is a sum or a share")
    _clean(name, FeeItem(**given), only=given)
    return dict.fromkeys(FEE_KEYS) | dict(given)


def _plain(value: Any) -> Any:
    """Decimals of the file as text, as conditions write them."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return {key: _plain(item) for key, item in value.items()} if isinstance(value, dict) else value


def _clean(place: str, row: models.Model, only: Mapping[str, Any] | None = None) -> None:
    """BadSeed where a column refuses its value: choices, lengths, digits."""
    from django.core.exceptions import ValidationError

    names = {field.name for field in row._meta.local_concrete_fields}
    skipped = names - set(only) if only is not None else {"id", "created_by", "created_at"}
    try:
        row.clean_fields(exclude=skipped)
    except ValidationError as error:
        told = "; ".join(f"{key}: {' '.join(words)}" for key, words in error.message_dict.items())
        raise BadSeed(f"{place}: {told}") from error
