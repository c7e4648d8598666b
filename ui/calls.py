"""What came of a call to a patient: asked in place, written in the background."""

from collections.abc import Callable

from intake.call_backs import CallBack, CallOutcome
from intake.patient import Patient
from ui.ask_bar import AskBar, Choice
from ui.unfinished import Jottings
from ui.visit_moves import VisitMoves
from ui.worklist import call_in_words

#: What came of a call, in the order in which it mostly comes.
_CALLED: tuple[tuple[CallOutcome, str], ...] = (
    ("reached", "&Reached"),
    ("no_answer", "No &answer"),
    ("left_message", "Left a &message"),
)
_NOTE = "What was said (needed where nobody has to call any more)"


class Calls:
    """Asks what came of a call, and has it kept.

    Args:
        bar: asks.
        moves: writes.
    """

    def __init__(self, bar: AskBar, moves: VisitMoves) -> None:
        """Ask nothing yet."""
        self._bar = bar
        self._moves = moves

    def ask(
        self,
        patient: Patient,
        name: str,
        asked: CallBack,
        *,
        by: str,
        is_clinician: bool,
        jottings: Jottings,
    ) -> None:
        """Ask; that nobody has to call any more is a clinician's word.

        Args:
            patient: who was called.
            name: of the patient, as short as the bar wants it.
            asked: the call-back.
            by: the person's id.
            is_clinician: whether a clinician is asked.
            jottings: keeps the note while it is half typed.
        """
        choices = [
            Choice(text, self._writer(by, asked, outcome)) for outcome, text in _CALLED
        ]
        if is_clinician:
            choices.append(Choice("Nobody has to &call", self._closer(by, asked)))
        words = call_in_words(patient, asked)
        self._bar.ask(f"{name}: {words}.", _NOTE, choices, jottings)

    def _writer(
        self, by: str, asked: CallBack, outcome: CallOutcome
    ) -> Callable[[str], None]:
        return lambda note: self._moves.write(
            by, lambda acting: acting.record_call(asked.id, outcome, note)
        )

    def _closer(self, by: str, asked: CallBack) -> Callable[[str], None]:
        return lambda reason: self._moves.write(
            by, lambda acting: acting.close_call_back(asked.id, reason)
        )
