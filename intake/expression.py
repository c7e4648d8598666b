"""A parsed expression: what it was written as, and what can be asked of it.

`when_language` reads the text; `conditions` evaluate it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from intake.answered import Ids
from intake.conditions import BuiltIn, Condition, FindingIs, Not
from intake.when_language import read

if TYPE_CHECKING:
    from intake.protocol import Question


@dataclass(frozen=True, eq=False)
class Expression:
    """A parsed expression with its source text."""

    text: str
    condition: Condition

    def walk(self) -> Iterator[tuple[Condition, bool]]:
        """Yield every part, and whether it stands under an odd number of `not`."""
        yield from self._parts

    @cached_property
    def _parts(self) -> tuple[tuple[Condition, bool], ...]:
        """Return what `walk` yields: every check of a protocol walks all of them."""
        found: list[tuple[Condition, bool]] = []
        stack: list[tuple[Condition, bool]] = [(self.condition, False)]
        while stack:
            part, negated = stack.pop()
            found.append((part, negated))
            turned = negated is not isinstance(part, Not)
            stack.extend((inner, turned) for inner in part.parts())
        return tuple(found)

    def questions(self) -> Ids:
        """Return the questions it reads itself, without those of its findings."""
        return frozenset().union(*(part.reads() for part, _ in self._parts))

    def findings(self) -> frozenset[str]:
        """Return the findings it uses."""
        return frozenset(p.finding for p, _ in self.walk() if isinstance(p, FindingIs))

    def built_ins(self) -> frozenset[str]:
        """Return the facts about the assessment itself that it uses."""
        return frozenset(p.name for p, _ in self.walk() if isinstance(p, BuiltIn))


def parse(
    text: str, questions: "Mapping[str, Question]", findings: Collection[str]
) -> Expression:
    """Return the expression written in `text`.

    Raises:
        ExpressionError: for anything that is not in the language.
    """
    one_line = " ".join(text.split())
    return Expression(one_line, read(one_line, questions, findings))
