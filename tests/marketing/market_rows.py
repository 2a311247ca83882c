"""Plain makers of surveys, regions, portraits in cells, and items of the coordination list."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from crm.core.models import Branch, IndustryCode, RegionCode, User
from customers.models import Customer
from marketing.market.checks import CHECKS
from marketing.models import CoordinationItem, MarketSurvey
from marketing.services.survey import SurveyHead, approve_survey, save_survey
from marketing.services.survey_lines import LineInput
from tests.factories import head_office, make_customer, make_portrait, make_user

TODAY = date(2026, 11, 20)  # a Friday
YES = {check.key: "yes" for check in CHECKS}


def make_region(code: str = "330402", name: str = "南湖区") -> RegionCode:
    """A county with the city and the province around it."""
    above = None
    for part, level, kind in ((code[:2], 1, "province"), (code[:4], 2, "city")):
        above, _made = RegionCode.objects.get_or_create(
            code=part.ljust(6, "0"),
            defaults={
                "level": level, "kind": kind, "parent": above,
                "name_zh": part, "full_name_zh": part,
            },
        )  # fmt: skip
    found, _made = RegionCode.objects.get_or_create(
        code=code,
        defaults={
            "level": 3, "kind": "district", "parent": above, "name_zh": name, "full_name_zh": name
        },
    )  # fmt: skip
    return found


def make_industries() -> None:
    """Wholesale with a division and two classes, catering, manufacturing."""
    for code, level, parent in (
        ("F", 1, None), ("52", 2, "F"), ("521", 3, "52"), ("5211", 4, "521"), ("51", 2, "F"),
        ("H", 1, None), ("62", 2, "H"), ("C", 1, None),
    ):  # fmt: skip
        section = parent and IndustryCode.objects.get(pk=parent).section
        IndustryCode.objects.get_or_create(
            code=code,
            defaults={
                "level": level, "parent_id": parent, "section": section or code,
                "name_zh": f"行业{code}",
            },
        )  # fmt: skip


def head_of(branch: Branch) -> User:
    """The head of a branch, who writes its surveys."""
    return make_user("branch_head", branch)


def lines(table: str, **counts: int) -> list[LineInput]:
    """Counts of one table by value."""
    return [LineInput(table, value, count) for value, count in counts.items()]


def survey_head(branch: Branch, region: RegionCode, **fields: Any) -> SurveyHead:
    """A registry count of good confidence on the day of these tests."""
    given = {"territory": None, "as_of": TODAY, "source": "registry", "confidence": 4} | fields
    return SurveyHead(branch=branch, region=region, **given)


def make_survey(
    branch: Branch,
    region: RegionCode,
    counts: list[LineInput],
    *,
    approved: bool = True,
    **head: Any,
) -> MarketSurvey:
    """A survey written by the head of the branch and approved by the head office."""
    survey = save_survey(head=survey_head(branch, region, **head), lines=counts, by=head_of(branch))
    if not approved:
        return survey
    return approve_survey(survey_id=survey.pk, version=survey.version, by=head_of(head_office()))


def make_trader(
    manager: User, region: RegionCode, *, holds: bool = True, **fields: Any
) -> Customer:
    """A sole trader in a region; with a product when it ``holds`` one."""
    portrait = {
        key: fields.pop(key)
        for key in ("controller_age", "loan_balance", "contribution_12m")
        if key in fields
    }
    customer = make_customer(manager, party_type="sole_trader", region=region, **fields)
    make_portrait(customer, families_held=2 if holds else None, **portrait)
    return customer


def make_firm(
    manager: User, region: RegionCode, kind: str, *, holds: bool = True, **fields: Any
) -> Customer:
    """A small firm of one of the five kinds."""
    portrait = {
        key: fields.pop(key)
        for key in ("loan_balance", "limit_amount", "contribution_12m", "size_class")
        if key in fields
    }
    portrait.setdefault("size_class", "small")
    customer = make_customer(manager, region=region, **fields)
    make_portrait(customer, survey_kind=kind, families_held=1 if holds else 0, **portrait)
    return customer


def make_item(customer: Customer, *, received_on: date = TODAY, **fields: Any) -> CoordinationItem:
    """A firm on a recommended list, received today, due in thirty days."""
    given = {
        "list_no": "2026-11-01",
        "kind": "recommended",
        "town": "建设街道",
        "due_on": date.fromordinal(received_on.toordinal() + 30),
        "wanted_amount": Decimal(500_000),
        "owner": customer.manager,
    } | fields
    return CoordinationItem.objects.create(customer=customer, received_on=received_on, **given)
