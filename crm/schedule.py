"""What runs when (SCHEDULE), and what follows which event (FOLLOW_UPS)."""

from celery.schedules import crontab

# name: (task, when, arguments)
SCHEDULE: dict[str, tuple[str, object, tuple[str, ...]]] = {
    "ring workers for unfinished jobs": ("core.ring", 10.0, ()),
    "sessions that have ended": ("core.clear_sessions", crontab(hour=1, minute=35), ()),
    "partitions of the coming months": ("core.partitions", crontab(hour=1, minute=5), ()),
    "files of old imports": ("core.start", crontab(hour=2, minute=40), ("customers.import_purge",)),
    "rollups in order": ("customers.weekly_rollups", crontab(day_of_week=0, hour=4, minute=0), ()),
    "product versions of the day": (
        "core.start",
        crontab(hour=0, minute=10),
        ("products.take_effect",),
    ),
    "propensity of the month": (
        "core.start",
        crontab(day_of_month=1, hour=4, minute=30),
        ("propensity.train",),
    ),
    "own rates of the pipeline": (
        "core.start",
        crontab(hour=3, minute=20),
        ("opportunities.rates",),
    ),
    "stages out of time": (
        "core.start",
        crontab(hour=6, minute=30),
        ("opportunities.deadlines",),
    ),
    "visit plans of the next week": (
        "core.start",
        crontab(day_of_week=5, hour=5, minute=0),
        ("plans.week",),
    ),
    "visits drawn for review": (
        "core.start",
        crontab(day_of_week=1, hour=5, minute=0),
        ("visits.sample",),
    ),
    "care of the night": ("core.start", crontab(hour=5, minute=40), ("care.nightly",)),
    "figures of the boards by night": (
        "core.start",
        crontab(hour=5, minute=40),
        ("boards.full",),
    ),
    "figures of the boards by day": (
        "core.start",
        crontab(hour="9-18", minute=10),
        ("boards.count",),
    ),
    "goals of the night": ("core.start", crontab(hour=5, minute=20), ("goals.count",)),
    "portraits of the night": ("customers.nightly_portraits", crontab(hour=1, minute=30), ()),
}

# event: kinds of job that follow it; a kind gets {"event": ..., "ids": [...]}
FOLLOW_UPS: dict[str, tuple[str, ...]] = {
    "customers.facts_changed": ("portraits.refresh",),
    "suggestion.accepted": ("opportunities.from_suggestions",),
    "visit.logged": ("opportunities.visited", "visits.check", "coordination.visited"),
    "visit.photo_added": ("visits.check",),
    "customers.assigned": ("opportunities.handed_over", "visits.handed_over", "matches.recount"),
    "portrait.changed_materially": ("portraits.tell",),
    "portrait.updated": ("matches.refresh",),
    "portraits.replaced": ("matches.full", "ledger.full", "market.count"),
    "products.changed": ("matches.full",),
    "products.weights_changed": ("matches.full",),
    "matches.updated": ("suggestions.refresh", "matches.recount"),
    "matches.replaced": ("suggestions.full",),
    "propensity.activated": ("suggestions.full",),
}

beat_schedule = {
    name: {"task": task, "schedule": when, "args": arguments}
    for name, (task, when, arguments) in SCHEDULE.items()
}
