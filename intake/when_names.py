"""Names and texts in a `when` expression: which questions they mean."""

import ast
import fnmatch
from typing import TYPE_CHECKING

from intake.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intake.protocol import Question


class ExpressionError(ValueError):
    """An expression that cannot be read; the text says why, and what to write."""


class QuestionNames:
    """The questions an expression may name; a misspelling gets a suggestion."""

    def __init__(self, questions: "Mapping[str, Question]") -> None:
        """Know these questions."""
        self._questions = questions

    def maybe_question(self, node: ast.expr) -> "Question | None":
        """Return the question of that name, or None."""
        return self._questions.get(ast.unparse(node))

    def question(self, node: ast.expr) -> "Question":
        """Return the question of that name."""
        name = ast.unparse(node)
        if name in self._questions:
            return self._questions[name]
        hint = did_you_mean(name, self._questions)
        msg = f"{name} is not a question. {hint}".strip()
        raise ExpressionError(msg)

    def without_sides(self, node: ast.expr) -> "Question":
        """Return the question of that name, which must have no sides."""
        question = self.question(node)
        if question.sided:
            msg = f"{question.id} has sides: nothing here says which."
            raise ExpressionError(msg)
        return question

    def matching(self, pattern: ast.expr, kind: str) -> "list[Question]":
        """Return the questions of a kind that a pattern names, at least one."""
        text = text_of(pattern)
        found = [
            q
            for q in self._questions.values()
            if q.kind == kind and fnmatch.fnmatchcase(q.id, text)
        ]
        if not found:
            msg = f'no {kind} question matches "{text}".'
            raise ExpressionError(msg)
        return found


def text_of(node: ast.expr) -> str:
    """Return a text in quotes."""
    match node:
        case ast.Constant(value=str(text)):
            return text
    msg = f"{ast.unparse(node)} has to be a text in quotes."
    raise ExpressionError(msg)
