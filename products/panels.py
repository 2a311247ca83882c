"""What this app hangs on the ground floor: search results, names of its events."""

from django.utils.translation import gettext_lazy as _

from crm.core.events import name_events
from crm.core.panels import customer_action, customer_panel, home_panel
from crm.core.roles import Can
from crm.core.searching import search_source
from products.selectors.catalogue import product_hits
from products.views import suggestions
from products.views.match_panel import match_panel
from products.views.quotes import quotes_panel

search_source("products", label=_("Products"), can=Can.VIEW_PRODUCTS, find=product_hits, order=20)

customer_action(
    "products.match",
    label=_("Which products fit"),
    can=Can.VIEW_MATCHES,
    url_name="products:match",
    icon="sparkles",
    order=20,
)
customer_panel(
    "products.match",
    label=_("Which products fit"),
    can=Can.VIEW_MATCHES,
    view=match_panel,
    order=20,
)
customer_panel(
    "products.suggestions",
    label=_("What to offer next"),
    can=Can.VIEW_MATCHES,
    view=suggestions.panel,
    order=10,
    column="side",
)
home_panel(
    "products.suggestions",
    label=_("Suggestions"),
    can=Can.ANSWER_SUGGESTIONS,
    view=suggestions.home,
    order=20,
)

customer_panel(
    "products.quotes",
    label=_("Quotes"),
    can=Can.VIEW_MATCHES,
    view=quotes_panel,
    order=60,
    column="side",
)

name_events(
    {
        "products.product_added": _("product added"),
        "products.product_changed": _("product renamed"),
        "products.draft_made": _("draft made"),
        "products.rule_saved": _("eligibility rule kept"),
        "products.rule_removed": _("eligibility rule removed"),
        "products.rule_moved": _("eligibility rule moved"),
        "products.submitted": _("version submitted"),
        "products.approved": _("version approved"),
        "products.rejected": _("version sent back"),
        "products.took_effect": _("version took effect"),
        "products.superseded": _("version superseded"),
        "products.withdrawn": _("version withdrawn"),
        "products.status_set": _("sale of a product set"),
        "products.competitor_added": _("competitor added"),
        "products.competitor_changed": _("competitor changed"),
        "products.competitor_seen": _("facts about a competitor added"),
        "products.competitor_corrected": _("facts about a competitor corrected"),
        "products.competitor_noted": _("note on a competitor added"),
        "products.bundle_drafted": _("bundle drafted"),
        "products.bundle_saved": _("draft of a bundle saved"),
        "products.bundle_submitted": _("bundle submitted"),
        "products.bundle_decided": _("bundle decided"),
        "products.bundle_dropped": _("draft of a bundle dropped"),
        "products.composed": _("bundle composer opened"),
        "products.quote_made": _("quote made"),
        "products.quote_viewed": _("quote seen"),
        "products.quote_printed": _("quote for the customer opened"),
        "products.quote_pdf": _("quote made into a PDF"),
        "products.match_asked": _("match computed again"),
        "products.match_answered": _("match answered"),
        "products.facts_told": _("facts put on record"),
        "products.weights_proposed": _("weights proposed"),
        "products.weights_activated": _("weights put in force"),
        "products.weights_rejected": _("weights rejected"),
        "products.suggestion_accepted": _("suggestion accepted"),
        "products.suggestion_declined": _("suggestion declined"),
    }
)
