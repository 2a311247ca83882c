"""The dialogs that do an item with the form of its page, one a source of ``How.FORM``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.audit import record_read
from crm.core.errors import DomainError
from crm.core.models import User
from crm.core.parameters import parameters
from crm.core.words import Text
from marketing.forms import queue_deeds as forms
from marketing.market.checks import unanswered
from marketing.models import Visit
from marketing.selectors.complaints import complaint_of
from marketing.selectors.coordination import item_in_reach
from marketing.selectors.plan import stop_in_reach
from marketing.selectors.queue import QueueItem
from marketing.selectors.queue_deeds import correction_in_reach
from marketing.selectors.reviews import review_in_reach
from products.selectors.asking import asked, can_be_told


@dataclass(frozen=True)
class Step:
    """One form of a dialog with the words on its button; most dialogs have one."""

    key: str
    form: forms.DeedForm
    submit: Text
    title: Text = ""


@dataclass(frozen=True)
class Dialog:
    """What a dialog shows above its forms, and the forms themselves."""

    template: str
    about: Any
    steps: Sequence[Step]
    columns: int = 1

    @property
    def size(self) -> str:
        """Of the box: two columns of fields need a wide one."""
        return "l" if self.columns > 1 else ""


Given = Callable[[str], QueryDict | None]  # what was sent to the step of this key
Draw = Callable[[User, QueueItem, Given], Dialog]


def dialog_of(request: HttpRequest, item: QueueItem, *, step: str | None = None) -> Dialog:
    """The dialog of this item; with what was sent in the form of ``step``."""

    def given(key: str) -> QueryDict | None:
        return request.POST if key == step else None

    dialog = DIALOGS[item.source.key](request.user, item, given)
    if step is None and isinstance(dialog.about, Visit):
        record_read(request.user, "customers.viewed", dialog.about.customer, tab="review")
    return dialog


def form_of(dialog: Dialog, key: str) -> forms.DeedForm:
    """The form of a step; DomainError (422) for a step that is not asked for now."""
    for step in dialog.steps:
        if step.key == key:
            return step.form
    raise DomainError(_("The answer could not be read."), status=422)


def show_wrong(form: forms.DeedForm, error: DomainError) -> None:
    """What the service refused stands at its fields, or above the form."""
    placed = [name for name in error.fields if name in form.fields]
    for name in placed:
        form.add_error(name, str(error.fields[name]))
    if not placed:
        form.add_error(None, str(error.message))


def _gap(user: User, item: QueueItem, given: Given) -> Dialog:
    data = given("")
    read = data.get("feature", "") if data else ""  # what comes first may have changed since
    question = asked(read if can_be_told(read) else item.inputs["feature"])
    assert question is not None  # noqa: S101  only features that can be told are asked for
    form = forms.ToldForm(question.facts, data, initial={"feature": question.column.key})
    return Dialog(_at("gap"), question, [Step("", form, _("Put on record"))])


def _stop(user: User, item: QueueItem, given: Given) -> Dialog:
    stop = stop_in_reach(user=user, pk=item.ref)
    now = timezone.localtime()
    form = forms.StopForm(
        given(""), customer_id=stop.customer_id, purpose=stop.purpose, on=stop.on, now=now
    )
    return Dialog(_at("stop"), stop, [Step("", form, _("Save the visit"))], columns=2)


def _coordination(user: User, item: QueueItem, given: Given) -> Dialog:
    found = item_in_reach(user=user, item_id=item.ref)
    today = {"on": timezone.localdate()}
    contact = forms.QueueContactForm(given("contact"), initial=today)
    checks = forms.QueueChecksForm(given("checks"), item=found)
    decision = forms.QueueDecisionForm(given("decide"), initial={"version": found.version})
    first = Step("contact", contact, _("Contacted"), _("Speak to the firm"))
    second = Step("checks", checks, _("Keep the checks"), _("Five checks"))
    third = Step("decide", decision, _("Record the decision"), _("Credit decision"))
    if found.contacted_on is None and item.inputs["code"] == "open":
        steps = [first]
    elif unanswered(found.checks):
        steps = [second, third]
    else:
        steps = [third, second]
    return Dialog(_at("coordination"), found, steps, columns=2)


def _correction(user: User, item: QueueItem, given: Given) -> Dialog:
    found = correction_in_reach(user=user, request_id=item.ref)
    form = forms.AnswerForm(given(""), key=found.row.key)
    return Dialog(_at("correction"), found, [Step("", form, _("Give this answer"))])


def _review(user: User, item: QueueItem, given: Given) -> Dialog:
    visit = review_in_reach(user=user, visit_id=item.ref)
    told = {"initial": {"version": visit.version}}
    told["valid_score"] = parameters(timezone.localdate()).number("quality.valid_score")
    accept = forms.QueueReviewForm(given("accept"), is_accepted=True, **told)
    back = forms.QueueReviewForm(given("back"), is_accepted=False, **told)
    steps = [
        Step("accept", accept, _("Accept the visit"), _("Accept")),
        Step("back", back, _("Send it back"), _("Send back")),
    ]
    return Dialog(_at("review"), visit, steps)


def _complaint(user: User, item: QueueItem, given: Given) -> Dialog:
    found = complaint_of(user=user, pk=item.ref)
    form = forms.QueueComplaintForm(given(""))
    return Dialog(_at("complaint"), found, [Step("", form, _("Close the complaint"))])


def _at(name: str) -> str:
    return f"marketing/_workbench_do_{name}.html"


DIALOGS: Mapping[str, Draw] = {
    "gap": _gap,
    "stop": _stop,
    "coordination": _coordination,
    "correction": _correction,
    "review": _review,
    "complaint": _complaint,
}
