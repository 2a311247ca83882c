"""Eligibility rules of a version: who passes, and for drafts the editor with its live count."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.conditions import BadCondition, from_data
from crm.core.errors import DomainError
from crm.core.fragments import render_page, wants_fragment
from crm.core.roles import Can
from products.forms.rule_fields import drawn
from products.forms.rules import Node, data_of, first_node, node_of, read_node, reshaped
from products.models import EligibilityRule, ProductVersion
from products.selectors.catalogue import version_by_no
from products.selectors.rule_counts import bank_limits, rule_counts
from products.selectors.rule_words import condition_text
from products.selectors.rules import checked_condition
from products.services import rules as services
from products.services.catalogue import DraftClash

TEXTS = ("code", "text_zh", "text_en", "remedy_zh", "remedy_en")


@require_GET
def version_rules(request: HttpRequest, code: str, no: int) -> HttpResponse:
    """Every rule with its counts; for a draft also the ways to change them."""
    version = version_by_no(user=request.user, code=code, no=no)
    context = _rules_context(request, version)
    return render_page(request, "products/rules.html", "products/_rules.html", context)


def _rules_context(request: HttpRequest, version: ProductVersion) -> dict[str, Any]:
    rules = list(version.rules.all())
    trees = [from_data(rule.condition) for rule in rules]
    limits = bank_limits(version, as_of=timezone.localdate())
    counts = rule_counts([*trees, *limits], user=request.user)
    rows = [
        {"rule": rule, "count": count, "words": condition_text(rule.condition)}
        for rule, count in zip(rules, counts.each, strict=False)
    ]
    return {
        "version": version,
        "product": version.product,
        "rows": rows,
        "together": counts.together,
        "has_limits": bool(limits),
        "may_write": _may_write(request, version),
        "is_whole_bank": request.user.can(Can.EDIT_PRODUCTS),
    }


def _may_write(request: HttpRequest, version: ProductVersion) -> bool:
    return version.state == ProductVersion.State.DRAFT and request.user.can(Can.EDIT_PRODUCTS)


@require_http_methods(["GET", "POST"])
def rule_edit(request: HttpRequest, code: str, no: int, rule: str = "") -> HttpResponse:
    """The editor of one rule, of a new one without ``rule``. Posting "do" only changes its form."""
    version = version_by_no(user=request.user, code=code, no=no)
    row = version.rules.get(code=rule) if rule else None
    if not _may_write(request, version):
        messages.warning(request, _("Only a draft can be changed; this version is frozen."))
        return redirect("products:rules", code, no)
    if request.method == "GET":
        return _editor(request, version, row, _stored(row), _stored_node(row))
    node = read_node(request.POST)
    if "save" not in request.POST:
        node = reshaped(node, request.POST.get("do", ""))
        return _editor(request, version, row, _posted(request), node)
    try:
        _save(request, version, rule, node)
    except DraftClash as clash:
        return _editor(request, clash.current, row, _posted(request), node, clash=clash, status=409)
    except DomainError as error:
        return _editor(request, version, row, _posted(request), node, error, error.status)
    messages.success(request, _("Rule kept."))
    return redirect("products:rules", code, no)


def _save(request: HttpRequest, version: ProductVersion, rule: str, node: Node) -> None:
    texts = _posted(request)
    texts["code"] = texts["code"] or _free_code(version)
    services.save_rule(
        by=request.user,
        version_id=version.pk,
        revision=_revision(request),
        rule=services.RuleInput(condition=data_of(node), **texts),
        replaces=rule,
    )


def _free_code(version: ProductVersion) -> str:
    taken = set(version.rules.values_list("code", flat=True))
    return next(f"rule{number}" for number in range(1, 1000) if f"rule{number}" not in taken)


def _posted(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "").strip() for name in TEXTS}


def _stored(row: EligibilityRule | None) -> dict[str, str]:
    return {name: getattr(row, name) if row else "" for name in TEXTS}


def _stored_node(row: EligibilityRule | None) -> Node:
    return node_of(from_data(row.condition)) if row else first_node()


def _revision(request: HttpRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isdigit() else -1


def _editor(
    request: HttpRequest,
    version: ProductVersion,
    row: EligibilityRule | None,
    texts: dict[str, str],
    node: Node,
    error: DomainError | None = None,
    status: int = 200,
    *,
    clash: DraftClash | None = None,
) -> HttpResponse:
    is_saving = request.method == "POST" and "save" in request.POST
    revision = _revision(request) if request.method == "POST" and not clash else version.revision
    context = {
        "version": version,
        "product": version.product,
        "rule": row,
        "texts": texts,
        "root": drawn(node),
        "revision": revision,
        "errors": (error.fields or {"condition": error.message}) if error else {},
        "clash": clash,
    }
    fragment = None if is_saving else "products/_rule_tree.html"
    response = render_page(request, "products/rule_edit.html", fragment, context, status=status)
    response["HX-Trigger-After-Swap"] = "treechanged"  # the count follows the tree
    return response


@require_POST
def rule_count(request: HttpRequest, code: str, no: int) -> HttpResponse:
    """Pass, fail and unknown of the condition in the posted form; writes nothing."""
    version = version_by_no(user=request.user, code=code, no=no)
    context: dict[str, Any] = {"version": version}
    try:
        condition = checked_condition(data_of(read_node(request.POST)))
    except BadCondition as error:
        context["problem"] = str(error)
    else:
        others = [
            from_data(row.condition)
            for row in version.rules.all()
            if row.code != request.POST.get("replaces")
        ]
        limits = bank_limits(version, as_of=timezone.localdate())
        counts = rule_counts([condition, *others, *limits], user=request.user)
        context |= {"count": counts.each[0], "together": counts.together}
        context["words"] = condition_text(condition.to_data())
    return render(request, "products/_rule_count.html", context)


@require_POST
def rule_remove(request: HttpRequest, code: str, no: int, rule: str) -> HttpResponse:
    """The draft no longer has the rule."""
    version = version_by_no(user=request.user, code=code, no=no)
    services.remove_rule(
        by=request.user, version_id=version.pk, revision=_revision(request), code=rule
    )
    return _changed(request, code, no)


@require_POST
def rule_move(request: HttpRequest, code: str, no: int, rule: str) -> HttpResponse:
    """The rule stands one place higher ("up") or lower."""
    version = version_by_no(user=request.user, code=code, no=no)
    services.move_rule(
        by=request.user,
        version_id=version.pk,
        revision=_revision(request),
        code=rule,
        is_up=request.POST.get("to") == "up",
    )
    return _changed(request, code, no)


def _changed(request: HttpRequest, code: str, no: int) -> HttpResponse:
    if not wants_fragment(request):
        return redirect("products:rules", code, no)
    version = version_by_no(user=request.user, code=code, no=no)
    return render(request, "products/_rules.html", _rules_context(request, version))
