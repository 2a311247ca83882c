"""The ledger is written: facts of a category together, and the entities of chain and settlement."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.models import User
from crm.core.roles import Can
from customers.features.declared import FACTS
from customers.models import (
    ChainLink,
    Customer,
    DeclaredFact,
    LedgerPast,
    Quality,
    Source,
)
from customers.models.portrait import Trigger
from customers.selectors.ledger_facts import Said, said_facts
from customers.services.declared import FactValue, declare_fact
from customers.services.ledger_checks import (
    COST_KEYS,
    check_cost,
    check_cost_withdrawn,
    check_day,
    check_known,
    check_values,
)
from customers.services.ledger_cover import store_covers
from customers.services.ledger_rows import (
    KINDS,
    WORD_FIELDS,
    Kind,
    RowSaid,
    check_direction,
    check_row,
    put_rows,
    told_faults,
)
from customers.services.portrait import ask_refresh
from customers.services.rollups import touch_customers


@dataclass(frozen=True)
class Word:
    """When it was said, by whom, what proves it, and how far it can be trusted."""

    as_of: date
    said_by: str = ""
    proof: str = ""
    source: str = Source.VISIT
    quality: str = Quality.DECLARED


class FactClash(DomainError):
    """Somebody else said something newer since the page was opened; nothing was written."""

    def __init__(self, keys: tuple[str, ...], current: Mapping[str, Said]) -> None:
        labels = _(", ").join(str(FACTS[key].label) for key in keys)
        text = _("Somebody else put this on record meanwhile: %(facts)s.")
        super().__init__(text % {"facts": labels}, status=409)
        self.keys = keys
        self.current = current


class EntityClash(DomainError):
    """Somebody else saved the row since the page was opened; nothing was written."""

    def __init__(self, current: models.Model) -> None:
        super().__init__(_("Somebody else changed this row meanwhile."), status=409)
        self.current = current


def mark_of(said: Said) -> str:
    """What a page remembers of a fact it showed: day and value; empty: nothing stood.

    Of a sealed one it remembers the row: the mark travels with the page and may be read.
    """
    if said.row is None:
        return ""
    what = said.row.pk if said.fact.is_sealed else said.value
    return f"{said.row.as_of.isoformat()}|{what}"


@transaction.atomic
def say_facts(
    *,
    customer_id: int,
    values: Mapping[str, FactValue],
    word: Word,
    by: User,
    marks: Mapping[str, str] | None = None,
    withdrawn: Collection[str] = (),
) -> list[DeclaredFact]:
    """The facts are on record as of the day; the same again changes nothing.

    Facts ``withdrawn`` count no more from today on. Shares of cost are said together, add up to
    exactly 100 %, and are withdrawn together. ``marks`` (``mark_of``) is what the page showed:
    FactClash when one of the facts meant has moved since. DomainError with the field for a value
    out of bounds.
    """
    customer = _opened(customer_id, by)
    check_day(word.as_of)
    check_values(values)
    check_cost(values)
    check_known(withdrawn)
    _check_moved(customer, values, withdrawn, marks)
    _check_left(customer, values, withdrawn)
    gone = _withdraw(customer, withdrawn)
    written = [
        declare_fact(
            customer_id=customer.pk,
            key=key,
            value=value,
            as_of=word.as_of,
            source=Source(word.source),
            quality=Quality(word.quality),
            by=by,
            evidence=word.proof,
            said_by=word.said_by,
        )
        for key, value in values.items()
    ]
    if written or gone:
        record(by, "customers.ledger_facts", customer, facts=sorted(values), withdrawn=gone)
        _follow(customer)
    return written


def _check_moved(
    customer: Customer,
    values: Mapping[str, FactValue],
    withdrawn: Collection[str],
    marks: Mapping[str, str] | None,
) -> None:
    """Nothing that is meant was said anew since the page showed it."""
    if marks is None:
        return
    meant = (*values, *withdrawn)
    standing = said_facts(customer=customer, as_of=timezone.localdate(), keys=meant)
    moved = tuple(
        key
        for key in meant
        if mark_of(standing[key]) != marks.get(key, "")
        and not _is_equal(standing[key].value, values.get(key))
    )
    if moved:
        raise FactClash(moved, standing)


def _check_left(
    customer: Customer, values: Mapping[str, FactValue], withdrawn: Collection[str]
) -> None:
    """What stands of the shares of cost afterwards is whole."""
    if COST_KEYS[0] in values or not set(COST_KEYS) & set(withdrawn):
        return
    rows = DeclaredFact.objects.filter(customer=customer, key__in=COST_KEYS, is_withdrawn=False)
    check_cost_withdrawn(withdrawn, set(rows.values_list("key", flat=True)))


def _withdraw(customer: Customer, keys: Collection[str]) -> list[str]:
    """No value of these facts counts from today on; returns those that had one.

    Past days still know it, unless it was put on record today only.
    """
    rows = DeclaredFact.objects.filter(customer=customer, key__in=keys, is_withdrawn=False)
    gone = list(rows.select_for_update())
    today = timezone.localdate()
    past = [
        LedgerPast(
            customer=customer,
            table=DeclaredFact._meta.db_table,
            row_id=row.pk,
            as_of=row.as_of,
            until=today,
            before={"is_withdrawn": False},  # the row stays, and keeps what was said
        )
        for row in gone
        if max(row.as_of, timezone.localdate(row.recorded_at)) < today
    ]
    LedgerPast.objects.bulk_create(past)
    rows.filter(pk__in=[row.pk for row in gone]).update(is_withdrawn=True)
    return sorted({row.key for row in gone})


@transaction.atomic
def save_entity(
    *,
    customer_id: int,
    kind: str,
    values: Mapping[str, Any],
    word: Word,
    by: User,
    pk: int | None = None,
    version: int | None = None,
) -> models.Model:
    """The row is on record; EntityClash when somebody saved it otherwise since ``version``.

    The same again changes nothing. A new row that stands already (same partner, item or manner) is
    refused with a sentence; one that had ended holds again.
    """
    customer = _opened(customer_id, by)
    check_day(word.as_of)
    spec = KINDS[kind]
    row: Any = _locked(spec, customer, pk) if pk else _ended_or_new(spec, customer, values)
    given = {name: values[name] for name in spec.fields if name in values}
    given |= {name: getattr(word, name) for name in WORD_FIELDS}
    if pk and all(getattr(row, name) == value for name, value in given.items()):
        return row  # type: ignore[no-any-return]  # one of the three entities
    if pk and row.version != version:
        raise EntityClash(row)
    for name, value in given.items():
        setattr(row, name, value)
    check_row(spec, {name: getattr(row, name) for name in spec.fields})
    check_direction(row)
    if row.pk:
        row.version += 1
    if spec.model is not ChainLink:
        row.entered_by, row.ended_on = by, None
    _save(spec, row)
    record(by, "customers.ledger_entity", customer, entity=kind, row=row.pk)
    _follow(customer)
    return row  # type: ignore[no-any-return]  # one of the three entities


@transaction.atomic
def end_entity(*, customer_id: int, kind: str, pk: int, version: int, by: User) -> bool:
    """The row holds no more from today; False when it had ended already.

    A supplier or buyer as told has no history of its own: its row goes.
    """
    customer = _opened(customer_id, by)
    spec = KINDS[kind]
    try:
        row: Any = _locked(spec, customer, pk)
    except ObjectDoesNotExist:
        return False
    if row.version != version:
        raise EntityClash(row)
    if isinstance(row, ChainLink):
        row.delete()
    else:
        row.ended_on = max(timezone.localdate(), row.as_of)
        row.version += 1
        row.save(update_fields=["ended_on", "version"])
    record(by, "customers.ledger_entity_ended", customer, entity=kind, row=pk)
    _follow(customer)
    return True


def tell_rows(*, customer: Customer, rows: Sequence[RowSaid], word: Word, by: User) -> int:
    """Rows told together are on record; how many changed. The caller found and locked the customer.

    The same again changes nothing. DomainError (422) with ``rows.0.share`` for what cannot be so.
    """
    if not rows:
        return 0
    faults = told_faults(rows)
    if faults:
        raise DomainError(next(iter(faults.values())), status=422, fields=faults)
    check_day(word.as_of)
    given = {"as_of": word.as_of, "source": word.source, "quality": word.quality}
    changed = put_rows(customer, rows, given, by)
    if changed:
        kinds = sorted({row.kind for row in rows})
        record(by, "customers.ledger_rows", customer, entities=kinds, changed=changed)
        _follow(customer)
    return changed


def _opened(customer_id: int, by: User) -> Customer:
    """The customer, locked, within the writer's reach."""
    if not by.can(Can.EDIT_CUSTOMERS):
        raise DomainError(_("Your role does not write customers."), status=403)
    rows = Customer.objects.visible_to(by).select_for_update(of=("self",), no_key=True)
    customer: Customer = rows.get(pk=customer_id)
    return customer


def _follow(customer: Customer) -> None:
    """The cover is right at once; the portrait within seconds."""
    store_covers(customer_ids=[customer.pk])
    touch_customers([customer.pk], trigger=Trigger.VISIT)
    ask_refresh()


def _locked(spec: Kind, customer: Customer, pk: int) -> models.Model:
    rows = spec.model._default_manager.filter(customer=customer)
    if spec.model is not ChainLink:
        rows = rows.filter(ended_on=None)
    return rows.select_for_update().get(pk=pk)


def _ended_or_new(spec: Kind, customer: Customer, values: Mapping[str, Any]) -> models.Model:
    """The row of the same thing that had ended, else an empty one."""
    if spec.model is not ChainLink:
        same = {name: values.get(name) for name in spec.keys}
        rows = spec.model._default_manager.filter(customer=customer, **same)
        found = rows.exclude(ended_on=None).select_for_update().first()
        if found is not None:
            return found
    return spec.model(customer=customer)


def _save(spec: Kind, row: models.Model) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        text = _("This row stands already: change it instead.")
        raise DomainError(text, status=422, fields={spec.keys[-1]: text}) from error


def _is_equal(standing: Any, said: Any) -> bool:
    if isinstance(standing, Decimal) and isinstance(said, int | float | Decimal):
        return standing == Decimal(str(said))
    return bool(standing == said)
