"""Bundles for the pages: list, one with its versions, and those that suit a customer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.core.models import User
from crm.core.roles import Can
from crm.core.words import Text
from customers.features.catalogue import COLUMNS
from products.models import Bundle, BundleItem, BundleVersion, Product
from products.selectors.compose import Subject, in_their_order, outcomes_of

State = BundleVersion.State
READABLE = (State.EFFECTIVE, State.SUPERSEDED, State.WITHDRAWN)
TARGETS: dict[str, str] = {  # field of a version: column of the portrait
    "target_groups": "groups",
    "target_stages": "stage",
    "target_party_types": "party_type",
}


@dataclass(frozen=True)
class Suited:
    """A bundle for one customer: whether each target is met, and how many items fit."""

    version: BundleVersion
    met: tuple[tuple[Text, bool | None], ...]  # target, met; None where the fact is not known
    fits: int  # products that the customer can have
    products: int
    has_anchor: bool  # whether one anchor at least is not refused by a rule
    is_anchor_sure: bool  # whether one of each anchor's products passes every rule

    @property
    def rank(self) -> tuple[int, bool, int, float]:
        """Fewest targets missed, an anchor that is not sure among them; then one that can be had at
        all, most targets met, the greatest share that fits.
        """
        missed = sum(1 for _label, answer in self.met if answer is False)
        met = sum(1 for _label, answer in self.met if answer)
        share = self.fits / self.products if self.products else 0.0
        return (missed + (not self.is_anchor_sure), not self.has_anchor, -met, -share)

    @property
    def suits(self) -> bool:
        """Whether no target is missed and its anchor can be had."""
        return self.has_anchor and not any(answer is False for _label, answer in self.met)


def bundle_versions() -> QuerySet[BundleVersion]:
    """Versions with their items and products, in three queries."""
    items = BundleItem.objects.order_by("seq").prefetch_related(in_their_order())
    return BundleVersion.objects.select_related("bundle", "made_by", "decided_by").prefetch_related(
        Prefetch("items", items)
    )


def effective_bundle_rows() -> QuerySet[BundleVersion]:
    """The bundles in effect, by code."""
    return bundle_versions().filter(state=State.EFFECTIVE).order_by("bundle__code")


def effective_bundles() -> list[BundleVersion]:
    """The same, read."""
    return list(effective_bundle_rows())


def listed_bundles(*, user: User) -> list[BundleVersion]:
    """What the list shows: the bundles in effect; editors also those being made."""
    states = [State.EFFECTIVE]
    if user.can(Can.EDIT_PRODUCTS):
        states += [State.DRAFT, State.SUBMITTED]
    return list(bundle_versions().filter(state__in=states).order_by("bundle__code", "-no"))


def readable_versions(*, user: User) -> QuerySet[BundleVersion]:
    """The versions that this user may read: those being made are read by editors alone."""
    rows = bundle_versions()
    return rows if user.can(Can.EDIT_PRODUCTS) else rows.filter(state__in=READABLE)


def versions_of(*, user: User, code: str) -> list[BundleVersion]:
    """The versions of one bundle that this user may read, newest first."""
    return list(readable_versions(user=user).filter(bundle__code=code).order_by("-no"))


def bundle_version(*, user: User, code: str, no: int | None = None) -> BundleVersion:
    """One version; without a number the one in effect, else the newest. DoesNotExist if none."""
    versions = versions_of(user=user, code=code)
    if no is not None:
        versions = [one for one in versions if one.no == no]
    if not versions:
        raise Bundle.DoesNotExist
    return next((one for one in versions if one.state == State.EFFECTIVE), versions[0])


def effective_bundle(code: str) -> BundleVersion | None:
    """The version in effect of this bundle, or None."""
    return effective_bundle_rows().filter(bundle__code=code).first()


def draft_of(code: str) -> BundleVersion:
    """The version being made of this bundle."""
    making = (State.DRAFT, State.SUBMITTED)
    return bundle_versions().get(bundle__code=code, state__in=making)


def products_on_sale() -> list[Product]:
    """Products that a bundle may hold, by code."""
    return list(Product.objects.exclude(status=Product.Status.CLOSED).order_by("code"))


def suited_bundles(subject: Subject, *, bundles: Sequence[BundleVersion]) -> list[Suited]:
    """Every bundle in effect, the best suited first."""
    outcomes = outcomes_of(subject)
    found = [_suited(subject, version, outcomes) for version in bundles]
    return sorted(found, key=lambda one: (one.rank, one.version.bundle.code))


def _suited(subject: Subject, version: BundleVersion, outcomes: dict[int, str]) -> Suited:
    met = []
    for name, column in TARGETS.items():
        wanted = getattr(version, name)
        if wanted:
            met.append((COLUMNS_LABEL[name], _meets(subject.facts.get(column), wanted)))
    places = [(item.role, [one.pk for one in item.choices.all()]) for item in version.items.all()]
    products = {pk for _role, held in places for pk in held}
    anchors = [held for role, held in places if role == BundleItem.Role.ANCHOR and held]
    return Suited(
        version,
        tuple(met),
        sum(1 for pk in products if outcomes.get(pk) == "y"),
        len(products),
        all(any(outcomes.get(pk, "n") != "n" for pk in held) for held in anchors),
        all(any(outcomes.get(pk) == "y" for pk in held) for held in anchors),
    )


def _meets(actual: Any, wanted: Iterable[str]) -> bool | None:
    if actual is None or actual == "unknown":
        return None
    held = set(actual) if isinstance(actual, list | tuple) else {str(actual)}
    return bool(held & set(wanted))


COLUMNS_LABEL: dict[str, Text] = {
    "target_groups": _("customer groups"),
    "target_stages": _("stages"),
    "target_party_types": _("party types"),
}


def target_words(version: BundleVersion) -> list[tuple[Text, list[str]]]:
    """Targets in words: the label and the names of the codes; an empty list is everybody."""
    found = []
    for name, column in TARGETS.items():
        choices = dict(target_choices(column))
        codes = getattr(version, name)
        found.append((COLUMNS_LABEL[name], [str(choices.get(code, code)) for code in codes]))
    return found


def target_choices(column: str) -> list[tuple[str, Text]]:
    """The codes of a portrait column that a bundle may target."""
    spec = COLUMNS["primary_group" if column == "groups" else column]
    return [(code, label) for code, label in spec.choices if code != "unknown"]
