"""Photos of a visit: hashed as they came, stored small and without what the camera wrote beside."""

from __future__ import annotations

import hashlib
import struct
import zlib
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from crm.core.audit import record
from crm.core.errors import DomainError
from crm.core.jobs import publish
from crm.core.models import User
from crm.core.parameters import Parameters, parameters
from crm.core.roles import Can
from marketing.models import Visit, VisitPhoto

FOLDER = Path("visits")
MOST_PIXELS = 60_000_000  # a picture that unpacks to more is no photo of a phone
QUALITY = 80
HASH_WIDTH, HASH_HEIGHT = 9, 8
EXIF_TIME = "%Y:%m:%d %H:%M:%S"
FORMATS = ("JPEG", "PNG", "WEBP")
UNREADABLE = (  # what Pillow raises for broken files and broken notes of a camera
    UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError,
    EOFError, struct.error, zlib.error,
)  # fmt: skip
OLDEST_YEAR = 2000  # a clock that was never set says 1970, 1980 or less


@transaction.atomic
def add_photo(*, visit_id: int, key: UUID, kind: str, data: BinaryIO, by: User) -> VisitPhoto:
    """The photo stands on the own visit, once a key, with its hashes and capture time.

    ``data`` is the file as the camera wrote it. DomainError (422) for what is no picture, too
    large or too many; (409) when the key is taken by another picture.
    """
    visit: Visit = Visit.objects.visible_to(by).select_for_update(of=("self",)).get(pk=visit_id)
    if visit.manager_id != by.pk or not by.can(Can.LOG_VISITS):
        raise DomainError(_("Photos are added by whoever made the visit."), status=403)
    rules = parameters(timezone.localdate())
    content = _read(data, rules)
    digest = hashlib.sha256(content).hexdigest()
    stood: VisitPhoto | None = VisitPhoto.objects.filter(key=key).first()
    if stood is not None:
        if (stood.visit_id, stood.sha256) != (visit.pk, digest):
            raise DomainError(_("This photo was sent before with another picture."))
        return stood
    if kind not in VisitPhoto.Kind.values:
        raise DomainError(_("This is not one of the choices."), status=422)
    most = rules.number("visits.photo_most")
    if visit.photos.count() >= most:
        told = _("A visit has at most %(most)s photos.") % {"most": most}
        raise DomainError(told, status=422)
    picture = _opened(content)
    upright = _upright(picture)
    photo = VisitPhoto(
        visit=visit,
        customer_id=visit.customer_id,
        key=key,
        kind=kind,
        sha256=digest,
        likeness=likeness(upright),
        taken_at=taken_at(picture),
    )
    kept = _small(upright, rules.number("visits.photo_side"))
    photo.byte_count = len(kept)
    photo.path = default_storage.save(str(FOLDER / f"{key}.jpg"), ContentFile(kept))
    photo.save(force_insert=True)
    record(by, "marketing.photo_added", visit, kind=kind)
    publish("visit.photo_added", visit.pk)
    return photo


def _read(data: BinaryIO, rules: Parameters) -> bytes:
    most = rules.number("visits.photo_max_mb") * 1024 * 1024
    content = data.read(most + 1)
    if len(content) > most:
        told = _("A photo has at most %(most)s MB.") % {"most": most // 1024 // 1024}
        raise DomainError(told, status=422)
    return content


def _opened(content: bytes) -> Image.Image:
    """The picture, unpacked only when it is of a size that a camera makes."""
    not_one = DomainError(_("This file is not a picture that can be read."), status=422)
    try:
        picture = Image.open(BytesIO(content), formats=FORMATS)
        if picture.width * picture.height > MOST_PIXELS:
            raise not_one
        picture.load()
    except (*UNREADABLE, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise not_one from error
    return picture


def _upright(picture: Image.Image) -> Image.Image:
    """The picture as it was held; as it lies where the camera's notes cannot be read."""
    try:
        return ImageOps.exif_transpose(picture)
    except UNREADABLE:
        return picture


def _small(upright: Image.Image, side: int) -> bytes:
    """A JPEG of this longest side, with nothing in it but the picture."""
    small = upright.convert("RGB")
    small.thumbnail((side, side))
    bare = Image.new("RGB", small.size)
    bare.paste(small)
    out = BytesIO()
    bare.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def likeness(upright: Image.Image) -> int | None:
    """The difference hash: 64 bits, one for each pixel that is darker than its right neighbour.

    Signed, as the column holds it. None for an even picture, whose bits say nothing.
    """
    grey = upright.convert("L")
    size = (HASH_WIDTH, HASH_HEIGHT)
    pixels = list(grey.resize(size, Image.Resampling.LANCZOS).tobytes())
    bits = 0
    for row in range(HASH_HEIGHT):
        for column in range(HASH_WIDTH - 1):
            at = row * HASH_WIDTH + column
            bits = bits << 1 | (pixels[at] < pixels[at + 1])
    if bits in (0, 2**64 - 1):
        return None
    return bits - 2**64 if bits >= 2**63 else bits


def taken_at(picture: Image.Image) -> datetime | None:
    """When the camera says it was taken; its clock is read as ours where it names no zone.

    None where it says nothing, nothing that can be read, or was never set.
    """
    try:
        inside = picture.getexif().get_ifd(ExifTags.IFD.Exif)
    except UNREADABLE:
        return None
    told = str(inside.get(ExifTags.Base.DateTimeOriginal, "")).strip("\x00 ")
    zone = str(inside.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\x00 ")
    for text, form in ((told + zone, EXIF_TIME + "%z"), (told, EXIF_TIME)):
        try:
            found = datetime.strptime(text, form)
        except ValueError:
            continue
        if found.year < OLDEST_YEAR:
            return None
        return found if found.tzinfo else timezone.make_aware(found)
    return None
