"""What a dialog of the workbench shows of the row behind its item."""

from __future__ import annotations

from crm.core.models import User
from customers.models import CorrectionRequest
from customers.selectors.judgement import Correction, figure_name


def correction_in_reach(*, user: User, request_id: int) -> Correction:
    """A request with the name of its figure; DoesNotExist outside the reach."""
    rows = CorrectionRequest.objects.visible_to(user).select_related("customer", "entered_by")
    row: CorrectionRequest = rows.get(pk=request_id)
    return Correction(row, figure_name(row.key), is_late=False)
