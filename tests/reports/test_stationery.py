"""The clinic's head, paper and units on documents; and pictures that mean harm."""

import base64
import io
import struct
import zlib
from dataclasses import replace

import pypdf
import pytest
from PIL import Image

from intake.clinic_settings import (
    LOGO_BYTES,
    LOGO_SIZE,
    ClinicSettings,
    FirstUnits,
    Letterhead,
    checked_section,
)
from intake.errors import UserFacingError
from reports.documents import PdfDocuments
from reports.stationery import MOST_BYTES, PaperStationery, head_of, logo
from tests.reports.records import pages_of, record, sample, text_of

HEAD = Letterhead(
    "Lake <b>Clinic</b> & Spine",
    ("12 Lake Road", "Jacksonville, FL 32202"),
    "(904) 555-0100",
    "(904) 555-0101",
    ("CH 4711",),
)


def written(picture: Image.Image, kind: str = "PNG", **more: object) -> bytes:
    """Return a picture as a file."""
    content = io.BytesIO()
    picture.save(content, kind, **more)
    return content.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    """Return a part of a PNG."""
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that says it is huge."""
    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            chunk(b"IHDR", size),
            chunk(b"IDAT", zlib.compress(b"\0" * 10_000)),
            chunk(b"IEND", b""),
        )
    )


SOUND = written(Image.new("RGB", (40, 20), "navy"))
HOSTILE = {
    "empty": b"",
    "text": b"<svg onload=alert(1)>",
    "a bomb by its size": bomb(60_000, 60_000),
    "a few points too many": bomb(4001, 4000),
    "no points": bomb(0, 0),
    "cut off": SOUND[: len(SOUND) // 2],
    "head alone": SOUND[:33],
    "another format": written(Image.new("RGB", (4, 4)), "GIF"),
    "a document": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "too large a file": SOUND + b"\0" * MOST_BYTES,
    "a part that unpacks to a flood": SOUND[:33]
    + chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * 80_000_000))
    + SOUND[33:],
    "one bit wrong": SOUND[:45] + bytes([SOUND[45] ^ 1]) + SOUND[46:],
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_picture_that_means_harm_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(UserFacingError) as told:
        logo(content)
    assert told.value.code == "logo_unreadable"
    assert told.value.text.startswith("This")


def test_a_sound_picture_is_taken() -> None:
    """The counterpart of the refusals: it is not everything that is refused."""
    made = Image.open(io.BytesIO(logo(SOUND)))
    assert (made.format, made.size, made.mode) == ("PNG", (40, 20), "RGB")


def test_what_else_was_in_the_file_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home, 12 Lake Road"
    for kind in ("PNG", "JPEG"):
        made = logo(written(Image.new("RGB", (9, 9)), kind, exif=exif))
        assert b"Lake Road" not in made
        assert Image.open(io.BytesIO(made)).info == {}


def test_a_picture_on_its_side_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    made = logo(written(Image.new("RGB", (40, 20)), "JPEG", exif=exif))
    assert Image.open(io.BytesIO(made)).size == (20, 40)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "L", "CMYK", "I;16"])
def test_any_kind_of_colour_is_taken(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert logo(written(Image.new(mode, (8, 8)), kind))


def test_what_is_seen_through_is_white() -> None:
    made = Image.open(io.BytesIO(logo(written(Image.new("RGBA", (8, 8), (0,) * 4)))))
    assert made.getpixel((4, 4)) == (255, 255, 255)


def test_a_large_picture_becomes_one_that_can_be_stored() -> None:
    noise = Image.effect_noise((3000, 1400), 90).convert("RGB")
    made = logo(written(noise, "JPEG"))
    size = Image.open(io.BytesIO(made)).size
    assert len(made) <= LOGO_BYTES
    assert size <= LOGO_SIZE
    stored = checked_section("logo", {"png": base64.b64encode(made).decode()})
    assert stored["png"]


def test_both_documents_have_the_head_on_their_first_page() -> None:
    clinic = ClinicSettings(replace(HEAD, logo=logo(SOUND)))
    for kind in ("summary", "letter"):
        made: bytes = getattr(PdfDocuments(clinic=clinic), kind)(sample())
        first, *rest = pages_of(made)
        for words in (
            "Lake <b>Clinic</b> & Spine",
            "12 Lake Road · Jacksonville, FL 32202",
            "Phone (904) 555-0100, fax (904) 555-0101",
            "License CH 4711",
        ):
            assert words in first
        assert all("12 Lake Road" not in page for page in rest)
        page = pypdf.PdfReader(io.BytesIO(made)).pages[0]
        assert len(page.images) == 1


def test_nothing_settled_changes_no_document() -> None:
    assert head_of(Letterhead()) is None
    plain, same = PdfDocuments(), PdfDocuments(clinic=ClinicSettings())
    assert plain.letter(sample()) == same.letter(sample())


def test_the_same_record_and_head_give_the_same_bytes() -> None:
    clinic = ClinicSettings(replace(HEAD, logo=logo(SOUND)))
    made = [PdfDocuments(clinic=clinic).letter(sample()) for _ in range(2)]
    assert made[0] == made[1]


def test_an_ordinary_letter_with_a_head_keeps_to_two_pages() -> None:
    clinic = ClinicSettings(replace(HEAD, logo=logo(SOUND)))
    for page in ("letter", "a4"):
        made = PdfDocuments(clinic=replace(clinic, page=page)).letter(sample())
        assert len(pages_of(made)) <= 2


def test_a_letter_says_where_to_reply() -> None:
    text = text_of(PdfDocuments(clinic=ClinicSettings(HEAD)).letter(sample()))
    assert "Reply to" in text
    assert "(904) 555-0100, (904) 555-0101" in text


def test_the_clinicians_own_license_stands_beside_the_name() -> None:
    """As it stands with the person; the clinic's own stands in the head."""
    signed = replace(sample(), clinician="Dr. Rivera", licence="CH 0815")
    for made in (PdfDocuments().letter(signed), PdfDocuments().summary(signed)):
        assert "License no. CH 0815" in text_of(made)


def test_a_stored_logo_that_cannot_be_read_stops_no_letter() -> None:
    clinic = ClinicSettings(replace(HEAD, logo=bomb(9, 9)))
    text = text_of(PdfDocuments(clinic=clinic).letter(sample()))
    assert "12 Lake Road" in text


@pytest.mark.parametrize(
    ("page", "points"), [("letter", (612, 792)), ("a4", (595, 842))]
)
def test_the_paper_is_the_clinics(page: str, points: tuple[int, int]) -> None:
    made = PdfDocuments(clinic=ClinicSettings(page=page)).summary(sample())  # type: ignore[arg-type]  # one of both
    box = pypdf.PdfReader(io.BytesIO(made)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == points


@pytest.mark.parametrize(
    ("first", "words"),
    [
        (FirstUnits(), "38.3 °C (100.9 °F)"),
        (FirstUnits(temperature="Cel"), "38.3 °C (100.9 °F)"),
        (FirstUnits(temperature="[degF]"), "100.9 °F (38.3 °C)"),
    ],
)
def test_a_number_is_said_in_the_clinics_unit_first(
    first: FirstUnits, words: str
) -> None:
    """What was typed stays there to the last digit, whichever comes first."""
    answers = {"vitals.temperature": {"value": 38.3, "unit": "Cel"}}
    made = PdfDocuments(clinic=ClinicSettings(units=first)).summary(record(answers))
    assert words in text_of(made)


def test_what_paper_cannot_show_is_named() -> None:
    stationery = PaperStationery()
    assert stationery.unprintable("Lake Clinic, Nguyễn") == ""
    assert stationery.unprintable("\U0001f600").startswith("U+1F600")
    assert stationery.logo(SOUND) == logo(SOUND)
