"""What the scripts of the visit form say; a %s is filled in there."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from crm.core.words import Text

BROWSER_WORDS: Mapping[str, Text] = {
    "kept": _("Draft kept on this device %s"),
    "restored": _("Your draft is back."),
    "offline": _("No network: the visit is kept on this device and sent later."),
    "waits": _("Kept on this device. It is sent as soon as the network is back."),
    "saved": _("Visit saved."),
    "login": _("Sign in again to send what waits."),
    "waiting": _("To be sent"),
    "sending": _("Being sent"),
    "refused": _("Not accepted"),
    "conflict": _("Saved before with other words"),
    "photos": _("Photos still wait"),
    "open": _("Open"),
    "drop": _("Throw away"),
    "dropSure": _("Throw this away? It cannot be brought back."),
    "again": _("Save mine as a visit of its own"),
    "keepTheirs": _("Keep the saved one"),
    "mine": _("On this device"),
    "theirs": _("Saved"),
    "nothingWaits": _("Everything has been sent."),
    "draft": _("Draft"),
    "last": _("Last time"),
    "promised": _("Promised"),
    "talk": _("Ask about"),
    "planned": _("Planned for %s"),
    "noBrief": _("Nothing about this customer is on this device."),
    "checkedIn": _("Checked in %s"),
    "fromAddress": _("%s m from the address"),
    "exact": _("exact to %s m"),
    "noAddress": _("no address to compare with"),
    "denied": _("The device gave no position. You can go on without."),
    "locating": _("Asking the device…"),
    "whom": _("Whom did you meet?"),
    "summary": _("What did you learn? One sentence is enough."),
    "nextStep": _("What is the next step? Or say why there is none."),
    "nextOn": _("On which day?"),
    "promiseOn": _("Until when did you promise it?"),
    "tooFar": _("At most %s days ahead."),
    "tooLarge": _("This photo is too large."),
    "tooMany": _("No more photos fit on this visit."),
    "noCustomer": _("No customer of this name is on this device."),
    "today": _("Today"),
    "recent": _("Opened lately"),
    "remove": _("Remove"),
    "needed": _("This is still needed."),
    "overWhole": _("Together %s %%: at most 100."),
    "rowTwice": _("This is told twice."),
    "standing": _("On record"),
}
