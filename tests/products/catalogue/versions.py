"""Versions handed to their checkers, for tests of the catalogue."""

from products.services.catalogue import draft_from, edit_draft, submit_version
from products.services.review import decide_version
from tests.products.factories import make_version


def submitted(maker, **fields):
    """A second version, as the first but for these fields, handed to its checkers."""
    first = make_version()
    draft = draft_from(by=maker, version_id=first.pk)
    values = {"change_note": "调整利率"} | fields
    edit_draft(by=maker, version_id=draft.pk, revision=1, values=values)
    return submit_version(by=maker, version_id=draft.pk)


def approved(maker, checker, **fields):
    version = submitted(maker, **fields)
    return decide_version(by=checker, version_id=version.pk, is_approved=True)
