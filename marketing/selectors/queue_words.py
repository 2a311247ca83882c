"""What the queue says of an item: one sentence why, one line with what stands behind its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from crm.core.models import User
from crm.core.task_kinds import TASK_KINDS
from customers.models import ProductFamily
from customers.models.lending import FiveClass
from customers.selectors.portrait_words import number, percent
from marketing.care.kinds import COMPLAINT_KINDS
from marketing.care.words import care_sentence
from marketing.models import Purpose
from marketing.pipeline import TRACKS
from marketing.planning.flags import FLAGS
from marketing.queue.spec import How
from marketing.selectors.queue import QueueItem
from products.selectors.asking import asked
from products.selectors.suggestion_words import feature_label, said, writer

Write = Callable[[Any], str]
SOON_DAYS = 3


@dataclass(frozen=True)
class Told:
    """An item for its template."""

    item: QueueItem
    badge: str
    tone: str
    sentence: str
    why: Sequence[str]
    link: str
    url: str  # the page that does the same, for those that are a form
    how: str
    label: str
    note: str


def told_items(items: Sequence[QueueItem], *, user: User, today: date) -> list[Told]:
    """Every item in words this user may read."""
    write = writer(user)
    return [_told(item, write, today) for item in items]


def _told(item: QueueItem, write: Write, today: date) -> Told:
    link = reverse("customers:detail", args=[item.customer_id]) if item.customer_id else ""
    url, how = deed_url(item), item.source.deed.how
    if not item.may_do:
        how = How.NOTE
    if not item.is_in_reach:
        link, url = "", ""
    elif item.source.key == "task":
        link = item.inputs.get("link") or ""
    return Told(
        item=item,
        badge=_badge(item, today),
        tone=_tone(item, today),
        sentence=_sentence(item, write),
        why=_why(item, write, today),
        link=link,
        url=url,
        how=how,
        label=str(item.source.deed.label if item.may_do else _("Report back")),
        note=_note(item),
    )


def deed_url(item: QueueItem) -> str:
    """The page that does the same; empty for an action without one."""
    name, given = item.source.deed.url_name, [item.customer_id]
    if not name or item.customer_id is None or not item.is_in_reach:
        return ""
    if item.source.key == "gap":
        given = [item.customer_id, item.inputs["feature"]]
    elif item.source.key in ("coordination", "review", "complaint"):
        given = [item.ref]
    return reverse(name, args=given)


def _badge(item: QueueItem, today: date) -> str:
    if item.due_on == today:
        return _("Due today")
    return str(item.source.label)


def _tone(item: QueueItem, today: date) -> str:
    if item.due_on and item.due_on <= today:
        return "bad"
    if item.due_on and (item.due_on - today).days <= SOON_DAYS:
        return "warn"
    return item.source.tone if item.source.tone != "bad" else "warn"


def _sentence(item: QueueItem, write: Write) -> str:
    """Why it stands there."""
    if not item.is_in_reach:
        return str(item.source.label)
    inputs = item.inputs
    filled = item.source.words[inputs["code"]] % _filled(item, inputs, write)
    return filled.strip()


def _filled(item: QueueItem, inputs: Mapping[str, Any], write: Write) -> dict[str, Any]:
    own = _OF_SOURCE.get(item.source.key)
    if own is not None:
        return own(inputs, write)
    return {key: _value(key, value, write) for key, value in inputs.items()}


def _value(key: str, value: Any, write: Write) -> Any:
    """One input in words."""
    if value is None:
        return _("not known")
    if key == "on":
        return f"{date.fromisoformat(value):%m-%d}"
    if key in ("balance", "amount"):
        return write(value)
    if key == "family":
        return ProductFamily(value).label
    if key == "purpose":
        return Purpose(value).label
    if key == "five_class":
        return FiveClass(value).label
    if key == "feature":
        return feature_label(value)
    return value


def _of_suggestion(inputs: Mapping[str, Any], write: Write) -> dict[str, Any]:
    chinese, english = inputs["names"]
    name = (english or chinese) if (get_language() or "").startswith("en") else chinese
    if inputs.get("amount"):
        name = f"{name} {write(inputs['amount'])}"
    reasons = said(inputs["reasons"], money=write)
    spoken = [one for one in reasons if one.code not in ("fits", "contacted")] or reasons
    return {"product": name, "why": spoken[0].text if spoken else ""}


def _of_opportunity(inputs: Mapping[str, Any], write: Write) -> dict[str, Any]:
    stages = {stage.key: stage.label for track in TRACKS.values() for stage in track.stages}
    family = ProductFamily(inputs["family"]).label
    amount = f" {write(inputs['amount'])}" if inputs.get("amount") else ""
    return {
        "family": f"{family}{amount}",
        "stage": stages.get(inputs["stage"], inputs["stage"]),
        "days": inputs["days"],
        "late": inputs["late"],
        "quiet": inputs["quiet"],
        "next": inputs["next"] or _("next step"),
    }


def _of_review(inputs: Mapping[str, Any], write: Write) -> dict[str, Any]:
    flags = [str(FLAGS[code]) for code in inputs["flags"] if code in FLAGS]
    day = _value("on", inputs["on"], write)
    return {"who": inputs["who"], "on": day, "flags": _(", ").join(flags)}


def _of_complaint(inputs: Mapping[str, Any], write: Write) -> dict[str, Any]:
    kind = COMPLAINT_KINDS.get(inputs["kind"], inputs["kind"])
    return {**inputs, "kind": kind, "on": _value("on", inputs["on"], write)}


def _of_gap(inputs: Mapping[str, Any], write: Write) -> dict[str, Any]:
    return {"feature": feature_label(inputs["feature"]), "offers": inputs["offers"]}


def _of_care(inputs: Mapping[str, Any], write: Write) -> dict[str, Any]:
    return {"reasons": " ".join(care_sentence(one, write) for one in inputs["reasons"])}


def _of_task(inputs: Mapping[str, Any], write: Write) -> dict[str, Any]:
    kind = TASK_KINDS.get(inputs["kind"])
    return {"sentence": str(kind.sentence) % inputs["params"] if kind else inputs["kind"]}


_OF_SOURCE: Mapping[str, Callable[..., dict[str, Any]]] = {
    "suggestion": _of_suggestion,
    "opportunity": _of_opportunity,
    "gap": _of_gap,
    "review": _of_review,
    "complaint": _of_complaint,
    "care": _of_care,
    "churn": _of_care,
    "task": _of_task,
}


def _why(item: QueueItem, write: Write, today: date) -> list[str]:
    """What its place rests on: when it is due, what it is worth, how far away it is, its points."""
    found = []
    if item.due_on is not None:
        found.append(_due(item.due_on, today))
    if item.source.key == "suggestion" and item.inputs:
        found.append(_("chance %(chance)s") % {"chance": percent(round(item.inputs["chance"], 2))})
    if item.source.key == "renewal" and item.inputs:
        found.append(str(FiveClass(item.inputs["five_class"]).label))
    if item.value:
        found.append(_("worth %(value)s a year") % {"value": write(round(item.value))})
    if item.source.key == "gap" and item.inputs:
        question = asked(item.inputs["feature"])
        if question is not None:
            found.insert(0, str(question.question))
    if item.km is not None:
        found.append(_("%(km)s km away") % {"km": number(round(item.km, 1), 1)})
    found.append(_("%(points)s points") % {"points": number(item.points, 0)})
    return found


def _due(due_on: date, today: date) -> str:
    left = (due_on - today).days
    day = f"{due_on:%m-%d}"
    if left < 0:
        return ngettext(
            "due %(day)s, %(days)s day late", "due %(day)s, %(days)s days late", -left
        ) % {"day": day, "days": -left}
    if left == 0:
        return _("due today")
    return ngettext("due %(day)s, %(days)s day left", "due %(day)s, %(days)s days left", left) % {
        "day": day,
        "days": left,
    }


def _note(item: QueueItem) -> str:
    """What was said when it was put off or passed on."""
    mark = item.mark
    if mark is None:
        return ""
    given = {"from": mark.owner.full_name, "note": mark.note}
    if mark.kind == mark.Kind.DELEGATED:
        given["to"] = mark.delegate.full_name if mark.delegate else ""
        return _("%(from)s → %(to)s: %(note)s") % given
    if mark.until_on is not None:
        given["day"] = f"{mark.until_on:%m-%d}"
        return (
            _("put off until %(day)s: %(note)s") % given
            if mark.note
            else (_("put off until %(day)s") % given)
        )
    return mark.note
