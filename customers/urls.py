"""Routes of this app: one ``page(...)`` line each."""

from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _

from crm.core.access import page
from crm.core.roles import Can
from customers.views import (
    assignment,
    customer,
    export,
    frame,
    judgement,
    ledger,
    listing,
    profile,
    territory,
)
from customers.views import imports as import_views
from customers.views.portrait import figures, versions
from customers.views.portrait import page as portrait_page

app_name = "customers"

lists: list[URLPattern] = [
    page(
        "",
        listing.customer_list,
        name="list",
        can=Can.VIEW_CUSTOMERS,
        menu=_("Customers"),
        icon="users",
        order=20,
    ),
    page("filters/", listing.filters, name="filters", can=Can.VIEW_CUSTOMERS),
    page("filters/value/", listing.condition, name="condition", can=Can.VIEW_CUSTOMERS),
    page("count/", listing.count, name="count", can=Can.VIEW_CUSTOMERS),
    page("columns/", listing.columns, name="columns", can=Can.VIEW_CUSTOMERS),
    page("lists/", listing.keep, name="keep", can=Can.VIEW_CUSTOMERS),
    page("lists/<int:saved_id>/drop/", listing.drop, name="drop", can=Can.VIEW_CUSTOMERS),
]

writing: list[URLPattern] = [
    page("new/", customer.add, name="add", can=Can.EDIT_CUSTOMERS),
    page("<int:customer_id>/edit/", customer.edit, name="edit", can=Can.EDIT_CUSTOMERS),
    page("duplicates/", customer.duplicates, name="duplicates", can=Can.EDIT_CUSTOMERS),
    page("codes/<str:kind>/", customer.codes, name="codes", can=Can.VIEW_CUSTOMERS),
    page("assign/", assignment.assign, name="assign", can=Can.ASSIGN_CUSTOMERS),
    page("export/", export.ask, name="export", can=Can.EXPORT_CUSTOMERS),
    page("exports/<int:job_id>/", export.exported, name="exported", can=Can.EXPORT_CUSTOMERS),
    page("exports/<int:job_id>/file/", export.download, name="download", can=Can.EXPORT_CUSTOMERS),
    page(
        "<int:customer_id>/identifiers/",
        profile.identifier,
        name="identifier",
        can=Can.EDIT_CUSTOMERS,
    ),
]

places: list[URLPattern] = [
    page("groups/", territory.groups, name="groups", can=Can.VIEW_CUSTOMERS),
    page("territories/", territory.territories, name="territories", can=Can.VIEW_CUSTOMERS),
]

one_customer: list[URLPattern] = [
    page("<int:customer_id>/profile/", profile.profile, name="profile", can=Can.VIEW_CUSTOMERS),
    page("<int:customer_id>/holdings/", profile.holdings, name="holdings", can=Can.VIEW_CUSTOMERS),
    page("<int:customer_id>/chain/", profile.chain, name="chain", can=Can.VIEW_CUSTOMERS),
    page("<int:customer_id>/history/", profile.history, name="history", can=Can.VIEW_CUSTOMERS),
    page("<int:customer_id>/panels/<str:key>/", frame.panel, name="panel", can=Can.VIEW_CUSTOMERS),
]

ledgers: list[URLPattern] = [
    page("<int:customer_id>/ledger/", ledger.ledger, name="ledger", can=Can.VIEW_CUSTOMERS),
    page(
        "<int:customer_id>/ledger/pattern/",
        ledger.pattern,
        name="ledger_pattern",
        can=Can.VIEW_CUSTOMERS,
    ),
    *(
        page(f"<int:customer_id>/ledger/{path}", view, name=name, can=Can.EDIT_CUSTOMERS)
        for path, view, name in (
            ("<int:no>/", ledger.facts, "ledger_facts"),
            ("<str:kind>/new/", ledger.entity, "ledger_entity_new"),
            ("<str:kind>/<int:row_id>/", ledger.entity, "ledger_entity"),
            ("<str:kind>/<int:row_id>/end/", ledger.end, "ledger_end"),
        )
    ),
]

judgements: list[URLPattern] = [
    page(
        "<int:customer_id>/judgement/",
        judgement.judgement,
        name="judgement",
        can=Can.VIEW_CUSTOMERS,
    ),
    *(
        page(f"<int:customer_id>/{path}", view, name=name, can=Can.EDIT_CUSTOMERS)
        for path, view, name in (
            ("set/", judgement.set_value, "set_value"),
            ("set/<str:target>/end/", judgement.end_value, "end_value"),
            ("tags/", judgement.put_tag, "put_tag"),
            ("tags/<str:code>/end/", judgement.take_tag, "take_tag"),
            ("corrections/", judgement.ask_correction, "ask_correction"),
            ("corrections/<int:request_id>/", judgement.answer_correction, "correction"),
        )
    ),
]

portrait: list[URLPattern] = [
    page("<int:customer_id>/", portrait_page.portrait, name="detail", can=Can.VIEW_CUSTOMERS),
    page(
        "<int:customer_id>/state/",
        portrait_page.state,
        name="portrait_state",
        can=Can.VIEW_CUSTOMERS,
    ),
    page(
        "<int:customer_id>/recompute/",
        portrait_page.recompute,
        name="portrait_recompute",
        can=Can.RECOMPUTE_PORTRAITS,
    ),
    page(
        "<int:customer_id>/dimensions/<str:dimension>/",
        figures.dimension,
        name="figures",
        can=Can.VIEW_CUSTOMERS,
    ),
    page(
        "<int:customer_id>/figures/<str:key>/",
        figures.figure,
        name="figure",
        can=Can.VIEW_CUSTOMERS,
    ),
    page(
        "<int:customer_id>/months/<str:kind>/<str:month>/",
        figures.month,
        name="portrait_month",
        can=Can.VIEW_CUSTOMERS,
    ),
    page(
        "<int:customer_id>/versions/",
        versions.portrait_versions,
        name="versions",
        can=Can.VIEW_CUSTOMERS,
    ),
]

imports: list[URLPattern] = [
    page(
        "imports/",
        import_views.import_list,
        name="imports",
        can=Can.VIEW_IMPORTS,
        menu=_("Imports"),
        icon="file-import",
        order=30,
        section="manage",
    ),
    page("imports/new/", import_views.import_kinds, name="import_kinds", can=Can.RUN_IMPORTS),
    page(
        "imports/new/<str:kind>/", import_views.import_new, name="import_new", can=Can.RUN_IMPORTS
    ),
    page(
        "imports/templates/<str:kind>.<str:form>",
        import_views.import_template,
        name="import_template",
        can=Can.RUN_IMPORTS,
    ),
    page(
        "imports/<int:batch_id>/", import_views.import_detail, name="import", can=Can.VIEW_IMPORTS
    ),
    page(
        "imports/<int:batch_id>/errors.<str:form>",
        import_views.import_errors,
        name="import_errors",
        can=Can.VIEW_IMPORTS,
    ),
    *(
        page(
            f"imports/<int:batch_id>/{what}/",
            getattr(import_views, f"import_{what}"),
            name=f"import_{what}",
            can=Can.RUN_IMPORTS,
        )
        for what in ("mapping", "check", "start", "cancel", "undo")
    ),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *imports,
    *lists,
    *writing,
    *places,
    *portrait,
    *judgements,
    *ledgers,
    *one_customer,
]
