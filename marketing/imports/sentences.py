"""What is told about a line of these files, by code."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.core.words import Text

WORDS: dict[str, Text] = {
    "line_fits_no_form": _(
        "A line counts sole traders by trade or by age, or small firms by kind: one of them."
    ),
    "line_twice": _("This line stands in the file already (line %(line)s)."),
    "code_inside": _("The trade %(inner)s lies inside %(outer)s and would be counted twice."),
    "share_disagrees": _(
        "The counts give %(computed)s; the share written differs by more than %(points)s points."
    ),
    "name_needed": _("A firm we do not know yet needs its name."),
    "prospects_kept": _("%(count)s prospects stay, as somebody worked on them since: %(names)s."),
    "item_decided": _("This firm was decided on; its line stays as it is."),
}
