"""The life of a version: every legal and illegal step, four eyes, two approvers, its day (d.2)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.core.errors import DomainError
from crm.core.models import AuditEntry, Job
from products.models import EligibilityRule, FeeItem, Product, ProductVersion, VersionDecision
from products.selectors.catalogue import effective_versions, version_before
from products.selectors.version_checks import risk_reasons
from products.services.catalogue import (
    DraftClash,
    FeeInput,
    NotComplete,
    draft_from,
    edit_draft,
    new_product,
    set_product_status,
    submit_version,
)
from products.services.review import decide_version, take_effect, withdraw_version
from tests.factories import make_user
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


@pytest.fixture(autouse=True)
def floor():
    return make_floor(-20)


@pytest.fixture
def admins():
    return make_admins(2)


@pytest.fixture
def officer():
    return make_user("risk_officer")


def submitted(maker, **fields):
    """A second version, as the first but for these fields, handed to its checkers."""
    first = make_version()
    draft = draft_from(by=maker, version_id=first.pk)
    values = {"change_note": "调整利率"} | fields
    edit_draft(by=maker, version_id=draft.pk, revision=1, values=values)
    return submit_version(by=maker, version_id=draft.pk)


def approved(maker, checker, **fields):
    version = submitted(maker, **fields)
    return decide_version(by=checker, version_id=version.pk, is_approved=True)


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


# ---- PRO-2: maker and checker ----


def test_a_version_cannot_be_approved_by_its_maker(admins):
    """Spec k.17, PRO-2."""
    maker, _checker = admins
    version = submitted(maker)

    with pytest.raises(DomainError) as refused:
        decide_version(by=maker, version_id=version.pk, is_approved=True)

    assert refused.value.status == 403
    version.refresh_from_db()
    assert version.state == "submitted"


def test_whoever_wrote_on_a_draft_is_a_maker_too():
    maker, helper, checker = make_admins(3)
    first = make_version()
    draft = draft_from(by=maker, version_id=first.pk)
    edit_draft(by=helper, version_id=draft.pk, revision=1, values={"change_note": "改"})
    submit_version(by=maker, version_id=draft.pk)

    with pytest.raises(DomainError):
        decide_version(by=helper, version_id=draft.pk, is_approved=True)
    decide_version(by=checker, version_id=draft.pk, is_approved=True)

    draft.refresh_from_db()
    assert draft.state == "effective"


def test_the_database_refuses_a_makers_decision_whatever_wrote_it(admins):
    maker, _checker = admins
    version = submitted(maker)

    with pytest.raises(IntegrityError, match="maker never decides"), transaction.atomic():
        VersionDecision.objects.create(
            version=version, by=maker, role="catalogue", is_approved=True
        )


@pytest.mark.parametrize("role", ["rm", "team_lead", "branch_head", "auditor", "sys_admin"])
def test_other_roles_neither_write_nor_decide(role, admins):
    user, version = make_user(role), submitted(admins[0])

    with pytest.raises(DomainError) as decided:
        decide_version(by=user, version_id=version.pk, is_approved=True)
    with pytest.raises(DomainError) as drafted:
        draft_from(by=user, version_id=version.pk)

    assert (decided.value.status, drafted.value.status) == (403, 403)


def test_a_rejection_needs_a_reason(admins):
    version = submitted(admins[0])

    with pytest.raises(DomainError) as refused:
        decide_version(by=admins[1], version_id=version.pk, is_approved=False, note=" ")

    assert "note" in refused.value.fields


# ---- PRO-2: two approvers ----


@pytest.mark.parametrize(
    ("fields", "is_risky"),
    [
        ({}, False),
        ({"spread_min_bp": -20}, False),  # at the floor
        ({"spread_min_bp": -21}, True),
        ({"guarantee_modes": ["credit", "mortgage"]}, True),
        ({"guarantee_modes": []}, False),
    ],
)
def test_a_rate_below_the_floor_or_a_new_guarantee_needs_a_risk_officer(fields, is_risky, admins):
    first = make_version()
    draft = draft_from(by=admins[0], version_id=first.pk)
    edit_draft(by=admins[0], version_id=draft.pk, revision=1, values=fields)
    draft.refresh_from_db()

    reasons = risk_reasons(draft, version_before(draft), on=TODAY())

    assert bool(reasons) == is_risky


def test_a_yearly_rate_without_a_base_is_held_against_lpr():
    """LPR 1 year 3.00 % and a floor of -20 bp: below 2.80 % a risk officer must agree."""
    from crm.core.models import LprQuote

    LprQuote.objects.create(
        quoted_on=TODAY() - timedelta(days=5), lpr_1y="0.03", lpr_5y="0.035", source="test"
    )
    terms = {"rate_base": "none", "spread_min_bp": None, "spread_max_bp": None}
    first = make_version(**terms, fixed_rate=Decimal("0.028"))
    low = make_version(first.product, state="draft", **terms, fixed_rate=Decimal("0.0279"))

    assert risk_reasons(first, first, on=TODAY()) == ()
    assert len(risk_reasons(low, first, on=TODAY())) == 1


@pytest.mark.parametrize("officer_first", [True, False])
def test_two_approvers_in_either_order(officer_first, admins, officer):
    maker, checker = admins
    version = submitted(maker, spread_min_bp=-30)
    order = [officer, checker] if officer_first else [checker, officer]

    decide_version(by=order[0], version_id=version.pk, is_approved=True)
    version.refresh_from_db()
    halfway = version.state
    decide_version(by=order[1], version_id=version.pk, is_approved=True)

    version.refresh_from_db()
    assert (halfway, version.state) == ("submitted", "effective")


def test_two_catalogue_admins_do_not_stand_for_a_risk_officer():
    maker, second, third = make_admins(3)
    version = submitted(maker, spread_min_bp=-30)

    decide_version(by=second, version_id=version.pk, is_approved=True)
    decide_version(by=third, version_id=version.pk, is_approved=True)

    version.refresh_from_db()
    assert version.state == "submitted"


def test_a_risk_officer_is_not_asked_about_ordinary_terms(admins, officer):
    version = submitted(admins[0])

    with pytest.raises(DomainError):
        decide_version(by=officer, version_id=version.pk, is_approved=True)


def test_one_of_two_sends_it_back_and_the_other_approval_is_void(admins, officer):
    maker, checker = admins
    version = submitted(maker, spread_min_bp=-30)
    decide_version(by=checker, version_id=version.pk, is_approved=True)

    decide_version(by=officer, version_id=version.pk, is_approved=False, note="低于资金成本")
    submit_version(by=maker, version_id=version.pk)
    decide_version(by=officer, version_id=version.pk, is_approved=True)

    version.refresh_from_db()
    assert version.state == "submitted"  # the catalogue's approval of round 1 does not count


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


# ---- PRO-1: frozen ----


def test_a_submitted_version_is_frozen_in_the_service_and_in_the_database(admins):
    version = submitted(admins[0])
    rule = EligibilityRule(
        version=version, seq=1, code="x", text_zh="x",
        condition={"feature": "years_in_business", "op": ">=", "value": "1"},
    )  # fmt: skip
    rows = ProductVersion.objects.filter(pk=version.pk)

    with pytest.raises(DomainError):
        edit_draft(by=admins[0], version_id=version.pk, revision=2, values={"spread_max_bp": 1})
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        rows.update(spread_max_bp=1)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        rule.save()
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        FeeItem.objects.create(version=version, seq=9, name_zh="费", timing="upfront", sum_amount=1)


def test_superseded_content_stays_as_it_was(admins):
    """PRO-4: what used version 1 keeps showing version 1."""
    maker, checker = admins
    draft = draft_from(by=maker, version_id=make_version().pk)
    edit_draft(by=maker, version_id=draft.pk, revision=1, values={"change_note": "改"})
    submit_version(by=maker, version_id=draft.pk)
    decide_version(by=checker, version_id=draft.pk, is_approved=True)
    third = draft_from(by=maker, version_id=draft.pk)
    edit_draft(
        by=maker, version_id=third.pk, revision=1,
        values={"spread_max_bp": 99, "change_note": "降"},
    )  # fmt: skip
    submit_version(by=maker, version_id=third.pk)
    decide_version(by=checker, version_id=third.pk, is_approved=True)

    draft.refresh_from_db()
    assert (draft.state, draft.spread_max_bp) == ("superseded", 150)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        ProductVersion.objects.filter(pk=draft.pk).update(spread_max_bp=99)


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


# ---- drafts ----


def test_a_credit_without_its_five_elements_is_not_submitted(admins):
    draft = new_product(
        by=admins[0], code="WC11", name_zh="空", family="loan", owner_line="corporate"
    )

    with pytest.raises(NotComplete) as refused:
        submit_version(by=admins[0], version_id=draft.pk)

    found = {missing.element for missing in refused.value.missing}
    assert found == {"amount", "term", "rate", "guarantee", "repayment"}
    draft.refresh_from_db()
    assert draft.state == "draft"


@pytest.mark.parametrize("element", ["amount_max", "term_max_months", "spread_min_bp",
                                     "guarantee_modes", "repayment_modes"])  # fmt: skip
def test_each_element_is_missed_by_itself(element, admins):
    empty = [] if element.endswith("modes") else None
    draft = make_version(state="draft", **{element: empty})

    with pytest.raises(NotComplete) as refused:
        submit_version(by=admins[0], version_id=draft.pk)

    assert [missing.field for missing in refused.value.missing] == [element]


def test_a_wealth_product_needs_its_risk_level(admins):
    draft = make_version(make_product(family="wealth"), state="draft", tariff="年化 2.1%")

    with pytest.raises(NotComplete) as refused:
        submit_version(by=admins[0], version_id=draft.pk)

    assert [missing.field for missing in refused.value.missing] == ["risk_level"]


def test_two_people_on_one_draft_clash_and_the_second_writes_nothing():
    one, two = make_admins(2)
    draft = draft_from(by=one, version_id=make_version().pk)
    edit_draft(by=one, version_id=draft.pk, revision=1, values={"spread_max_bp": 120})

    with pytest.raises(DraftClash) as clash:
        edit_draft(by=two, version_id=draft.pk, revision=1, values={"spread_max_bp": 110})

    assert clash.value.current.spread_max_bp == 120
    draft.refresh_from_db()
    assert (draft.spread_max_bp, draft.revision, draft.makers) == (120, 2, [one.pk])


def test_saving_the_same_content_changes_nothing(admins):
    draft = draft_from(by=admins[0], version_id=make_version().pk)
    fees = [FeeInput("评估费", "upfront", share=Decimal("0.005"))]

    edit_draft(by=admins[0], version_id=draft.pk, revision=1, values={}, fees=fees)
    edit_draft(
        by=admins[0], version_id=draft.pk, revision=2, values={"spread_max_bp": 150}, fees=fees
    )

    draft.refresh_from_db()
    assert (draft.revision, draft.fees.count()) == (2, 1)


@pytest.mark.parametrize(
    "values",
    [
        {"amount_min": Decimal(2), "amount_max": Decimal(1)},
        {"amount_max": Decimal(5_000)},  # below the stored smallest amount
        {"term_min_months": 13},
        {"spread_min_bp": 151},
        {"amount_step": Decimal(0)},
        {"season_months": [13]},
        {"loan_to_value": {"home": "1.2"}},
        {"loan_to_value": {"moon": "0.5"}},
        {"fixed_rate": Decimal("1.5")},
        {"target_industries": ["Q99"]},
        {"target_regions": ["99"]},
        {"state": "effective"},
        {"made_by": None},
    ],
)
def test_terms_that_cannot_be_are_refused(values, admins):
    draft = draft_from(by=admins[0], version_id=make_version().pk)

    with pytest.raises(DomainError) as refused:
        edit_draft(by=admins[0], version_id=draft.pk, revision=1, values=values)

    assert refused.value.status == 422
    draft.refresh_from_db()
    assert draft.revision == 1


def test_a_fee_is_a_sum_or_a_share(admins):
    draft = draft_from(by=admins[0], version_id=make_version().pk)
    both = FeeInput("费", "upfront", sum_amount=Decimal(1), share=Decimal("0.1"))

    with pytest.raises(DomainError):
        edit_draft(by=admins[0], version_id=draft.pk, revision=1, values={}, fees=[both])


def test_a_code_is_given_once(admins):
    make_product("WC01")

    with pytest.raises(DomainError) as refused:
        new_product(by=admins[0], code="WC01", name_zh="又一个", family="loan", owner_line="retail")

    assert "code" in refused.value.fields
    assert Product.objects.count() == 1


# ---- to-dos ----


def open_tasks(user):
    return list(user.tasks.filter(state="open").values_list("kind", flat=True))


def test_checkers_are_told_what_waits_and_the_maker_what_came_back(admins, officer):
    maker, checker = admins
    version = submitted(maker, spread_min_bp=-30)
    waiting = [open_tasks(user) for user in (maker, checker, officer)]

    decide_version(by=checker, version_id=version.pk, is_approved=True)
    halfway = [open_tasks(user) for user in (maker, checker, officer)]
    decide_version(by=officer, version_id=version.pk, is_approved=False, note="低于资金成本")
    back = [open_tasks(user) for user in (maker, checker, officer)]
    submit_version(by=maker, version_id=version.pk)
    again = [open_tasks(user) for user in (maker, checker, officer)]

    assert waiting == [[], ["products.review"], ["products.review"]]
    assert halfway == [[], [], ["products.review"]]
    assert back == [["products.sent_back"], [], []]
    assert again == [[], ["products.review"], ["products.review"]]
    assert "低于资金成本" in maker.tasks.get().params["note"]


def test_a_risk_officer_has_no_to_do_for_ordinary_terms(admins, officer):
    submitted(admins[0])

    assert open_tasks(officer) == []


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
