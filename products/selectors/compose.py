"""What can be composed for a customer: suited bundles, and each item with its bounds and defaults.

An item is one place of a bundle, or one product picked freely. It says whether the customer can
have it (the hard rules, judged on the portrait as it stands), within which bounds, and at what
price it would start. Nothing here is decided for the customer: every item can be refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from crm.core.models import User
from crm.core.words import Text
from customers.models import Customer, Portrait, ProductFamily
from products.finance import Fee
from products.matching.vocabulary import RULE_COLUMNS
from products.models import (
    BundleItem,
    BundleVersion,
    CustomerMatch,
    FeeItem,
    Product,
    ProductVersion,
)
from products.models.terms import AmountFormula
from products.selectors.book import industry_stances
from products.selectors.calculator import our_terms
from products.selectors.catalogue import effective_versions
from products.selectors.economics import Planning, lowest_rate, planned_pd, planning
from products.selectors.forbidden import reason_apart
from products.selectors.hard_rules import Judged, Obstacle, judged, rules_of
from products.selectors.match_words import Words
from products.selectors.terms import Lpr, lpr_on
from products.selectors.volumes import usual_volume

BASIS_POINT = Decimal("0.0001")
DEFAULT_MONTHS = 12
FREELY_FROM = 100  # places of what was picked one by one
VOLUMES: Mapping[str, Text] = {
    ProductFamily.DEPOSIT: gettext_lazy("Average balance, yuan"),
    ProductFamily.WEALTH: gettext_lazy("Average balance, yuan"),
    ProductFamily.INSURANCE: gettext_lazy("Sum insured, yuan"),
    ProductFamily.PAYROLL: gettext_lazy("Wages a year, yuan"),
    ProductFamily.ACQUIRING: gettext_lazy("Receipts a year, yuan"),
    ProductFamily.PAYMENT: gettext_lazy("Settled a year, yuan"),
    ProductFamily.ACCOUNT_CARD: gettext_lazy("Turnover a year, yuan"),
    ProductFamily.ONLINE_PAYMENT: gettext_lazy("Turnover a year, yuan"),
    ProductFamily.ECOMMERCE: gettext_lazy("Sales a year, yuan"),
    ProductFamily.GUARANTEE_LETTER: gettext_lazy("Amount, yuan"),
}


@dataclass(frozen=True)
class Bounds:
    """Within what a version can be had."""

    amount: tuple[Decimal | None, Decimal | None] = (None, None)
    step: Decimal | None = None
    months: tuple[int | None, int | None] = (None, None)
    rate: tuple[Decimal | None, Decimal | None] = (None, None)
    modes: tuple[str, ...] = ()
    note: str = ""  # why the largest amount is lower than the version's


@dataclass(frozen=True)
class Item:
    """One place to take or refuse. ``version`` is None for a service outside the catalogue."""

    key: str
    seq: int
    role: str
    version: ProductVersion | None
    service: tuple[str, str] = ("", "")
    condition: str = ""
    others: tuple[ProductVersion, ...] = ()  # that could stand in its place
    outcome: str = ""  # y, n, ?
    obstacles: tuple[Obstacle, ...] = ()
    missing: tuple[str, ...] = ()
    bounds: Bounds = Bounds()
    fees: tuple[Fee, ...] = ()
    amount: Decimal = Decimal(0)
    months: int = DEFAULT_MONTHS
    rate: Decimal = Decimal(0)
    mode: str = ""
    apart: str = ""  # why it can never count for the price
    counts: bool = False

    @property
    def family(self) -> str:
        """The family of its product; empty for a service."""
        return self.version.product.family if self.version else ""

    @property
    def is_loan(self) -> bool:
        """Whether it is repaid by a schedule, so that it has amount, term, rate and mode."""
        return bool(self.mode)

    @property
    def is_credit(self) -> bool:
        """Whether it is a form of credit, a card included."""
        return self.version is not None and self.version.product.is_credit

    @property
    def is_insurance(self) -> bool:
        """Whether it is insurance, which is never a condition and never ticked beforehand."""
        return self.family == ProductFamily.INSURANCE

    @property
    def has_volume(self) -> bool:
        """Whether its volume matters: what is paid or earned hangs on it."""
        return self.is_credit or self.family in VOLUMES

    @property
    def volume_label(self) -> Text:
        """What its amount is called."""
        return VOLUMES.get(self.family, gettext_lazy("Amount, yuan"))

    @property
    def mark(self) -> str:
        """Place and version: the form is read again only for the same pair."""
        return f"{self.key}:{self.version.pk if self.version else 0}"

    @property
    def can_be_taken(self) -> bool:
        """What the rules refuse cannot be quoted; what they cannot tell can, and says so."""
        return self.outcome != "n"

    @property
    def name(self) -> str:
        """What it is called in the language at hand."""
        if self.version:
            return self.version.product.name
        return words(*self.service)


@dataclass(frozen=True)
class Subject:
    """The customer as the composer sees it: portrait, planning prices, chance of default."""

    customer: Customer
    portrait: Portrait | None
    planning: Planning
    as_of: date
    facts: Mapping[str, Any] = field(default_factory=dict)
    lpr: Lpr | None = None
    versions: tuple[ProductVersion, ...] = ()  # on sale, by code
    verdicts: Mapping[int, Judged] = field(default_factory=dict)  # by version

    @property
    def pd(self) -> Decimal:
        """The planned chance of default."""
        known = self.facts
        return planned_pd(self.planning, known.get("credit_grade"), known.get("days_past_due"))


def words(chinese: str, english: str) -> str:
    """The text in the language at hand."""
    return (english or chinese) if (get_language() or "").startswith("en") else chinese


def subject_of(*, user: User, customer: Customer, as_of: date) -> Subject:
    """The customer with the facts of its portrait, if there is one, and the prices of the day."""
    portrait = Portrait.objects.filter(customer=customer).first()
    facts = {key: getattr(portrait, key) for key in RULE_COLUMNS} if portrait else {}
    words, exits = Words(facts, user), industry_stances(as_of)[0]
    versions = tuple(versions_on_sale(as_of))
    return Subject(
        customer=customer,
        portrait=portrait,
        planning=planning(as_of),
        as_of=as_of,
        facts=facts,
        lpr=lpr_on(as_of),
        versions=versions,
        verdicts={one.pk: judged(rules_of(one, exits), facts, words) for one in versions},
    )


def versions_on_sale(as_of: date) -> QuerySet[ProductVersion]:
    """Versions on sale with all that an item reads, in a fixed number of queries."""
    rows: Any = effective_versions(as_of)
    fees: QuerySet[ProductVersion] = rows.prefetch_related(
        "rules", Prefetch("fees", FeeItem.objects.order_by("seq"))
    )
    return fees


def in_their_order() -> Prefetch[str]:
    """The products of each place as they were put there: the order in which they are tried."""
    rows = BundleItem.choices.through._meta.db_table
    return Prefetch("choices", Product.objects.extra(order_by=[f"{rows}.id"]))


def bundle_items(
    *, subject: Subject, bundle: BundleVersion, picks: Mapping[str, int] | None = None
) -> list[Item]:
    """The places of a bundle; in each the version picked, else the first that fits."""
    places = BundleItem.objects.filter(version=bundle).order_by("seq")
    places = places.prefetch_related(in_their_order())
    on_sale = {version.product_id: version for version in subject.versions}
    return [_place(subject, place, on_sale, (picks or {}).get(f"b{place.seq}")) for place in places]


def picked_items(*, subject: Subject, version_ids: Iterable[int]) -> list[Item]:
    """Versions on sale picked freely, by code."""
    asked = set(version_ids)
    versions = [version for version in subject.versions if version.pk in asked]
    return [
        _item(subject, version, key=f"v{version.pk}", seq=FREELY_FROM + place, role="support")
        for place, version in enumerate(versions)
    ]


def _place(
    subject: Subject,
    place: BundleItem,
    on_sale: Mapping[int, ProductVersion],
    picked: int | None,
) -> Item:
    key = f"b{place.seq}"
    condition = words(place.condition_zh, place.condition_en)
    products = list(place.choices.all())
    versions = [on_sale[product.pk] for product in products if product.pk in on_sale]
    items = [_item(subject, one, key=key, seq=place.seq, role=place.role) for one in versions]
    if not items:
        service = (place.service_zh, place.service_en)
        if products:  # a product that is no longer on sale
            service = (products[0].name_zh, products[0].name_en)
        outcome = "n" if products else ""
        gone = (Obstacle(_("Not on sale today")),) if products else ()
        return Item(
            key, place.seq, place.role, None, service, condition, outcome=outcome, obstacles=gone
        )
    rank = {"y": 0, "?": 1, "n": 2}
    best = min(items, key=lambda item: rank[item.outcome])
    chosen = next((item for item in items if item.version and item.version.pk == picked), best)
    return replace(chosen, condition=condition, others=tuple(versions))


def _item(subject: Subject, version: ProductVersion, *, key: str, seq: int, role: str) -> Item:
    """A version with its outcome, bounds and where its terms would start."""
    terms = our_terms(version, subject.lpr)
    verdict = subject.verdicts[version.pk]
    outcome, obstacles = verdict.outcome, verdict.obstacles
    bounds = _bounds(subject, version, terms.rate_low, terms.rate_high)
    low, high = bounds.amount
    if low is not None and high is not None and high < low:
        outcome, obstacles = "n", (*obstacles, Obstacle(bounds.note))
    is_loan = bool(terms.modes) and terms.rate_low is not None and _has_schedule(version)
    item = Item(
        key, seq, role, version, outcome=outcome, obstacles=obstacles,
        missing=verdict.missing,
        bounds=bounds, fees=terms.fees, counts=not version.product.is_credit,
    )  # fmt: skip
    if not is_loan:
        volume = usual_volume(item.family, subject.facts, subject.planning)
        if volume and high is not None:
            volume = min(volume, high)
        return replace(item, amount=max(volume, low or volume))
    return replace(
        item,
        amount=_amount(subject, bounds),
        months=_months(subject, bounds),
        rate=_rate(subject, version, bounds),
        mode=_mode(subject, bounds),
    )


def best_offers(customer: Customer) -> tuple[int, ...]:
    """Versions that the newest match ranks best for this customer; none before the first one."""
    found = CustomerMatch.objects.filter(customer=customer).values_list("top", flat=True).first()
    return tuple(found or ())


def outcomes_of(subject: Subject) -> dict[int, str]:
    """y, n or ? by product, for every product on sale."""
    return {one.product_id: subject.verdicts[one.pk].outcome for one in subject.versions}


def _has_schedule(version: ProductVersion) -> bool:
    """A card is used and repaid as its holder likes: its tariff is told, no schedule."""
    family = version.product.family
    return version.product.is_credit and family != ProductFamily.CREDIT_CARD


def _bounds(
    subject: Subject, version: ProductVersion, low: Decimal | None, high: Decimal | None
) -> Bounds:
    largest, note = version.amount_max, ""
    cap, why = _cap(subject, version)
    if cap is not None and (largest is None or cap < largest):
        largest, note = cap, why
    return Bounds(
        amount=(version.amount_min, largest),
        step=version.amount_step,
        months=(version.term_min_months, version.draw_max_months or version.term_max_months),
        rate=(low, high),
        modes=tuple(version.repayment_modes),
        note=note,
    )


def _cap(subject: Subject, version: ProductVersion) -> tuple[Decimal | None, str]:
    """What the amount rule allows where its figure is known, and the sentence that says so."""
    match version.amount_formula:
        case AmountFormula.REVENUE if version.amount_factor:
            known = subject.facts.get("annual_revenue")
            if known is not None:
                cap = (Decimal(known) * version.amount_factor).quantize(Decimal(1), "ROUND_DOWN")
                return cap, _("The amount rule allows no more for the revenue known.")
        case AmountFormula.OLD_BALANCE:
            known = subject.facts.get("loan_balance")
            if known is not None:
                return Decimal(known), _("Not above the balance of the old loan.")
    return None, ""


def _amount(subject: Subject, bounds: Bounds) -> Decimal:
    """What the customer wants or needs, within the bounds, on a step and in whole yuan."""
    facts = subject.facts
    wanted = facts.get("wanted_amount") or facts.get("need_high") or bounds.amount[0] or 0
    low, high = bounds.amount
    amount = Decimal(wanted)
    amount = amount if high is None else min(amount, high)
    if bounds.step:
        amount = amount // bounds.step * bounds.step
    return max(amount.quantize(Decimal(1), ROUND_DOWN), low or Decimal(1))


def _months(subject: Subject, bounds: Bounds) -> int:
    low, high = bounds.months
    wanted = int(subject.facts.get("wanted_months") or DEFAULT_MONTHS)
    return max(min(wanted, high or wanted), low or 1)


def _mode(subject: Subject, bounds: Bounds) -> str:
    liked = subject.facts.get("repayment_preference") or []
    return next((mode for mode in liked if mode in bounds.modes), bounds.modes[0])


def _rate(subject: Subject, version: ProductVersion, bounds: Bounds) -> Decimal:
    """The rate that just pays, rounded up to a basis point, within the version's bounds."""
    low, high = bounds.rate
    loss = subject.planning.families[version.product.family].loss
    pays = lowest_rate(
        subject.pd, subject.planning, risk_weight=version.risk_weight, loss_share=loss
    ).quantize(BASIS_POINT, ROUND_UP)
    pays = pays if high is None else min(pays, high)
    return max(pays, low or Decimal(0))


def kept_apart(items: Sequence[Item], pairs: dict[tuple[str, str], str]) -> list[Item]:
    """The items with the reason why they can never count for a loan's price, where there is one."""
    loans = {item.family for item in items if item.is_credit}
    found = []
    for item in items:
        reason = ""
        if loans and item.family and not item.is_credit:
            reason = reason_apart(loans, item.family, pairs)
        found.append(replace(item, apart=reason, counts=item.counts and not reason))
    return found
