"""What this app hangs on the ground floor: search results, names of its events."""

from django.utils.translation import gettext_lazy as _

from crm.core.events import name_events
from crm.core.roles import Can
from crm.core.searching import search_source
from products.selectors.catalogue import product_hits

search_source("products", label=_("Products"), can=Can.VIEW_PRODUCTS, find=product_hits, order=20)

name_events(
    {
        "products.product_added": _("product added"),
        "products.draft_made": _("draft made"),
        "products.submitted": _("version submitted"),
        "products.approved": _("version approved"),
        "products.rejected": _("version sent back"),
        "products.took_effect": _("version took effect"),
        "products.superseded": _("version superseded"),
        "products.withdrawn": _("version withdrawn"),
        "products.status_set": _("sale of a product set"),
    }
)
