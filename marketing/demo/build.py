"""Three years of field work, batch by batch of managers: drawn in columns, copied in."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, models, transaction

from crm.core.audit import record
from crm.core.parameters import parameters
from customers.demo.bulk import without_keys
from customers.demo.writer import Keys, Sheets
from customers.models import Touch
from marketing.demo.after import add_what_follows
from marketing.demo.deals import add_deals, gather
from marketing.demo.frame import Batch, Work
from marketing.demo.market import add_market
from marketing.demo.people import batches, patch_of
from marketing.demo.proofs import known_of
from marketing.demo.rounds import add_rounds
from marketing.demo.visits import make_visits
from marketing.models import (
    CareTask,
    Complaint,
    CoordinationItem,
    Opportunity,
    PlannedVisit,
    Satisfaction,
    StageEvent,
    Visit,
    VisitFact,
    VisitPlan,
    VisitReview,
)

LOADED: tuple[type[models.Model], ...] = (
    Visit, VisitFact, VisitPlan, PlannedVisit, VisitReview, Opportunity, StageEvent,
    CoordinationItem, CareTask, Complaint, Satisfaction,
)  # fmt: skip
Say = Callable[[str], None]


@transaction.atomic
def make_field_work(work: Work, say: Say) -> Counter[str]:
    """Visits, opportunities and all that goes with them are there, whole or not at all."""
    known = parameters(work.as_of)
    rows: Counter[str] = Counter()
    with without_keys(LOADED), _unheard(LOADED):
        _forget_visit_contacts()
        keys, sheets = Keys(), Sheets()
        groups = batches()
        began = time.monotonic()
        for no, managers in enumerate(groups):
            batch = Batch(no, work, managers, keys, sheets)
            patch = patch_of(work, managers)
            visits = make_visits(batch, patch)
            facts = known_of(batch, patch, visits)
            for deals in gather(batch, patch, visits):
                add_deals(batch, deals, known, facts)
            add_rounds(batch, patch, visits)
            rows.update(sheets.copy())
            say(f"{no + 1} / {len(groups)}, {sum(rows.values()):,} rows")
        keys.settle()
        rows.update(add_what_follows(work, LOADED))
        say(f"visits and opportunities in {time.monotonic() - began:.0f} s")
    rows.update(add_market(work))
    record(None, "marketing.demo_made", as_of=work.as_of.isoformat(), seed=work.seed)
    return rows


def _forget_visit_contacts() -> None:
    """Each visit brings its own contact; those made up before are taken out."""
    Touch.objects.filter(channel=Touch.Channel.VISIT).delete()


@contextmanager
def _unheard(loaded: tuple[type[models.Model], ...]) -> Iterator[None]:
    """Made-up rows of a bulk load are told as one event, not row by row."""
    tables = [f'"{model._meta.db_table}"' for model in loaded]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
