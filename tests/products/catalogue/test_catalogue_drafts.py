"""What may be written and what is frozen: drafts, their five elements, two writers (PRO-1)."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.core.errors import DomainError
from products.models import EligibilityRule, FeeItem, Product, ProductVersion
from products.services.catalogue import (
    DraftClash,
    FeeInput,
    NotComplete,
    draft_from,
    edit_draft,
    new_product,
    submit_version,
)
from products.services.review import decide_version
from tests.products.catalogue.versions import submitted
from tests.products.factories import (
    make_admins,
    make_product,
    make_version,
)

TODAY = timezone.localdate


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
        {"yearly_principal_share": Decimal("1.5")},
        {"yearly_principal_share": Decimal("-0.1")},
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


@pytest.mark.parametrize(
    "size", [{"sum_amount": Decimal(-1)}, {"share": Decimal("-0.1")}], ids=["sum", "share"]
)
def test_a_fee_is_not_negative(size, admins):
    draft = draft_from(by=admins[0], version_id=make_version().pk)

    with pytest.raises(DomainError) as refused:
        edit_draft(
            by=admins[0], version_id=draft.pk, revision=1, values={},
            fees=[FeeInput("返还", "upfront", **size)],
        )  # fmt: skip

    assert "返还" in str(refused.value.fields["fees"])


def test_a_code_is_given_once(admins):
    make_product("WC01")

    with pytest.raises(DomainError) as refused:
        new_product(by=admins[0], code="WC01", name_zh="又一个", family="loan", owner_line="retail")

    assert "code" in refused.value.fields
    assert Product.objects.count() == 1
