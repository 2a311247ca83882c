"""Sample rows for walking every route: one maker for each url keyword.

A new keyword in a route needs a line here; a test names those that have none.
``sample("customer_id")(make)`` in ``tests/<app>/samples.py`` adds one from another app.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from crm.core.jobs import enqueue
from crm.core.models import RuleParameter, User
from crm.core.services.org import request_cover
from crm.core.services.task import add_task
from tests import job_kinds  # noqa: F401
from tests.factories import make_branch, make_user

Maker = Callable[[User], Any]
SAMPLES: dict[str, Maker] = {}


def sample(*names: str) -> Callable[[Maker], Maker]:
    """The decorated maker gives the value of these url keywords, for a user who asks.

    A name is ``keyword`` or, where one word means two things, ``route name/keyword``.
    """

    def register(make: Maker) -> Maker:
        for name in names:
            assert name not in SAMPLES, f"two samples for {name}"
            SAMPLES[name] = make
        return make

    return register


def maker(route_name: str, keyword: str) -> Maker | None:
    """The sample for this keyword of this route."""
    return SAMPLES.get(f"{route_name}/{keyword}") or SAMPLES.get(keyword)


def values(route_name: str, keywords: dict[str, str], user: User) -> dict[str, Any]:
    """A value for every keyword of the route; without a sample, a row that does not exist."""
    found = {}
    for keyword, kind in keywords.items():
        make = maker(route_name, keyword)
        found[keyword] = make(user) if make else (2**31 - 7 if kind == "int" else "nothing")
    return found


sample("user_id")(lambda user: make_user("rm").pk)
sample("branch_id")(lambda user: make_branch().pk)
sample("job_id", "api:job-detail/pk", "api:job-cancel/pk", "api:job-retry/pk")(
    lambda user: enqueue("test.plans", by=user).pk
)
sample("task_id")(lambda user: add_task("core.reveal_quota", owner=user).pk)
sample("core:home_panel/key")(lambda user: "core.nothing")
sample("core:reveal/key", "customers:panel/key")(lambda user: "core.nothing")
sample("row_id")(lambda user: 1)


@sample("core:parameter/key", "core:parameter_propose/key")
def parameter_key(user: User) -> str:
    make_parameter()
    return "test.days"


@sample("parameter_id")
def proposed_parameter(user: User) -> int:
    make_parameter()
    return make_parameter(state="proposed", version=2, proposed_by=make_user("risk_officer")).pk


def make_parameter(**fields: Any) -> RuleParameter:
    """A parameter of thirty days."""
    given = {
        "key": "test.days",
        "version": 1,
        "value": "30",
        "unit": "day",
        "effective_from": "2020-01-01",
        "state": "active",
        "source": "test",
        "mark": "project",
    }
    row, _made = RuleParameter.objects.get_or_create(
        key=fields.get("key", "test.days"),
        version=fields.get("version", 1),
        defaults=given | fields,
    )
    return row


@sample("cover_id")
def cover(user: User) -> int:
    from datetime import date

    absent, stand_in = make_user("rm"), make_user("rm")
    days = {"first": date(2090, 1, 1), "last": date(2090, 1, 5)}
    return request_cover(by=absent, absent=absent, stand_in=stand_in, reason="leave", **days).pk


for file in sorted(Path(__file__).parent.parent.glob("*/samples.py")):
    if file.parent != Path(__file__).parent:
        import_module(f"tests.{file.parent.name}.samples")
