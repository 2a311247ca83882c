"""Training: a new propensity model from the past windows, kept as data, active unless worse."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from crm.core.errors import DomainError
from crm.core.jobs import enqueue, publish
from crm.core.parameters import Parameters, parameters
from products.models import PropensityModel
from products.propensity.fit import FORMAT, Settings, Window, fitted
from products.propensity.held import HELD, flags
from products.propensity.judge import Marks, marks
from products.propensity.lifts import Lifts
from products.propensity.score import chances
from products.selectors import propensity_windows as windows
from products.selectors.propensity_inputs import customers_with_us
from products.services.propensity import active_model

JUDGED_DAYS = 28  # a champion is judged by what came after its day when that is so long ago
KEEPING = 7_306  # advisory lock: one training keeps its model at a time
State = PropensityModel.State


@dataclass(frozen=True)
class Learned:
    """A fitted content, what it was made of, and the hash of that."""

    content: dict[str, Any]
    windows: list[Window]
    data_hash: str


def train(*, as_of: date) -> PropensityModel:
    """A model that knows nothing later than the day; active unless worse than the one in use.

    The same data give the same model, so a second call keeps the first one's row. Refused where no
    window of the past has an opening to learn from.
    """
    rules = parameters(as_of)
    learned = learn(until=as_of, rules=rules)
    if not learned.windows:
        raise DomainError(
            _("There is nothing to learn from: no openings by %(day)s that followed a first one.")
            % {"day": as_of}
        )
    kept = _kept(as_of, learned)
    if kept is not None:
        return kept
    champion = active_model()
    metrics = _judged(as_of=as_of, rules=rules, champion=champion)
    return _keep(as_of=as_of, learned=learned, metrics=metrics, champion=champion)


def ask_first(*, as_of: date) -> bool:
    """A first model is asked for in the background; False where there is one."""
    if PropensityModel.objects.exists():
        return False
    enqueue("propensity.train", {"as_of": as_of.isoformat()}, unique_key="first", priority=8)
    return True


def learn(*, until: date, rules: Parameters) -> Learned:
    """A content fitted to what was known by the day."""
    settings = windows.settings_of(rules)
    past = windows.past_windows(until=until, parameters=rules)
    ids = windows.sampled(customers_with_us(as_of=until), rules.number("propensity.most_rows"))
    if not ids:
        return Learned({}, [], "")
    _frame, lifts = windows.known_on(as_of=until, ids=ids)
    content = fitted(past, windows.FAMILIES, lifts, settings)
    return Learned(content, past, _hash(past, lifts, settings))


def _hash(past: list[Window], lifts: Lifts, settings: Settings) -> str:
    """The same 64 hex digits for the same inputs."""
    told = hashlib.sha256(json.dumps([FORMAT, asdict(settings), lifts]).encode())
    for window in past:
        told.update(window.as_of.isoformat().encode())
        frame = window.frame[sorted(window.frame.columns)]
        told.update(pd.util.hash_pandas_object(frame).to_numpy().tobytes())
        told.update(window.taken.tobytes())
    return told.hexdigest()


def marks_of(window: Window, content: dict[str, Any]) -> Marks:
    """How the ranking of a model did in a window."""
    scores = chances(window.frame, content).reindex(columns=list(windows.FAMILIES))
    held = flags(window.frame, HELD, windows.FAMILIES) > 0
    return marks(scores.to_numpy(), held, window.taken)


def _judged(*, as_of: date, rules: Parameters, champion: PropensityModel | None) -> dict[str, Any]:
    """How the recipe did on the last window it had not seen, beside the champion on the same.

    The window is the last horizon; where the champion has seen part of it, only what came after
    the champion's day counts, and the challenger's twin learns no further than that day either.
    """
    horizon = timedelta(days=rules.number("propensity.horizon_days"))
    start = as_of - horizon
    if champion is not None and start < champion.trained_to:
        start = min(champion.trained_to, as_of - timedelta(days=JUDGED_DAYS))
    found: dict[str, Any] = {"judged_after": start.isoformat(), "judged_until": as_of.isoformat()}
    most = rules.number("propensity.most_rows")
    window = windows.window(as_of=start, until=as_of, most=most)
    twin = learn(until=start, rules=rules)
    if window is None or not window.taken.any() or not twin.content:
        return found | {"customers": 0}
    ours = marks_of(window, twin.content)
    found |= {"customers": len(ours.precisions), "map7": round(ours.map7, 4)}
    found |= {"precision3": round(ours.precision3, 4), "recall5": round(ours.recall5, 4)}
    if champion is not None:
        theirs = marks_of(window, champion.content)
        found |= {"champion": champion.version, "champion_map7": round(theirs.map7, 4)}
        found["worse_allowed"] = float(rules.decimal("propensity.worse_allowed"))
    return found


def _kept(as_of: date, learned: Learned) -> PropensityModel | None:
    """The row of a training of this day on the same data."""
    return PropensityModel.objects.filter(trained_to=as_of, data_hash=learned.data_hash).first()


def _is_better(metrics: dict[str, Any]) -> bool:
    """Whether the new model may take over: no champion, nothing to judge by, or not worse."""
    if "champion_map7" not in metrics:
        return True
    least: float = metrics["champion_map7"] - metrics["worse_allowed"]
    return bool(metrics["map7"] >= least)


@transaction.atomic
def _keep(
    *, as_of: date, learned: Learned, metrics: dict[str, Any], champion: PropensityModel | None
) -> PropensityModel:
    """The model has its row; where it is not worse, it is the active one from now on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [KEEPING])
    kept = _kept(as_of, learned)
    if kept is not None:
        return kept
    now_active = active_model()
    takes_over = _is_better(metrics) and now_active == champion
    if takes_over and now_active is not None:
        now_active.state = State.RETIRED
        now_active.save(update_fields=["state"])
    newest = PropensityModel.objects.order_by("-version").values_list("version", flat=True).first()
    model = PropensityModel.objects.create(
        version=(newest or 0) + 1,
        state=State.ACTIVE if takes_over else State.CANDIDATE,
        trained_to=as_of,
        horizon_days=learned.content["horizon_days"],
        content=learned.content,
        metrics=metrics | {"windows": [window.as_of.isoformat() for window in learned.windows]},
        data_hash=learned.data_hash,
    )
    if takes_over:
        publish("propensity.activated", model.pk, as_of=as_of.isoformat())
    return model
