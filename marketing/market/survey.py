"""The two standard survey forms and their tables; shares come from the counts (CUS-5).

* Sole traders: by trade (a GB/T 4754 code) and by the operator's age.
* Small firms: by the five kinds of business.
Each table adds up for itself: its shares sum to one, its total is the market of its party type.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from crm.core.catalogue import Catalogue
from crm.core.words import Text
from customers.features.position import SURVEY_KINDS
from customers.models import Customer

SOLE_TRADER = Customer.PartyType.SOLE_TRADER.value
FIRM = Customer.PartyType.COMPANY.value  # stands for every small firm in a survey line
FIRM_TYPES = (
    FIRM,
    Customer.PartyType.PARTNERSHIP.value,
    Customer.PartyType.COOP.value,
)
AGE_BANDS: tuple[tuple[str, Text], ...] = (
    ("<25", _("Under 25")),
    ("25-34", _("25 to 34")),
    ("35-44", _("35 to 44")),
    ("45-54", _("45 to 54")),
    ("55+", _("55 and over")),
)
KINDS: tuple[tuple[str, Text], ...] = SURVEY_KINDS
# Sections where sole traders register, offered by the form; a file may use any code.
TRADE_SECTIONS = ("A", "C", "E", "F", "G", "H", "K", "L", "M", "O", "P", "Q", "R")


@dataclass(frozen=True)
class SurveyTable:
    """One table of a form: whose counts, and by what they are split."""

    key: str  # also the dimension of penetration
    form: str
    label: Text
    party_type: str
    column: str  # of SurveyLine


TABLES: Catalogue[SurveyTable] = Catalogue(
    "survey tables",
    (
        SurveyTable("kind", "firms", _("Small firms by kind"), FIRM, "survey_kind"),
        SurveyTable("trade", "traders", _("Sole traders by trade"), SOLE_TRADER, "industry_id"),
        SurveyTable("age", "traders", _("Sole traders by operator's age"), SOLE_TRADER, "age_band"),
    ),
)
FORMS: tuple[tuple[str, Text], ...] = (
    ("traders", _("Sole traders")),
    ("firms", _("Small firms")),
)


def table_of(
    *, party_type: str, survey_kind: str, industry: str | None, age_band: str
) -> SurveyTable | None:
    """The table that a line belongs to; None when it fits no standard form."""
    given = {"survey_kind": survey_kind, "industry_id": industry or "", "age_band": age_band}
    filled = [name for name, value in given.items() if value]
    if len(filled) != 1:
        return None
    whose = FIRM if party_type in FIRM_TYPES else party_type
    found = [one for one in TABLES if (one.party_type, one.column) == (whose, filled[0])]
    return found[0] if found else None


def shares(counts: Sequence[int]) -> list[Decimal | None]:
    """Each count as a share of their sum; unknown when nothing was counted."""
    total = sum(counts)
    return [Decimal(count) / total if total else None for count in counts]


def disagrees(*, stated: Decimal, computed: Decimal | None, points: Decimal) -> bool:
    """Whether a share written by hand is further than ``points`` percentage points off."""
    return computed is None or abs(stated - computed) * 100 > points
