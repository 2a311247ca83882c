"""Surveys from draft to approved: written by one, approved by another, then never changed (CUS-5,
CUS-6). A newer approved survey takes the place of an older one by its date alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.models import Branch, RegionCode, User
from crm.core.parameters import parameters
from crm.core.roles import Can
from crm.core.words import Text
from customers.imports.sentences import sentence
from customers.models import Territory
from marketing.market.survey import TABLES
from marketing.models import MarketSurvey, SurveyLine
from marketing.services.market_counts import ask_count
from marketing.services.survey_lines import LineInput, check_lines

State = MarketSurvey.State


@dataclass(frozen=True)
class SurveyHead:
    """Where, when, by whom and how surely was counted; confidence from 1 to 5."""

    branch: Branch
    region: RegionCode
    territory: Territory | None
    as_of: date
    source: str
    confidence: int
    note: str = ""


@transaction.atomic
def save_survey(
    *,
    head: SurveyHead,
    lines: Sequence[LineInput],
    by: User,
    survey_id: int | None = None,
    version: int | None = None,
) -> MarketSurvey:
    """The draft says this; DomainError with the field of every wrong line, and nothing written.

    A survey that somebody else saved since ``version`` is refused with 409; an approved one stays.
    """
    _must(by, Can.EDIT_GOALS, _("Your role does not write surveys."))
    _in_reach(head.branch, by)
    _check(head, lines)
    if survey_id is None:
        survey = MarketSurvey(made_by=by)
    else:
        survey = _locked(survey_id, by)
        if survey.state != State.DRAFT:
            raise DomainError(_("An approved survey stays as it is; make a new one."))
        if version is not None and survey.version != version:
            raise DomainError(_("Somebody else saved this survey meanwhile; open it again."))
        survey.version += 1
        survey.made_by = by
    for name in ("branch", "region", "territory", "as_of", "source", "confidence", "note"):
        setattr(survey, name, getattr(head, name))
    survey.save()
    survey.lines.all().delete()
    SurveyLine.objects.bulk_create(_row(survey, line) for line in lines)
    record(by, "marketing.survey_saved", survey, lines=len(lines))
    return survey


@transaction.atomic
def approve_survey(*, survey_id: int, version: int, by: User) -> MarketSurvey:
    """The survey counts from now on, and our customers in its cells are counted anew.

    A second call changes nothing; the maker never decides.
    """
    _must(by, Can.APPROVE_GOALS, _("Your role does not approve surveys."))
    survey = _locked(survey_id, by)
    if survey.state == State.APPROVED:
        return survey
    if survey.made_by_id == by.pk:
        raise DomainError(_("Whoever wrote a survey does not approve it."), status=403)
    if survey.version != version:
        raise DomainError(_("Somebody else saved this survey meanwhile; open it again."))
    survey.state, survey.approved_by, survey.approved_at = State.APPROVED, by, timezone.now()
    survey.version += 1
    survey.save(update_fields=["state", "approved_by", "approved_at", "version"])
    record(by, "marketing.survey_approved", survey)
    ask_count(by=by)
    return survey


@transaction.atomic
def drop_survey(*, survey_id: int, by: User) -> None:
    """The draft is gone; an approved survey stays."""
    _must(by, Can.EDIT_GOALS, _("Your role does not write surveys."))
    survey = _locked(survey_id, by)
    if survey.state != State.DRAFT:
        raise DomainError(_("An approved survey stays as it is; make a new one."))
    record(by, "marketing.survey_dropped", survey)
    survey.delete()


def _check(head: SurveyHead, lines: Sequence[LineInput]) -> None:
    if head.as_of > timezone.localdate():
        told = _("The day of the survey lies in the future.")
        raise DomainError(told, status=422, fields={"as_of": told})
    if not 1 <= head.confidence <= 5:
        why = sentence("out_of_range", {"low": 1, "high": 5})
        raise DomainError(why, status=422, fields={"confidence": why})
    if head.territory is not None and head.territory.region_id not in {None, head.region.pk}:
        told = _("The territory lies in another region.")
        raise DomainError(told, status=422, fields={"territory": told})
    if not any(line.count for line in lines):
        raise DomainError(_("Write at least one count."), status=422)
    points = parameters(timezone.localdate()).decimal("survey.share_points")
    faults = check_lines(lines, points=points)
    if faults:
        fields: dict[str, Text] = {fault.place: fault.sentence for fault in faults}
        every = "; ".join(str(fault) for fault in faults[:5])
        raise DomainError(every, status=422, fields=fields)


def _row(survey: MarketSurvey, line: LineInput) -> SurveyLine:
    table = TABLES[line.table]
    row = SurveyLine(
        survey=survey, party_type=table.party_type, count=line.count, new_count=line.new_count
    )
    setattr(row, table.column, line.value)
    return row


def _locked(survey_id: int, by: User) -> MarketSurvey:
    rows = MarketSurvey.objects.visible_to(by).select_for_update(of=("self",))
    survey: MarketSurvey = rows.get(pk=survey_id)
    return survey


def _must(by: User, can: Can, why: object) -> None:
    if not by.can(can):
        raise DomainError(str(why), status=403)


def _in_reach(branch: Branch, by: User) -> None:
    if not any(low <= branch.scope_lo <= high for low, high in by.reach()):
        told = _("Choose a unit of your own.")
        raise DomainError(told, status=422, fields={"branch": told})
