"""What people press and fill in: buttons, fields, forms, dialogs, menus, filters, pager, charts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from django import forms, template
from django.forms.utils import flatatt
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.core.charts import chart_table
from crm.core.templatetags.ui_blocks import drawn, parted
from crm.core.templatetags.ui_figures import icon_svg

register = template.Library()
Context = template.Context


def attributes(given: Mapping[str, Any]) -> SafeString:
    """``hx_post="/x"`` as hx-post="/x"; True is a bare attribute, None and False are left out."""
    return flatatt({name.strip("_").replace("_", "-"): value for name, value in given.items()})


@register.simple_tag
def button(
    text: Any, href: str = "", kind: str = "", icon: str = "", size: str = "", **given: Any
) -> SafeString:
    """A button, or a link that looks like one. kind: primary, danger, quiet; size: sm.

    Further keywords become attributes: type="submit" hx_post=url data_opens="id" disabled=True.
    """
    css = " ".join(["btn", *(f"btn-{part}" for part in (kind, size) if part)])
    image = icon_svg(icon) if icon else ""
    if href:
        return format_html(
            '<a class="{}" href="{}"{}>{}{}</a>', css, href, attributes(given), image, text
        )
    given.setdefault("type", "button")
    return format_html('<button class="{}"{}>{}{}</button>', css, attributes(given), image, text)


@register.simple_tag
def bar_select(
    name: str, label: Any, choices: Iterable[Sequence[Any]], chosen: Any = "", every: Any = None
) -> SafeString:
    """One choice in a bar of filters; ``every`` words the empty one, None leaves it out.

    ``choices``: (value, words), or (value, words, depth) of a tree. Written here, since a bank has
    hundreds of managers.
    """
    rows = [] if every is None else [("", "", str(every))]
    for value, words, *depth in choices:
        mark = " selected" if str(value) == str(chosen) else ""
        rows.append((value, mark, "　" * min(depth[0] if depth else 0, 2) + str(words)))
    options = SafeString(
        "".join(
            f'<option value="{escape(str(value))}"{mark}>{escape(words)}</option>'
            for value, mark, words in rows
        )
    )
    return format_html(
        '<div class="field field--bar"><label class="visually-hidden" for="bar-{0}">{1}</label>'
        '<select class="form-select" id="bar-{0}" name="{0}">{2}</select></div>',
        name, label, options,
    )  # fmt: skip


@register.simple_tag
def icon_button(label: Any, icon: str, href: str = "", **given: Any) -> SafeString:
    """A button that is only an icon; ``label`` is read aloud and shown as its title."""
    given |= {"title": label, "aria_label": label}
    return button(icon_svg(icon), href=href, kind="icon", **given)


@register.simple_tag
def field(
    bound: forms.BoundField, wide: bool = False, hide_label: bool = False, help: bool = True
) -> SafeString:
    """Label, control, help and error of one form field; radios and check lists become chips."""
    widget = bound.field.widget
    if bound.is_hidden:
        return bound.as_widget()
    values = {"bound": bound, "wide": wide, "hide_label": hide_label, "help": help}
    return drawn("field", control=control(bound), kind=widget_kind(widget), **values)


def widget_kind(widget: forms.Widget) -> str:
    """check, chips, file or plain: what the template of a field must tell apart."""
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "chips"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "file" if isinstance(widget, forms.FileInput) else "plain"


def control(bound: forms.BoundField) -> SafeString:
    """The widget in our classes, tied to its help and error."""
    widget = bound.field.widget
    css = "form-select" if isinstance(widget, forms.Select) else "form-control"
    if isinstance(widget, forms.CheckboxInput):
        css = "form-check-input"
    given: dict[str, Any] = {"class": f"{widget.attrs.get('class', '')} {css}".strip()}
    if widget.attrs.get("placeholder") == bound.label:
        given["placeholder"] = False  # the label says it already
    if bound.errors:
        given["aria-invalid"] = "true"
    if widget_kind(widget) == "chips":
        return drawn("choices", bound=bound)
    return bound.as_widget(attrs=given)


@register.simple_tag
def form_fields(form: forms.BaseForm, names: str = "") -> SafeString:
    """All fields of a form (or the named ones, separated by spaces), its own errors first."""
    wanted = [form[name] for name in names.split()] if names else list(form.visible_fields())
    hidden = [] if names else form.hidden_fields()
    return drawn("form_fields", form=form, fields=wanted, hidden=hidden, whole=not names)


@register.simple_block_tag(takes_context=True)
def form(
    context: Context,
    content: SafeString,
    form: forms.BaseForm | None = None,
    action: str = "",
    submit: Any = "",
    cancel: str = "",
    columns: int = 1,
    draft: str = "",
    method: str = "post",
    **given: Any,
) -> SafeString:
    """A whole form: content or all its fields, then its buttons. Slot: actions.

    ``draft`` keeps what is typed on the device under this key until the server has it.
    """
    body, slots = parted(content)
    values: dict[str, Any] = {"form": form, "action": action, "submit": submit, "cancel": cancel}
    values |= {"columns": columns, "draft": draft, "method": method, "body": body} | slots
    multipart = form is not None and form.is_multipart()
    token = context.get("csrf_token")
    return drawn("form", attrs=attributes(given), multipart=multipart, csrf_token=token, **values)


@register.simple_block_tag
def dialog(content: SafeString, id: str, title: Any, size: str = "") -> SafeString:
    """A <dialog>, opened by any button with data-opens="id". Slot: foot. size: l."""
    body, slots = parted(content)
    return drawn("dialog", body=body, id=id, title=title, size=size, **slots)


@register.simple_block_tag
def dropdown(
    content: SafeString, label: Any = "", icon: str = "dots", css: str = "btn btn-icon"
) -> SafeString:
    """A menu behind a button; the content is links and buttons."""
    return drawn("dropdown", content=content, label=label, icon=icon, css=css)


@register.simple_tag
def copyable(text: Any, label: Any = "") -> SafeString:
    """Text with a button that copies it."""
    return drawn("copyable", text=text, label=label)


@register.simple_tag
def masked(text: Any, url: str = "", label: Any = "") -> SafeString:
    """A masked value; with ``url`` a button that opens the dialog which asks for a reason."""
    return drawn("masked", text=text, url=url, label=label)


@register.simple_tag
def filter_chips(chips: Iterable[Mapping[str, Any]], clear_url: str = "") -> SafeString:
    """The filters that are on: label and the url without it; then one link that clears all."""
    return drawn("filter_chips", chips=list(chips), clear_url=clear_url)


@register.simple_tag(takes_context=True)
def sort_header(
    context: Context, key: str, label: Any, numeric: bool = False, target: str = "#rows"
) -> SafeString:
    """A table head that sorts by ``key``; a second press turns the order round (?sort=-key)."""
    query = context["request"].GET.copy()
    current = query.get("sort", "")
    for gone in ("page", "after", "before", "cursor"):
        query.pop(gone, None)
    query["sort"] = f"-{key}" if current == key else key
    order = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    values = {"label": label, "url": f"?{query.urlencode()}", "order": order, "key": key}
    return drawn("sort_header", numeric=numeric, target=target, **values)


@register.simple_tag
def pager(previous: str = "", next: str = "", count: Any = "", target: str = "#rows") -> SafeString:
    """Keyset pages: the addresses of the previous and next page, and how many rows there are."""
    return drawn("pager", previous=previous, next=next, count=count, target=target)


@register.simple_tag
def chart(
    data: Mapping[str, Any] | None = None,
    id: str = "chart",
    kind: str = "bar",
    label: Any = "",
    size: str = "",
    src: str = "",
) -> SafeString:
    """A chart with its table twin. ``data`` as in crm.core.charts, or ``src``, a JSON address."""
    table = chart_table(data, kind) if data else None
    values = {"data": data, "id": id, "kind": kind, "label": label, "size": size, "src": src}
    return drawn("chart", table=table, id_data=f"{id}-data", **values)


@register.simple_tag
def chips(items: Sequence[Any]) -> SafeString:
    """A line of chips: texts, or {label, tone, href}."""
    rows = [item if isinstance(item, Mapping) else {"label": item} for item in items]
    return drawn("chips", rows=rows)


@register.simple_tag
def browser_words() -> SafeString:
    """The sentences that scripts show, in the language of the page, as a data block."""
    return json_script(
        {
            "close": _("Close"),
            "copied": _("Copied."),
            "notCopied": _(
                "The browser did not allow copying. Select the text and copy it yourself."
            ),
            "draftKept": _("Draft kept on this device at %s"),
            "typedBack": _("What you typed before the log-in is back. Check it and send it again."),
            "draftRestored": _("Your draft is back. It stays on this device until you submit it."),
            "noResults": _("Nothing found"),
            "problems": problem_sentences(),
        },
        "words",
    )


def problem_sentences() -> dict[str, str]:
    """What to tell the user when a request fails without a sentence of its own."""
    return {
        "400": _("The request could not be read. Reload the page and try again."),
        "403": _("You may not do this. Ask your system administrator."),
        "404": _("This is no longer here, or it is not in your care."),
        "409": _("Somebody else changed this meanwhile. Reload the page to see it."),
        "413": _("The file is too large."),
        "429": _("Too many attempts. Wait a minute and try again."),
        "503": _("The system is busy for a moment. Nothing was lost; try again."),
        "other": _("Something went wrong. Nothing was changed; try again."),
        "offline": _("No connection. What you typed is still here; try again when you are online."),
        "slow": _("The answer takes too long. Try again."),
        "chart": _("The chart could not be loaded. Reload the page."),
    }
