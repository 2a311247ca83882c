"""What the queue says of one and of many."""

import pytest
from django.utils import translation

from marketing.queue.sources import COORDINATION, GAP, OPPORTUNITY, RENEWAL


@pytest.mark.parametrize(
    ("source", "code", "given", "one", "many"),
    [
        (RENEWAL, "in_30", "days", "matures in 1 day: settle", "matures in 3 days: settle"),
        (GAP, "one", "offers", "1 product cannot", "3 products cannot"),
        (OPPORTUNITY, "overdue", "days", "for 1 day, 9", "for 3 days, 9"),
        (OPPORTUNITY, "stalled", "quiet", "for 1 day", "for 3 days"),
        (COORDINATION, "open", "days", "since 1 day, decide", "since 3 days, decide"),
    ],
)
def test_one_is_told_in_the_singular(source, code, given, one, many):
    names = ("balance", "feature", "family", "stage", "list", "on")
    filled = dict.fromkeys(names, "x") | {"late": 9}

    def told(language, number):
        with translation.override(language):
            return source.words[code] % (filled | {given: number})

    assert one in told("en", 1)
    assert many in told("en", 3)
    assert told("zh-hans", 1) == told("zh-hans", 3).replace("3", "1")
    assert "%" not in told("zh-hans", 1)
