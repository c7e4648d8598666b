"""The way in: documents of a record as PDF bytes (the port `intake.ports.Documents`).

ReportLab is imported when the first document is made, or by `make_ready`, not before.
"""

from typing import Literal

from intake.record import Record


def make_ready() -> None:
    """Import and read what documents are made with, so that the first one is quick.

    It may be called in any thread.
    """
    # What previews the pages.
    import pypdfium2  # noqa: F401  (imported to be there)

    from reports import pdf, referral_letter, summary  # noqa: F401  (the same)
    from reports.fonts import missing_characters

    missing_characters("a")


class PdfDocuments:
    """Makes documents as PDF bytes; the same record gives the same bytes."""

    def __init__(
        self, *, code_points: bool = False, page: Literal["letter", "a4"] = "letter"
    ) -> None:
        """Choose the paper, and whether missing characters print as code points."""
        self._code_points = code_points
        self._page: Literal["letter", "a4"] = page

    def summary(self, record: Record) -> bytes:
        """Return the visit summary.

        Raises:
            UnprintableTextError: a character cannot be drawn and was not confirmed.
        """
        from reports.pdf import build
        from reports.summary import summary

        return build(summary(record), page=self._page, code_points=self._code_points)

    def letter(self, record: Record) -> bytes:
        """Return the referral letter, or a report where there is no referral.

        Raises:
            UnprintableTextError: a character cannot be drawn and was not confirmed.
        """
        from reports.pdf import build
        from reports.referral_letter import referral_letter

        return build(
            referral_letter(record), page=self._page, code_points=self._code_points
        )
