"""Fitting: boosted cuts of one feature each, family by family, written down as plain data.

What stays is a table a feature that ``score`` adds up. The number of rounds is what did best on
the newest window when only the older ones were learned from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from products.propensity.boost import Bins, Booster, odds
from products.propensity.features import Feature, binned, bins, cuts_of, designed
from products.propensity.held import HELD, PAST, flags
from products.propensity.lifts import Lifts, following_shares, segment_shares
from products.propensity.score import DAYS_A_YEAR, FOLLOWING, SEGMENT

FORMAT = 1
PLACES = 6


@dataclass(frozen=True)
class Settings:
    """How to learn, by the rule parameters ``propensity.*``."""

    horizon_days: int
    fewest_openings: int  # below, a family takes the share of its segment
    fewest_customers: int  # on each side of a cut
    rounds: tuple[int, ...]  # to choose from, ascending
    rate: float


@dataclass(frozen=True)
class Window:
    """What was known on a day, and which families were taken within the horizon after it."""

    as_of: date
    frame: pd.DataFrame
    taken: np.ndarray  # customers x families, 0 or 1
    lifts: Lifts


@dataclass
class _Rows:
    """All windows below each other."""

    features: list[Feature]
    bins: Bins
    taken: np.ndarray
    held: np.ndarray
    similar: dict[str, np.ndarray]
    newest: np.ndarray  # whether the row is of the newest window


@dataclass
class _Case:
    """What one family is learned from: the rows that did not hold it."""

    features: list[Feature]
    bins: Bins
    taken: np.ndarray
    newest: np.ndarray

    def booster(self, rows: np.ndarray, settings: Settings) -> Booster:
        return Booster(
            self.bins.take(rows),
            self.taken[rows],
            rate=settings.rate,
            fewest=settings.fewest_customers,
        )


def fitted(
    windows: list[Window], families: tuple[str, ...], lifts: Lifts, settings: Settings
) -> dict[str, Any]:
    """The content of a model; ``lifts`` are those of the day it is trained to.

    The same windows give the same content to the last digit. ``windows`` are oldest first; none at
    all gives a model that knows the shares of segments only.
    """
    features: list[Feature] = []
    rounds, terms = 0, {}
    if windows:
        frame = stacked([window.frame for window in windows])
        features = designed(frame, families, fewest=settings.fewest_customers)
        rows = _rows(windows, frame, features, families)
        rounds = _best_rounds(rows, settings)
        for place, family in enumerate(families):
            terms[family] = _term(rows, place, rounds, settings)
    for place, family in enumerate(families):
        if not terms.get(family):
            rate = settings.horizon_days / DAYS_A_YEAR
            terms[family] = {"rate": rate, "average": lifts["overall"][place]}
    used = {name for term in terms.values() for name in term.get("steps", ())}
    return {
        "format": FORMAT,
        "families": list(families),
        "horizon_days": settings.horizon_days,
        "rounds": rounds,
        "features": [feature for feature in features if feature["name"] in used],
        "lifts": lifts,
        "terms": terms,
    }


def stacked(frames: list[pd.DataFrame], *, keep_index: bool = False) -> pd.DataFrame:
    """The frames below each other; a family that one of them does not know is not held there."""
    frame = pd.concat(frames, ignore_index=not keep_index)
    columns = [name for name in frame if str(name).startswith((HELD, PAST))]
    frame[columns] = frame[columns].fillna(0.0)
    return frame


def _rows(
    windows: list[Window], frame: pd.DataFrame, features: list[Feature], families: tuple[str, ...]
) -> _Rows:
    newest = np.zeros(len(frame), dtype=bool)
    newest[len(frame) - len(windows[-1].frame) :] = True
    similar = {
        SEGMENT: [segment_shares(window.frame, window.lifts) for window in windows],
        FOLLOWING: [following_shares(w.frame, w.lifts, families) for w in windows],
    }
    codes = binned(frame, features)
    return _Rows(
        features=features,
        bins=Bins(
            np.stack(codes) if codes else np.zeros((0, len(frame)), dtype=np.uint8),
            _sizes(features),
        ),
        taken=np.concatenate([window.taken for window in windows]),
        held=flags(frame, HELD, families) > 0,
        similar={name: np.concatenate(parts) for name, parts in similar.items()},
        newest=newest,
    )


def _sizes(features: list[Feature]) -> np.ndarray:
    return np.array([len(feature["cuts"]) + 1 for feature in features], dtype=int)


def _is_enough(taken: np.ndarray, fewest: int) -> bool:
    return bool(fewest <= taken.sum() <= len(taken) - fewest)


def _case(rows: _Rows, place: int, settings: Settings) -> _Case:
    """The rows of one family, with what similar customers did cut for this family."""
    free = ~rows.held[:, place]
    features, codes = list(rows.features), [rows.bins.codes[:, free]]
    for name, shares in rows.similar.items():
        mine = shares[free, place]
        cuts = cuts_of(mine, fewest=settings.fewest_customers)
        features.append({"name": name, "cuts": cuts})
        codes.append(bins(mine, cuts)[None, :])
    return _Case(
        features,
        Bins(np.vstack(codes), _sizes(features)),
        rows.taken[free, place],
        rows.newest[free],
    )


def _best_rounds(rows: _Rows, settings: Settings) -> int:
    """The rounds with the least log loss on the newest window, over all families together."""
    losses = dict.fromkeys(settings.rounds, 0.0)
    for place in range(rows.taken.shape[1]):
        case = _case(rows, place, settings)
        older = ~case.newest
        if _is_enough(case.taken[older], settings.fewest_openings) and case.newest.any():
            for rounds, loss in _losses(case, settings).items():
                losses[rounds] += loss
    return min(losses, key=lambda rounds: (round(losses[rounds], PLACES), rounds))


def _losses(case: _Case, settings: Settings) -> dict[int, float]:
    """The log loss on the newest window after each number of rounds."""
    newest, truth = case.bins.take(case.newest), case.taken[case.newest]
    found: dict[int, float] = {}
    booster = case.booster(~case.newest, settings)
    model = None
    for number, model in enumerate(booster.steps(settings.rounds[-1]), start=1):
        if number in settings.rounds:
            found[number] = _log_loss(odds(model, newest), truth)
    if model is None:
        return {}
    last = _log_loss(odds(model, newest), truth)  # where no cut gained any more
    return {rounds: found.get(rounds, last) for rounds in settings.rounds}


def _log_loss(log_odds: np.ndarray, truth: np.ndarray) -> float:
    return float((np.logaddexp(0.0, log_odds) - truth * log_odds).sum())


def _term(rows: _Rows, place: int, rounds: int, settings: Settings) -> dict[str, Any]:
    """What the model says of one family: the same of everybody where too little is known."""
    case = _case(rows, place, settings)
    openings = int(case.taken.sum())
    model = None
    if _is_enough(case.taken, settings.fewest_openings):
        everyone = np.ones(len(case.taken), dtype=bool)
        model = case.booster(everyone, settings).after(rounds)
    if model is None:
        share = (openings + 0.5) / (len(case.taken) + 1)
        start = round(float(np.log(share / (1 - share))), PLACES)
        return {"start": start, "steps": {}, "openings": openings}
    steps: dict[str, Any] = {}
    for number, feature in enumerate(case.features):
        first = case.bins.offsets[number]
        table = model.adds[first : first + case.bins.sizes[number] + 1]
        if not table.any():
            continue
        steps[feature["name"]] = {
            "adds": [round(float(value), PLACES) for value in table],
            "average": round(float(table[case.bins.codes[number]].mean()), PLACES),
        }
        if feature["name"] in rows.similar:
            steps[feature["name"]]["cuts"] = feature["cuts"]
    return {
        "start": round(model.start, PLACES),
        "steps": steps,
        "openings": openings,
    }
