"""Sample rows of this app for the walk over every route (tests/architecture/samples.py)."""

from django.utils import timezone

from crm.core.models import User
from customers.features.spec import Dimension
from customers.models import CorrectionRequest, ImportBatch, SavedList
from tests.architecture.samples import sample
from tests.factories import make_customer


@sample("customer_id", "api:customer-detail/pk")
def customer(user: User) -> int:
    return make_customer(user).pk


@sample("saved_id")
def saved_list(user: User) -> int:
    return SavedList.objects.create(user=user, name="清单").pk


@sample(
    *(
        f"api:import-{action}/pk"
        for action in ("detail", "start", "check", "cancel", "undo", "errors")
    ),
    "batch_id",
)
def import_batch(user: User) -> int:
    return ImportBatch.objects.create(
        kind="invoices", file_name="客户.csv", file_sha256="0" * 64, file_bytes=1,
        state=ImportBatch.State.DONE, created_by=user,
    ).pk  # fmt: skip


@sample("customers:correction/request_id")
def correction_request(user: User) -> int:
    today = timezone.localdate()
    return CorrectionRequest.objects.create(
        customer=make_customer(user), key="employees", wanted="12", reason="工资表",
        asked_on=today, due_on=today, entered_by=user,
    ).pk  # fmt: skip


sample("customers:end_value/target")(lambda user: "stage")
sample("customers:take_tag/code")(lambda user: "white_list")
sample("customers:codes/kind")(lambda user: "industrycode")
sample("customers:figure/key", "api:portrait-figure/key")(lambda user: "registered_capital")
sample("customers:figures/dimension")(lambda user: str(Dimension.BASIC))
sample("customers:portrait_month/kind")(lambda user: "flows")
sample("customers:portrait_month/month")(lambda user: "2026-10")
sample("customers:import_new/kind", "customers:import_template/kind")(lambda user: "invoices")
sample("customers:import_template/form", "customers:import_errors/form")(lambda user: "csv")
