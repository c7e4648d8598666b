"""The visit as a document: preview and export of the very same bytes."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from intake.errors import UserFacingError
from intake.ports import Documents
from intake.record import Record
from ui.messages import Teller, tell_error
from ui.theme import roomy
from ui.words import PlainLabel

_KINDS = (("summary", "Visit summary"), ("letter", "Referral letter"))
_AS_CODES = "Print as code points"
_NOT_NOW = "Do not print"
_SCALE = 1.35


def ask_for_file(parent: QWidget, suggested: str) -> str:
    """Ask where to save; an empty text means no."""
    name, _ = QFileDialog.getSaveFileName(
        parent, "Save as PDF", suggested, "PDF (*.pdf)"
    )
    return name


class DocumentsPage(QWidget):
    """Preview at the right of what will be printed, with a key to save it."""

    #: A file was written (its path).
    exported = Signal(str)
    #: Go back to the form.
    back = Signal()

    def __init__(
        self,
        documents: Callable[..., Documents],
        write: Callable[[Path, bytes], None],
        teller: Teller,
        parent: QWidget | None = None,
    ) -> None:
        """Make documents with `documents`, write files with `write`."""
        super().__init__(parent)
        self._documents = documents
        self._write = write
        self._teller = teller
        #: Writes down that a document (visit's id, kind) is shown, or becomes a file;
        #: an error is told, and it is not.
        self.viewing: Callable[[str, str], None] = _unwritten
        self.saving: Callable[[str, str], None] = _unwritten
        self._record: Record | None = None
        self._bytes = b""
        self.kind = QComboBox()
        self.kind.setAccessibleName("Document")
        for value, words in _KINDS:
            self.kind.addItem(words, value)
        self.kind.currentIndexChanged.connect(self._make)
        self.save = QPushButton("&Save as PDF")
        self.save.clicked.connect(self._save)
        self.leave = QPushButton("&Back to the visit")
        self.leave.clicked.connect(self.back)
        self.said = PlainLabel()
        top = QHBoxLayout()
        for widget in (self.kind, self.save, self.leave):
            top.addWidget(widget)
        top.addWidget(self.said, 1)
        self.pages = QWidget()
        self._column = QVBoxLayout(self.pages)
        self._column.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self.pages)
        area.setAccessibleName("Preview")
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(area, 1)
        roomy(self)

    def show_record(self, record: Record) -> None:
        """Make and show the chosen document of a record."""
        self._record = record
        self.said.clear()
        self._make()
        self.kind.setFocus()

    def _make(self) -> None:
        # Whatever happens below, the document of another patient must not stay.
        self._bytes = b""
        self.save.setEnabled(False)
        self._show_pages()
        if self._record is None:
            return
        try:
            content = self._made(self._record)
            if content:
                self.viewing(self._record.visit_id, self.kind.currentData())
            self._bytes = content
        except UserFacingError as error:
            tell_error(self._teller, error)
        self.save.setEnabled(bool(self._bytes))
        self._show_pages()

    def _made(self, record: Record) -> bytes:
        """Make the chosen document; ask before a character is printed as its code."""
        kind = self.kind.currentData()
        try:
            return bytes(getattr(self._documents(), kind)(record))
        except UserFacingError as error:
            if error.code != "text_not_printable":
                raise
            answer = self._teller.choose(error.text, _AS_CODES, _NOT_NOW)
            if answer != _AS_CODES:
                return b""
        return bytes(getattr(self._documents(code_points=True), kind)(record))

    def _show_pages(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if widget := item.widget():
                widget.deleteLater()
        if not self._bytes:
            return
        for number, picture in enumerate(_pictures(self._bytes), 1):
            label = QLabel()
            label.setPixmap(QPixmap.fromImage(picture))
            label.setAccessibleName(f"Page {number}")
            label.setFixedSize(picture.size() + QSize(2, 2))
            label.setFrameShape(QLabel.Shape.Box)
            self._column.addWidget(label)

    def _save(self) -> None:
        name = ask_for_file(self, f"{self.kind.currentText()}.pdf")
        if not name or self._record is None:
            return
        try:
            # First: nothing leaves the records without being written down.
            self.saving(self._record.visit_id, self.kind.currentData())
            self._write(Path(name), self._bytes)
        except UserFacingError as error:
            tell_error(self._teller, error)
            return
        self.said.setText(f"Saved: {name}")
        self.exported.emit(name)


def _unwritten(_visit_id: str, _kind: str) -> None:
    """Write nothing down: there is no audit trail."""


def _pictures(content: bytes) -> list[QImage]:
    """Return each page of a PDF as a picture."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        return [_picture(document[number]) for number in range(len(document))]
    finally:
        document.close()


def _picture(page: object) -> QImage:
    bitmap = page.render(scale=_SCALE, rev_byteorder=True)  # type: ignore[attr-defined]  # pypdfium2 has no types
    picture = QImage(
        bytes(bitmap.buffer),
        bitmap.width,
        bitmap.height,
        bitmap.stride,
        QImage.Format.Format_RGB888
        if bitmap.n_channels == 3
        else QImage.Format.Format_RGBX8888,
    )
    return picture.copy()
