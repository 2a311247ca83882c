"""A survey as it is written by hand: its head, and the tables of one standard form (CUS-5)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.models import RegionCode, User
from marketing.forms.filters import FilterForm
from marketing.market.survey import AGE_BANDS, FORMS, KINDS, TABLES, TRADE_SECTIONS
from marketing.models import MarketSurvey
from marketing.selectors.survey import (
    ShownTable,
    counties,
    territories_to_survey,
    trade_names,
    units_to_survey,
)
from marketing.services.survey import SurveyHead
from marketing.services.survey_lines import MOST, LineInput

CONFIDENCE = [
    (1, _("1 a guess")),
    (2, _("2 doubtful")),
    (3, _("3 fair")),
    (4, _("4 good")),
    (5, _("5 counted fully")),
]
DAY = {"type": "date"}


class SurveyFilterForm(FilterForm):
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Drafts and approved")), *MarketSurvey.State.choices],
    )
    region = forms.CharField(required=False, max_length=6, widget=forms.HiddenInput)


class SurveyHeadForm(forms.ModelForm):
    """Where, when, by whom, how surely."""

    confidence = forms.TypedChoiceField(
        label=_("confidence 1-5"), choices=CONFIDENCE, coerce=int, initial=3
    )

    class Meta:
        model = MarketSurvey
        fields = ("branch", "region", "territory", "as_of", "source", "confidence", "note")
        widgets = {
            "as_of": forms.DateInput(DAY, format="%Y-%m-%d"),
            "region": forms.Select({"data-combobox": True}),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["branch"]
        region: Any = self.fields["region"]
        place: Any = self.fields["territory"]
        unit.label, region.label, place.label = _("Unit"), _("Region"), _("Territory")
        unit.queryset = units_to_survey(user=user)
        region.queryset = _near(user)
        place.queryset = territories_to_survey(user=user)
        place.empty_label = _("The whole region")
        if not self.is_bound and self.instance.pk is None:
            unit.initial = user.branch_id
            self.fields["as_of"].initial = timezone.localdate()

    def head(self) -> SurveyHead:
        """The head as the service takes it."""
        return SurveyHead(**{name: self.cleaned_data[name] for name in self.Meta.fields})


def _near(user: User) -> Any:
    """Regions of the user's own province: three thousand are no choice."""
    codes = {code[:2] for code in units_to_survey(user=user).values_list("region_code", flat=True)}
    codes |= {user.branch.region_code[:2]}
    codes.discard("")
    rows = counties()
    if codes:
        wanted = RegionCode.objects.none()
        for code in sorted(codes):
            wanted = wanted | rows.filter(code__startswith=code)
        return wanted
    return rows


class LinesForm(forms.Form):
    """Counts by table and value; a share may be written, new registrations too."""

    def __init__(
        self, *args: Any, form: str, tables: Iterable[ShownTable] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        known = {(one.key, line.value): line for one in tables for line in one.lines}
        self.rows: list[tuple[str, Any, list[tuple[str, Any]]]] = []
        for table in TABLES:
            if table.form != form:
                continue
            values = _values(table.key, [value for key, value in known if key == table.key])
            self.rows.append((table.key, table.label, values))
            for value, label in values:
                line = known.get((table.key, value))
                self._add(f"{table.key}-{value}", label, line)

    def _add(self, name: str, label: Any, line: Any) -> None:
        count, new = (line.count, line.new_count) if line else (None, None)
        self.fields[f"count-{name}"] = forms.IntegerField(
            label=label, required=False, min_value=0, max_value=MOST, initial=count
        )
        self.fields[f"share-{name}"] = forms.DecimalField(
            label=label, required=False, min_value=0, max_value=100, max_digits=6, decimal_places=3
        )
        self.fields[f"new-{name}"] = forms.IntegerField(
            label=label, required=False, min_value=0, max_value=MOST, initial=new
        )

    def tables(self) -> list[dict[str, Any]]:
        """The tables with the bound fields of each line."""
        return [
            {
                "key": key,
                "label": label,
                "lines": [
                    (text, *(self[f"{part}-{key}-{value}"] for part in ("count", "share", "new")))
                    for value, text in values
                ],
            }
            for key, label, values in self.rows
        ]

    def lines(self) -> list[LineInput]:
        """What was counted; a blank count is no line."""
        found = []
        for key, _label, values in self.rows:
            for value, _text in values:
                told = {
                    p: self.cleaned_data[f"{p}-{key}-{value}"] for p in ("count", "share", "new")
                }
                if told["count"] is None:
                    continue
                share = told["share"]
                stated = Decimal(share) / 100 if share is not None else None
                found.append(LineInput(key, value, told["count"], told["new"], stated))
        return found


def _values(table: str, known: list[str]) -> list[tuple[str, Any]]:
    """The lines of a table: the usual ones, and those that were written before."""
    if table == "kind":
        return list(KINDS)
    if table == "age":
        return list(AGE_BANDS)
    codes = [*TRADE_SECTIONS, *(code for code in known if code not in TRADE_SECTIONS)]
    names = trade_names(codes)
    return [(code, names.get(code, code)) for code in codes]


class SurveyFileForm(forms.Form):
    """The file of lines; checking it writes nothing."""

    file = forms.FileField(label=_("File (CSV or XLSX)"))
    only_check = forms.BooleanField(label=_("Only check, keep nothing"), required=False)


FORM_LABELS = dict(FORMS)
