"""Sample rows for the walk over the routes of this part: workbench."""

from crm.core.models import User
from crm.core.services.task import add_task
from marketing.models import QueueMark
from tests.architecture.samples import sample


@sample(
    *(
        f"marketing:{name}/source"
        for name in ("queue_item", "queue_do", "queue_put_off", "queue_pass_on")
    ),
)
def source(user: User) -> str:
    return "task"


@sample("ref")
def ref(user: User) -> int:
    return add_task("core.reveal_quota", owner=user, params={"name": "王", "limit": "20"}).pk


@sample("mark_id", "api:queue-detail/pk")
def mark(user: User) -> int:
    return QueueMark.objects.create(
        owner=user, source="task", ref=str(ref(user)), kind="snoozed", until_on="2099-01-05"
    ).pk
