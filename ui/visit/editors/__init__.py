"""One editor a question kind, found in a registry.

The form never asks which kind a question is: it takes what `editor_for` gives.
"""

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QWidget

from intake.protocol import Kind, Question
from ui.visit.editors.amount import AmountEditor, SidedAmountEditor
from ui.visit.editors.base import Editor
from ui.visit.editors.body_map import BodyMapEditor
from ui.visit.editors.context import EditorContext
from ui.visit.editors.day import DayEditor
from ui.visit.editors.flag import FlagEditor, SidedFlagEditor
from ui.visit.editors.keyed import KeyedEditor
from ui.visit.editors.option_readers import ChoiceReader, ChoicesReader
from ui.visit.editors.pair import PairEditor
from ui.visit.editors.readers import GradeReader, Reader, ScaleReader
from ui.visit.editors.rows import ActivitiesEditor, RowsEditor
from ui.visit.editors.sided import SidedEditor
from ui.visit.editors.text import TextEditor

__all__ = ["Editor", "EditorContext", "editor_for"]

Maker = Callable[[Question, EditorContext, QWidget | None], Editor]


def _keyed(reader: Callable[[Question], Reader]) -> Maker:
    return lambda q, context, parent: KeyedEditor(q, context, reader(q), parent)


def _sided(reader: Callable[[Question], Reader]) -> Maker:
    return lambda q, context, parent: SidedEditor(q, context, reader(q), parent)


_EDITORS: Mapping[Kind, Maker] = {
    "flag": FlagEditor,
    "choice": _keyed(ChoiceReader),
    "choices": _keyed(ChoicesReader),
    "number": AmountEditor,
    "scale": _keyed(ScaleReader),
    "grade": _keyed(GradeReader),
    "pair": PairEditor,
    "date": DayEditor,
    "text": TextEditor,
    "rows": RowsEditor,
    "psfs": ActivitiesEditor,
    "map": BodyMapEditor,
}
_SIDED_EDITORS: Mapping[Kind, Maker] = {
    "flag": SidedFlagEditor,
    "choice": _sided(ChoiceReader),
    "choices": _sided(ChoicesReader),
    "number": SidedAmountEditor,
    "scale": _sided(ScaleReader),
    "grade": _sided(GradeReader),
}


def editor_for(
    question: Question, context: EditorContext, parent: QWidget | None = None
) -> Editor:
    """Return a new editor for a question; KeyError for a kind without one."""
    makers = _SIDED_EDITORS if question.sided else _EDITORS
    return makers[question.kind](question, context, parent)
