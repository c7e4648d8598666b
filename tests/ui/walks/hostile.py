"""Hostile texts in every field there is; whatever becomes of them is looked at.

A round takes one text through the program as its owner, who is a clinician too: a
registration, every question that is typed into, the search, the review, a signature, an
addendum, a visit that ends with a reason, the people, the trail, everything else the
menu leads to. Fields are found, not listed: whatever can be typed into where the walk
comes by gets the text, as a paste gives it. What was taken has to be stored as it was
taken, what was refused not at all; and everywhere the text is seen it is seen as it is.
"""

import io
import json
import random
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, cast

import pypdf
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QWidget,
)

from intake.answer_check import is_storable, storable
from intake.protocol import Question
from reports.fonts import missing_characters
from tests import cases
from tests.faults.made_up_clinic import PASSPHRASES
from tests.faults.report import Report
from tests.ui.keyboard import type_keys
from tests.ui.visits import say_whose
from tests.ui.walks.hostile_strings import WORST, hostile_strings
from tests.ui.walks.literal import WORD, around, not_literal, seen
from tests.ui.walks.open_house import OpenHouse, open_house
from tests.ui.walks.round_trip import protocol
from ui.actions import ACTIONS
from ui.error_hook import _places
from ui.visit.decision_row import DecisionRow
from ui.visit.editors import Editor
from ui.visit.sign_row import SignRow
from ui.visit.workspace import Workspace

#: What the walk does in its own way, or what would end it.
_NOT_WALKED = frozenset(
    {
        *("lock", "hide_screen", "show_shortcuts", "new_patient", "close_visit"),
        *("hand_on", "end_visit", "review_and_sign", "write_addendum"),
        *("confirm_saved", "larger_letters", "smaller_letters", "next_look"),
    }
)
_TYPED_KINDS = frozenset({"text", "rows", "psfs", "number", "date", "pair"})
#: Of these one question stands for all: they refuse words in the same line.
_ONE_OF_A_KIND = frozenset({"number", "date", "pair"})
_MOST_TRIES = 25
#: What a field of several lines takes for the end of one.
_BREAKS = "\r\n|\r|\u2029|\ufdd0|\ufdd1"
_OWNER = "ann"

_EMERGENCY = json.loads(
    (Path(cases.__file__).parent / "published" / "aortic-61m.json").read_text("utf-8")
)["answers"]

Field = QLineEdit | QPlainTextEdit | QTextEdit


class HostileWalk:
    """One clinic, and texts that are typed into it one after the other."""

    def __init__(self, house: OpenHouse) -> None:
        """Begin where somebody has signed in."""
        self._house = house
        self._window = house.window
        self._office = house.office
        #: The fields that were seen, and those that were typed into.
        self.seen: set[str] = set()
        self.filled: set[str] = set()
        self.looks = 0
        self._text = ""
        self._wrong: list[str] = []

    def round(self, text: str) -> list[str]:
        """Take a text through everything; return what went wrong with it."""
        self._text, self._wrong = text, []
        self._register()
        self._answer()
        self._decide()
        self._look_for()
        self._rest_of_the_menu()
        self._sign_and_add()
        self._end_a_visit()
        self._take_somebody_in()
        return self._wrong

    @property
    def never_filled(self) -> set[str]:
        """Return the fields that were seen and that nobody typed into."""
        return self.seen - self.filled

    # the stations

    def _register(self) -> None:
        self._window.new_patient.emit()
        page = self._office.registration
        self._fill(page)
        self._look("the registration")
        for _ in range(_MOST_TRIES):
            before = self._office.session
            page.register.click()
            if self._office.session is not before:
                break
            refused = self._window.focusWidget()
            if not isinstance(refused, QLineEdit):
                self._note("the registration refuses, and points at nothing")
                return
            # What is refused stays refused: somebody takes it away and goes on.
            refused.setText("Somebody" if refused is page.fields["family_name"] else "")
        else:
            self._note("the registration is never accepted")
            return
        self._house.wait_until_stored()
        session = self._office.session
        assert session is not None
        # Each is one line: what breaks it is a blank, as it is shown while typing.
        typed = {
            name: " ".join(field.text().splitlines()).strip()
            for name, field in page.fields.items()
        }
        stored = self._house.store.patient(session.patient.id)
        if stored != session.patient:
            self._note("the registration is stored as something else")
        for name, was in typed.items():
            kept = getattr(stored, name)
            if name not in ("birth_date", "stated_age") and kept not in (was, ""):
                self._note(f"{name} is stored as {kept!r}")

    def _answer(self) -> None:
        """Type into the questions that are typed into."""
        session, workspace = self._office.session, self._workspace()
        assert session is not None
        questions = list(_typed(list(session.protocol.questions.values())))
        session.open_by_hand([question.id for question in questions])
        for question in questions:
            workspace.page.go_to(question.id)
            editor = workspace.page.form.rows[question.id].editor
            self._fill(editor)
            workspace.page.flush()
            self._check_answer(question, session.answers.get(question.id), editor)
        self._look("the visit")
        self._house.wait_until_stored()
        stored = self._house.store.visit(session.visit.id)
        if stored.answers != session.answers:
            self._note("the answers are stored as something else")

    def _decide(self) -> None:
        """Set an emergency aside and decline a suggestion, each with a reason."""
        session, workspace = self._office.session, self._workspace()
        assert session is not None
        session.record_many(_EMERGENCY)
        banner, panel = workspace.banner, workspace.panel
        assert banner is not None
        assert panel is not None
        self._fill(banner)
        wanted = [banner.reason.text().strip()]
        banner.aside.click()
        panel.focus_reasons()
        type_keys("d")
        row = panel.findChild(DecisionRow)
        assert row is not None
        self._fill(row)
        wanted.append(row.field.text().strip())
        row.keep.click()
        self._look("the decisions")
        self._house.wait_until_stored()
        stored = self._house.store.decisions_of(session.visit.id)
        words = [one.words for one in stored]
        if words != [storable(one) for one in wanted]:
            self._note(f"the decisions are stored as {str(words)[:80]!r}")

    def _check_answer(self, question: Question, answer: Any, editor: QWidget) -> None:  # noqa: ANN401  (an answer of any kind)
        kept = answer[0] if question.kind == "rows" and answer else answer
        if question.kind in ("text", "rows"):
            field = _fields(editor)[0]
            was = _expected(self._text, field)
            if kept != was and bool(kept or was):
                self._note(f"{question.id} is kept as {str(kept)[:60]!r}")

    def _look_for(self) -> None:
        """Type into the search, and look at the list of the day."""
        self._window.show_home.emit()
        self._look("the list of the day")
        home = self._office.home
        self._fill(home)
        self._look("the search")
        home.search.setText("")

    def _rest_of_the_menu(self) -> None:
        """Go wherever the menu leads."""
        self._house.teller.picks = 1
        for spec in ACTIONS:
            if spec.name not in _NOT_WALKED:
                getattr(self._window, spec.name).emit()
                self._house.wait_until(lambda: True, "")
                self._fill(self._page())
                self._look(spec.text)
                if spec.name == "show_documents":
                    self._read_the_document()
        self._window.show_visit.emit()

    def _read_the_document(self) -> None:
        """Look for the text in the PDF; what no font can draw stands there as codes."""
        content = self._office.documents._bytes
        word = WORD.search(self._text)
        if not content or word is None:
            self._note("there is no document")
            return
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        text = seen("".join(page.extract_text() for page in pages))
        can_be_drawn = is_storable(self._text) and not missing_characters(self._text)
        wanted = (
            around(seen(self._text), word.group()) if can_be_drawn else word.group()
        )
        if wanted not in text:
            self._note("the document shows something else")

    def _sign_and_add(self) -> None:
        session = self._office.session
        assert session is not None
        identity = session.visit.id
        self._window.review_and_sign.emit()
        review = self._office.signing.review
        self._look("the review")
        self._fill(review)
        say_whose(review.row)
        review.row.passphrase.setText(PASSPHRASES[_OWNER])
        review.row.sign.click()
        self._house.wait_until(
            lambda: self._house.store.visit(identity).state == "signed", "not signed"
        )
        self._house.wait_until(lambda: self._office.signing.is_open, "not shown")
        self._look("the signed visit")
        self._window.write_addendum.emit()
        page = self._page()
        self._fill(page)
        self._look("the addendum")
        field = next(f for f in _fields(page) if isinstance(f, QPlainTextEdit))
        was = field.toPlainText().strip()
        for row in page.findChildren(SignRow):
            say_whose(row)
        secrets = [f for f in _fields(page) if _is_secret(f)]
        for secret in secrets:
            cast("QLineEdit", secret).setText(PASSPHRASES[_OWNER])
        _button(page, "Sign the addendum").click()
        store = self._house.store
        told = len(self._house.teller.messages)
        said = page.findChildren(QLabel)
        self._house.wait_until(
            lambda: (
                bool(store.addenda_of(identity))
                or len(self._house.teller.messages) > told
                or any("cannot be stored" in label.text() for label in said)
            ),
            "no addendum",
        )
        found = [one.text for one in store.addenda_of(identity)]
        self._check_kept("the addendum", found, was)
        self._look("the signed visit with its addendum")

    def _end_a_visit(self) -> None:
        """Open another visit of the same patient, and end it with a reason."""
        ((_, patient),) = self._house.store.recent_visits(1)
        self._window.show_home.emit()
        self._office.open_new_visit(replace(patient))
        self._house.wait_until_stored()
        session = self._office.session
        if session is None:
            self._note("no second visit")
            return
        self._window.end_visit.emit()
        bar = self._window.ask_bar
        self._fill(bar)
        self._look("the question why a visit ends")
        was = bar.field.text().strip()
        identity = session.visit.id
        bar.buttons[-2].click()
        store = self._house.store
        self._house.wait_until(
            lambda: bool(store.moves_of(identity)) or bool(bar.hint.text()), "no end"
        )
        reasons = [move.reason for move in store.moves_of(identity)]
        self._check_kept("the reason", reasons, was)
        bar.put_away()
        self._window.show_home.emit()
        self._look("the list with a visit that ended")

    def _take_somebody_in(self) -> None:
        self._window.show_people.emit()
        page = self._office.people
        page.add.click()
        assert page.form is not None
        self._fill(page.form)
        self._look("the people")
        form = cast("Any", page.form)
        was = form.name.text().strip()
        form.roles["desk"].setChecked(True)
        form.passphrase.typed.setText("stones in a warm wall")
        form.passphrase.again.setText("stones in a warm wall")
        form.go_on.click()
        said = form.said
        self._house.wait_until(
            lambda: page.form is not form or bool(said.text()), "nobody came"
        )
        names = [one.name for one in self._house.store.people()]
        if page.form is not form and was not in names:
            self._note("somebody is stored under another name")
        self._look("the people, with the newcomer")
        self._window.show_home.emit()

    def _check_kept(self, what: str, kept: list[str], was: str) -> None:
        """Whole, with a sign for what cannot be stored; or refused, and not at all."""
        is_refused = not kept and (not was or not is_storable(was))
        if not is_refused and kept != [storable(was)]:
            self._note(f"{what} is stored as {str(kept)[:60]!r}")

    # finding and filling

    def _fill(self, page: QWidget) -> None:
        """Type the text into every field that is seen on a page."""
        for field in _fields(page):
            _paste(field, self._text)
            self.filled.add(_name_of(field))

    def _look(self, where: str) -> None:
        """Look at everything that is shown, and remember the fields there are."""
        self.looks += 1
        self.seen |= {_name_of(field) for field in _fields(self._window)}
        for fault in not_literal(self._window, self._text):
            self._note(f"{where}: {fault}")

    def _note(self, fault: str) -> None:
        self._wrong.append(fault)

    def _page(self) -> QWidget:
        page = self._window.pages.currentWidget()
        assert page is not None
        return page

    def _workspace(self) -> Workspace:
        assert self._office.workspace is not None
        return self._office.workspace


def _typed(questions: list[Question]) -> Iterator[Question]:
    met: set[str] = set()
    for question in questions:
        if question.kind in _TYPED_KINDS:
            is_known = question.kind in _ONE_OF_A_KIND and question.kind in met
            met.add(question.kind)
            if not is_known:
                yield question


def _fields(page: QWidget) -> list[Field]:
    """Return whatever can be typed into, also the lines inside of other widgets."""
    kinds = (QLineEdit, QPlainTextEdit, QTextEdit)
    found: list[Field] = []
    for kind in kinds:
        found += cast("list[Field]", page.findChildren(kind))
    return [one for one in found if _can_be_typed_into(one)]


def _can_be_typed_into(field: Field) -> bool:
    return field.isVisible() and field.isEnabled() and not field.isReadOnly()


def _name_of(field: Field) -> str:
    """Return what a field is, whatever it is called at the moment."""
    above: QWidget | None = field
    while above is not None and not isinstance(above, Editor):
        above = above.parentWidget()
    if above is not None:
        return f"question of the kind {above.question.kind}"
    return f"{type(field.parentWidget()).__name__}: {field.accessibleName()}"


def _paste(field: Field, text: str) -> None:
    """Put a text in place of what is there, as a paste does."""
    field.selectAll()
    if isinstance(field, QLineEdit):
        field.insert(text)
        return
    cursor = field.textCursor()
    cursor.select(QTextCursor.SelectionType.Document)
    field.setTextCursor(cursor)
    field.insertPlainText(text)


def _expected(text: str, field: Field) -> str | None:
    """Return what a field of so many characters holds of a text, as it is stored."""
    # Qt's own texts come to us without halves of characters.
    text = re.sub("[\ud800-\udfff]", "", text)
    if isinstance(field, QLineEdit):
        text = text[: field.maxLength()]
    else:
        text = re.sub(_BREAKS, "\n", text)
    return storable(text.strip()) or None


def _is_secret(field: Field) -> bool:
    return (
        isinstance(field, QLineEdit) and field.echoMode() != QLineEdit.EchoMode.Normal
    )


def _button(page: QWidget, words: str) -> QPushButton:
    return next(
        one
        for one in page.findChildren(QPushButton)
        if words in one.text().replace("&", "")
    )


@contextmanager
def _exceptions_in(faults: list[str]) -> Iterator[None]:
    """Count what a slot raises: Qt goes on after it."""

    def heard(
        kind: type[BaseException], _: object, trace: TracebackType | None
    ) -> None:
        faults.append(f"{kind.__name__} at {_places(trace)}")

    before, sys.excepthook = sys.excepthook, heard
    try:
        yield
    finally:
        sys.excepthook = before


def walk(folder: Path, texts: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Take each text (kind, text) through the program; return faults and figures."""
    folder.mkdir(exist_ok=True)
    faults: list[str] = []
    with open_house(folder, protocol()) as house, _exceptions_in(faults):
        walk = HostileWalk(house)
        for kind, text in texts:
            faults += [f"{kind} {text[:40]!r}: {f}" for f in walk.round(text)]
        faults += [f"nobody typed into {name}" for name in sorted(walk.never_filled)]
        fields = len(walk.filled)
    return faults, [f"{len(texts)} texts in {fields} fields, looked {walk.looks} times"]


def is_rich_text_seen(folder: Path) -> bool:
    """Return whether a label that takes typed text for markup is found out."""
    folder.mkdir(exist_ok=True)
    text = dict(WORST)["markup"]
    with open_house(folder, protocol()) as house:
        label = QLabel(text, house.window)
        found = not_literal(house.window, text)
        label.setText("")
        label.setToolTip(text)
        return bool(found) and bool(not_literal(house.window, text))


def run(folder: Path, number: int, _chance: random.Random) -> Report:
    """Take so many texts; the control is a label in rich text, and such a tooltip."""
    faults, figures = walk(folder / "walk", hostile_strings(number))
    control = {"a label in rich text": is_rich_text_seen(folder / "control")}
    return Report(faults, figures, control)
