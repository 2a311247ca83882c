"""What the scripts of the visit form say; a %s is filled in there."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from crm.core.words import Text

BROWSER_WORDS: Mapping[str, Text] = {
    "kept": _("Draft kept on this device %s"),
    "notKept": _("This device cannot keep what you type. Free some storage; leave this page open."),
    "noRoom": _("This device has no room for the photo."),
    "restored": _("Your draft is back."),
    "elsewhere": _("This draft is open in another tab of this device. Go on writing there."),
    "offline": _("No network: the visit is kept on this device and sent later."),
    "saved": _("Visit saved."),
    "login": _("Sign in again to send what waits."),
    "waiting": _("To be sent"),
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
    "promiseBefore": _("A promise is kept after the visit, not before."),
    "either": _("Either a next step or a reason for none."),
    "before": _("Not before the day of the visit."),
    "tooFar": _("At most %s days ahead."),
    "tooLong": _("No visit lasts longer than twelve hours."),
    "future": _("The visit ends in the future: check the clock of the device."),
    "notNumber": _("not a number"),
    "notReadable": _("This file is not a picture that can be read."),
    "tooLarge": _("This photo is too large."),
    "tooMany": _("No more photos fit on this visit."),
    "noCustomer": _("No customer of this name is on this device."),
    "remove": _("Remove"),
    "needed": _("This is still needed."),
    "overWhole": _("Together %s %%: at most 100."),
    "rowTwice": _("This is told twice."),
    "standing": _("On record"),
}
