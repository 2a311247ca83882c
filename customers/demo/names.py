"""Believable made-up names and addresses, with their pinyin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from customers.demo import words
from customers.demo.latent import COOP, HOUSEHOLD, PARTNERSHIP, SOLE, Latent
from customers.demo.org import DISTRICT_SHARE
from customers.demo.plan import Flags, Ints, Plan
from customers.demo.reference import FARM, Reference
from customers.naming import pinyin_of

CENTRES = {
    "330402": (30.747, 120.783),
    "330411": (30.765, 120.710),
    "330421": (30.831, 120.926),
    "330424": (30.526, 120.946),
    "330481": (30.509, 120.681),
    "330482": (30.677, 121.016),
    "330483": (30.630, 120.565),
}


@dataclass(frozen=True)
class Names:
    """What customers and the people in charge of them are called, and where they sit."""

    name: list[str]
    pinyin: list[str]
    initials: list[str]
    person: list[str]  # the one in charge; an owner is the one in charge of the firm
    is_woman: Flags
    district: list[str]
    address: list[str]
    is_village: Flags
    place: np.ndarray  # latitude, longitude


def draw_names(plan: Plan, block: int, latent: Latent, ref: Reference) -> Names:
    """Names of the block."""
    dice = plan.rng(block, "names")
    size = latent.size
    lead = np.where(latent.firm >= 0, latent.firm, np.arange(size))  # owners are with their firm
    shares = np.cumsum(list(DISTRICT_SHARE.values()))
    districts = list(DISTRICT_SHARE)
    district = np.searchsorted(shares, dice.random(size) * shares[-1])[lead]
    woman = (dice.random(size) < 0.31)[lead]
    persons = _persons(dice.integers(0, 10**6, (size, 2))[lead], woman)
    codes = [districts[n] for n in district.tolist()]
    name_of = dict(ref.districts)
    picks = dice.integers(0, 10**6, (size, 6)).tolist()
    farm = ref.trades.branch[latent.trade] == FARM
    towns = [
        words.TOWNS[code].split()[pick[3] % len(words.TOWNS[code].split())]
        for code, pick in zip(codes, [picks[n] for n in lead.tolist()], strict=True)
    ]
    parts = [
        _name_parts(kind, key, name_of[code], town, person, pick, is_person)
        for kind, key, code, town, person, pick, is_person in zip(
            latent.kind.tolist(),
            [ref.trades.keys[n] for n in latent.trade.tolist()],
            codes,
            towns,
            persons,
            picks,
            latent.is_person.tolist(),
            strict=True,
        )
    ]
    spoken = [[_spoken(part) for part in row] for row in parts]
    centre = np.array([CENTRES[code] for code in codes])
    village = farm | (dice.random(size) < 0.12)
    return Names(
        name=["".join(row) for row in parts],
        pinyin=["".join(s[0] for s in row)[:400] for row in spoken],
        initials=["".join(s[1] for s in row)[:120] for row in spoken],
        person=persons,
        is_woman=woman,
        district=codes,
        address=_addresses(codes, towns, name_of, village.tolist(), picks),
        is_village=village,
        place=np.round(centre + dice.normal(0, 0.045, (size, 2)), 6),
    )


@lru_cache(maxsize=50_000)
def _spoken(part: str) -> tuple[str, str]:
    return pinyin_of(part)


def _persons(picks: Ints, woman: Flags) -> list[str]:
    men, women = words.MALE_GIVEN.split(), words.FEMALE_GIVEN.split()
    return [
        words.SURNAMES[a % len(words.SURNAMES)]
        + (women[b % len(women)] if is_woman else men[b % len(men)])
        for (a, b), is_woman in zip(picks.tolist(), woman.tolist(), strict=True)
    ]


def _name_parts(
    kind: int, key: str, district: str, town: str, person: str, pick: list[int], is_person: bool
) -> tuple[str, ...]:
    """The pieces of a customer's name: place, word, trade, form; persons by their own name."""
    if is_person or kind == HOUSEHOLD:
        return (person[0], person[1:])
    firm_words, shop_words = words.TRADE_WORDS.get(key, words.OTHER_TRADE)
    word = words.FIRST[pick[0] % len(words.FIRST)] + words.SECOND[pick[1] % len(words.SECOND)]
    if pick[4] % 6 == 0:
        word += words.SECOND[pick[5] % len(words.SECOND)]
    if kind == SOLE:
        shops = shop_words.split()
        called = f"{'老' if pick[5] % 2 else '阿'}{person[0]}" if pick[4] % 5 == 1 else word
        where = short_town(town) if pick[4] % 2 else ""
        return (district, where, called, shops[pick[2] % len(shops)])
    if kind == COOP:
        return (district, town, word, "农产品专业合作社")
    place = "嘉兴市" if pick[4] % 3 == 0 else district if district[-1] != "区" else "嘉兴"
    trades = firm_words.split()
    if kind == PARTNERSHIP:
        return (place, word, trades[pick[2] % len(trades)], "厂" if pick[5] % 2 else "商行")
    form = "股份有限公司" if pick[5] % 40 == 0 else "有限公司"
    return (place, word, trades[pick[2] % len(trades)], form)


def _addresses(
    codes: list[str],
    towns: list[str],
    name_of: dict[str, str],
    village: list[bool],
    picks: list[list[int]],
) -> list[str]:
    roads, villages = words.ROADS.split(), words.VILLAGES.split()
    return [
        f"嘉兴市{name_of[code]}{town}"
        + (
            f"{villages[pick[2] % len(villages)]}村{pick[1] % 30 + 1}组{pick[0] % 60 + 1}号"
            if in_village
            else f"{roads[pick[2] % len(roads)]}{pick[1] % 880 + 1}号"
        )
        for code, town, in_village, pick in zip(codes, towns, village, picks, strict=True)
    ]


def short_town(town: str) -> str:
    """The town without its rank: 新塍 for 新塍镇, 建设 for 建设街道."""
    return town.removesuffix("街道").removesuffix("镇")


def outside_firms(plan: Plan) -> list[str]:
    """Firms that are no customers of ours but trade with them; none is called like another."""
    dice = plan.rng(0, "outside")
    places, goods = words.OUTSIDE_PLACES.split(), words.OUTSIDE_GOODS.split()
    picks = dice.integers(0, 10**6, (12_000, 4)).tolist()
    found = dict.fromkeys(
        places[a % len(places)]
        + words.FIRST[b % len(words.FIRST)]
        + words.SECOND[c % len(words.SECOND)]
        + goods[d % len(goods)]
        + "有限公司"
        for a, b, c, d in picks
    )
    return list(found)[:10_007]
