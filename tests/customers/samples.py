"""Sample rows of this app for the walk over every route (tests/architecture/samples.py)."""

from django.utils import timezone

from crm.core.models import User
from customers.features.spec import Dimension
from customers.models import (
    ChainLink,
    CorrectionRequest,
    ImportBatch,
    ProcureMode,
    SavedList,
    SettleMode,
)
from tests.architecture.samples import sample
from tests.customers.derive import seed_parameters
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


@sample(
    "customers:ledger/customer_id",
    "customers:ledger_pattern/customer_id",
    "api:ledger-list/customer_id",
)
def customer_with_limits(user: User) -> int:
    """The ledger reads its limits from the parameters."""
    seed_parameters()
    return make_customer(user).pk


sample("customers:ledger_facts/no")(lambda user: 3)
sample(
    "customers:ledger_entity_new/kind", "customers:ledger_entity/kind", "customers:ledger_end/kind"
)(lambda user: "settle")


@sample(
    "customers:ledger_entity/row_id",
    "customers:ledger_end/row_id",
    "api:ledger-settle-modes-detail/pk",
)
def settlement(user: User) -> int:
    return SettleMode.objects.create(
        customer=make_customer(user), direction="in", mode="qr", share="0.5", bank="ours",
        as_of=timezone.localdate(), said_by="老板",
    ).pk  # fmt: skip


@sample("api:ledger-procure-modes-detail/pk")
def purchase(user: User) -> int:
    return ProcureMode.objects.create(
        customer=make_customer(user), item="面粉", mode="spot", as_of=timezone.localdate()
    ).pk


@sample("api:ledger-chain-links-detail/pk")
def partner(user: User) -> int:
    return ChainLink.objects.create(
        customer=make_customer(user), side="buyer", counterparty_name="买方", source="visit",
        quality="declared", as_of=timezone.localdate(),
    ).pk  # fmt: skip
