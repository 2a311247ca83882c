"""Suggestions told a second time in plain Python, one customer after the other through the ORM.

Tests hold the set-based statements against it, and the benchmark measures it as the plain way to
do the work. The rules, the terms and the model are read once, as a loop would.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from crm.core.parameters import parameters
from customers.features.demand import NEEDS
from customers.models import Customer, Portrait, Touch
from products.models import CustomerMatch, OfferFit, Suggestion
from products.propensity.score import chances, why
from products.selectors.expected_value import RISK_FAMILIES, expected_income, terms_in_force
from products.services.propensity import active_model, inputs_now

GONE = ("revoked", "cancelled")
ONCE_HELD = ("renewal", "cheaper_line", "renewal_plan", "restructuring")


class Plain:
    """What is suggested on one day."""

    def __init__(self, as_of: date) -> None:
        self.as_of = as_of
        self.known = parameters(as_of)
        self.terms = {one.version_id: one for one in terms_in_force(known=self.known)}
        self.model = active_model()

    def number(self, key: str) -> Decimal:
        return self.known.decimal(f"suggest.{key}")

    @transaction.atomic
    def store_one(self, customer_id: int) -> dict[str, tuple[Any, ...]]:
        """The customer's suggestions are stored; family -> version, rank, chance, value."""
        customer = Customer.objects.select_for_update().get(pk=customer_id)
        rows = self.best(customer)
        open_rows = Suggestion.objects.filter(customer=customer, state__in=("new", "seen"))
        for old in open_rows:
            if old.family not in {row["family"] for row in rows}:
                old.state = "expired"
                old.save()
        for rank, row in enumerate(rows, start=1):
            self._store(customer, rank, row)
        return {
            row["family"]: (row["version"], rank, row["chance"], row["expected"])
            for rank, row in enumerate(rows, start=1)
        }

    def best(self, customer: Customer) -> list[dict[str, Any]]:
        """The chosen rows, best first."""
        if customer.is_do_not_contact or customer.registry_status in GONE:
            return []
        portrait = Portrait.objects.filter(pk=customer.pk).first()
        if portrait is None or not CustomerMatch.objects.filter(pk=customer.pk).exists():
            return []
        told = self.chances(customer.pk, portrait)
        found = [
            self.worth(customer, portrait, family, fit, told[family])
            for family, fit in self.fits(customer.pk).items()
            if family in told and self.may(customer.pk, portrait, family)
        ]
        found = [row for row in found if row["expected"] >= self.number("min_amount")]
        found.sort(key=lambda row: (-row["adjusted"] * row["keep"], row["family"]))
        chosen = found[: int(self.number("per_customer"))]
        chosen.sort(key=lambda row: (-row["adjusted"], row["family"]))
        self.explain(customer.pk, chosen)
        return chosen

    def chances(self, customer_id: int, portrait: Any) -> dict[str, Decimal]:
        """Chances from the model, or from the portrait's forecast."""
        found: dict[str, Decimal] = {}
        if self.model is not None:
            frame = inputs_now(ids=[customer_id], as_of=self.as_of)
            row = chances(frame, self.model.content).round(4).iloc[0]
            found = {family: Decimal(f"{value:.4f}") for family, value in row.dropna().items()}
        else:
            for need in NEEDS:
                chance = getattr(portrait, f"p_{need.key}")
                if need.key not in ONCE_HELD and chance is not None:
                    for family in need.families:
                        found[family] = max(found.get(family, Decimal(0)), Decimal(f"{chance:.4f}"))
        least = self.number("min_chance")
        return {family: chance for family, chance in found.items() if chance >= least}

    def explain(self, customer_id: int, rows: list[dict[str, Any]]) -> None:
        """What the model says for each chosen family."""
        if self.model is None or not rows:
            return
        frame = inputs_now(ids=[customer_id], as_of=self.as_of)
        for row in rows:
            told = why(frame, self.model.content, row["family"])[0]
            row["why"] = [
                {"code": "model", "inputs": {"column": p.column, "value": p.value}, "weight": 0}
                for p in told
            ]

    def fits(self, customer_id: int) -> dict[str, OfferFit]:
        """The best fitting version of each family."""
        found: dict[str, OfferFit] = {}
        rows = OfferFit.objects.filter(customer_id=customer_id, kind__in=("y", "u"))
        for row in sorted(rows, key=lambda r: (r.kind == "u", -r.score, r.version_id)):
            if row.version_id in self.terms:
                found.setdefault(self.terms[row.version_id].family, row)
        return found

    def may(self, customer_id: int, portrait: Any, family: str) -> bool:
        """Whether nothing forbids the family."""
        if family in (portrait.families or []):
            return False
        if portrait.is_credit_suppressed and family in RISK_FAMILIES:
            return False
        past = Suggestion.objects.filter(customer_id=customer_id, family=family)
        return not any(
            row.cool_until > self.as_of if row.cool_until else row.state == "accepted"
            for row in past
        )

    def worth(
        self, customer: Customer, portrait: Any, family: str, fit: OfferFit, chance: Decimal
    ) -> dict[str, Any]:
        """What it is worth by chance, and its factors."""
        income = expected_income(portrait, self.terms[fit.version_id], known=self.known)
        adjusted = chance * income.total
        if fit.kind == "u":
            adjusted *= self.number("unknown_factor")
        if self.is_contacted(customer.pk, portrait):
            adjusted *= self.number("contact_factor")
        is_open = Suggestion.objects.filter(
            customer=customer, family=family, state__in=("new", "seen")
        ).exists()
        return {
            "family": family, "version": fit.version_id, "chance": chance, "score": fit.score,
            "expected": round_half_up(chance * income.total), "adjusted": adjusted,
            "keep": self.number("keep_factor") if is_open else Decimal(1),
            "income": income, "why": [],
        }  # fmt: skip

    def is_contacted(self, customer_id: int, portrait: Any) -> bool:
        """Visited or reached within the days that count as recent."""
        days = int(self.number("contact_days"))
        since = self.as_of - timedelta(days=days - 1)
        if portrait.last_visit_on is not None and portrait.last_visit_on >= since:
            return True
        return Touch.objects.filter(
            customer_id=customer_id,
            at__gte=timezone.make_aware(datetime.combine(since, time.min)),
            at__lt=timezone.make_aware(datetime.combine(self.as_of + timedelta(days=1), time.min)),
        ).exists()

    def _store(self, customer: Customer, rank: int, row: dict[str, Any]) -> None:
        values = {
            "version_id": row["version"], "rank": rank, "chance": float(row["chance"]),
            "match_score": row["score"], "expected_amount": row["expected"],
            "reasons": row["why"], "receipt": {"total": float(row["income"].total)},
            "owner_id": customer.manager_id, "as_of": self.as_of,
            "refreshed_at": timezone.now(),
        }  # fmt: skip
        mine = Suggestion.objects.filter(
            customer=customer, family=row["family"], state__in=("new", "seen")
        ).first()
        if mine is None:
            mine = Suggestion(
                customer=customer, family=row["family"], made_at=timezone.now(),
                expires_on=self.as_of + timedelta(days=int(self.number("valid_days"))),
            )  # fmt: skip
        for name, value in values.items():
            setattr(mine, name, value)
        mine.save()


def round_half_up(value: Decimal) -> Decimal:
    """To the cent, halves away from zero as PostgreSQL rounds."""
    from decimal import ROUND_HALF_UP

    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)
