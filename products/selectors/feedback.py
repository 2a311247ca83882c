"""What managers said of matched offers: on one customer, and week by week (d.4 step 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncWeek
from django.utils.translation import gettext_lazy as _

from crm.core.models import User
from crm.core.words import Text
from products.models import MatchFeedback, Product
from products.selectors.matrix import sees_bank_counts

REASONS: dict[str, Text] = {  # why an offer does not fit, or not now
    "amount": _("The amount does not suit"),
    "term": _("The term does not suit"),
    "price": _("Too dear"),
    "guarantee": _("Cannot give the guarantee"),
    "repayment": _("Repayment does not suit its cash"),
    "elsewhere": _("Has it at another bank"),
    "no_need": _("No need now"),
    "timing": _("Asked to be called later"),
    "facts": _("Our facts are wrong"),
    "other": _("Other"),
}
WEEKS = 12


@dataclass(frozen=True)
class Said:
    """Answers on one product: how many, and how many said that it fits."""

    product: Product
    fits: int
    not_now: int
    wrong: int
    weeks: Sequence[float | None]  # precision week by week, the oldest first
    reasons: Sequence[tuple[Text, int]]  # why not, the most frequent first
    mondays: Sequence[date] = ()

    @property
    def dated(self) -> list[tuple[date, float | None]]:
        """Each week with its precision."""
        return list(zip(self.mondays, self.weeks, strict=True))

    @property
    def weeks_judged(self) -> int:
        """Weeks that have a precision."""
        return sum(week is not None for week in self.weeks)

    @property
    def answers(self) -> int:
        """All answers."""
        return self.fits + self.not_now + self.wrong

    @property
    def precision(self) -> float | None:
        """Fits among the answers that judge the offer; "not now" judges the day. None: no such."""
        return precision(self.fits, self.wrong)


def precision(fits: int, wrong: int) -> float | None:
    """The share of "fits" among "fits" and "does not fit"."""
    return fits / (fits + wrong) if fits + wrong else None


def feedback_of(*, user: User, customer_id: int) -> dict[int, MatchFeedback]:
    """The newest answer on each version for this customer, if the user sees it."""
    rows = MatchFeedback.objects.visible_to(user).filter(customer=customer_id)
    return {row.version_id: row for row in rows.select_related("by").order_by("on", "at")}


def weeks_until(last: date) -> list[date]:
    """The Mondays of the last twelve weeks, the oldest first."""
    monday = last - timedelta(days=last.weekday())
    return [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]


def answers_in_reach(user: User) -> QuerySet[MatchFeedback]:
    """Answers on the user's customers; all of them for who maintains the matching."""
    rows = MatchFeedback.objects.all()
    return rows if sees_bank_counts(user) else rows.visible_to(user)


def precision_by_product(*, user: User, until: date) -> list[Said]:
    """Every product that was answered on in the last twelve weeks, most answers first."""
    mondays = weeks_until(until)
    rows = answers_in_reach(user).filter(on__gte=mondays[0], on__lte=until)
    by_week: dict[int, dict[date, tuple[int, int, int]]] = {}
    counted = (
        rows.annotate(week=TruncWeek("on"))
        .values_list("version__product", "week")
        .annotate(
            fits=Count("pk", filter=Q(answer=MatchFeedback.Answer.FITS)),
            later=Count("pk", filter=Q(answer=MatchFeedback.Answer.NOT_NOW)),
            wrong=Count("pk", filter=Q(answer=MatchFeedback.Answer.WRONG)),
        )
        .order_by()
    )
    for product, week, fits, later, wrong in counted:
        by_week.setdefault(product, {})[week] = (fits, later, wrong)
    whys: dict[int, list[tuple[Text, int]]] = {}
    told = rows.exclude(reason="").values_list("version__product", "reason").order_by()
    for product, reason, count in told.annotate(count=Count("pk")).order_by("-count", "reason"):
        whys.setdefault(product, []).append((REASONS.get(reason, reason), count))
    products = Product.objects.in_bulk(by_week)
    found = [
        _said(products[key], weeks, mondays, whys.get(key, ())) for key, weeks in by_week.items()
    ]
    return sorted(found, key=lambda said: (-said.answers, said.product.code))


def _said(
    product: Product,
    weeks: dict[date, tuple[int, int, int]],
    mondays: Sequence[date],
    reasons: Sequence[tuple[Text, int]],
) -> Said:
    fits, later, wrong = (sum(row[place] for row in weeks.values()) for place in range(3))
    series = [
        precision(weeks[monday][0], weeks[monday][2]) if monday in weeks else None
        for monday in mondays
    ]
    return Said(product, fits, later, wrong, series, reasons, mondays)
