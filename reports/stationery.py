"""What a clinic brings along for its paper: a logo, and whether a line can be printed.

A picture comes from outside and may be made to do harm. It is decoded here, within
limits, by one well-kept library and two of its formats; what is stored and printed is
a small picture written anew, without anything else that was in the file.
"""

import io

from PIL import Image, ImageOps

from intake.clinic_settings import LOGO_BYTES, LOGO_SIZE, Letterhead
from intake.errors import UserFacingError
from reports.content import ClinicHead
from reports.fonts import missing_characters
from reports.unprintable import name_of

#: Taken in; a photograph off a camera is scaled down first by whoever has it.
MOST_BYTES = 5_000_000
_MOST_POINTS = 16_000_000
_FORMATS = ("PNG", "JPEG")


class PaperStationery:
    """The port `intake.ports.Stationery`."""

    def logo(self, content: bytes) -> bytes:
        """Return a picture as a small PNG of our own making.

        Raises:
            UserFacingError: (logo_unreadable) it is none, is damaged, or is too large.
        """
        return logo(content)

    def unprintable(self, text: str) -> str:
        """Return the characters of a text that cannot be printed, by name."""
        return ", ".join(name_of(one) for one in sorted(missing_characters(text)))


def logo(content: bytes) -> bytes:
    """Return a picture as a small PNG of our own making.

    Raises:
        UserFacingError: (logo_unreadable) it is none, is damaged, or is too large.
    """
    if len(content) > MOST_BYTES:
        raise _refused("This file is larger than 5 MB.")
    try:
        picture = Image.open(io.BytesIO(content), formats=_FORMATS)
        is_too_large = picture.width * picture.height > _MOST_POINTS
        # Before a point of it is decoded: a small file may unpack to a huge picture.
        decoded = None if is_too_large else _plain(picture)
    except Exception:  # noqa: BLE001  (whatever a hostile picture makes a decoder raise; it is told)
        raise _refused("This file holds no PNG or JPEG that can be read.") from None
    if decoded is None:
        raise _refused("This picture has more than 16 million points.")
    return _small(decoded)


def head_of(letterhead: Letterhead) -> ClinicHead | None:
    """Return the head of the first page, or None where nothing is settled.

    A stored logo that cannot be read is left out: a letter that is urgent must not
    wait for a picture, and the page of the settings shows that there is none.
    """
    second = " \u00b7 ".join(letterhead.address)
    lines = tuple(filter(None, (second, letterhead.reached_at)))
    if licences := " \u00b7 ".join(letterhead.licences):
        lines = (*lines, f"License {licences}")
    if not (letterhead.name or lines or letterhead.logo):
        return None
    return ClinicHead(letterhead.name, lines, _if_readable(letterhead.logo))


def _if_readable(content: bytes) -> bytes:
    try:
        return logo(content) if content else b""
    except UserFacingError:
        return b""


def _plain(picture: Image.Image) -> Image.Image:
    """Return a picture upright, on white, in red, green and blue."""
    picture = ImageOps.exif_transpose(picture).convert("RGBA")
    on_white = Image.new("RGBA", picture.size, "white")
    on_white.alpha_composite(picture)
    return on_white.convert("RGB")


def _small(picture: Image.Image) -> bytes:
    """Return a picture as PNG, as large as it may be."""
    picture.thumbnail(LOGO_SIZE)
    while len(written := _png(picture)) > LOGO_BYTES:
        picture = picture.reduce(2)
    return written


def _png(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    # A new one, so that nothing of the file's own comes along.
    Image.frombytes("RGB", picture.size, picture.tobytes()).save(
        written, "PNG", optimize=True
    )
    return written.getvalue()


def _refused(what: str) -> UserFacingError:
    return UserFacingError(
        "logo_unreadable",
        what,
        "Choose a PNG or JPEG of at most 16 million points and 5 MB; the logo that is "
        "stored stays as it is.",
    )
