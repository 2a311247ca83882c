"""The operating pattern 经营特点和规律 (SEV-3): season, cash months, and differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from crm.core.words import Text

MONTHS = tuple(range(1, 13))


@dataclass(frozen=True)
class Usual:
    """The range the trade profile gives for one figure; a single value has equal ends."""

    low: float
    high: float


@dataclass(frozen=True)
class Difference:
    """A figure of the customer that lies outside what is usual in the trade; both are shown."""

    key: str
    label: Text
    own: float
    usual: Usual
    unit: str  # days, ratio
    month: int = 0  # of a season's month

    @property
    def is_high(self) -> bool:
        """Above the range rather than below it."""
        return self.own > self.usual.high


@dataclass(frozen=True)
class Observed:
    """What is known of one customer, as far as it is known."""

    season: tuple[float, ...] | None = None
    cycle_days: float | None = None
    receivable_days: float | None = None
    payable_days: float | None = None
    inventory_days: float | None = None
    gross_margin: float | None = None
    net_margin: float | None = None
    cash_share: float | None = None


@dataclass(frozen=True)
class Profile:
    """What is usual in the trade."""

    season: tuple[float, ...]
    inventory_days: Usual
    receivable_days: Usual
    payable_days: Usual
    gross_margin: Usual
    net_margin: Usual
    cash_share: Usual

    @property
    def cycle_days(self) -> Usual:
        """Stock and receivables at one end less payables at the other."""
        return Usual(
            self.inventory_days.low + self.receivable_days.low - self.payable_days.high,
            self.inventory_days.high + self.receivable_days.high - self.payable_days.low,
        )


@dataclass(frozen=True)
class Pattern:
    """All that the card shows. ``season`` and ``usual_season`` are shares of the year."""

    season: tuple[float, ...] | None = None
    season_source: Text = ""
    usual_season: tuple[float, ...] | None = None
    peak_month: int | None = None
    low_month: int | None = None
    cash_peak_month: int | None = None
    cash_trough_month: int | None = None
    cycle_days: float | None = None
    usual_cycle: Usual | None = None
    differences: Sequence[Difference] = ()
    risks: Sequence[tuple[Text, dict[str, object]]] = field(default_factory=tuple)


FIGURES: tuple[tuple[str, Text, str], ...] = (
    ("cycle_days", _("Cash cycle"), "days"),
    ("inventory_days", _("Inventory days"), "days"),
    ("receivable_days", _("Receivable days"), "days"),
    ("payable_days", _("Payable days"), "days"),
    ("gross_margin", _("Gross margin"), "ratio"),
    ("net_margin", _("Net margin"), "ratio"),
    ("cash_share", _("Share of cash in sales"), "ratio"),
)


def differences(observed: Observed, profile: Profile, *, season_gap: float) -> list[Difference]:
    """Figures outside the usual range, and months whose share of the year is off by more."""
    found = []
    for key, label, unit in FIGURES:
        own, usual = getattr(observed, key), getattr(profile, key)
        if own is not None and not usual.low <= own <= usual.high:
            found.append(Difference(key, label, own, usual, unit))
    if observed.season:
        pairs = zip(MONTHS, observed.season, profile.season, strict=True)
        for month, own, usual in pairs:
            if abs(own - usual) > season_gap:
                found.append(
                    Difference(
                        "season", _("Share of the year"), own, Usual(usual, usual), "ratio", month
                    )
                )
    return found
