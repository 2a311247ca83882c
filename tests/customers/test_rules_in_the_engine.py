"""The rules through the engine itself: settings by hand, tags, and bank-wide figures."""

from datetime import date, timedelta

import pytest

from customers.models import GroupOverride, Holding, ManualTag, Portrait, PortraitVersion, Relation
from customers.services import portrait
from customers.services.statistics import bank_figures, refresh_statistics
from tests.customers.derive import TODAY, seed_parameters
from tests.factories import make_branch, make_customer, make_user

MONTH = timedelta(days=30)


@pytest.fixture
def firm():
    """A firm of eighteen months with a manager."""
    seed_parameters()
    return make_customer(
        make_user("rm"),
        founded_on=date(2025, 5, 20),
        relation_state="existing",
        registry_status="active",
        customer_since=date(2025, 6, 1),
    )


def computed(customer, as_of=TODAY):
    portrait.store(as_of=as_of, ids=[customer.pk])
    return Portrait.objects.get(customer=customer)


def test_a_stage_set_by_hand_stands_until_its_end_and_no_longer(firm):
    GroupOverride.objects.create(
        customer=firm,
        target="stage",
        value="growth",
        reason="走访确认",
        from_on=TODAY,
        until_on=TODAY + MONTH,
        decided_by=firm.manager,
    )

    assert computed(firm, TODAY - timedelta(days=1)).stage == "start_up"
    assert computed(firm, TODAY).stage == "growth"
    assert computed(firm, TODAY + MONTH - timedelta(days=1)).stage == "growth"
    assert computed(firm, TODAY + MONTH).stage == "start_up"


def test_group_and_size_set_by_hand_are_used(firm):
    for target, value in (("group", "sci_tech"), ("size", "small")):
        GroupOverride.objects.create(
            customer=firm,
            target=target,
            value=value,
            reason="走访确认",
            from_on=TODAY,
            until_on=TODAY + MONTH,
            decided_by=firm.manager,
        )

    found = computed(firm)

    assert (found.primary_group, found.size_class) == ("sci_tech", "small")
    assert found.groups == ["micro_small"]


def test_a_tag_put_by_hand_is_worn_for_its_time(firm):
    ManualTag.objects.create(
        customer=firm,
        code="veteran_owned",
        reason="证件",
        from_on=TODAY,
        until_on=TODAY + MONTH,
        decided_by=firm.manager,
    )

    assert "veteran_owned" in computed(firm).tags
    assert "veteran_owned" not in computed(firm, TODAY + MONTH).tags


def test_two_who_guarantee_for_each_other_are_a_ring(firm):
    other = make_customer(firm.manager)
    for one, two in ((firm, other), (other, firm)):
        Relation.objects.create(customer=one, other=two, kind="guarantees", source="visit")

    assert "guarantee_ring" in computed(firm).tags


def test_the_stage_of_a_past_day_is_told_again_after_it_moved(firm):  # k.18
    later = date(2027, 6, 1)  # past two years: no start-up any more

    assert computed(firm, TODAY).stage == "start_up"
    assert computed(firm, later).stage == "unknown"
    assert computed(firm, TODAY).stage == "start_up"
    stages = PortraitVersion.objects.filter(customer=firm).order_by("version_no")
    assert list(stages.values_list("stage", flat=True)) == ["start_up", "unknown", "start_up"]


def test_one_customer_is_measured_against_the_same_bounds_as_the_bank():
    seed_parameters()
    branch = make_branch()
    customers = [
        make_customer(branch=branch, relation_state="existing", founded_on=date(2010, 1, 1))
        for _ in range(20)
    ]
    for place, customer in enumerate(customers):  # the more insurance, the more it brings
        for number in range(place % 5):
            family = ("insurance", "wealth", "credit_card", "guarantee_letter")[number]
            Holding.objects.create(
                customer=customer,
                contract_no=f"H{place}-{number}",
                family=family,
                opened_on=date(2020, 1, 1),
            )
    ids = [customer.pk for customer in customers]
    tomorrow = TODAY + timedelta(days=1)
    portrait.store(as_of=TODAY, ids=ids)
    refresh_statistics(as_of=TODAY)

    portrait.store(as_of=tomorrow, ids=ids)
    together = dict(Portrait.objects.values_list("customer_id", "tier"))
    refresh_statistics(as_of=tomorrow)  # the night after changes nothing for today
    for pk in ids:
        portrait.store(as_of=tomorrow, ids=[pk])
    alone = dict(Portrait.objects.values_list("customer_id", "tier"))

    assert together == alone
    assert {"A", "D"} <= set(together.values())
    bound = bank_figures(tomorrow)["tier.a.contribution"]
    for row in Portrait.objects.all():
        assert (row.tier == "A") == (row.contribution_12m >= bound)
