"""Plain makers of competitors, what they offer, and the LPR and parameters that go with them."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from crm.core.models import LprQuote, RuleParameter
from products.models import Competitor, CompetitorProduct

_no = count(1)
VALUES = {
    "competitor.valid_days": "90",
    "competitor.expiring_days": "14",
    "competitor.gap_points": "10",
}


def make_market() -> None:
    """The parameters of competitors, and an LPR of 3 % and 3.5 %."""
    for key, value in VALUES.items():
        RuleParameter.objects.get_or_create(
            key=key,
            version=1,
            defaults={
                "value": value,
                "unit": "day",
                "effective_from": date(2020, 1, 1),
                "state": "active",
                "source": "test",
                "mark": "project",
            },
        )
    LprQuote.objects.get_or_create(
        quoted_on=date(2025, 5, 20),
        defaults={"lpr_1y": Decimal("0.03"), "lpr_5y": Decimal("0.035"), "source": "test"},
    )


def make_competitor(name: str = "", **fields: Any) -> Competitor:
    """A bank."""
    name = name or f"同业{next(_no)}"
    return Competitor.objects.create(name=name, **({"kind": "bank"} | fields))


def make_record(competitor: Competitor | None = None, **fields: Any) -> CompetitorProduct:
    """Seen today on the web and valid for 90 days: 1-50 万, up to 12 months, from 4 %."""
    make_market()
    today = timezone.localdate()
    seen_on = fields.pop("source_on", today)
    given = {
        "name": f"同业贷{next(_no)}",
        "family": "working_capital_loan",
        "amount_min": Decimal(10_000),
        "amount_max": Decimal(500_000),
        "term_min_months": 1,
        "term_max_months": 12,
        "rate_min": Decimal("0.04"),
        "guarantee_modes": ["credit"],
        "repayment_modes": ["interest_first"],
        "processing_hours": 48,
        "source": "web",
        "confidence": "high",
        "evidence": "官网截图",
        "source_on": seen_on,
        "valid_until": seen_on + timedelta(days=90),
    }
    owner = competitor or make_competitor()
    return CompetitorProduct.objects.create(competitor=owner, **(given | fields))
