"""Somebody waits for something long: they are told how far it is, and may break it off.

Whoever does something long says `step` where nothing is half: between two pages, two
files, two entries. Whoever has it done says `waited_for` around it. In between nobody
needs to know that anybody waits, or who.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

Thing = TypeVar("Thing")
#: Is told how many parts are done, and how many there are: 0 where nobody knows.
Progress = Callable[[int, int], None]


_NOW_AND_THEN = 200


class BrokenOffError(Exception):
    """Whoever waited wants it no more. No fault: what was begun is cleared away."""


def _nobody(_done: int, _parts: int) -> None:
    pass


_WAITING: ContextVar[Progress] = ContextVar("waiting", default=_nobody)


def step(done: int, parts: int) -> None:
    """Tell whoever waits how far it is.

    Raises:
        BrokenOffError: they want it no more.
    """
    _WAITING.get()(done, parts)


def counted(things: Iterable[Thing], parts: int = 0) -> Iterator[Thing]:
    """Yield things, and say now and then how many are through.

    Args:
        things: many of them.
        parts: how many there are; 0 where nobody knows.

    Raises:
        BrokenOffError: as `step`.
    """
    for done, thing in enumerate(things):
        if done % _NOW_AND_THEN == 0:
            step(done, max(done, parts) if parts else 0)
        yield thing


@contextmanager
def waited_for(progress: Progress) -> Iterator[None]:
    """Have each step told to `progress`, which may raise `BrokenOffError`."""
    before = _WAITING.set(progress)
    try:
        yield
    finally:
        _WAITING.reset(before)


@contextmanager
def to_the_end() -> Iterator[None]:
    """Do something that must not be broken off in the middle."""
    with waited_for(_nobody):
        yield
