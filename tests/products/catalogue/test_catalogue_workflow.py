"""The life of a version: every legal and illegal step, its day, what is offered (d.2, k.17)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.core.errors import DomainError
from crm.core.models import AuditEntry, Job
from products.models import ProductVersion, VersionDecision
from products.selectors.catalogue import effective_versions
from products.services.catalogue import (
    draft_from,
    edit_draft,
    new_product,
    set_product_status,
    submit_version,
)
from products.services.review import decide_version, take_effect, withdraw_version
from tests.products.catalogue.versions import approved, submitted
from tests.products.factories import (
    FIVE_ELEMENTS,
    make_admins,
    make_fee,
    make_floor,
    make_product,
    make_rule,
    make_version,
)

TODAY = timezone.localdate


# ---- the whole way ----


def test_a_product_goes_from_draft_to_effective_with_two_people(admins, officer):
    maker, checker = admins
    draft = new_product(
        by=maker, code="WC10", name_zh="新贷", family="working_capital_loan",
        owner_line="inclusive",
    )  # fmt: skip
    edit_draft(by=maker, version_id=draft.pk, revision=1, values=FIVE_ELEMENTS)
    submit_version(by=maker, version_id=draft.pk)

    decide_version(by=checker, version_id=draft.pk, is_approved=True)
    decide_version(by=officer, version_id=draft.pk, is_approved=True)

    draft.refresh_from_db()
    assert (draft.state, draft.effective_from, draft.effective_to) == ("effective", TODAY(), None)
    events = set(AuditEntry.objects.filter(kind="event").values_list("event", flat=True))
    assert {
        "products.product_added", "products.submitted", "products.approved", "products.took_effect",
    } <= events  # fmt: skip


def test_the_next_version_supersedes_the_one_before_and_both_stay(admins):
    maker, checker = admins

    second = approved(maker, checker)

    second.refresh_from_db()
    first = ProductVersion.objects.get(product=second.product, no=1)
    assert (second.state, second.effective_from) == ("effective", TODAY())
    assert (first.state, first.effective_to) == ("superseded", TODAY() - timedelta(days=1))
    assert Job.objects.filter(kind="matches.full").exists()


def test_a_version_waits_for_its_day_and_begins_once(admins):
    maker, checker = admins
    day = TODAY() + timedelta(days=3)

    version = approved(maker, checker, effective_from=day)
    before = take_effect(as_of=day - timedelta(days=1))
    begun, again = take_effect(as_of=day), take_effect(as_of=day)

    version.refresh_from_db()
    assert (before, begun, again) == ([], [version.pk], [])
    assert (version.state, version.effective_from) == ("effective", day)
    first = ProductVersion.objects.get(product=version.product, no=1)
    assert first.effective_to == day - timedelta(days=1)


def test_the_daily_job_begins_what_is_due(admins, run_jobs):
    from crm.core.jobs import enqueue

    maker, checker = admins
    version = approved(maker, checker, effective_from=TODAY() + timedelta(days=1))
    ProductVersion.objects.filter(pk=version.pk).update(effective_from=TODAY())

    enqueue("products.take_effect")
    run_jobs()

    version.refresh_from_db()
    assert version.state == "effective"


def test_sent_back_is_a_draft_again_and_the_next_round_counts_anew(admins):
    maker, checker = admins
    version = submitted(maker)

    decide_version(by=checker, version_id=version.pk, is_approved=False, note="利率上限写错")
    version.refresh_from_db()
    edit_draft(
        by=maker, version_id=version.pk, revision=version.revision, values={"spread_max_bp": 140}
    )
    submit_version(by=maker, version_id=version.pk)
    decide_version(by=checker, version_id=version.pk, is_approved=True)

    version.refresh_from_db()
    assert version.state == "effective"
    rounds = VersionDecision.objects.order_by("pk").values_list("round", "is_approved")
    assert list(rounds) == [(1, False), (2, True)]


# ---- every other step ----


STATES = ("draft", "submitted", "approved", "effective", "superseded", "withdrawn")
STEPS = {
    "edit": lambda v, maker, checker: edit_draft(
        by=maker, version_id=v.pk, revision=v.revision, values={"spread_max_bp": 149}
    ),
    "submit": lambda v, maker, checker: submit_version(by=maker, version_id=v.pk),
    "approve": lambda v, maker, checker: decide_version(
        by=checker, version_id=v.pk, is_approved=True
    ),
    "send back": lambda v, maker, checker: decide_version(
        by=checker, version_id=v.pk, is_approved=False, note="不行"
    ),
    "withdraw": lambda v, maker, checker: withdraw_version(by=maker, version_id=v.pk, note="停"),
}
LEGAL = {
    ("draft", "edit"): "draft",
    ("draft", "submit"): "submitted",
    ("draft", "withdraw"): "withdrawn",
    ("submitted", "submit"): "submitted",  # pressed twice
    ("submitted", "approve"): "approved",
    ("submitted", "send back"): "draft",
    ("approved", "withdraw"): "withdrawn",
    ("effective", "withdraw"): "withdrawn",
    ("withdrawn", "withdraw"): "withdrawn",  # pressed twice
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", STEPS)
def test_every_step_from_every_state_is_taken_or_refused(state, step, admins):
    maker, checker = admins
    product = make_product()
    make_version(product, state="superseded")
    day = TODAY() + timedelta(days=9)
    version = make_version(
        product, state=state, made_by=maker, makers=[maker.pk], change_note="改", effective_from=day
    )

    after = LEGAL.get((state, step))
    if after is None:
        with pytest.raises(DomainError):
            STEPS[step](version, maker, checker)
    else:
        STEPS[step](version, maker, checker)

    version.refresh_from_db()
    assert version.state == (after or state)


def test_a_draft_is_made_once_and_never_beside_a_version_on_its_way(admins):
    maker, _checker = admins
    first = make_version()
    make_rule(first)
    make_fee(first)

    draft = draft_from(by=maker, version_id=first.pk)
    again = draft_from(by=maker, version_id=first.pk)
    edit_draft(by=maker, version_id=draft.pk, revision=1, values={"change_note": "改"})
    submit_version(by=maker, version_id=draft.pk)

    assert (draft.pk, draft.no) == (again.pk, 2)
    assert draft.spread_min_bp == first.spread_min_bp
    assert (draft.rules.count(), draft.fees.count()) == (1, 1)
    with pytest.raises(DomainError):
        draft_from(by=maker, version_id=first.pk)


def test_a_withdrawn_version_is_not_offered_from_that_day_on(admins):
    version = make_version()

    withdraw_version(by=admins[0], version_id=version.pk, note="监管要求")

    version.refresh_from_db()
    assert version.effective_to == TODAY() - timedelta(days=1)
    assert list(effective_versions(TODAY())) == []
    assert list(effective_versions(TODAY() - timedelta(days=1))) == [version]


def test_withdrawing_needs_a_reason(admins):
    version = make_version()

    with pytest.raises(DomainError):
        withdraw_version(by=admins[0], version_id=version.pk, note="  ")


# ---- twice ----


def test_every_step_survives_being_taken_twice(admins):
    maker, checker = admins
    version = submitted(maker)

    submit_version(by=maker, version_id=version.pk)
    decide_version(by=checker, version_id=version.pk, is_approved=True)
    decide_version(by=checker, version_id=version.pk, is_approved=True)

    assert VersionDecision.objects.count() == 1
    assert AuditEntry.objects.filter(event="products.submitted").count() == 1
    assert ProductVersion.objects.filter(state="effective").count() == 1


def test_a_word_is_not_taken_back_by_the_other_one(admins, officer):
    maker, checker = admins
    version = submitted(maker, spread_min_bp=-30)
    decide_version(by=checker, version_id=version.pk, is_approved=True)

    with pytest.raises(DomainError):
        decide_version(by=checker, version_id=version.pk, is_approved=False, note="后悔")


# ---- k.17: what is offered ----


@pytest.mark.parametrize("state", STATES)
def test_only_effective_versions_are_selected(state):
    """Spec k.17."""
    version = make_version(state=state)

    assert list(effective_versions(TODAY())) == ([version] if state == "effective" else [])


def test_a_day_in_the_past_selects_what_was_in_force_then():
    product = make_product()
    old = make_version(product, state="superseded")  # 2026-01-01 to 2026-06-30
    new = make_version(product, effective_from="2026-07-01")

    found = [list(effective_versions(TODAY().fromisoformat(day))) for day in
             ("2025-12-31", "2026-01-01", "2026-06-30", "2026-07-01")]  # fmt: skip

    assert found == [[], [old], [old], [new]]


def test_a_paused_product_is_not_offered_until_it_is_on_sale_again(admins):
    version = make_version()

    set_product_status(by=admins[0], code=version.product.code, status="paused")
    paused = list(effective_versions(TODAY()))
    set_product_status(by=admins[0], code=version.product.code, status="on_sale")

    assert (paused, list(effective_versions(TODAY()))) == ([], [version])


# ---- at the same moment ----


@pytest.mark.django_db(transaction=True)
def test_two_checkers_at_the_same_moment_give_one_version_in_force():
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    make_floor(-20)
    maker, *checkers = make_admins(3)
    version = submitted(maker)

    def decide(user):
        try:
            decide_version(by=user, version_id=version.pk, is_approved=True)
        except DomainError:
            return "refused"
        finally:
            connection.close()
        return "taken"

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(decide, checkers))

    version.refresh_from_db()
    assert sorted(told) == ["refused", "taken"]
    assert version.state == "effective"
    assert VersionDecision.objects.count() == 1


def test_a_head_of_a_published_code_is_an_industry(admins):
    from crm.core.models import IndustryCode

    IndustryCode.objects.create(code="3311", level=4, section="C", name_zh="金属结构制造")
    draft = draft_from(by=admins[0], version_id=make_version().pk)

    edit_draft(by=admins[0], version_id=draft.pk, revision=1, values={"target_industries": ["33"]})

    draft.refresh_from_db()
    assert draft.target_industries == ["33"]
