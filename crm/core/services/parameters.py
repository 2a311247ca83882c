"""A changed rule is a new row: one person proposes it, another puts it in force."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal, InvalidOperation

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.models import LprQuote, RuleParameter, User


@transaction.atomic
def propose_parameter(
    *, by: User, key: str, value: str, effective_from: date, source: str, reason: str
) -> RuleParameter:
    """A proposed value of a known key; it is not in force before a second person activates it."""
    now_valid = RuleParameter.objects.filter(key=key).order_by("-version").first()
    if now_valid is None:
        raise RuleParameter.DoesNotExist
    _must_read_like(now_valid, value)
    newest = RuleParameter.objects.filter(key=key).aggregate(Max("version"))["version__max"]
    row = RuleParameter(
        key=key,
        value=value.strip(),
        unit=now_valid.unit,
        title_zh=now_valid.title_zh,
        title_en=now_valid.title_en,
        effective_from=effective_from,
        state=RuleParameter.State.PROPOSED,
        version=newest + 1,
        source=source,
        mark=RuleParameter.Mark.PROJECT,
        reason=reason,
        proposed_by=by,
    )
    row.save()
    record(by, "core.parameter_proposed", row, key=key, value=row.value)
    return row


@transaction.atomic
def decide_parameter(*, by: User, parameter_id: int, is_accepted: bool) -> RuleParameter:
    """The proposed value is in force from its day, or rejected; never by who proposed it."""
    row = RuleParameter.objects.select_for_update(of=("self",)).get(pk=parameter_id)
    if row.state != RuleParameter.State.PROPOSED:
        return row
    if row.proposed_by_id == by.pk:
        raise DomainError(_("Somebody else must decide on what you proposed."))
    row.state = RuleParameter.State.ACTIVE if is_accepted else RuleParameter.State.REJECTED
    row.decided_by, row.decided_at = by, timezone.now()
    try:
        with transaction.atomic():
            row.save(update_fields=["state", "decided_by", "decided_at"])
    except IntegrityError as error:
        raise DomainError(_("Another value is in force from the same day.")) from error
    name = "core.parameter_activated" if is_accepted else "core.parameter_rejected"
    record(by, name, row, key=row.key, value=row.value)
    return row


@transaction.atomic
def add_lpr_quote(*, by: User, quote: LprQuote) -> LprQuote:
    """The day's quote stands; the same day twice is refused."""
    if LprQuote.objects.filter(pk=quote.pk).exists():
        raise DomainError(_("There is a quote for this day already."))
    quote.save(force_insert=True)
    record(by, "core.lpr_added", quote)
    return quote


def _must_read_like(row: RuleParameter, value: str) -> None:
    """The new value must be readable as the old one is: a number, a day, a time, a list."""
    try:
        match row.unit:
            case "date":
                date.fromisoformat(value)
            case "time":
                time.fromisoformat(value)
            case "text":
                pass
            case _:
                parts = value.split("/")
                if len(parts) != len(row.value.split("/")) or any(
                    not Decimal(part).is_finite() for part in parts
                ):
                    raise ValueError(value)
    except (ValueError, InvalidOperation) as error:
        raise DomainError(
            _("%(value)s cannot be read as %(unit)s.") % {"value": value, "unit": row.unit},
            status=422,
            fields={"value": _("It must look like the present value.")},
        ) from error
