"""Every component of templates/components, loaded as one library; the names are in its README.

The tags live in four files by kind; a page needs no {% load %}: the library is a template builtin.
"""

from django import template

from crm.core.templatetags import ui_blocks, ui_controls, ui_figures, ui_shapes

register = template.Library()
for part in (ui_figures, ui_shapes, ui_blocks, ui_controls):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
