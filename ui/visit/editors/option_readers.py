"""Readers for one or several of a list of options.

Options have a letter each, in the order of the list. `0` is the option that stands for
none or normal. Vertebral levels are typed as numbers: ``4-6`` and Enter.
"""

import re

from intake.answers import Value
from intake.protocol import Question
from ui.visit.editors.readers import LETTERS, Offer, Press, Reader

_LEVEL = re.compile(r"T\d{1,2}")
_SPAN = re.compile(r"(\d{1,2})(?:-(\d{1,2}))?")
#: Letters run out after 26 options; a region list goes on with these.
KEYS = LETTERS + "123456789"


def none_option(question: Question) -> str:
    """Return the option that `0` stands for; empty if the question has none."""
    if question.none_option:
        return question.none_option
    return "none" if "none" in (question.options or {}) else ""


def is_level(option: str) -> bool:
    """Return whether an option is a thoracic level, typed as a number."""
    return _LEVEL.fullmatch(option) is not None


def levels_typed(text: str, question: Question) -> list[str] | None:
    """Return the levels of ``4-6,9``, or None if that is not what was typed."""
    found: list[str] = []
    for part in text.rstrip("-,").split(","):
        span = _SPAN.fullmatch(part)
        if span is None:
            return None
        first, last = int(span[1]), int(span[2] or span[1])
        found += [f"T{number}" for number in range(first, last + 1)]
    options = question.options or {}
    return found if found and all(level in options for level in found) else None


class OptionReader(Reader):
    """What choosing one and choosing several have in common."""

    def _offers(self) -> tuple[Offer, ...]:
        options = self.question.options or {}
        zero = none_option(self.question)
        keys = iter(KEYS)
        return tuple(
            Offer(
                "0" if option == zero else "" if is_level(option) else next(keys),
                words,
                option,
            )
            for option, words in options.items()
        )

    @property
    def keys_help(self) -> str:
        """Return how levels are typed."""
        return "Levels: type 4-6 and Enter for T4 to T6." if self.has_levels else ""

    @property
    def has_levels(self) -> bool:
        """Return whether numbers stand for vertebral levels."""
        return any(is_level(offer.option) for offer in self.offers)

    def _option(self, key: str) -> str | None:
        return next(
            (o.option for o in self.offers if o.key and o.key == key.lower()), None
        )

    def _types_level(self, key: str) -> bool:
        starts = key.isdigit() and (key != "0" or bool(self.typed))
        goes_on = bool(self.typed) and key in "-,"
        return self.has_levels and (starts or goes_on)


class ChoiceReader(OptionReader):
    """Reads one of a list: one letter, and the answer is complete."""

    @property
    def keys_help(self) -> str:
        """Return how a level is typed."""
        return "Level: type 4 for T4, 10 for T10." if self.has_levels else ""

    def press(self, key: str, value: Value | None) -> Press | None:
        """Take a letter, `0`, or the number of a level."""
        if key == "Delete":
            self._reset()
            return Press(None)
        if key == "Enter":
            return self._end(value)
        if self._types_level(key):
            return self._level(self.typed + key, value)
        option = self._option(key)
        if option is None:
            return None
        self._reset()
        return Press(option, is_done=True)

    def pick(self, option: str, value: Value | None) -> Press:
        """Take the option, or take it back when it was chosen already."""
        return Press(None) if option == value else Press(option, is_done=True)

    def words(self, value: Value | None) -> str:
        """Return the option's words."""
        return "" if value is None else (self.question.options or {})[value]

    def has(self, option: str, value: Value | None) -> bool:
        """Return whether this is the option."""
        return option == value

    def _level(self, text: str, value: Value | None) -> Press | None:
        """Take a level at once, except T1, which may become T10 to T12."""
        level = f"T{text}"
        options = self.question.options or {}
        if text == "1" and any(f"T1{digit}" in options for digit in "012"):
            self.typed = text
            return Press(value)
        self._reset()
        return Press(level, is_done=True) if level in options else None

    def _end(self, value: Value | None) -> Press | None:
        typed = self._reset()
        if not typed:
            return Press(value, is_done=True)
        level = f"T{typed}"
        known = level in (self.question.options or {})
        return Press(level, is_done=True) if known else None


class ChoicesReader(OptionReader):
    """Reads several of a list: letters, then Enter; a capital takes one and leaves."""

    def press(self, key: str, value: Value | None) -> Press | None:
        """Take a letter, `0` for none, levels such as ``4-6``, or Enter."""
        if key == "Delete":
            self._reset()
            return Press(None)
        if key == "Enter":
            return self._end(value)
        if self._types_level(key):
            self.typed += key
            return Press(value)
        if key == "0":
            zero = none_option(self.question)
            return Press([zero] if zero else [], is_done=True)
        return self._letter(key, value)

    def _letter(self, key: str, value: Value | None) -> Press | None:
        option = self._option(key)
        if option is None:
            return None
        if key.isupper():
            return Press(self._with(option, value), is_done=True)
        return self.pick(option, value)

    def pick(self, option: str, value: Value | None) -> Press:
        """Add an option or take it away; without the last one it is not asked."""
        if self.has(option, value):
            return Press([o for o in value or [] if o != option] or None)
        done = option == none_option(self.question)
        return Press(self._with(option, value), is_done=done)

    def words(self, value: Value | None) -> str:
        """Return the words of all options, in the order of the list."""
        if value is None:
            return ""
        options = self.question.options or {}
        return ", ".join(options[option] for option in value) or "None of these"

    def has(self, option: str, value: Value | None) -> bool:
        """Return whether the option is among those chosen."""
        return option in (value or [])

    def _with(self, option: str, value: Value | None) -> list[str]:
        """Return the list with an option, in protocol order; none stands alone."""
        zero = none_option(self.question)
        if option == zero:
            return [option]
        chosen = {o for o in value or [] if o != zero} | {option}
        return [o for o in self.question.options or {} if o in chosen]

    def _end(self, value: Value | None) -> Press | None:
        typed = self._reset()
        if not typed:
            return Press(value, is_done=True)
        levels = levels_typed(typed, self.question)
        if levels is None:
            return None
        for level in levels:
            value = self._with(level, value)
        return Press(value, is_done=True)
