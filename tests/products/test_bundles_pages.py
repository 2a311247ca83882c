"""Drafts of bundles on their pages: who sees them, and the way to approval."""

from decimal import Decimal

from django.test import Client

from products.models import BundleVersion
from tests.factories import make_user
from tests.products.factories import make_product, make_version
from tests.products.quoted import make_bundle, prices

D = Decimal


def test_a_draft_is_seen_by_catalogue_admins_only(client):
    prices()
    admin, version = make_user("catalog_admin"), make_version(make_product(family="payroll"))
    make_bundle("BZ", [("anchor", [version.product])], state="draft", made_by=admin)
    visitor = Client()
    visitor.force_login(make_user("rm"))
    client.force_login(admin)

    assert client.get("/products/bundles/BZ/").status_code == 200
    assert visitor.get("/products/bundles/BZ/").status_code == 404
    assert "BZ" not in visitor.get("/products/bundles/").content.decode()


def test_a_draft_is_written_submitted_and_approved_on_its_pages(client):
    maker, checker = make_user("catalog_admin"), make_user("catalog_admin")
    loan, qr = make_product("LN05"), make_product("QR05", family="acquiring")
    prices()
    client.force_login(maker)
    client.post("/products/bundles/new/", {"code": "NB1", "name_zh": "新包", "name_en": ""})
    lines = {
        f"items-{no}-{name}": value
        for no, (role, product) in enumerate((("anchor", loan), ("support", qr)))
        for name, value in (("role", role), ("products", product.pk))
    }
    form = {
        "revision": 1, "benefit_zh": "一次办好", "rate_discount_bp": 5, "fee_percent": "20",
        "items-TOTAL_FORMS": 2, "items-INITIAL_FORMS": 0, "target_groups": ["micro_small"],
    }  # fmt: skip

    saved = client.post("/products/bundles/NB1/edit/", form | lines)
    version = BundleVersion.objects.get(bundle__code="NB1")
    client.post(f"/products/bundles/versions/{version.pk}/submit/")
    client.force_login(checker)
    client.post(f"/products/bundles/versions/{version.pk}/decide/", {"decision": "accept"})

    version.refresh_from_db()
    assert saved.status_code == 302
    assert (version.state, version.fee_discount) == ("effective", D("0.2"))
    assert version.target_groups == ["micro_small"]
    assert [item.role for item in version.items.all()] == ["anchor", "support"]
