"""Stages with their start days, and the mean stay by trade (b.5)."""

from datetime import date

from customers.models import PortraitVersion
from customers.selectors.stage_history import Span, Stay, mean_stays, stage_spans
from tests.factories import make_customer


def versions(customer, *steps, trade="restaurant"):
    PortraitVersion.objects.bulk_create(
        PortraitVersion(
            customer=customer,
            as_of=day,
            computed_at=f"{day}T00:00:00Z",
            trigger="nightly",
            parameters="test",
            version_no=number,
            trade_key=trade,
            stage=stage,
        )
        for number, (day, stage) in enumerate(steps, 1)
    )


def test_a_stage_lasts_until_the_next_one_begins():
    customer = make_customer()
    versions(
        customer,
        (date(2025, 1, 1), "start_up"),
        (date(2025, 3, 1), "start_up"),  # another fact moved
        (date(2025, 6, 1), "growth"),
        (date(2026, 6, 1), "mature"),
    )

    spans = stage_spans(customer_id=customer.pk)

    assert spans == [
        Span("mature", date(2026, 6, 1), None),
        Span("growth", date(2025, 6, 1), date(2026, 6, 1)),
        Span("start_up", date(2025, 1, 1), date(2025, 6, 1)),
    ]


def test_a_customer_without_versions_has_no_history():
    assert stage_spans(customer_id=make_customer().pk) == []


def test_mean_stays_count_only_what_has_ended():
    versions(make_customer(), (date(2025, 1, 1), "growth"), (date(2025, 1, 11), "mature"))
    versions(make_customer(), (date(2025, 1, 1), "growth"), (date(2025, 1, 31), "decline"))

    assert mean_stays() == [Stay("restaurant", "growth", 2, 20.0)]
