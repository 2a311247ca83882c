"""The parts of a score as sentences a manager can say aloud (d.4 step 3).

The engine alone knows the points; a sentence here tells what they were given for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.words import Text
from customers.features.declared import REPAYMENT_MODES
from customers.features.demand import STAGE_NEEDS
from customers.models import ProductFamily
from customers.selectors.portrait_words import money, months, number, percent
from products.matching.book import Book, Offer
from products.matching.needs import PURPOSE_MONTHS, WITHOUT_AMOUNT, needs_of
from products.matching.segments import COLLATERAL, STYLES, styles_of
from products.matching.terms_fit import REACHED_BY
from products.models.terms import Channel, GuaranteeMode
from products.selectors.match_words import Words

PART_LABELS: Mapping[str, Text] = {
    "need": gettext_lazy("Need"),
    "segment": gettext_lazy("Customer group"),
    "repayment": gettext_lazy("Repayment"),
    "guarantee": gettext_lazy("Guarantee"),
    "price": gettext_lazy("Price"),
    "speed": gettext_lazy("Speed"),
    "channel": gettext_lazy("Channel"),
    "strategy": gettext_lazy("Branch strategy"),
    "warnings": gettext_lazy("Warnings and industry policy"),
}
PART_FACTS: Mapping[str, tuple[str, ...]] = {  # what each part read, for whoever asks why
    "need": ("wanted_amount", "need_low", "need_high", "wanted_months", "wanted_purpose"),
    "segment": ("groups", "stage", "size_class", "party_type", "asset_style", "chain_position"),
    "repayment": ("trade_key", "repayment_preference"),
    "guarantee": ("property_value", "guarantee_value"),
    "price": ("price_sensitivity", "competitor_rate"),
    "speed": ("speed_need",),
    "channel": ("channel_preference",),
}
SPEED_WORDS: Mapping[int, Text] = {
    5: gettext_lazy("the money is needed within a day"),
    4: gettext_lazy("the money is needed this week"),
    3: gettext_lazy("the money is needed within two weeks"),
    2: gettext_lazy("the money is not urgent"),
    1: gettext_lazy("there is no hurry at all"),
}
STYLE_WORDS: Mapping[str, Text] = {
    "flow": gettext_lazy("Lends on receipts instead of property, right for an asset-light firm."),
    "collateral": gettext_lazy("Takes collateral for a lower price, right for a firm with assets."),
    "tech": gettext_lazy("Counts patents and guarantee funds, right for a technology firm."),
    "seasonal": gettext_lazy("Repaid after the season, as farming earns."),
    "chain": gettext_lazy("Made for suppliers and dealers of a core enterprise."),
}
TARGETS: Mapping[str, str] = {  # the list of the offer: the fact it is compared with
    "target_groups": "groups",
    "target_stages": "stage",
    "target_sizes": "size_class",
    "target_party_types": "party_type",
    "target_asset_styles": "asset_style",
    "target_chain_positions": "chain_position",
}
HOURS_A_DAY = 24
GOOD, WISH = 1, 2
HALF = 0.5
IN_A_HURRY = 4  # of 5
CHEAP = 1 / 3  # the first third of the family
MODES = dict(REPAYMENT_MODES)


@dataclass(frozen=True)
class Line:
    """One sentence, and how strongly it speaks for the offer."""

    text: str
    force: int = 0  # a note; GOOD speaks for the offer; WISH answers what the customer said


def sentences(part: str, offer: Offer, words: Words, book: Book) -> list[Line]:
    """What there is to say of this part, the weightiest first; nothing where nothing is known."""
    return [line for line in _TELLERS[part](offer, words, book) if line.text]


def _need(offer: Offer, words: Words, _book: Book) -> Iterable[Line]:
    facts = words.facts
    if offer.family in (facts.get("noncredit_needs") or ()):
        yield Line(_("The customer asked for it."), WISH)
    else:
        chances = [facts[f"p_{key}"] for key in needs_of(offer) if facts.get(f"p_{key}")]
        if chances:
            told = {"chance": percent(max(chances))}
            yield Line(_("Needed within 90 days with a chance of %(chance)s.") % told, GOOD)
        else:
            yield Line(_unforeseen(offer, words))
    if offer.is_credit and offer.family not in WITHOUT_AMOUNT:
        yield _amount(offer, words)
        yield _term(offer, words)


def _unforeseen(offer: Offer, words: Words) -> str:
    """Why no chance is told."""
    needs, stage = needs_of(offer), words.facts.get("stage") or "unknown"
    if not needs or stage == "unknown":
        return _("No forecast speaks for or against it.")
    if not set(STAGE_NEEDS.get(stage, ())).isdisjoint(needs):
        return _("Held already, or there is nothing to use it for.")
    return _("Customers at this stage seldom need it.")


def _amount(offer: Offer, words: Words) -> Line:
    key = _wanted(offer, words.facts)
    wanted = words.facts.get(key)
    if not wanted or offer.amount_max is None:
        return Line("")
    told = {"wanted": words[key], "most": money(offer.amount_max)}
    if wanted > offer.amount_max:
        return Line(_("Lends %(most)s at most, and %(wanted)s is wanted.") % told)
    if offer.amount_min and wanted < offer.amount_min:
        told["least"] = money(offer.amount_min)
        return Line(_("Lends %(least)s at least, and %(wanted)s is wanted.") % told)
    return Line(_("Lends up to %(most)s, which covers the %(wanted)s wanted.") % told, WISH)


def _wanted(offer: Offer, facts: Mapping[str, Any]) -> str:
    """The fact that tells how much is wanted; the engine says the same in SQL (wanted_range)."""
    told, other = "wanted_amount", "need_high"
    if offer.family == ProductFamily.FIXED_ASSET:
        told, other = "equipment_sum", "wanted_amount"
    return other if facts.get(told) is None else told


def _term(offer: Offer, words: Words) -> Line:
    purpose = words.facts.get("wanted_purpose")
    if offer.uses and purpose and purpose != "other" and purpose not in offer.uses:
        return Line(_("Not meant for this use: %(use)s.") % {"use": words["wanted_purpose"]})
    wanted = words.facts.get("wanted_months") or PURPOSE_MONTHS.get(str(purpose))
    if not wanted or offer.term_max is None:
        return Line("")
    told = {"most": months(offer.term_max), "wanted": months(wanted)}
    if wanted > offer.term_max:
        return Line(_("Runs %(most)s at most, and %(wanted)s are wanted.") % told)
    return Line(_("Runs up to %(most)s, long enough for the %(wanted)s wanted.") % told, WISH)


def _segment(offer: Offer, words: Words, _book: Book) -> Iterable[Line]:
    facts = words.facts
    for style in styles_of(offer) if offer.is_credit else ():
        if _is_of(style, facts):
            yield Line(str(STYLE_WORDS[style]), GOOD)
    met, missed = [], []
    for name, key in TARGETS.items():
        wanted, value = getattr(offer, name), facts.get(key)
        held = set(value if isinstance(value, list) else [value]) & set(wanted)
        if held:
            met.append(words.codes(key, sorted(held)))
        elif wanted and value not in (None, "unknown", []):
            missed.append(words.codes(key, wanted[:3]))
    code = str(facts.get("industry_code") or "")
    if code and offer.target_industries and code.startswith(offer.target_industries):
        met.append(words["industry_code"])
    comma = _(", ")
    if met:
        told = {"targets": comma.join(dict.fromkeys(met))}
        yield Line(_("Made for customers like this: %(targets)s.") % told, GOOD)
    if missed:
        told = {"targets": comma.join(dict.fromkeys(missed))}
        yield Line(_("Rather meant for others: %(targets)s.") % told)


def _is_of(style: str, facts: Mapping[str, Any]) -> bool:
    """Whether the customer is of this style; the engine says the same in SQL."""
    value = facts.get(STYLES[style][0])
    return {
        "flow": value == "asset_light",
        "collateral": value == "traditional",
        "tech": value == "high_innovation",
        "seasonal": "sannong" in (value or ()),
        "chain": value in ("supplier", "dealer", "both"),
    }[style]


def _repayment(offer: Offer, words: Words, book: Book) -> Iterable[Line]:
    wished = words.facts.get("repayment_preference") or ()
    liked = [mode for mode in offer.repayment_modes if mode in wished]
    if liked:
        told = {"modes": _(", ").join(str(MODES[mode]) for mode in liked)}
        yield Line(_("Repaid the way the customer wishes: %(modes)s.") % told, WISH)
    if "seasonal" in offer.repayment_modes and offer.season_months:
        told = {"months": _(", ").join(str(month) for month in offer.season_months)}
        yield Line(_("Repaid after the season: due in months %(months)s.") % told, GOOD)
    elif "revolving" in offer.repayment_modes:
        yield Line(_("Drawn and repaid at will, whenever the season brings money."), GOOD)
    share = book.due_shares.get(str(words.facts.get("trade_key")), {}).get(offer.due_key)
    if share is not None and "revolving" not in offer.repayment_modes:
        text = _("%(share)s of what is due falls into the strong months of the trade.")
        yield Line(text % {"share": percent(share)}, GOOD if share >= HALF else 0)


def _guarantee(offer: Offer, words: Words, _book: Book) -> Iterable[Line]:
    modes = offer.guarantee_modes
    labels = dict(GuaranteeMode.choices)
    if "credit" in modes and not COLLATERAL.isdisjoint(modes):
        yield Line(_("Unsecured or with collateral, as the customer can."), GOOD)
    elif "credit" in modes:
        yield Line(_("Needs no collateral."), GOOD)
    elif "mortgage" in modes and words.facts.get("property_value"):
        told = {"value": words["property_value"]}
        yield Line(_("The property of %(value)s can secure it.") % told, WISH)
    elif words.facts.get("guarantee_value"):
        told = {"value": words["guarantee_value"]}
        yield Line(_("What the customer can pledge, %(value)s, can secure it.") % told, WISH)
    else:
        names = _(", ").join(str(labels.get(mode, mode)) for mode in modes)
        yield Line(_("Needs security: %(modes)s.") % {"modes": names})


def _price(offer: Offer, words: Words, _book: Book) -> Iterable[Line]:
    if offer.rate_low is None:
        return
    ours = percent(offer.rate_low)
    theirs = words.facts.get("competitor_rate")
    if theirs:
        told = {"ours": ours, "theirs": words["competitor_rate"]}
        if offer.rate_low <= theirs:
            text = _("From %(ours)s a year; the other lender takes %(theirs)s.")
            yield Line(text % told, WISH)
        else:
            text = _("From %(ours)s a year, dearer than the other lender's %(theirs)s.")
            yield Line(text % told)
    elif offer.price_rank is not None and offer.price_rank <= CHEAP:
        text = _("From %(ours)s a year, among the cheapest of its family.")
        yield Line(text % {"ours": ours}, GOOD)
    else:
        yield Line(_("From %(ours)s a year.") % {"ours": ours})


def _speed(offer: Offer, words: Words, _book: Book) -> Iterable[Line]:
    if offer.processing_hours is None:
        return
    need = int(words.facts.get("speed_need") or 0)
    decided = _hours(offer.processing_hours)
    if need in SPEED_WORDS:
        told = {"time": decided, "need": SPEED_WORDS[need]}
        force = WISH if need >= IN_A_HURRY else 0
        yield Line(_("Decided within %(time)s, and %(need)s.") % told, force)
    else:
        yield Line(_("Decided within %(time)s.") % {"time": decided})


def _hours(hours: int) -> str:
    if hours > HOURS_A_DAY * 2 and hours % HOURS_A_DAY == 0:
        return _("%(number)s days") % {"number": hours // HOURS_A_DAY}
    return _("%(number)s hours") % {"number": hours}


def _channel(offer: Offer, words: Words, _book: Book) -> Iterable[Line]:
    liked = words.facts.get("channel_preference")
    ways = [way for way in REACHED_BY.get(str(liked), ()) if way in offer.channels]
    if ways:
        told = {"liked": words["channel_preference"]}
        yield Line(_("Can be had the way the customer likes: %(liked)s.") % told, GOOD)
    elif offer.channels:
        labels = dict(Channel.choices)
        names = _(", ").join(str(labels.get(way, way)) for way in offer.channels)
        yield Line(_("Can be had here: %(channels)s.") % {"channels": names})


def _strategy(offer: Offer, words: Words, book: Book) -> Iterable[Line]:
    focus = book.focus_of(words.facts.get("unit"))
    if focus is None or not (focus.names_customers or focus.families):
        yield Line(_("No branch strategy yet: half the points for every product."))
        return
    if focus.names_customers:
        known = (words.facts.get(key) for key in ("industry_code", "groups", "territories"))
        is_ours = focus.has_customer(*known)
        if is_ours is None:
            yield Line(_("Industry and group are not known: half of these points."))
        elif is_ours:
            yield Line(_("The branch's strategy is after customers like this one."), GOOD)
        else:
            yield Line(_("The branch's strategy is after other customers."))
    if offer.family in focus.families:
        yield Line(_("The branch's strategy is after this family of products."), GOOD)
    elif focus.families:
        yield Line(_("The branch's strategy is after other products."))


def warnings(words: Words, book: Book, amber: Iterable[str]) -> list[str]:
    """Why points were taken off a credit."""
    found = []
    if words.facts.get("industry_code") in book.limited_industries:
        told = {
            "industry": words["industry_code"],
            "points": number(book.weights.limited_industry, 0),
        }
        found.append(_("The bank restricts %(industry)s: %(points)s points off.") % told)
    held = sorted(set(words.facts.get("tags") or ()) & set(amber))
    if held:
        told = {"tags": words.codes("tags", held), "points": number(book.weights.amber_warning, 0)}
        found.append(_("Warning: %(tags)s; %(points)s points off.") % told)
    return found


_TELLERS: Mapping[str, Callable[[Offer, Words, Book], Iterable[Any]]] = {
    "need": _need,
    "segment": _segment,
    "repayment": _repayment,
    "guarantee": _guarantee,
    "price": _price,
    "speed": _speed,
    "channel": _channel,
    "strategy": _strategy,
}
