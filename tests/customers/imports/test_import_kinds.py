"""Every kind has a template, and every template goes in as it is."""

from datetime import date

import pytest

from customers.imports import KINDS
from customers.models import (
    ConsentTemplate,
    Contact,
    Customer,
    CustomerAssignment,
    CustomerIdentifier,
    DeclaredFact,
    Loan,
    Territory,
)
from customers.sealed import open_mobile
from customers.services import imports
from products.models import Competitor
from tests.customers.imports.loading import check, counts, csv, errors, load
from tests.factories import head_office, make_customer, make_user
from tests.marketing.factories import load_rules

BEFORE = {
    "loans": ("credit_lines",),
    "instalments": ("credit_lines", "loans"),
    "repayments": ("credit_lines", "loans"),
}


@pytest.fixture
def surroundings():
    """What the samples refer to."""
    load_rules()
    make_customer(customer_no="C000001")
    make_customer(customer_no="C000002", uscc="91330106MA2TE5T1XH")
    Competitor.objects.create(name="某某农村商业银行", kind="bank")
    for code in ("PARK01", "GRID0203"):
        Territory.objects.create(code=code, name=code, kind="park", branch=head_office())
    for key in ("tax_invoice", "bureau"):
        ConsentTemplate.objects.create(
            key=key, version=1, title=key, body="", purposes=[], data_kinds=[]
        )


def reference_rows():
    from crm.core.models import IndustryCode, RegionCode

    IndustryCode.objects.create(code="H", level=1, section="H", name_zh="住宿和餐饮业")
    IndustryCode.objects.create(code="6210", level=4, section="H", name_zh="正餐服务")
    IndustryCode.objects.create(code="3484", level=4, section="C", name_zh="机械零部件加工")
    RegionCode.objects.create(
        code="330106", level=3, kind="district", name_zh="西湖区", full_name_zh="浙江省杭州市西湖区"
    )


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", [kind.key for kind in KINDS if kind.key != "customers"])
def test_the_template_of_every_kind_goes_in_and_a_second_time_changes_nothing(
    kind, form, surroundings
):
    for earlier in BEFORE.get(kind, ()):
        load(imports.template_file(earlier, form="csv"), earlier)
    data = imports.template_file(kind, form=form)

    dry, first, again = check(data, kind), load(data, kind), load(data, kind)

    assert errors(first) == []
    assert counts(first) == (2, 2, 0, 0, 0)
    assert counts(dry) == counts(first)
    assert counts(again) == (2, 0, 0, 2, 0)


def test_the_template_of_customers_goes_in_and_a_second_time_changes_nothing():
    reference_rows()
    data = imports.template_file("customers", form="xlsx")

    dry, first, again = (act(data, "customers") for act in (check, load, load))

    assert errors(first) == []
    assert counts(first) == counts(dry) == (2, 2, 0, 0, 0)
    assert counts(again) == (2, 0, 0, 2, 0)
    firm = Customer.objects.get(customer_no="C000001")
    assert (firm.industry_id, firm.name_initials[:2]) == ("3484", "hz")
    shop = Customer.objects.get(customer_no="C000002")
    assert (shop.party_type, shop.industry_id) == ("sole_trader", "6210")
    facts = dict(DeclaredFact.objects.filter(customer=firm).values_list("key", "number"))
    assert facts["employees"] == 36
    assert CustomerAssignment.objects.filter(customer=firm).count() == 1


FIRMS = "客户编号,客户名称,统一社会信用代码,从业人数,客户经理,身份证号,截至"


def test_a_blank_cell_leaves_what_is_known_of_a_customer():
    load(csv("C1,某某有限公司,91330106MA2TE5T1XH,5,,,", header=FIRMS), "customers")

    batch = load(
        csv("C1,某某有限公司,,6,,,", header=FIRMS), "customers", options={"as_of": "2026-06-30"}
    )

    assert counts(batch) == (1, 0, 1, 0, 0)
    assert Customer.objects.get().uscc == "91330106MA2TE5T1XH"
    newest = DeclaredFact.objects.order_by("as_of").filter(key="employees")
    assert [fact.number for fact in newest] in ([5, 6], [6, 5])


def test_a_credit_code_belongs_to_one_customer_and_a_wrong_check_character_is_marked():
    batch = load(
        csv(
            "C1,甲有限公司,91330106MA2TE5T1XH,,,,",
            "C2,乙有限公司,91330106MA2TE5T1XH,,,,",
            "C3,丙有限公司,91330106MA2TE5T1XJ,,,,",
            header=FIRMS,
        ),
        "customers",
    )

    assert errors(batch) == [(3, "uscc_taken")]
    assert Customer.objects.get(customer_no="C3").is_uscc_odd
    assert counts(batch) == (3, 2, 0, 0, 1)
    assert batch.warned_rows == 1


def test_a_manager_in_the_file_places_the_customer_below_him():
    rm = make_user(username="lily")

    load(csv("C1,某某有限公司,,,lily,,", header=FIRMS), "customers")

    customer = Customer.objects.get()
    rm.refresh_from_db()
    assert (customer.manager, customer.branch, customer.scope_no) == (rm, rm.branch, rm.scope_no)


def test_citizen_numbers_are_sealed_and_never_shown():
    batch = load(
        csv("C1,王某,,,,11010519491231002X,", "C2,李某,,,,110105194912310021,", header=FIRMS),
        "customers",
    )

    assert CustomerIdentifier.objects.get().last4 == "002X"
    error = batch.errors.get()
    assert error.code == "bad_citizen_no"
    assert error.value == "****0021"


def test_mobile_numbers_are_sealed_for_their_row():
    make_customer(customer_no="C1")
    header = "客户编号,联系人姓名,角色,手机号"
    load(csv("C1,李某,财务,13800000001", header=header), "contacts")

    batch = load(csv("C1,李某,财务,138 0000 0002", header=header), "contacts")

    contact = Contact.objects.get()
    assert open_mobile(contact) == "13800000002"
    assert contact.mobile_masked == "138****0002"
    assert counts(batch) == (1, 0, 1, 0, 0)


def test_a_repayment_belongs_to_the_customer_of_its_loan(surroundings):
    for kind in ("credit_lines", "loans"):
        load(imports.template_file(kind, form="csv"), kind)
    load(imports.template_file("repayments", form="csv"), "repayments")

    loan = Loan.objects.get(loan_no="JJ2026000001")
    assert loan.repayments.count() == 2
    assert set(loan.repayments.values_list("customer_id", flat=True)) == {loan.customer_id}


def test_a_span_that_ends_before_it_starts_is_refused():
    make_customer(customer_no="C1")
    header = "客户编号,证书类型,有效期起,有效期止"
    batch = load(csv("C1,高新技术企业,2026-01-01,2025-01-01", header=header), "certificates")

    assert errors(batch) == [(2, "ends_before_start")]


def test_what_the_database_refuses_costs_its_row_only():
    make_customer(customer_no="C1")
    header = "客户编号,区域编号,是否网格"
    for code in ("G1", "G2", "G3"):
        Territory.objects.create(code=code, name=code, kind="grid", branch=head_office())
    batch = load(csv("C1,G1,是", "C1,G2,是", "C1,G3,否", header=header), "territory_members")

    assert counts(batch) == (3, 2, 0, 0, 1)
    assert [code for _, code in errors(batch)] == ["database"]


def test_facts_without_a_date_keep_the_day_of_the_first_time_this_file_came():
    data = csv("C1,某某有限公司,,5,,,", header=FIRMS)

    first = load(data, "customers", options={"as_of": "2026-06-30"})
    again = load(data, "customers")

    assert counts(again) == (1, 0, 0, 1, 0)
    assert DeclaredFact.objects.filter(key="employees").get().as_of == date(2026, 6, 30)
    assert again.options["as_of"] == first.options["as_of"]
