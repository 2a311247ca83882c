"""The catalogue as pages and other parts read it: products, versions, what is in force, in use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from crm.core.models import User
from crm.core.roles import Can
from crm.core.searching import Hit
from customers.models import ProductFamily
from products.models import (
    BundleItem,
    MatchFeedback,
    OfferFit,
    Product,
    ProductVersion,
    Suggestion,
)

State = ProductVersion.State
IN_MAKING = (State.DRAFT, State.SUBMITTED, State.APPROVED)
WAS_IN_FORCE = Q(state__in=(State.EFFECTIVE, State.SUPERSEDED)) | Q(effective_to__isnull=False)


@dataclass(frozen=True)
class Use:
    """Something that points to a version, so that the version stays readable (PRO-4)."""

    label: str
    count: int
    note: str = ""


def sees_drafts(user: User) -> bool:
    """Whether versions that are not in force yet show: to makers, checkers and auditors only."""
    return any(map(user.can, (Can.EDIT_PRODUCTS, Can.APPROVE_RISK_TERMS, Can.VIEW_AUDIT)))


def product_list(
    *,
    user: User,
    family: str = "",
    owner_line: str = "",
    state: str = "",
    group: str = "",
    search: str = "",
) -> QuerySet[Product]:
    """Products with ``shown_versions``: the effective one and, for whom it shows, the draft.

    ``state`` is a state of any version, or ``none`` for products without an effective one.
    """
    rows = products_of(user)
    if family:
        rows = rows.filter(family=family)
    if owner_line:
        rows = rows.filter(owner_line=owner_line)
    if state == "none":
        in_force = ProductVersion.objects.filter(state=State.EFFECTIVE)
        rows = rows.exclude(pk__in=in_force.values("product"))
    elif state:
        rows = rows.filter(pk__in=_versions_of(user).filter(state=state).values("product"))
    if group:
        for_all = Q(target_groups=[]) | Q(target_groups__contains=[group])
        shown = ProductVersion.objects.filter(for_all, state=State.EFFECTIVE)
        rows = rows.filter(pk__in=shown.values("product"))
    if search:
        rows = rows.filter(_means(search))
    places = [When(family=key, then=place) for place, key in enumerate(ProductFamily.values)]
    rows = rows.annotate(place=Case(*places, default=99, output_field=IntegerField()))
    return rows.prefetch_related(_shown_versions(user)).order_by("place", "code")


def product_by_code(*, user: User, code: str) -> Product:
    """The product; DoesNotExist for an unknown code, or one that has no more than a draft."""
    return products_of(user).select_related("created_by").get(code=code)


def version_by_no(*, user: User, code: str, no: int) -> ProductVersion:
    """One version with its product, maker, rules, fees and decisions; it never disappears."""
    rows = _whole_versions().filter(pk__in=_versions_of(user).values("pk"))
    return rows.get(product__code=code, no=no)


def version_history(*, user: User, product: Product) -> list[ProductVersion]:
    """Every version, the newest first, with who made it and who decided."""
    return list(
        _versions_of(user)
        .filter(product=product)
        .select_related("product", "made_by")
        .prefetch_related("decisions__by")
        .order_by("-no")
    )


def effective_version(product_id: int) -> ProductVersion | None:
    """The version in force now, with rules and fees."""
    return _whole_versions().filter(product_id=product_id, state=State.EFFECTIVE).first()


def version_before(version: ProductVersion) -> ProductVersion | None:
    """What a version is compared with: the effective one, else the last that was effective."""
    others = _whole_versions().filter(product_id=version.product_id).exclude(pk=version.pk)
    return others.filter(WAS_IN_FORCE, no__lt=version.no).order_by("-no").first()


def effective_versions(as_of: date) -> QuerySet[ProductVersion]:
    """Versions on offer on ``as_of`` (k.17), of products on sale, in the order of their codes.

    A superseded or withdrawn version counts for the days it was in force; a draft, a submitted and
    an approved one never do.
    """
    now = Q(state=State.EFFECTIVE)
    then = Q(state__in=(State.SUPERSEDED, State.WITHDRAWN), effective_to__gte=as_of)
    return (
        ProductVersion.objects.filter(now | then, effective_from__lte=as_of)
        .filter(product__status=Product.Status.ON_SALE)
        .select_related("product")
        .order_by("product__code", "no")
    )


def versions_to_review(*, user: User) -> list[ProductVersion]:
    """Submitted versions, the one that waits longest first, whole."""
    rows = _whole_versions().filter(state=State.SUBMITTED)
    if not sees_drafts(user):
        return []
    return list(rows.order_by("submitted_at", "pk"))


def versions_in_the_making(*, user: User) -> QuerySet[ProductVersion]:
    """Drafts, and approved versions that wait for their day."""
    return (
        _versions_of(user)
        .filter(state__in=(State.DRAFT, State.APPROVED))
        .select_related("product", "made_by")
        .order_by("state", "product__code")
    )


def search_products(rows: QuerySet[Product], words: str) -> QuerySet[Product]:
    """Of these products those whose code, name or tag the words may mean."""
    return rows.filter(_means(words))


def version_list(*, user: User) -> QuerySet[ProductVersion]:
    """Every version of every product, for the API."""
    return _whole_versions().filter(pk__in=_versions_of(user).values("pk"))


def version_uses(version: ProductVersion) -> list[Use]:
    """What points to the version; counts only, so that nobody's customers show."""
    counts: tuple[tuple[str, QuerySet[Any]], ...] = (
        (_("Matches with customers"), OfferFit.objects.filter(version=version)),
        (_("Answers of managers"), MatchFeedback.objects.filter(version=version)),
        (_("Suggestions"), Suggestion.objects.filter(version=version)),
        (_("Places in bundles"), BundleItem.objects.filter(choices=version.product_id)),
    )
    found = [Use(label, rows.count()) for label, rows in counts]
    return [use for use in found if use.count]


def product_hits(user: User, words: str, limit: int) -> Iterable[Hit]:
    """What Ctrl-K finds among products: code, name or tag."""
    rows = products_of(user).filter(_means(words)).order_by("code")[:limit]
    return [
        Hit(f"{row.code} {row.name}", row.get_absolute_url(), row.get_family_display())
        for row in rows
    ]


def page_if_there(name: str, *arguments: object) -> str:
    """The address of a page of another part, "" where that part has none."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def _whole_versions() -> QuerySet[ProductVersion]:
    return ProductVersion.objects.select_related("product", "made_by").prefetch_related(
        "rules", "fees", "decisions__by"
    )


def _versions_of(user: User) -> QuerySet[ProductVersion]:
    """Versions this user may see."""
    if sees_drafts(user):
        return ProductVersion.objects.all()
    return ProductVersion.objects.filter(WAS_IN_FORCE)


def products_of(user: User) -> QuerySet[Product]:
    """Products of which this user may see a version."""
    if sees_drafts(user):
        return Product.objects.all()
    return Product.objects.filter(pk__in=_versions_of(user).values("product"))


def _shown_versions(user: User) -> Prefetch[str]:
    """The effective version and the one in the making; the newest where there is neither."""
    newest = _versions_of(user).filter(product=OuterRef("product")).order_by("-no")
    living = Q(state__in=(State.EFFECTIVE, *IN_MAKING)) | Q(pk=Subquery(newest.values("pk")[:1]))
    rows = _versions_of(user).filter(living).order_by("product", "-no")
    return Prefetch("versions", queryset=rows, to_attr="shown_versions")


def _means(words: str) -> Q:
    """Every word is in the code, a name or a tag."""
    found = Q()
    for word in words.split()[:5]:
        ways = (
            Q(code__icontains=word),
            Q(name_zh__icontains=word),
            Q(name_en__icontains=word),
            Q(tags__contains=[word]),
        )
        found &= reduce(or_, ways)
    return found
