"""Deny by default: every route says who may use it, and one line gives login, permission and menu.

``page(...)`` in an app's urls.py is path + login + permission + menu entry. ``public_page(...)``
opens a route on purpose, ``declared(...)`` does both for a package's own urls. A route that says
nothing stops the start (see ``undeclared``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, wraps
from inspect import getclosurevars
from typing import Any

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver, get_resolver, path

from crm.core.roles import Can
from crm.core.words import Text

View = Callable[..., Any]
READS = frozenset({"GET", "HEAD"})
API_ACTIONS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class MenuEntry:
    """Where a page stands in the menu: ``main`` is the bar on top, ``manage`` the second list."""

    label: Text
    icon: str = ""
    order: int = 0
    section: str = "main"


@dataclass(frozen=True)
class Access:
    """Who may use a route; ``can`` None means everybody, on purpose."""

    can: Can | None
    methods: tuple[str, ...]
    menu: MenuEntry | None = None


@dataclass(frozen=True)
class Route:
    """One leaf of the resolver with what it asks of each method."""

    path: str
    name: str
    kind: str  # page, public, api, undeclared
    rights: dict[str, Can | None]
    menu: MenuEntry | None
    view: View


def page(
    route: str,
    view: View,
    *,
    name: str,
    can: Can,
    menu: Text | None = None,
    methods: Iterable[str] | None = None,
    icon: str = "",
    order: int = 0,
    section: str = "main",
) -> URLPattern:
    """A route for signed-in users whose role has ``can``; with ``menu`` also a menu entry."""
    entry = MenuEntry(menu, icon, order, section) if menu is not None else None
    access = Access(can, _methods(view, methods), entry)
    return path(route, guard(view, access), name=name)


def public_page(
    route: str, view: View, *, name: str, methods: Iterable[str] | None = None
) -> URLPattern:
    """A route that is open to everybody, on purpose."""
    return path(route, guard(view, Access(None, _methods(view, methods))), name=name)


def declared(
    patterns: Iterable[URLPattern | URLResolver],
    *,
    can: Can | None,
    methods: Iterable[str] = ("GET", "HEAD", "POST"),
) -> list[URLPattern | URLResolver]:
    """A package's own routes, each behind the same guard; mount the list with ``include``."""
    access = Access(can, tuple(methods))
    found: list[URLPattern | URLResolver] = []
    for item in patterns:
        if isinstance(item, URLPattern):
            view = guard(item.callback, access)
            found.append(URLPattern(item.pattern, view, item.default_args, item.name))
        else:
            inner = declared(item.url_patterns, can=can, methods=methods)
            found.append(
                URLResolver(item.pattern, inner, item.default_kwargs, item.app_name, item.namespace)
            )
    return found


def guard(view: View, access: Access) -> View:
    """The view behind login, permission and method, in this order."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if access.can is not None:
            if not request.user.is_authenticated:
                return sign_in_first(request)
            if not request.user.can(access.can):
                raise PermissionDenied(access.can)
        if request.method not in access.methods:
            return HttpResponseNotAllowed(access.methods)
        response: HttpResponse = view(request, *args, **kwargs)
        return response

    guarded.access = access  # type: ignore[attr-defined]
    return guarded


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the log-in page; a fragment answers 401 and lets the browser leave the whole page."""
    from django.contrib.auth.views import redirect_to_login

    if request.headers.get("HX-Request"):
        here = request.headers.get("HX-Current-URL", "")
        target = redirect_to_login(_local_path(here) or "/").url
        return HttpResponse(status=401, headers={"HX-Redirect": target})
    here = request.get_full_path() if request.method in READS else came_from(request)
    return redirect_to_login(here or "/")


def came_from(request: HttpRequest) -> str:
    """The page of ours that a form was sent from; empty when the browser does not say."""
    address = request.headers.get("Referer", "")
    start = f"{request.scheme}://{request.get_host()}/"
    return _local_path(address) if address.startswith(start) else ""


def _local_path(address: str) -> str:
    from urllib.parse import urlsplit

    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _methods(view: View, methods: Iterable[str] | None) -> tuple[str, ...]:
    """The methods given, else those of the view's require_GET and the like."""
    found = list(methods or _required_methods(view))
    if not found:
        name = getattr(view, "__name__", view)
        raise ImproperlyConfigured(f"Say which methods {name} takes: require_GET or methods=.")
    return tuple(found)


def _required_methods(view: View) -> list[str]:
    """The list inside Django's require_http_methods, through any decorators around it."""
    layer: View | None = view
    while layer is not None:
        if hasattr(layer, "__code__"):
            found = getclosurevars(layer).nonlocals.get("request_method_list")
            if found:
                return list(found)
        layer = getattr(layer, "__wrapped__", None)
    return []


def routes(
    patterns: Iterable[Any] | None = None, prefix: str = "/", space: str = ""
) -> Iterator[Route]:
    """Every leaf of the resolver, DRF included."""
    for item in get_resolver().url_patterns if patterns is None else patterns:
        here = prefix + str(item.pattern).lstrip("^")
        if isinstance(item, URLResolver):
            inner = f"{space}{item.namespace}:" if item.namespace else space
            yield from routes(item.url_patterns, here, inner)
        else:
            yield _route(item, here, space)


def _route(item: URLPattern, where: str, space: str) -> Route:
    view, name = item.callback, f"{space}{item.name or ''}"
    access: Access | None = getattr(view, "access", None)
    if access is not None:
        kind = "public" if access.can is None else "page"
        return Route(
            where, name, kind, dict.fromkeys(access.methods, access.can), access.menu, view
        )
    rights = _api_rights(view)
    return Route(where, name, "api" if rights else "undeclared", rights, None, view)


def _api_rights(view: View) -> dict[str, Can | None]:
    """What a viewset asks of each method, when it stands behind CanPermission."""
    cls = getattr(view, "cls", None)
    ask = getattr(cls, "ability_for", None)
    if cls is None or ask is None:
        return {}
    actions: dict[str, str] = getattr(view, "actions", None) or {
        verb: verb for verb in API_ACTIONS if hasattr(cls, verb)
    }
    return {verb.upper(): ask(verb.upper(), action) for verb, action in actions.items()}


def undeclared() -> list[str]:
    """Routes that say nothing about who may use them, or API methods without an ability."""
    return [
        f"{route.path} ({route.name})"
        for route in routes()
        if route.kind == "undeclared" or (route.kind == "api" and None in route.rights.values())
    ]


def menu_entries() -> list[Route]:
    """Routes that stand in the menu, in their order."""
    return _menu_of(get_resolver())


@lru_cache(maxsize=4)
def _menu_of(resolver: URLResolver) -> list[Route]:
    found = [route for route in routes(resolver.url_patterns) if route.menu is not None]
    return sorted(found, key=lambda route: (route.menu.section, route.menu.order))  # type: ignore[union-attr]
