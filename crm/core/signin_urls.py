"""django-allauth's pages we use: log in and out, password, a second factor. No sign-up."""

from allauth.account import views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import urls as recovery_urls
from allauth.mfa.totp import urls as totp_urls
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from crm.core.access import declared, public_page
from crm.core.roles import Can

OPEN = ("GET", "HEAD", "POST")


def closed(request: HttpRequest) -> HttpResponse:
    """Nobody signs up or resets a password here: the system administrator does both."""
    raise Http404


def _second_factor() -> list[URLPattern | URLResolver]:
    """The pages of the second factor; its question comes before the user is signed in."""
    kinds = {"totp": totp_urls, "recovery_codes": recovery_urls}
    inside: list[URLPattern | URLResolver] = [
        path("", mfa_views.index, name="mfa_index"),
        path("reauthenticate/", mfa_views.reauthenticate, name="mfa_reauthenticate"),
    ]
    for kind in settings.MFA_SUPPORTED_TYPES:
        inside.append(path(f"{kind}/", include(kinds[kind].urlpatterns)))
    return [
        public_page("authenticate/", mfa_views.authenticate, name="mfa_authenticate", methods=OPEN),
        *declared(inside, can=Can.USE_SHELL),
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    public_page("login/", views.login, name="account_login", methods=OPEN),
    public_page("logout/", views.logout, name="account_logout", methods=OPEN),
    public_page("inactive/", views.account_inactive, name="account_inactive", methods=("GET",)),
    public_page("signup/", closed, name="account_signup", methods=("GET",)),
    public_page("password/reset/", closed, name="account_reset_password", methods=("GET",)),
    *declared(
        [
            path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
            path("password/change/", views.password_change, name="account_change_password"),
            path("password/set/", views.password_set, name="account_set_password"),
        ],
        can=Can.USE_SHELL,
    ),
    path("mfa/", include(_second_factor())),
]
