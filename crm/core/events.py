"""What the events of the audit trail are called; an event without a name shows its key."""

from django.utils.translation import gettext_lazy as _

from crm.core.words import Text

EVENTS: dict[str, Text] = {
    "insert": _("added"),
    "update": _("changed"),
    "delete": _("deleted"),
    "core.signed_in": _("signed in"),
    "core.sign_in_failed": _("log-in failed"),
    "core.refused": _("page refused"),
    "core.revealed": _("seen in full"),
    "core.reveal_quota_used": _("daily reveals used up"),
    "core.unit_created": _("unit made"),
    "core.unit_moved": _("unit moved"),
    "core.unit_closed": _("unit closed"),
    "core.user_created": _("user made"),
    "core.user_moved": _("user moved"),
    "core.user_deactivated": _("account closed"),
    "core.user_reactivated": _("account opened again"),
    "core.password_reset": _("password reset"),
    "core.cover_requested": _("stand-in asked for"),
    "core.cover_approved": _("stand-in approved"),
    "core.cover_ended": _("stand-in ended"),
    "core.parameter_proposed": _("parameter proposed"),
    "core.parameter_activated": _("parameter put in force"),
    "core.parameter_rejected": _("parameter rejected"),
    "core.lpr_added": _("LPR quote added"),
    "core.job_cancelled": _("job stopped"),
    "core.job_retried": _("job tried again"),
}


def name_events(names: dict[str, Text]) -> None:
    """An app names its own events."""
    EVENTS.update(names)


def event_label(event: str) -> Text:
    """The event in words."""
    return EVENTS.get(event, event)
