"""Photos in reach, and the ones that show the same."""

from __future__ import annotations

from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from crm.core.models import User
from crm.core.parameters import parameters
from marketing.models import VisitPhoto


def photo_of(*, user: User, pk: int) -> VisitPhoto:
    """A photo of a customer in reach; VisitPhoto.DoesNotExist for any other."""
    found: VisitPhoto = VisitPhoto.objects.visible_to(user).get(pk=pk)
    return found


def photo_file(photo: VisitPhoto) -> File[Any]:
    """The stored picture, open for reading; FileNotFoundError when the folder lost it."""
    return default_storage.open(photo.path)


def same_photo(photo: VisitPhoto) -> QuerySet[VisitPhoto]:
    """Photos of other visits with the same bytes, or of the same manager with nearly the same look.

    Unscoped on purpose: it is asked by checks, not by people. Near copies differ in at most
    ``quality.likeness_bits`` of the 64 bits of the difference hash.
    """
    others = VisitPhoto.objects.exclude(visit=photo.visit_id)
    same = others.filter(sha256=photo.sha256).values("pk")
    if photo.likeness is None:
        return others.filter(pk__in=same).order_by("pk")
    most = parameters(timezone.localdate()).number("quality.likeness_bits")
    apart = RawSQL("bit_count((marketing_visitphoto.likeness # %s)::bit(64))", (photo.likeness,))
    alike = others.filter(visit__manager=photo.visit.manager_id, likeness__isnull=False)
    near = alike.annotate(apart=apart).filter(apart__lte=most).values("pk")
    return VisitPhoto.objects.filter(pk__in=same.union(near)).order_by("pk")
