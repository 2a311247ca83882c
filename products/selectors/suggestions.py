"""Suggestions as pages and API read them: of one customer, of a manager, of a branch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Exists, QuerySet
from django.http import QueryDict

from crm.core.models import User
from crm.core.parameters import parameter
from crm.core.words import Text
from customers.models import Customer, ProductFamily
from customers.selectors.keyset import Order, Place, keyset_page, read_place
from products.models import Product, Suggestion

OPEN = (Suggestion.State.NEW, Suggestion.State.SEEN)
ANSWERED = (Suggestion.State.ACCEPTED, Suggestion.State.DECLINED)
PAGE = 50
ANSWERS_SHOWN = 3
ANSWERS_DAYS = 90
ON_HOME = 5
BEST_FIRST = Order("expected_amount", is_descending=True)
HIGHEST = Decimal(10) ** 16  # more than a column of amounts holds


@dataclass(frozen=True)
class SuggestionQuery:
    """One list of open suggestions, as it stands in its address."""

    family: str = ""
    product: str = ""
    manager: int | None = None
    expiring: bool = False
    place: Place | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.family or self.product or self.manager or self.expiring)

    def address(self, **changes: Any) -> str:
        """The query string of this list, or of one that differs by ``changes``."""
        other = replace(self, **{"place": None, **changes})
        query = QueryDict(mutable=True)
        for name in ("family", "product", "manager"):
            if value := getattr(other, name):
                query[name] = str(value)
        if other.expiring:
            query["expiring"] = "1"
        if other.place is not None:
            query["at"] = other.place.written()
        return f"?{query.urlencode()}"


@dataclass(frozen=True)
class SuggestionPage:
    """The rows of one page, and the lists before and after it."""

    rows: list[Suggestion]
    previous: SuggestionQuery | None
    next: SuggestionQuery | None


def read_suggestion_query(data: Mapping[str, Any]) -> SuggestionQuery:
    """The list that an address asks for; what cannot be read is left out."""
    family, manager = str(data.get("family", "")), str(data.get("manager", ""))
    return SuggestionQuery(
        family=family if family in ProductFamily.values else "",
        product=str(data.get("product", ""))[:16].replace("\x00", ""),
        manager=int(manager) if manager.isdecimal() and len(manager) < 10 else None,
        expiring=str(data.get("expiring", "")) == "1",
        place=_place(str(data.get("at", ""))),
    )


def _place(text: str) -> Place | None:
    """The place in an address, where its value is an amount."""
    place = read_place(text)
    try:
        amount = Decimal(str(place.value if place else ""))
    except InvalidOperation:
        return None
    return place if amount.is_finite() and abs(amount) < HIGHEST else None


@dataclass(frozen=True)
class SalesStop:
    """A condition on a row's customer under which nothing is offered, and what is said then."""

    holds: Callable[[], Exists]
    said: Text


# Why customers are left in peace; upper floors add theirs at start. Told here only: lists leave
# these customers out, and answers about them are refused.
SALES_STOPS: list[SalesStop] = []


def sales_stop(suggestion: Suggestion) -> SalesStop | None:
    """What stops sales to this customer now, or None."""
    row = Suggestion.objects.filter(pk=suggestion.pk)
    return next((stop for stop in SALES_STOPS if row.filter(stop.holds()).exists()), None)


def stop_of_customer(*, user: User, customer: Customer, today: date) -> Text:
    """What keeps back the suggestions that wait for this customer; empty where nothing does."""
    mine = Suggestion.objects.visible_to(user).filter(customer=customer)
    waiting = mine.filter(state__in=OPEN, expires_on__gte=today)
    found = (stop.said for stop in SALES_STOPS if waiting.filter(stop.holds()).exists())
    return next(found, "")


def open_suggestions(*, user: User, today: date) -> QuerySet[Suggestion]:
    """What waits for an answer in the user's reach, but for customers left in peace."""
    mine: QuerySet[Suggestion] = Suggestion.objects.visible_to(user)
    for stop in SALES_STOPS:
        mine = mine.exclude(stop.holds())
    return mine.filter(state__in=OPEN, expires_on__gte=today)


def suggestion_list(*, user: User, query: SuggestionQuery, today: date) -> QuerySet[Suggestion]:
    """The open ones that fit the filters."""
    found = open_suggestions(user=user, today=today)
    if query.family:
        found = found.filter(family=query.family)
    if query.product:
        found = found.filter(version__product__code=query.product)
    if query.manager:
        found = found.filter(customer__manager=query.manager)
    if query.expiring:
        days = int(parameter("suggest.expiring_days", today))
        found = found.filter(expires_on__lte=today + timedelta(days=days))
    return found


def suggestion_page(*, user: User, query: SuggestionQuery, today: date) -> SuggestionPage:
    """One page, the highest expected value first."""
    rows = suggestion_list(user=user, query=query, today=today)
    found = keyset_page(rows, BEST_FIRST, size=PAGE, place=query.place)
    return SuggestionPage(
        rows=with_names(found.keys),
        previous=replace(query, place=found.previous) if found.previous else None,
        next=replace(query, place=found.next) if found.next else None,
    )


def with_names(keys: list[int]) -> list[Suggestion]:
    """The suggestions of these keys in this order, with customer, manager and product."""
    rows = Suggestion.objects.filter(pk__in=keys).select_related(
        "customer__manager", "customer__branch", "version__product"
    )
    by_key = {row.pk: row for row in rows}
    return [by_key[key] for key in keys if key in by_key]


def best_suggestions(*, user: User, today: date, most: int = ON_HOME) -> list[Suggestion]:
    """The most valuable open ones in the user's reach."""
    found = open_suggestions(user=user, today=today).order_by("-expected_amount", "-pk")
    return with_names(list(found.values_list("pk", flat=True)[:most]))


def suggestions_of(*, user: User, customer: Customer, today: date) -> list[Suggestion]:
    """The open ones of one customer, best first."""
    found = open_suggestions(user=user, today=today).filter(customer=customer)
    return list(found.select_related("version__product", "customer__manager").order_by("rank"))


def answers_of(*, user: User, customer: Customer, today: date) -> list[Suggestion]:
    """What was answered lately for one customer, newest first."""
    mine: QuerySet[Suggestion] = Suggestion.objects.visible_to(user)
    since = today - timedelta(days=ANSWERS_DAYS)
    found = mine.filter(customer=customer, state__in=ANSWERED, answered_at__date__gte=since)
    rows = found.select_related("version__product", "answered_by", "customer__manager")
    return list(rows.order_by("-answered_at")[:ANSWERS_SHOWN])


def suggestion_of(*, user: User, pk: int) -> Suggestion:
    """One suggestion in reach; Suggestion.DoesNotExist for any other."""
    found: Suggestion = (
        Suggestion.objects.visible_to(user)
        .select_related("customer__manager", "customer__branch", "version__product", "answered_by")
        .get(pk=pk)
    )
    return found


def products_on_offer() -> list[tuple[str, str]]:
    """Code and name of every product that is sold."""
    sold = Product.objects.filter(status=Product.Status.ON_SALE).order_by("code")
    return [(product.code, str(product)) for product in sold]
