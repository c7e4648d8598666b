"""Read one TOML entry key by key, noting every problem instead of stopping at one."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any

from intake.errors import Problem
from intake.spelling import did_you_mean


class Entry:
    """One table of a protocol file; a key that nobody asks for is a problem.

    Args:
        table: the table as read.
        where: file and entry, for messages.
        problems: where problems are added.
    """

    def __init__(
        self, table: Mapping[str, Any], where: str, problems: list[Problem]
    ) -> None:
        """Start with no key read."""
        self._table = table
        self.where = where
        self._problems = problems
        self._read: set[str] = set()

    def problem(self, what: str, suggestion: str = "") -> None:
        """Note that something is wrong with this entry."""
        self._problems.append(Problem(self.where, what, suggestion))

    def has(self, key: str) -> bool:
        """Return whether the key is there."""
        return key in self._table

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; without a default it must be there and not empty."""
        value = self._get(key, str, "a text in quotes", default)
        if default is None and key in self._table and value == "":
            self.problem(f"{key} is empty.")
        return str(value if value is not None else "")

    def yes_no(self, key: str) -> bool:
        """Return true or false; false when absent."""
        return bool(self._get(key, bool, "true or false", False))  # noqa: FBT003  (the default)

    def whole(self, key: str, default: int | None = None) -> int:
        """Return a whole number."""
        return int(self._get(key, int, "a whole number", default) or 0)

    def number(self, key: str) -> float | None:
        """Return a number, or None when absent."""
        value = self._get(key, (int, float), "a number", "")
        return float(value) if isinstance(value, int | float) else None

    def day(self, key: str) -> date:
        """Return a date; it must be there."""
        value = self._get(key, date, "a date like 2026-11-24", None)
        return value if isinstance(value, date) else date.min

    def optional_day(self, key: str) -> date | None:
        """Return a date, or None when absent."""
        return self.day(key) if key in self._table else None

    def one_of(self, key: str, allowed: Collection[str], default: str = "") -> str:
        """Return a word of a closed list."""
        word = self.text(key, default or None)
        if word and word not in allowed:
            hint = did_you_mean(word, allowed) or f"Use one of {', '.join(allowed)}."
            self.problem(f'{key} "{word}" is not known.', hint)
        return word

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty when absent."""
        value = self._get(key, list, "a list of texts", [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self.problem(f"{key} has to be a list of texts.")
            return ()
        return tuple(value)

    def pair(self, key: str) -> tuple[float, float] | None:
        """Return two numbers, the first not above the second, or None when absent."""
        if key not in self._table:
            return None
        match self._get(key, list, "a list of two numbers", []):
            case [int() | float() as low, int() | float() as high] if low <= high:
                return (float(low), float(high))
        self.problem(f"{key} has to be two numbers, the lower one first.")
        return None

    def table(self, key: str) -> "Entry | None":
        """Return a table inside this one, or None when absent."""
        value = self._get(key, dict, "a table", {})
        if not value or not isinstance(value, dict):
            return None
        return Entry(value, f"{self.where}, {key}", self._problems)

    def mapping(self, key: str) -> Mapping[str, Any]:
        """Return a table as it is; empty when absent."""
        value = self._get(key, dict, "a table", {})
        return value if isinstance(value, dict) else {}

    def entries(self, key: str, name: Callable[[int, Any], str]) -> "Sequence[Entry]":
        """Return the tables of a list, each with its own place in messages."""
        value = self._get(key, list, "a list of tables", [])
        found = []
        for number, table in enumerate(value if isinstance(value, list) else [], 1):
            if isinstance(table, dict):
                where = f"{self.where}, {name(number, table)}"
                found.append(Entry(table, where, self._problems))
            else:
                self.problem(f"{key} {number} has to be a table.")
        return found

    def mapping_keys(self) -> Collection[str]:
        """Return the keys of this table."""
        return self._table.keys()

    def items(self) -> Collection[tuple[str, Any]]:
        """Return the keys and values of this table."""
        return self._table.items()

    def raw(self, key: str) -> Any:  # noqa: ANN401  (for the few keys of several shapes)
        """Return the value as it is, or None."""
        self._read.add(key)
        return self._table.get(key)

    def done(self) -> None:
        """Note every key that nobody asked for."""
        for key in sorted(self._table.keys() - self._read):
            self.problem(f'"{key}" is not a key here.', did_you_mean(key, self._read))

    def _get(
        self,
        key: str,
        kind: type | tuple[type, ...],
        what: str,
        default: Any,  # noqa: ANN401  (of the kind asked for)
    ) -> Any:  # noqa: ANN401  (of the kind asked for)
        self._read.add(key)
        if key not in self._table:
            if default is None:
                self.problem(f"{key} is missing.")
            return default
        value = self._table[key]
        wrong_bool = isinstance(value, bool) and kind is not bool
        if wrong_bool or not isinstance(value, kind):
            self.problem(f"{key} has to be {what}.")
            return default
        return value
