"""The way in: documents of a record as PDF bytes (the port `intake.ports.Documents`).

ReportLab is imported when the first document is made, or by `make_ready`, not before.
"""

from collections.abc import Callable
from dataclasses import replace

from intake.clinic_settings import UNSETTLED, ClinicSettings
from intake.record import Record
from reports.content import Document


def make_ready() -> None:
    """Import and read what documents are made with, so that the first one is quick.

    It may be called in any thread.
    """
    # What previews the pages.
    import pypdfium2  # noqa: F401  (imported to be there)

    # What reads a logo.
    from PIL import ImageOps, ImagePalette  # noqa: F401  (the same)

    from reports import pdf, referral_letter, stationery, summary  # noqa: F401  (too)
    from reports.fonts import missing_characters

    missing_characters("a")


class PdfDocuments:
    """Makes documents as PDF bytes.

    The same record and the same settings give the same bytes.
    """

    def __init__(
        self,
        *,
        code_points: bool = False,
        clinic: ClinicSettings = UNSETTLED,
    ) -> None:
        """Choose head and paper, and whether what is missing prints as code points."""
        self._code_points = code_points
        self._clinic = clinic

    def summary(self, record: Record) -> bytes:
        """Return the visit summary.

        Raises:
            UnprintableTextError: a character cannot be drawn and was not confirmed.
        """
        from reports.summary import summary

        return self._built(summary, record)

    def letter(self, record: Record) -> bytes:
        """Return the referral letter, or a report where there is no referral.

        Raises:
            UnprintableTextError: a character cannot be drawn and was not confirmed.
        """
        from reports.referral_letter import referral_letter

        return self._built(referral_letter, record)

    def _built(
        self, make: Callable[[Record, ClinicSettings], Document], record: Record
    ) -> bytes:
        from reports.pdf import build
        from reports.stationery import head_of

        document = make(record, self._clinic)
        if (head := head_of(self._clinic.letterhead)) is not None:
            document = replace(document, blocks=(head, *document.blocks))
        return build(document, page=self._clinic.page, code_points=self._code_points)
