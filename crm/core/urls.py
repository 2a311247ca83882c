"""Routes of the ground floor: one ``page(...)`` line each."""

from django.utils.translation import gettext_lazy as _

from crm.core.access import page, public_page
from crm.core.roles import Can
from crm.core.views import audit, components, health, home, jobs, org, parameters, reference

app_name = "core"

shell = [
    public_page("healthz", health.healthz, name="healthz"),
    public_page("readyz", health.readyz, name="readyz"),
    page("", home.home, name="home", can=Can.USE_SHELL, menu=_("Workbench"), icon="home"),
    page("home/<str:key>/", home.home_panel, name="home_panel", can=Can.USE_SHELL),
    page("search/", home.search, name="search", can=Can.USE_SHELL),
    page("preferences/", home.preferences, name="preferences", can=Can.USE_SHELL),
    page("tasks/<int:task_id>/close/", home.close_task, name="close_task", can=Can.USE_SHELL),
    page("reveal/<str:key>/<int:row_id>/", audit.reveal, name="reveal", can=Can.REVEAL_FIELDS),
    page("components/", components.component_page, name="components", can=Can.USE_SHELL),
]

work = [
    page(
        "jobs/", jobs.job_list, name="jobs", can=Can.VIEW_JOBS,
        menu=_("Background jobs"), icon="progress", order=40, section="manage",
    ),
    page("jobs/<int:job_id>/", jobs.job_detail, name="job", can=Can.VIEW_JOBS),
    page("jobs/<int:job_id>/progress/", jobs.job_progress, name="job_progress", can=Can.VIEW_JOBS),
    page("jobs/<int:job_id>/cancel/", jobs.job_cancel, name="job_cancel", can=Can.VIEW_JOBS),
    page("jobs/<int:job_id>/retry/", jobs.job_retry, name="job_retry", can=Can.VIEW_JOBS),
]  # fmt: skip

people = [
    page(
        "users/", org.user_list, name="users", can=Can.VIEW_USERS,
        menu=_("Users"), icon="users", order=10, section="manage",
    ),
    page("users/new/", org.user_new, name="user_new", can=Can.MANAGE_USERS),
    page("users/<int:user_id>/", org.user_detail, name="user", can=Can.VIEW_USERS),
    page("users/<int:user_id>/edit/", org.user_edit, name="user_edit", can=Can.MANAGE_USERS),
    page(
        "users/<int:user_id>/deactivate/", org.user_deactivate,
        name="user_deactivate", can=Can.MANAGE_USERS,
    ),
    page(
        "users/<int:user_id>/reactivate/", org.user_reactivate,
        name="user_reactivate", can=Can.MANAGE_USERS,
    ),
    page(
        "users/<int:user_id>/password/", org.user_reset_password,
        name="user_reset_password", can=Can.MANAGE_USERS,
    ),
    page(
        "branches/", org.branch_list, name="branches", can=Can.VIEW_USERS,
        menu=_("Units"), icon="sitemap", order=20, section="manage",
    ),
    page("branches/new/", org.branch_new, name="branch_new", can=Can.MANAGE_USERS),
    page("branches/<int:branch_id>/", org.branch_detail, name="branch", can=Can.VIEW_USERS),
    page(
        "branches/<int:branch_id>/edit/", org.branch_edit,
        name="branch_edit", can=Can.MANAGE_USERS,
    ),
    page(
        "branches/<int:branch_id>/close/", org.branch_close,
        name="branch_close", can=Can.MANAGE_USERS,
    ),
    page(
        "cover/", org.cover_list, name="covers", can=Can.USE_COVER,
        menu=_("Stand-ins"), icon="user-check", order=30, section="manage",
    ),
    page(
        "cover/<int:cover_id>/approve/", org.cover_approve,
        name="cover_approve", can=Can.APPROVE_COVER,
    ),
    page("cover/<int:cover_id>/end/", org.cover_end, name="cover_end", can=Can.USE_COVER),
]  # fmt: skip

rules = [
    page(
        "parameters/", parameters.parameter_list, name="parameters", can=Can.VIEW_PARAMETERS,
        menu=_("Parameters"), icon="adjustments", order=50, section="manage",
    ),
    page(
        "parameters/<str:key>/", parameters.parameter_detail,
        name="parameter", can=Can.VIEW_PARAMETERS,
    ),
    page(
        "parameters/<str:key>/propose/", parameters.parameter_propose,
        name="parameter_propose", can=Can.EDIT_PARAMETERS,
    ),
    page(
        "parameters/<int:parameter_id>/decide/", parameters.parameter_decide,
        name="parameter_decide", can=Can.ACTIVATE_PARAMETERS,
    ),
    page(
        "reference/", reference.industries, name="reference", can=Can.VIEW_REFERENCE,
        menu=_("Reference data"), icon="book", order=60, section="manage",
    ),
    page("reference/regions/", reference.regions, name="regions", can=Can.VIEW_REFERENCE),
    page("reference/sizes/", reference.sizes, name="sizes", can=Can.VIEW_REFERENCE),
    page("reference/trades/", reference.trades, name="trades", can=Can.VIEW_REFERENCE),
    page("reference/lpr/", reference.lpr, name="lpr", can=Can.VIEW_REFERENCE),
    page("reference/lpr/new/", reference.lpr_new, name="lpr_new", can=Can.EDIT_REFERENCE),
    page(
        "audit/", audit.audit_list, name="audit", can=Can.VIEW_OWN_ACTS,
        menu=_("Audit trail"), icon="history", order=70, section="manage",
    ),
]  # fmt: skip

urlpatterns = [*shell, *work, *people, *rules]
