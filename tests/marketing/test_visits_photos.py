"""Photos of visits: once a key, hashed, small, bare, in scope only (VIS-2, VIS-6)."""

from datetime import UTC, datetime
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import ExifTags, Image, ImageDraw

from crm.core.errors import DomainError
from marketing.models import VisitPhoto
from marketing.selectors.visit_photos import same_photo
from marketing.services.visit_photos import add_photo, likeness
from tests.factories import make_customer, make_user
from tests.marketing.factories import load_rules, make_visit

API = "/api/v1/visits/"


@pytest.fixture(autouse=True)
def rules(settings, tmp_path) -> None:
    load_rules()
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def rm():
    return make_user("rm")


def picture(seed: int = 1, side: int = 640) -> Image.Image:
    """A door of a few shapes; another seed is another door."""
    made = Image.new("RGB", (side, side * 3 // 4), (200, 200, 190))
    pen = ImageDraw.Draw(made)
    for no in range(6):
        x, y = (seed * 97 + no * 131) % side, (seed * 53 + no * 71) % (side // 2)
        pen.rectangle((x, y, x + side // 4, y + side // 5), fill=(no * 40, 90, 255 - no * 40))
    return made


def file(image: Image.Image, **options) -> BytesIO:
    out = BytesIO()
    image.save(out, options.pop("format", "JPEG"), **options)
    out.seek(0)
    return out


def add(visit, by, data, **fields):
    given = {"key": uuid4(), "kind": "door"} | fields
    return add_photo(visit_id=visit.pk, data=data, by=by, **given)


def test_what_is_stored_is_small_upright_and_says_nothing_of_the_camera(rm):
    exif = Image.Exif()
    inside = exif.get_ifd(ExifTags.IFD.Exif)
    inside[ExifTags.Base.DateTimeOriginal] = "2026:11:16 10:20:30"
    exif[ExifTags.Base.Make] = "PhoneMaker"
    exif[ExifTags.Base.Orientation] = 6  # turned by a quarter
    visit = make_visit(make_customer(rm), by=rm)

    photo = add(visit, rm, file(picture(side=2400), exif=exif))

    from django.core.files.storage import default_storage

    kept = Image.open(default_storage.open(photo.path))
    assert max(kept.size) == 1600 and kept.height > kept.width
    assert not kept.getexif() and "exif" not in kept.info
    assert photo.taken_at == datetime(2026, 11, 16, 2, 20, 30, tzinfo=UTC)
    assert photo.byte_count == default_storage.size(photo.path)


def test_the_same_key_is_the_same_photo_and_another_picture_is_refused(rm):
    visit = make_visit(make_customer(rm), by=rm)
    key = uuid4()

    first = add(visit, rm, file(picture()), key=key)

    assert add(visit, rm, file(picture()), key=key) == first
    with pytest.raises(DomainError):
        add(visit, rm, file(picture(2)), key=key)
    assert VisitPhoto.objects.count() == 1


def test_the_difference_hash_is_that_of_its_definition():
    """Rows that grow brighter to the right say 1 in every bit but the last row's, which falls."""
    made = Image.new("L", (9, 8))
    made.putdata(
        [column * 20 if row < 7 else 160 - column * 20 for row in range(8) for column in range(9)]
    )

    bits = likeness(made) & (2**64 - 1)

    assert bits == (2**64 - 1) ^ 0xFF


def test_an_even_picture_is_like_nothing():
    assert likeness(Image.new("RGB", (64, 64), (9, 9, 9))) is None


def test_the_same_bytes_and_near_copies_of_the_same_manager_are_found(rm):
    other = make_user("rm")
    mine = make_customer(rm)
    first = add(make_visit(mine, by=rm), rm, file(picture(), quality=95))
    copied = add(make_visit(mine, by=rm), rm, file(picture(), quality=95))
    squeezed = add(make_visit(mine, by=rm), rm, file(picture().resize((300, 225)), quality=40))
    another = add(make_visit(mine, by=rm), rm, file(picture(7)))
    theirs = make_visit(make_customer(other), by=other)
    exact = add(theirs, other, file(picture(), quality=95))
    add(theirs, other, file(picture(), quality=60))  # alike only, and somebody else's

    assert set(same_photo(first)) == {copied, squeezed, exact}
    assert another not in same_photo(first)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\xff\xd8\xff not really", b"<svg/>"])
def test_what_is_no_picture_is_refused(rm, content):
    visit = make_visit(make_customer(rm), by=rm)

    with pytest.raises(DomainError) as refused:
        add(visit, rm, BytesIO(content))

    assert refused.value.status == 422
    assert not VisitPhoto.objects.exists()


def jpeg_with(exif: bytes) -> BytesIO:
    """The door with these notes of the camera, whatever they are."""
    plain = file(picture()).getvalue()
    part = b"Exif\x00\x00" + exif
    return BytesIO(plain[:2] + b"\xff\xe1" + (len(part) + 2).to_bytes(2, "big") + part + plain[2:])


@pytest.mark.parametrize(
    "exif",
    [
        b"",
        b"nonsense",
        b"II*\x00\xff\xff\xff\xff",
        b"MM\x00*\x00\x00\x00\x08\x00\x02\x01\x12\x00\x03",
        b"II*\x00\x08\x00\x00\x00\x01\x00\x69\x87\x04\x00\x01\x00\x00\x00\xff\xff\xff\x7f",
        b"II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x02\x00\x04\x00\x00\x00abc\x00\x00\x00\x00\x00",
    ],
)
def test_broken_notes_of_the_camera_cost_no_photo(rm, exif):
    photo = add(make_visit(make_customer(rm), by=rm), rm, jpeg_with(exif))

    assert (photo.taken_at, photo.likeness) == (None, likeness(picture()))


@pytest.mark.parametrize(
    "told", ["0001:01:01 00:00:00", "0000:00:00 00:00:00", "1970:01:01 08:00:00"]
)
def test_a_camera_whose_clock_was_never_set_tells_no_time(rm, told):
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = told

    photo = add(make_visit(make_customer(rm), by=rm), rm, file(picture(), exif=exif))

    assert VisitPhoto.objects.get(pk=photo.pk).taken_at is None


@pytest.mark.parametrize("side", [9_000, 14_000])
def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused(rm, side):
    bomb = file(Image.new("1", (side, side)), format="PNG")
    assert len(bomb.getvalue()) < 100_000

    with pytest.raises(DomainError) as refused:
        add(make_visit(make_customer(rm), by=rm), rm, bomb)

    assert refused.value.status == 422


def test_what_is_too_large_or_too_many_is_refused(rm):
    from crm.core.models import RuleParameter

    RuleParameter.objects.filter(key="visits.photo_most").update(value="1")
    visit = make_visit(make_customer(rm), by=rm)
    add(visit, rm, file(picture()))

    with pytest.raises(DomainError):
        add(visit, rm, file(picture(2)))
    with pytest.raises(DomainError):
        add(visit, rm, BytesIO(b"\xff\xd8" + bytes(12 * 1024 * 1024)))


def test_a_colleague_adds_no_photo(rm):
    visit = make_visit(make_customer(rm), by=rm)
    lead = make_user("team_lead", rm.branch)

    with pytest.raises(DomainError) as refused:
        add(visit, lead, file(picture()))

    assert refused.value.status == 403


def test_a_photo_is_served_to_whoever_sees_the_customer(client, rm):
    photo = add(make_visit(make_customer(rm), by=rm), rm, file(picture()))
    url = f"/marketing/visits/photos/{photo.pk}/"

    client.force_login(rm)
    answer = client.get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")

    client.force_login(make_user("rm"))
    assert client.get(url).status_code == 404


def test_the_api_takes_a_photo_of_the_own_visit(client, rm):
    visit = make_visit(make_customer(rm), by=rm)
    client.force_login(rm)
    data = {"key": str(uuid4()), "kind": "door", "photo": file(picture())}
    data["photo"].name = "photo"

    answer = client.post(f"{API}{visit.pk}/photos/", data)

    assert answer.status_code == 201
    assert answer.json()["sha256"] == VisitPhoto.objects.get().sha256
    client.force_login(make_user("rm"))
    data["photo"].seek(0)
    assert client.post(f"{API}{visit.pk}/photos/", data).status_code == 404
