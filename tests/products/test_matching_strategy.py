"""The strategy part of the score (d.4; a.8): what an approved focus changes, and what it leaves."""

import json
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from django.db import connection

from crm.core.services.reference import load_reference
from customers.models import Territory, TerritoryMember
from products.matching.book import Book, Focus, Offer
from products.matching.statement import Engine
from products.models import CustomerMatch, UnitFocus
from products.selectors.book import current_book
from products.selectors.explain import recomputed
from products.selectors.focus import focuses
from products.services.focus import set_focus
from products.services.matching import run_full
from tests.factories import make_branch, make_customer, make_portrait, make_user
from tests.products.factories import make_version

TODAY = date(2026, 11, 22)
OFFERS = (
    Offer(version_id=1, code="WC01", no=1, name_zh="快贷", family="working_capital_loan"),
    Offer(version_id=2, code="AC01", no=1, name_zh="开户包", family="account_card"),
)
PLAIN = Book(offers=OFFERS)
FOCUS = Focus(
    units=(7, 8), industries=("34", "521"), groups=("sannong",), families=("account_card",)
)
BOOKS = {
    "both": replace(PLAIN, focuses=(FOCUS,)),
    "who": replace(PLAIN, focuses=(replace(FOCUS, families=()),)),
    "what": replace(PLAIN, focuses=(replace(FOCUS, groups=(), industries=()),)),
    "where": replace(PLAIN, focuses=(replace(FOCUS, industries=(), territories=(31, 32)),)),
    "only where": replace(PLAIN, focuses=(Focus(units=(7,), territories=(31,)),)),
    "neither": replace(PLAIN, focuses=(Focus(units=(7,)),)),
}


def shares(book, inputs):
    """The share of the strategy points each offer earns."""
    engine = Engine(book)
    with connection.cursor() as cursor:
        cursor.execute(engine.explain, engine.params | {"inputs": json.dumps(inputs)})
        rows = cursor.fetchone()
    return [
        row[offer.parts.index("strategy")] for offer, row in zip(book.offers, rows, strict=True)
    ]


def plain_share(book, offer, inputs):
    """The same in plain Python."""
    focus = next((one for one in book.focuses if inputs["unit"] in one.units), None)
    if focus is None:
        return 0.5
    answers = []
    if focus.groups or focus.industries or focus.territories:
        code, groups = inputs["industry_code"], inputs["groups"]
        if {int(key) for key in inputs["territories"] or ()} & set(focus.territories):
            answers.append(1.0)
        elif code is None and groups is None:
            answers.append(0.5)
        else:
            is_in = any(code and code.startswith(head) for head in focus.industries)
            answers.append(float(is_in or bool(set(groups or ()) & set(focus.groups))))
    if focus.families:
        answers.append(float(offer.family in focus.families))
    return sum(answers) / len(answers) if answers else 0.5


@pytest.mark.parametrize("name", BOOKS)
def test_the_share_is_the_mean_of_the_answers_a_strategy_gives(name):
    book = BOOKS[name]
    for unit, code, groups, places in product(
        (None, 7, 9),
        (None, "3411", "5211", "5219", "5111"),
        (None, [], ["sannong"], ["zjtx"]),
        (None, [], ["31"], ["40", "32"]),
    ):
        inputs = {"unit": unit, "industry_code": code, "groups": groups, "territories": places}

        got = shares(book, inputs)

        assert got == [plain_share(book, offer, inputs) for offer in OFFERS], inputs


def test_a_book_without_a_strategy_has_the_content_it_always_had():
    """Kept books are told by their digest: nothing moves until a strategy is approved."""
    assert "focuses" not in PLAIN.to_data()
    assert shares(PLAIN, {"industry_code": "3411", "groups": []}) == [0.5, 0.5]


def test_a_book_with_a_strategy_travels_as_data():
    book = BOOKS["both"]

    again = Book.from_data(json.loads(json.dumps(book.to_data())))

    assert again.focuses == book.focuses
    assert "territories" not in book.to_data()["focuses"][0]  # digests from before places hold
    assert again.digest == book.digest != PLAIN.digest


def test_units_below_share_the_focus_unless_they_have_their_own():
    load_reference()
    branch = make_branch("南湖支行")
    team, other = make_branch(parent=branch), make_branch(parent=branch)
    set_focus(unit=branch, year=2026, industries=["F"], groups=[], families=[])
    set_focus(unit=other, year=2026, industries=[], groups=["zjtx"], families=[])

    found = {focus.units: focus for focus in focuses(TODAY)}

    assert found[tuple(sorted((branch.pk, team.pk)))].industries == ("51", "52")
    assert found[(other.pk,)].groups == ("zjtx",)
    assert focuses(date(2027, 1, 1)) == ()


def test_the_same_focus_again_changes_nothing():
    branch = make_branch()
    told = {"year": 2026, "industries": ["52"], "groups": [], "families": ["loan"]}

    first = set_focus(unit=branch, **told)
    again = set_focus(unit=branch, **told)

    assert first == again
    assert UnitFocus.objects.count() == 1


def test_a_match_under_a_strategy_is_higher_says_so_and_can_be_replayed():
    load_reference()
    branch = make_branch("南湖支行")
    customer = make_customer(make_user("rm", branch))
    make_portrait(customer, groups=["sannong"], industry_code="0111")
    version = make_version()
    run_full(as_of=TODAY)
    before = CustomerMatch.objects.get(pk=customer.pk).scores[0]
    family = version.product.family

    set_focus(unit=branch, year=2026, industries=[], groups=["sannong"], families=[family])
    run_full(as_of=TODAY)

    match = CustomerMatch.objects.get(pk=customer.pk)
    weight = current_book(TODAY).weights.of(current_book(TODAY).offers[0])["strategy"]
    assert match.inputs["unit"] == branch.pk
    assert match.scores[0] == pytest.approx(before + weight / 2, abs=0.011)
    assert recomputed(match)["scores"] == match.scores


def test_a_customer_of_a_place_the_strategy_names_is_one_it_is_after():
    """a.8: focus_territories."""
    load_reference()
    branch = make_branch("南湖支行")
    park = Territory.objects.create(code="P1", name="科创园", kind="park", branch=branch)
    inside, outside = (make_customer(make_user("rm", branch)) for _no in range(2))
    TerritoryMember.objects.create(customer=inside, territory=park)
    for one in (inside, outside):
        make_portrait(one, groups=["zjtx"], industry_code="3411")
    make_version()

    set_focus(unit=branch, year=2026, industries=[], groups=[], families=[], territories=[park.pk])
    run_full(as_of=TODAY)

    here, there = (CustomerMatch.objects.get(pk=one.pk) for one in (inside, outside))
    weight = current_book(TODAY).weights.of(current_book(TODAY).offers[0])["strategy"]
    assert here.inputs["territories"] == [str(park.pk)]
    assert here.scores[0] == pytest.approx(there.scores[0] + weight, abs=0.011)
    for match in (here, there):
        assert recomputed(match)["scores"] == match.scores
