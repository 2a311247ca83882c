"""The portrait page, its live state, and the request to compute it again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.core.fragments import render_page, wants_fragment
from crm.core.masking import reads_bands
from crm.core.parameters import Parameters
from crm.core.roles import Can
from customers.features.catalogue import COLUMNS
from customers.models import Customer, ProductFamily
from customers.selectors.customer import customer_header
from customers.selectors.portrait_page import (
    PortraitPage,
    current_portrait,
    is_computing,
    portrait_page,
)
from customers.selectors.portrait_page_as_of import parameters_needed, portrait_of_day
from customers.selectors.portrait_page_changes import changes_between
from customers.selectors.portrait_page_missing import gate_of, missing_features
from customers.selectors.portrait_reasons import Teller, Told, all_reasons
from customers.services.portrait_parameters import run_parameters
from customers.services.portrait_recompute import ask_recompute
from customers.views.frame import open_customer
from customers.views.portrait import side
from customers.views.portrait.blocks import (
    CHANGES_SHOWN,
    dimension_cards,
    figure_url,
    shown_changes,
)
from customers.views.portrait.charts import flow_chart, invoice_chart, party_chart
from customers.views.portrait.shown import Reader

QUESTIONS_SHOWN = 5
FIRST_YEAR = 2000
PARTY_FIGURES = (
    "top1_buyer_share_12m",
    "top1_supplier_share_12m",
    "buyer_hhi_12m",
    "supplier_hhi_12m",
    "new_buyers_6m",
    "new_suppliers_6m",
    "lost_buyers_6m",
    "lost_suppliers_6m",
    "longest_silence_days_12m",
    "last_activity_on",
)


@require_GET
def portrait(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Who the customer is, what changed, what it may need, what to watch; ``?as_of=`` a day."""
    context = open_customer(request, customer_id, tab="portrait")
    day, refusal = day_asked(request.GET.get("as_of", ""))
    page = page_of(request, context["customer"], day)
    context |= page_context(request, context["customer"], page)
    context |= {"as_of": day, "refusal": refusal, "today": timezone.localdate()}
    return render_page(request, "customers/portrait.html", None, context)


def page_of(request: HttpRequest, customer: Customer, day: date | None) -> PortraitPage:
    """The stored portrait, or the one of a past day."""
    if day is not None:
        row = portrait_as_of(customer, day)
    else:
        row = current_portrait(user=request.user, customer=customer)
    return portrait_page(user=request.user, customer=customer, portrait=row)


def portrait_as_of(customer: Customer, day: date) -> Any:
    """The portrait of a day, computed by the statement of the nightly run."""
    named, version = run_parameters(day, parameters_needed())
    return portrait_of_day(customer, day, named, version)


def day_asked(text: str) -> tuple[date | None, str]:
    """The past day asked for, or a sentence on why it cannot be shown."""
    if not text:
        return None, ""
    today = timezone.localdate()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, _("That is no date such as 2026-05-01; the portrait of today is shown.")
    if day > today:
        return None, _("That day has not come yet; the portrait of today is shown.")
    if day.year < FIRST_YEAR:
        return None, _("Nothing is known of so early a day; the portrait of today is shown.")
    return (None if day == today else day), ""


def reader_for(request: HttpRequest, customer: Customer) -> Reader:
    """What this user may read, and the names of the customer's codes."""
    is_english = (get_language() or "zh").startswith("en")
    families = {code: str(label) for code, label in ProductFamily.choices}
    names = {"noncredit_needs": families, "families": families}
    if customer.industry:
        industry = customer.industry
        name = (is_english and industry.name_en) or industry.name_zh
        names["industry_code"] = {industry.code[:3]: f"{industry.code} {name}"}
    if customer.trade:
        trade = customer.trade
        names["trade_key"] = {trade.key: (is_english and trade.name_en) or trade.name_zh}
    if customer.region:
        names["region_code"] = {customer.region.code: customer.region.name_zh}
    return Reader(is_masked=reads_bands(request.user), names=names)


def teller_of(portrait: Any, reader: Reader) -> Teller:
    """Fills sentences as this reader may read them."""
    names = {key: dict(found) for key, found in reader.names.items()}
    return Teller(portrait, reader.told if reader.is_masked else None, names)


def snapshot_of(teller: Teller) -> Parameters:
    """The rule parameters in force on the portrait's day, read once for the page."""
    values = {key: value for key, (value, _unit) in teller.limits.items()}
    return Parameters(teller.portrait.as_of, values)


def page_context(request: HttpRequest, customer: Customer, page: PortraitPage) -> dict[str, Any]:
    """All blocks of the page."""
    can_compute = request.user.can(Can.RECOMPUTE_PORTRAITS)
    context: dict[str, Any] = {"page": page, "portrait": page.portrait, "can_compute": can_compute}
    if page.portrait is None:
        return context
    today = timezone.localdate()
    reader = reader_for(request, customer)
    teller = teller_of(page.portrait, reader)
    told = all_reasons(page.portrait, teller=teller)
    changes = changes_between(page.earlier, page.portrait)
    missing = missing_features(page.portrait, snapshot_of(teller))
    page = replace(
        page,
        missing=missing,
        whys={key: _why(told, key) for key in ("stage", "tier", "size_class")},
    )
    context |= {
        "reader": reader,
        "cards": dimension_cards(page, reader, today),
        "changes": shown_changes(changes[:CHANGES_SHOWN], page, reader, today),
        "changes_count": len(changes),
        "flow_chart": flow_chart(page.flows, customer.pk, is_masked=reader.is_masked),
        "invoice_chart": invoice_chart(page.invoices, customer.pk, is_masked=reader.is_masked),
        **_parties(page, reader),
        **_side(page, reader, told),
    }
    return context


def _parties(page: PortraitPage, reader: Reader) -> dict[str, Any]:
    portrait = page.portrait
    sides = ((_("Buyers"), page.buyers), (_("Suppliers"), page.suppliers))
    figures = [
        {
            "label": COLUMNS[key].label,
            "value": reader.shown(COLUMNS[key], getattr(portrait, key)),
            "url": figure_url(portrait, key),
        }
        for key in PARTY_FIGURES
        if getattr(portrait, key) is not None
    ]
    return {
        "party_figures": figures,
        "party_chart": party_chart(page.buyers, page.suppliers, is_masked=reader.is_masked),
        "party_sides": sides,
    }


def _side(page: PortraitPage, reader: Reader, told: dict[str, list[Told]]) -> dict[str, Any]:
    portrait = page.portrait

    def shown(key: str) -> SafeString:
        return reader.shown(COLUMNS[key], getattr(portrait, key))

    def why(key: str) -> str:
        return _why(told, key)

    return {
        "facts": _facts(portrait, shown, why),
        "stage_tests": side.tests_tried(told.get("stage", ())),
        "stage_why": why("stage"),
        "groups": side.mark_chips("groups", told.get("groups", ())),
        "holdings": side.holdings(portrait),
        "tags": side.mark_chips("tags", told.get("tags", ())),
        "needs": side.need_rows(portrait),
        "need_range": side.need_range(portrait, reader),
        "need_told": told.get("top_need", ()),
        "red_flags": told.get("red_flags", ()),
        "value_parts": side.value_parts(portrait, reader),
        "contribution": shown("contribution_12m"),
        "ties": side.tie_rows(told.get("stickiness", ())),
        "talk_points": side.talk_points(portrait, page.deviations, reader),
        "missing": page.missing[:QUESTIONS_SHOWN],
        "missing_count": len(page.missing),
        "gate": gate_of(portrait),
        "history": side.history_rows(page),
    }


def _why(told: dict[str, list[Told]], key: str) -> str:
    """The sentence that decided a column."""
    return next((one.text for one in told.get(key, ()) if one.state == "yes"), "")


def _facts(portrait: Any, shown: Any, why: Any) -> list[dict[str, Any]]:
    """Stage, tier, size and primary group, each with the sentence that decided."""
    tones = {"stage": side.STAGE_TONES, "tier": side.TIER_TONES}
    return [
        {
            "label": COLUMNS[key].label,
            "value": shown(key),
            "tone": tones[key].get(getattr(portrait, key), "plain") if key in tones else "",
            "why": why(key),
            "url": figure_url(portrait, key),
        }
        for key in ("stage", "tier", "size_class", "primary_group")
    ]


@require_GET
def state(request: HttpRequest, customer_id: int) -> HttpResponse:
    """The note beside the tabs; when the work is done it swaps the page in."""
    customer = customer_header(user=request.user, customer_id=customer_id)
    row = current_portrait(user=request.user, customer=customer)
    page = PortraitPage(row, is_computing=is_computing(customer))
    context = {
        "page": page,
        "portrait": row,
        "customer": customer,
        "can_compute": request.user.can(Can.RECOMPUTE_PORTRAITS),
        "has_waited": True,
    }
    return render(request, "customers/portrait/_note.html", context)


@require_POST
def recompute(request: HttpRequest, customer_id: int) -> HttpResponse:
    """A new computation is under way; the note says so."""
    customer = customer_header(user=request.user, customer_id=customer_id)
    ask_recompute(customer=customer, by=request.user)
    if wants_fragment(request):
        row = current_portrait(user=request.user, customer=customer)
        page = PortraitPage(row, is_computing=True)
        context = {"page": page, "portrait": row, "customer": customer, "can_compute": True}
        return render(request, "customers/portrait/_note.html", context)
    return redirect(customer)
