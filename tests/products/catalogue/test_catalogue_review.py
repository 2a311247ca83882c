"""Who may say yes to a version: maker and checker, two approvers, their to-dos (PRO-2)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.core.errors import DomainError
from products.models import VersionDecision
from products.selectors.catalogue import version_before
from products.selectors.version_checks import risk_reasons
from products.services.catalogue import (
    draft_from,
    edit_draft,
    submit_version,
)
from products.services.review import decide_version
from tests.factories import make_user
from tests.products.catalogue.versions import submitted
from tests.products.factories import (
    make_admins,
    make_version,
)

TODAY = timezone.localdate


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
