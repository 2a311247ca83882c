"""Care on the customer page; an open complaint silences suggestions (CARE-5)."""

from django.utils.translation import gettext_lazy as _

from crm.core.events import name_events
from crm.core.panels import customer_panel
from crm.core.roles import Can
from marketing.selectors.complaints import has_open_complaint
from marketing.views import care
from products.selectors.suggestions import SALES_STOPS, SalesStop

SALES_STOPS.append(
    SalesStop(
        has_open_complaint,
        _("A complaint of this customer is open: nothing is offered until it is closed."),
    )
)

customer_panel(
    "marketing.care",
    label=_("Care"),
    can=Can.VIEW_FIELD_WORK,
    view=care.panel,
    order=30,
    column="side",
)

name_events(
    {
        "marketing.care_done": _("care task done"),
        "marketing.care_dropped": _("care task dropped"),
        "marketing.complaint_logged": _("complaint logged"),
        "marketing.complaint_closed": _("complaint closed"),
        "marketing.complaint_handed": _("complaint handed over"),
        "marketing.relief_proposed": _("help proposed"),
        "marketing.relief_closed": _("outcome of help told"),
        "marketing.satisfaction_recorded": _("satisfaction recorded"),
    }
)
