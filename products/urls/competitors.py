"""Routes of competitors and comparison."""

from django.urls import URLPattern

from crm.core.access import page
from crm.core.roles import Can
from products.views import competitors as views
from products.views.compare import against, compare, gap

READ, ADD, EDIT = Can.VIEW_PRODUCTS, Can.ADD_COMPETITOR_FACTS, Can.EDIT_COMPETITORS

urlpatterns: list[URLPattern] = [
    page("compare/", compare, name="compare", can=READ),
    page(
        "against/<int:customer_id>/<int:version_id>/",
        against,
        name="against",
        can=Can.VIEW_MATCHES,
    ),
    page("competitors/gap/", gap, name="gap", can=READ),
    page("competitors/", views.competitor_list, name="competitors", can=READ),
    page("competitors/new/", views.add_competitor, name="competitor_add", can=EDIT),
    page("competitors/<int:pk>/", views.competitor_page, name="competitor", can=READ),
    page("competitors/<int:pk>/edit/", views.edit_competitor, name="competitor_edit", can=EDIT),
    page("competitors/<int:pk>/facts/", views.add_facts, name="competitor_facts", can=ADD),
    page("competitors/<int:pk>/notes/", views.add_note, name="competitor_note", can=ADD),
    page(
        "competitor-products/<int:pk>/",
        views.competitor_product,
        name="competitor_product",
        can=READ,
    ),
    page(
        "competitor-products/<int:pk>/edit/",
        views.edit_facts,
        name="competitor_product_edit",
        can=EDIT,
    ),
]
