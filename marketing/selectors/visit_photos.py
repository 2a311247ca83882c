"""Photos in reach, and the ones that show the same."""

from __future__ import annotations

from typing import BinaryIO

from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from crm.core.models import User
from crm.core.parameters import parameters
from marketing.models import VisitPhoto


def photo_of(*, user: User, pk: int) -> VisitPhoto:
    """A photo of a customer in reach; VisitPhoto.DoesNotExist for any other."""
    found: VisitPhoto = VisitPhoto.objects.visible_to(user).get(pk=pk)
    return found


def photo_file(photo: VisitPhoto) -> BinaryIO:
    """The stored picture, open for reading; FileNotFoundError when the folder lost it."""
    file: BinaryIO = default_storage.open(photo.path)
    return file


def same_photo(photo: VisitPhoto) -> QuerySet[VisitPhoto]:
    """Photos of other visits with the same bytes, or of the same manager with nearly the same look.

    Unscoped on purpose: it is asked by checks, not by people. Near copies differ in at most
    ``visits.photo_bits`` of the 64 bits of the difference hash.
    """
    others = VisitPhoto.objects.exclude(visit=photo.visit_id)
    same = Q(sha256=photo.sha256)
    if photo.likeness is not None:
        most = parameters(timezone.localdate()).number("visits.photo_bits")
        others = others.annotate(
            apart=RawSQL(
                "bit_count((marketing_visitphoto.likeness # %s)::bit(64))", (photo.likeness,)
            )
        )
        same |= Q(visit__manager=photo.visit.manager_id, likeness__isnull=False, apart__lte=most)
    return others.filter(same).order_by("pk")
