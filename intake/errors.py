"""Errors meant for the person in front of the screen.

A `UserFacingError` says what happened, what to do, and that nothing is lost. It is
raised for what the surroundings or the input did. Our own mistakes are not wrapped:
they crash into the error hook, which saves the draft first. No text here holds patient
data, but for the refusal of an input, which names the refused value to whoever gave it
and is never logged.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a file or an input, and where.

    `where` names the file and entry, or the question; `what` is one sentence;
    `suggestion` says what to write instead, or is empty.
    """

    where: str
    what: str
    suggestion: str = ""

    def __str__(self) -> str:
        """Return the problem as one line."""
        hint = f" {self.suggestion}" if self.suggestion else ""
        return f"{self.where}: {self.what}{hint}"


class UserFacingError(Exception):
    """Something outside the program went wrong and a person can act on it.

    Attributes:
        code: stable identifier, e.g. ``database_locked``; documented in docs/errors.md.
        text: what happened, in plain words.
        action: what to do now, and what is safe.
    """

    exit_code = 3

    def __init__(self, code: str, text: str, action: str) -> None:
        """Keep the code and the two sentences."""
        super().__init__(f"{text} {action}")
        self.code = code
        self.text = text
        self.action = action


class InputRefusedError(UserFacingError):
    """The input cannot be accepted; every problem in it is listed."""

    exit_code = 2

    def __init__(self, problems: list[Problem]) -> None:
        """Keep all problems; none is hidden behind the first."""
        count = len(problems)
        super().__init__(
            "input_refused",
            f"{count} problem{'s' if count != 1 else ''} in the input.",
            "Correct the input and try again; nothing was stored or written.",
        )
        self.problems = problems


class ProtocolError(UserFacingError):
    """The protocol folder has mistakes; all of them are listed."""

    exit_code = 1

    def __init__(self, problems: list[Problem]) -> None:
        """Keep all problems; none is hidden behind the first."""
        count = len(problems)
        super().__init__(
            "protocol_broken",
            f"The protocol has {count} problem{'s' if count != 1 else ''}.",
            "Correct the files named; visits already stored are not touched.",
        )
        self.problems = problems
