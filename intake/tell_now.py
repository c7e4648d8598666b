"""The desk's list of answers a clinician has to hear of at once, and who was told.

A clinic's own policy, printed and on the screen, the same words every time. It compares
single answers and computes nothing: no reason, no illness, no urgency. It reads no
assessment, so what the desk sees here is what the desk itself has typed.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from intake.answer_check import is_storable
from intake.answer_words import answer_in_words
from intake.answers import Value
from intake.errors import InputRefusedError, Problem, ProtocolError
from intake.protocol import Question
from intake.protocol_files import ProtocolFiles
from intake.toml_entry import Entry

FILE = Path(__file__).with_name("tell_now.toml")
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Told:
    """That somebody was told of a line, in person.

    `answers` are the single answers it was about, as `Line.matched` gives them; `to` is
    the clinician's name, `at` the time it was said, `who` the person who notes it.
    """

    id: str
    line: int
    answers: tuple[str, ...]
    to: str
    who: str
    at: datetime

    @property
    def questions(self) -> frozenset[str]:
        """Return the questions of the answers it was about."""
        return frozenset(re.split("[/=]", one)[0] for one in self.answers)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: its words, and the single answers that match."""

    number: int
    text: str
    #: Question and answer: "pain.severity=worst_ever".
    answers: frozenset[tuple[str, str]]
    #: The clinic's own, which are printed instead and shown with the number.
    own_words: str = ""

    @property
    def id(self) -> str:
        """Return what tells the line from every other: which answers it is about.

        One that is about other answers is another line, whatever its number.
        """
        answers = json.dumps(sorted(self.answers))
        return sha256(answers.encode()).hexdigest()[:12]

    @property
    def questions(self) -> frozenset[str]:
        """Return the questions it names."""
        return frozenset(question for question, _ in self.answers)

    def matched(self, answers: Mapping[str, Value]) -> tuple[str, ...]:
        """Return the answers on the line that were given, each as one text."""
        found = []
        for question in sorted(self.questions):
            for side, value in _single(answers.get(question)):
                if (question, value) in self.answers:
                    found.append(f"{question}{side}={value}")
        return tuple(found)


@dataclass(frozen=True, slots=True)
class TellNow:
    """The list as it is printed: what stands above and below, and the lines."""

    above: str
    below: str
    lines: tuple[Line, ...]

    @property
    def in_print(self) -> str:
        """Return the list as it is printed and posted at the desk."""
        lines = [
            f"{line.number:2}  {line.own_words or line.text}" for line in self.lines
        ]
        return "\n".join(("Tell the clinician now", self.above, *lines, self.below))

    def settled(self, off: Collection[str], words: Mapping[str, str]) -> "TellNow":
        """Return the list as a clinic keeps it: each line has its own number still.

        Args:
            off: the ids of the lines that it does not want.
            words: its own words for lines, by id.
        """
        lines = (line for line in self.lines if line.id not in off)
        kept = (replace(line, own_words=words.get(line.id, "")) for line in lines)
        return replace(self, lines=tuple(kept))

    def untold(
        self, answers: Mapping[str, Value], told: Sequence[Told]
    ) -> list[tuple[Line, tuple[str, ...]]]:
        """Return the lines that match, with the answers nobody was told of yet."""
        said = {(one.line, answer) for one in told for answer in one.answers}
        found = []
        for line in self.lines:
            new = [a for a in line.matched(answers) if (line.number, a) not in said]
            if new:
                found.append((line, tuple(new)))
        return found


def in_words(matched: str, questions: Mapping[str, Question]) -> str:
    """Return an answer of `Line.matched` in words: "Weak leg, LEFT: yes"."""
    name, _, value = matched.partition("=")
    name, _, side = name.partition("/")
    question = questions.get(name)
    if question is None:
        return matched
    plain: Value = [value] if question.kind == "choices" else value
    label = f"{question.label}, {side.upper()}" if side else question.label
    if side:
        # Without its other side, which is no part of this answer.
        said = answer_in_words(question, {side: plain})
        return f"{label}: {said.partition(' ')[2]}"
    return f"{label}: {answer_in_words(question, plain)}"


def checked_name(name: str) -> str:
    """Return whose name was typed, without what surrounds it.

    Raises:
        InputRefusedError: there is none, or none that can be kept.
    """
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME or not is_storable(name):
        what = f"Whom you told: 1 to {_LONGEST_NAME} characters."
        raise InputRefusedError([Problem("told", what, "Type the name.")])
    return name


def read_list(path: Path) -> TellNow:
    """Return the list of a file.

    Raises:
        ProtocolError: with every problem of the file.
    """
    files = ProtocolFiles(path.parent)
    file = files.file(path.name)
    entries = list(file.entries("line", lambda place, _table: f"line {place}"))
    lines = tuple(_line(entry, place) for place, entry in enumerate(entries, 1))
    found = TellNow(file.text("above"), file.text("below"), lines)
    file.done()
    if not lines:
        files.problems.append(Problem(path.name, "There is no line."))
    if files.problems:
        raise ProtocolError(files.problems)
    return found


@cache
def tell_now() -> TellNow:
    """Return the list that comes with the program."""
    return read_list(FILE)


def _line(entry: Entry, place: int) -> Line:
    if entry.number("number") != place:
        entry.problem("Lines are numbered from 1, one after the other.")
    answers = set[tuple[str, str]]()
    for one in entry.entries("answers", lambda n, _table: f"{entry.where}, answer {n}"):
        question = one.text("question")
        values = (*one.texts("is"), *one.texts("has"))
        if not values:
            one.problem("It names no answer.", 'Add is = ["yes"], or has = [...].')
        answers |= {(question, value) for value in values}
        one.done()
    line = Line(place, entry.text("text"), frozenset(answers))
    entry.done()
    return line


def _single(value: Value) -> list[tuple[str, str]]:
    """Return the single answers that a value holds, each with its side."""
    match value:
        case str():
            return [("", value)]
        case list():
            return [("", one) for one in value if isinstance(one, str)]
        case {"left": _, **_rest} | {"right": _, **_rest}:
            sides = ((side, value.get(side)) for side in ("left", "right"))
            return [(f"/{side}", one) for side, one in sides if isinstance(one, str)]
    return []
