"""An import taken back: what it created is gone, what it changed is as before, or nothing happens.

A row that a later import changed stands in the way; so does whatever was added to a new customer
since. The sentence then says which import has to be undone first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, ProtectedError
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.errors import DomainError
from customers.imports import KINDS, ImportKind
from customers.models import (
    Contact,
    Customer,
    DeclaredFact,
    ImportBatch,
    ImportChange,
    Invoice,
    Trigger,
)
from customers.models.base import CustomerOwned, Imported
from customers.services.imports import household
from customers.services.imports.upsert import Target

TRIGGER = Trigger.IMPORT.value
Beside = Callable[[ImportBatch], tuple[int, dict[str, Any]]]
_BESIDE: dict[str, Beside] = {}

__all__ = ["later_imports", "take_back", "taken_back_by"]


def taken_back_by(kind: str, hook: Beside) -> None:
    """An upper floor takes back what its own kind wrote beside its rows; a kind has one hook.

    It answers how many rows went, and as ``code`` and ``details`` what had to stay.
    """
    if _BESIDE.setdefault(kind, hook) is not hook:
        raise ImproperlyConfigured(f"import kinds: {kind!r} is taken back twice.")


def later_imports(batch: ImportBatch) -> list[ImportBatch]:
    """The imports that changed rows of this one later, newest first."""
    others: set[int] = set()
    with connection.cursor() as cursor:
        for target in _targets(batch):
            cursor.execute(
                'SELECT DISTINCT batch_id FROM customers_importchange WHERE "table" = %s '
                "AND batch_id <> %s AND before->>'batch_id' = %s",
                [target.table, batch.pk, str(batch.pk)],
            )
            others |= {row[0] for row in cursor.fetchall()}
    undone = ImportBatch.State.UNDONE
    return list(ImportBatch.objects.filter(pk__in=others).exclude(state=undone).order_by("-pk"))


@transaction.atomic
def take_back(batch: ImportBatch) -> int:
    """How many rows are as they were before the batch; DomainError, and nothing done, otherwise.

    What had to stay, the batch says in ``problem``; saving it is the caller's.
    """
    with connection.cursor() as cursor:
        for target in _targets(batch):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [target.table])
        if batch.kind == "customers":
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('customers_customer rows'))")
    _refuse_later(batch)
    rows = sum(_take_back(batch, target) for target in _targets(batch))
    hook = _BESIDE.get(batch.kind)
    if hook is None:
        return rows
    more, batch.problem = hook(batch)
    return rows + more


def _targets(batch: ImportBatch) -> list[Target]:
    """The tables of the kind, dependent ones first."""
    kind: ImportKind = KINDS[batch.kind]
    main = Target.of(kind)
    if kind.key != "customers":
        return [main]
    facts = Target(DeclaredFact, ("customer_id", "key", "as_of", "source"))
    return [facts, main]


def _refuse_later(batch: ImportBatch) -> None:
    later = later_imports(batch)
    if later:
        names = "、".join(f"#{other.pk} {other.file_name}" for other in later[:5])
        raise DomainError(
            _("Later imports changed the same rows: %(names)s. Undo them first.") % {"names": names}
        )
    _refuse_edited(batch)
    if batch.kind == "customers":
        _refuse_used(batch)


def _refuse_edited(batch: ImportBatch) -> None:
    """Customers and contacts that were edited by hand since stay."""
    model = KINDS[batch.kind].model
    if model not in (Customer, Contact) or batch.finished_at is None:
        return
    name = "customer_no" if model is Customer else "customer__customer_no"
    edited = model._default_manager.filter(batch=batch, updated_at__gt=batch.finished_at)
    number = edited.values_list(name, flat=True).first()
    if number is not None:
        raise DomainError(
            _("Customer %(number)s was edited since; undo is no longer possible.")
            % {"number": number}
        )


def _refuse_used(batch: ImportBatch) -> None:
    """New customers that carry facts of others stay."""
    created = _created(batch)
    for model in _owned_models():
        rows: Any = model._default_manager.filter(customer__in=created).exclude(batch=batch)
        other = rows.values_list("customer__customer_no", "batch_id").first()
        if other is not None:
            raise DomainError(
                _("Customer %(number)s has rows of other sources (%(what)s); remove them first.")
                % {"number": other[0], "what": _what(model, other[1])}
            )


def _what(model: type[models.Model], batch_id: int | None) -> str:
    name = str(model._meta.verbose_name)
    return f"{name} #{batch_id}" if batch_id else name


def _owned_models() -> list[type[models.Model]]:
    """Tables of facts that belong to a customer and come by import."""
    found: list[type[models.Model]] = []
    for model in Customer._meta.apps.get_app_config("customers").get_models():
        if issubclass(model, CustomerOwned) and issubclass(model, Imported):
            found.append(model)
    return [*found, Invoice] if Invoice not in found else found


def _created(batch: ImportBatch) -> models.QuerySet[Customer]:
    """Customers that the batch created: written by it, without a past before it."""
    past = ImportChange.objects.filter(batch=batch, table=Customer._meta.db_table).exclude(
        before__batch_id=batch.pk
    )
    own = Cast(KeyTextTransform("id", "before"), models.BigIntegerField())
    here = past.annotate(own=own).filter(own=OuterRef("pk"))
    return Customer.objects.filter(batch=batch).exclude(Exists(here))


def _take_back(batch: ImportBatch, target: Target) -> int:
    """One table: changed rows restored from their oldest past in this batch, new ones deleted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE import_past ON COMMIT DROP AS "
            "SELECT DISTINCT ON (key) key, before FROM customers_importchange "
            'WHERE batch_id = %s AND "table" = %s ORDER BY key, id',
            [batch.pk, target.table],
        )
        cursor.execute("DELETE FROM import_past WHERE before->>'batch_id' = %s", [str(batch.pk)])
        _touch(cursor, batch, target)
        restored = _restore(cursor, target)
        if target.model is Customer:
            cursor.execute("SELECT (before->>'id')::bigint FROM import_past")
            again = [row[0] for row in cursor.fetchall()]
            household.assign(again, timezone.localdate(), batch.created_by_id)
        cursor.execute(
            'DELETE FROM customers_importchange WHERE batch_id = %s AND "table" = %s',
            [batch.pk, target.table],
        )
        cursor.execute("DROP TABLE import_past")
    return restored + _delete(batch, target)


def _restore(cursor: Any, target: Target) -> int:
    meta = target.model._meta
    columns = [f.column for f in meta.local_concrete_fields if not f.generated]
    own = [name for name in columns if name not in target.keys]
    sets = ", ".join(f'"{name}" = p."{name}"' for name in own)
    same = " AND ".join(f't."{key}" = p."{key}"' for key in target.keys)
    cursor.execute(
        f'UPDATE "{target.table}" t SET {sets} FROM import_past i, '
        f'jsonb_populate_record(NULL::"{target.table}", i.before) p WHERE {same}'
    )
    return int(cursor.rowcount)


def _delete(batch: ImportBatch, target: Target) -> int:
    """What still carries the batch was created by it."""
    if target.model is not Customer:
        with connection.cursor() as cursor:
            cursor.execute(f'DELETE FROM "{target.table}" WHERE batch_id = %s', [batch.pk])
            return int(cursor.rowcount)
    created = Customer.objects.filter(batch=batch)
    count = created.count()
    try:
        created.delete()
    except ProtectedError as error:
        raise DomainError(
            _("Some of these customers are in use elsewhere; nothing was undone.")
        ) from error
    return count


def _touch(cursor: Any, batch: ImportBatch, target: Target) -> None:
    """Whoever owned a row of the batch, or owns it again, waits for new rollups."""
    if target.model is Customer:
        cursor.execute(
            "INSERT INTO customers_touchedmonth (customer_id, ym, trigger, touched_at) "
            "SELECT (before->>'id')::bigint, NULL, %s, now() FROM import_past",
            [TRIGGER],
        )
        return
    if target.model._meta.get_field("customer").null:  # no fact of a customer's
        return
    month = _month_sql(target)
    cursor.execute(
        "INSERT INTO customers_touchedmonth (customer_id, ym, trigger, touched_at) "
        f'SELECT DISTINCT t.customer_id, {month}, %s, now() FROM "{target.table}" t '
        "WHERE t.batch_id = %s UNION "
        f"SELECT DISTINCT t.customer_id, {month}, %s, now() FROM import_past i, "
        f'jsonb_populate_record(NULL::"{target.table}", i.before) t',
        [TRIGGER, batch.pk, TRIGGER],
    )


def _month_sql(target: Target) -> str:
    column = target.touch_column
    if target.touches == "month":
        return f't."{column}"'
    if target.touches == "day":
        return f'(extract(year FROM t."{column}") * 12 + extract(month FROM t."{column}") - 1)::int'
    return "NULL::int"
