"""Boxes that upper floors hang on a lower floor's page: permission-checked and lazily loaded.

``customer_panel("risk.signals", ...)`` in an app's panels.py is all it takes; the page asks
``panels_for`` and the browser fetches each box by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse

from crm.core.catalogue import Catalogue
from crm.core.roles import Can
from crm.core.words import Text

if TYPE_CHECKING:
    from crm.core.models import User


@dataclass(frozen=True)
class Panel:
    """One box: ``view(request, subject)`` renders its inside, ``can`` says who may see it."""

    key: str
    label: Text
    can: Can
    view: Callable[[HttpRequest, Any], HttpResponse]
    order: int = 50
    tab: str = "portrait"
    column: str = "main"  # main or side
    is_eager: bool = False  # rendered with the page instead of fetched after it


@dataclass(frozen=True)
class Action:
    """One thing to do with a customer: a button in the head, and in the bar under the thumb."""

    key: str
    label: Text
    can: Can
    url_name: str  # takes the customer's key
    icon: str
    order: int = 50


@dataclass(frozen=True)
class StartPage:
    """What somebody with ``can`` sees after signing in, in place of the plain home page."""

    key: str
    can: Can
    view: Callable[[HttpRequest], HttpResponse]


START_PAGES: Catalogue[StartPage] = Catalogue("start pages")
CUSTOMER_ACTIONS: Catalogue[Action] = Catalogue("customer actions")
CUSTOMER_PANELS: Catalogue[Panel] = Catalogue("customer panels")
HOME_PANELS: Catalogue[Panel] = Catalogue("home panels")


def customer_panel(
    key: str,
    *,
    label: Text,
    can: Can,
    view: Callable[[HttpRequest, Any], HttpResponse],
    order: int = 50,
    tab: str = "portrait",
    column: str = "main",
    is_eager: bool = False,
) -> Panel:
    """A box on the customer page; ``view(request, customer)`` renders it."""
    panel = Panel(key, label, can, view, order, tab, column, is_eager)
    CUSTOMER_PANELS.add(panel)
    return panel


def customer_action(
    key: str, *, label: Text, can: Can, url_name: str, icon: str, order: int = 50
) -> Action:
    """A button on every page of a customer; ``url_name`` is a route that takes its key."""
    action = Action(key, label, can, url_name, icon, order)
    CUSTOMER_ACTIONS.add(action)
    return action


def actions_for(user: User) -> list[Action]:
    """The buttons this user may see, in their order."""
    found = [action for action in CUSTOMER_ACTIONS if user.can(action.can)]
    return sorted(found, key=lambda action: (action.order, action.key))


def home_panel(
    key: str,
    *,
    label: Text,
    can: Can,
    view: Callable[[HttpRequest, Any], HttpResponse],
    order: int = 50,
    column: str = "main",
) -> Panel:
    """A box on the home page; ``view(request, user)`` renders it."""
    panel = Panel(key, label, can, view, order, "home", column)
    HOME_PANELS.add(panel)
    return panel


def start_page(key: str, *, can: Can, view: Callable[[HttpRequest], HttpResponse]) -> StartPage:
    """The page that opens at the root for whoever ``can``; the first one that fits is taken."""
    page = StartPage(key, can, view)
    START_PAGES.add(page)
    return page


def start_of(user: User) -> StartPage | None:
    """The page this user's day begins with, or None for the plain home page."""
    return next((page for page in START_PAGES if user.can(page.can)), None)


def panels_for(
    catalogue: Catalogue[Panel], user: User, *, tab: str | None = None, column: str | None = None
) -> list[Panel]:
    """The boxes this user may see, in their order."""
    found = [
        panel
        for panel in catalogue
        if user.can(panel.can)
        and (tab is None or panel.tab == tab)
        and (column is None or panel.column == column)
    ]
    return sorted(found, key=lambda panel: (panel.order, panel.key))
