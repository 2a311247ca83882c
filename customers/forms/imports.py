"""Forms of imports: the file, its columns, and the filters of the list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core.models import Branch
from customers.imports import KINDS, ImportKind
from customers.imports.mapping import shipped_names
from customers.imports.types import Day, Money, Share
from customers.models import ImportBatch

UNITS = (("", _("yuan")), ("wan", _("10,000 yuan (万元)")), ("yi", _("100 million yuan (亿元)")))
SHARES = (("", _("as written")), ("percent", _("in percent")))
DAYS = (("", _("full date")), ("month", _("month only")))


class UploadForm(forms.Form):
    """A file of one kind, and what is said beside it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV (UTF-8 or GB18030, also .gz) or XLSX with one header row."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.gz,.xlsx"}),
    )
    mapping = forms.ChoiceField(
        label=_("Column mapping"),
        required=False,
        help_text=_("Without one, the header decides, as it was mapped last time."),
    )
    branch = forms.ModelChoiceField(
        Branch.objects.filter(is_active=True),
        label=_("Unit of new customers"),
        required=False,
        to_field_name="code",
    )
    as_of = forms.DateField(
        label=_("Figures as of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("For facts without a date of their own; today unless said."),
    )

    def __init__(self, kind: ImportKind, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(name, name) for name in shipped_names(kind.key)]
        self.fields["mapping"].choices = [("", _("by the header")), *names]  # type: ignore[attr-defined]
        if not names:
            del self.fields["mapping"]
        if not kind.adds_customers:
            del self.fields["branch"]
        if kind.key != "customers":
            del self.fields["as_of"]

    def options(self) -> dict[str, str]:
        """What the batch keeps beside the file."""
        branch, as_of = self.cleaned_data.get("branch"), self.cleaned_data.get("as_of")
        told = {"branch": branch.code if branch else "", "as_of": str(as_of) if as_of else ""}
        return {key: value for key, value in told.items() if value}


class MappingForm(forms.Form):
    """Each column of the kind tied to a column of the file, with its unit or one fixed value."""

    def __init__(self, batch: ImportBatch, header: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = KINDS[batch.kind]
        self.batch = batch
        choices = [("", "—"), *((name, name) for name in header if name)]
        for column in self.kind.columns:
            given = batch.mapping.get("columns", {}).get(column.key, {})
            told = given.get("header", "") if isinstance(given, dict) else given
            first = told[0] if isinstance(told, list) and told else told
            fixed = batch.mapping.get("constants", {}).get(column.key, "")
            self.fields[f"{column.key}-header"] = forms.ChoiceField(
                label=column.label, choices=choices, required=False, initial=first
            )
            self.fields[f"{column.key}-fixed"] = forms.CharField(
                label=_("Fixed value"), required=False, max_length=120, initial=fixed
            )
            readings = _readings(column.type)
            if readings:
                name = "precision" if isinstance(column.type, Day) else "unit"
                value = given.get(name, "") if isinstance(given, dict) else ""
                self.fields[f"{column.key}-{name}"] = forms.ChoiceField(
                    label=_("Read as"), choices=readings, required=False, initial=value
                )

    def rows(self) -> list[dict[str, Any]]:
        """A line a column, for the template."""
        found = []
        for column in self.kind.columns:
            how = f"{column.key}-unit", f"{column.key}-precision"
            reading = next((self[name] for name in how if name in self.fields), None)
            found.append(
                {
                    "column": column,
                    "header": self[f"{column.key}-header"],
                    "fixed": self[f"{column.key}-fixed"],
                    "reading": reading,
                }
            )
        return found

    def mapping(self) -> dict[str, Any]:
        """Columns and constants as the batch keeps them; what the form does not show is kept."""
        old = self.batch.mapping.get("columns", {})
        columns: dict[str, Any] = {}
        constants: dict[str, str] = {}
        for column in self.kind.columns:
            header = self.cleaned_data[f"{column.key}-header"]
            fixed = self.cleaned_data[f"{column.key}-fixed"].strip()
            if header:
                columns[column.key] = self._column(column.key, header, old.get(column.key))
            elif fixed:
                constants[column.key] = fixed
        return {"columns": columns, "constants": constants}

    def _column(self, key: str, header: str, old: Any) -> dict[str, Any]:
        kept = dict(old) if isinstance(old, dict) else {}
        several = kept.get("header")
        is_same = several == header or (isinstance(several, list) and header in several[:1])
        if not is_same:
            kept = {"header": header}
        for name in ("unit", "precision"):
            value = self.cleaned_data.get(f"{key}-{name}")
            if value:
                kept[name] = value
            elif value is not None:
                kept.pop(name, None)
        return kept


def _readings(kind: object) -> tuple[tuple[str, Any], ...]:
    if isinstance(kind, Money):
        return UNITS
    if isinstance(kind, Share):
        return SHARES
    return DAYS if isinstance(kind, Day) else ()


class ImportFilterForm(forms.Form):
    """Which imports are listed."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All states")), *ImportBatch.State.choices],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.key, kind.label) for kind in KINDS]
        self.fields["kind"].choices = [("", _("All kinds")), *kinds]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        """The filters that are set and known."""
        if not self.is_valid():
            return {}
        return {name: value for name, value in self.cleaned_data.items() if value}
