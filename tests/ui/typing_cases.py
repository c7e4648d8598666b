"""Type a published case into the real form, by keyboard only.

Each answer becomes the keys a person would press, and the way to its question is
walked with Ctrl+PgDown, Tab, and the "more" key where nothing has opened it.
"""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QListWidget

from intake.protocol import Question
from tests.ui.keyboard import ENTER, press, type_keys
from ui.visit.editors.option_readers import ChoiceReader, ChoicesReader
from ui.visit.page import VisitPage

_UNITS = {"wk": "w", "mo": "m", "a": "y"}
_CONTROL = Qt.KeyboardModifier.ControlModifier
_MOST_STEPS = 120


def type_case(page: VisitPage, answers: Mapping[str, Any]) -> None:
    """Type every answer, in the order of the form."""
    for question in page.session.protocol.questions.values():
        if question.id in answers and page.session.answers.get(question.id) is None:
            walk_to(page, question)
            type_keys(keys_for(question, answers[question.id]))


def walk_to(page: VisitPage, question: Question) -> None:
    """Put the keyboard on a question without touching the mouse."""
    sections = [s.id for s in page.session.protocol.sections]
    wanted = sections.index(question.section)
    for _ in sections:
        here = page.rail.currentRow()
        if here == wanted:
            break
        press(Qt.Key.Key_PageDown if here < wanted else Qt.Key.Key_PageUp, _CONTROL)
    if question.id not in page.session.visibility.open:
        _open_by_hand(question)
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        for _ in range(_MOST_STEPS):
            if page.active_question == question.id:
                return
            before = page.active_question
            press(key)
            if page.active_question == before:
                break
    msg = f"the keyboard cannot reach {question.id}"
    raise AssertionError(msg)


def _open_by_hand(question: Question) -> None:
    press(Qt.Key.Key_M, _CONTROL)
    closed = QApplication.focusWidget()
    assert isinstance(closed, QListWidget)
    for row in range(closed.count()):
        item = closed.item(row)
        if item.data(Qt.ItemDataRole.UserRole) == [question.id]:
            while closed.currentRow() < row:
                press(Qt.Key.Key_Down)
            press(Qt.Key.Key_Return)
            return
    msg = f"{question.id} is not among the questions to open"
    raise AssertionError(msg)


def keys_for(question: Question, value: Any) -> str:  # noqa: ANN401  (an answer of any kind)
    """Return what to press for an answer."""
    if question.sided and question.kind == "flag":
        return _sided_flag(value)
    if question.sided:
        return "".join(
            _one(question, value[s]) for s in ("left", "right") if s in value
        )
    return _one(question, value)


def _sided_flag(value: Mapping[str, str]) -> str:
    if set(value.values()) == {"no"}:
        return "n"
    yes = [side for side, answer in value.items() if answer == "yes"]
    return "yb" if len(yes) == 2 else f"y{yes[0][0]}"


def _one(  # noqa: C901, PLR0911  (one line for each kind)
    question: Question,
    value: Any,  # noqa: ANN401  (an answer of any kind)
) -> str:
    match question.kind, value:
        case "flag", str():
            return {"yes": "y", "no": "n", "unsure": "u"}[value]
        case "choice", str():
            return _key(question, value)
        case "choices", []:
            return "0"
        case "choices", [only] if only == question.none_option:
            return "0"
        case "choices", list():
            return "".join(_key(question, option) for option in value) + ENTER
        case "scale", int():
            return str(value) + (ENTER if value in (1, 10) else "")
        case "grade", str():
            return value
        case "pair", {"systolic": high, "diastolic": low}:
            return f"{high['value']}/{low['value']}{ENTER}"
        case "number", {"value": number, "unit": unit}:
            ends_itself = question.id == "pain.duration"
            suffix = _UNITS.get(unit, unit) if ends_itself else ""
            return f"{number}{suffix}" + ("" if ends_itself else ENTER)
        case "rows", []:
            return "0"
        case "rows", list():
            return "".join(row + ENTER for row in value) + ENTER
        case (("text" | "date"), str()):
            return value + ENTER
    msg = f"no keys for {question.id}"
    raise AssertionError(msg)


def _key(question: Question, option: str) -> str:
    reader = (ChoiceReader if question.kind == "choice" else ChoicesReader)(question)
    return next(offer.key for offer in reader.offers if offer.option == option)
