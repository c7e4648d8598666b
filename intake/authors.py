"""Who took the history of a visit, and who examined: both names stay on the record.

They are derived from the changes, which nobody can take back: who answered a question
first, and whether it is one of the clinician's.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from intake.visit import Visit

FirstAnswers = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Authors:
    """The names of who took the history and of who examined, in order."""

    history: tuple[str, ...] = ()
    examination: tuple[str, ...] = ()


def authors_of(first: FirstAnswers, is_clinicians: Callable[[str], bool]) -> Authors:
    """Return the authors of a visit.

    Args:
        first: question and name of who answered it first, oldest first.
        is_clinicians: whether a question is the clinician's.
    """
    history: dict[str, None] = {}
    examination: dict[str, None] = {}
    for question, name in first:
        (examination if is_clinicians(question) else history)[name] = None
    return Authors(tuple(history), tuple(examination))


class KnownAuthors:
    """The authors of many visits, asked for once for each state of each.

    Args:
        ask: returns the first answers of visits, given their ids.
        is_clinicians: whether a question is the clinician's.
    """

    def __init__(
        self,
        ask: Callable[[Sequence[str]], Mapping[str, FirstAnswers]],
        is_clinicians: Callable[[str], bool],
    ) -> None:
        """Know nobody yet."""
        self._ask = ask
        self._is_clinicians = is_clinicians
        self._known: dict[str, tuple[int, Authors]] = {}

    def of(self, visits: Iterable[Visit]) -> Mapping[str, Authors]:
        """Return the authors of visits, by the visits' ids."""
        visits = list(visits)
        new = [one for one in visits if not self._knows(one)]
        asked = self._ask([one.id for one in new]) if new else {}
        for one in new:
            authors = authors_of(asked.get(one.id, ()), self._is_clinicians)
            self._known[one.id] = (one.revision, authors)
        return {one.id: self._known[one.id][1] for one in visits}

    def _knows(self, visit: Visit) -> bool:
        known = self._known.get(visit.id)
        return known is not None and known[0] == visit.revision
