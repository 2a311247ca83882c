"""Sample rows for the walk over the routes of this part: board."""

from datetime import date

from crm.core.models import User
from marketing.services.board_counts import count_boards
from tests.architecture.samples import sample
from tests.factories import make_customer, make_user
from tests.marketing.factories import load_rules, make_visit


@sample("marketing:board_manager/pk")
def counted_manager(user: User) -> int:
    """The user itself when it is a manager, else one with a visit in the user's unit."""
    manager = user if user.role == "rm" else make_user("rm", user.branch)
    make_visit(make_customer(manager), by=manager)
    load_rules()
    count_boards(as_of=date(2026, 11, 22))
    return manager.pk
