"""The editor for a number with its unit, and for one on each side.

It takes any unit the question knows and shows the other beside. A length of time may
be given as a date instead, which then fills the question it is counted from.
"""

from typing import Any, Literal

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from intake.answers import Value
from intake.clinic_settings import FirstUnits
from intake.facts import span_of
from intake.protocol import Question
from intake.units import UNITS, Quantity
from ui.sizes import px
from ui.visit.editors import amounts_typed as typed
from ui.visit.editors.base import Editor
from ui.visit.editors.context import EditorContext
from ui.visit.editors.days import looks_like_day, read_day
from ui.visit.editors.entry import NOT_FINISHED, EntryEditor, EntryLine, Hint, Misread

_AS_ASKED = FirstUnits()
_UNIT_KEYS = {"h": "h", "d": "d", "wk": "w", "mo": "m", "a": "y"}


def read_value(
    text: str, question: Question, units: FirstUnits = _AS_ASKED
) -> dict[str, Any]:
    """Return the stored shape of a typed number, in the unit it was typed in.

    Raises:
        Misread: no number, no unit, an impossible value, or an unlikely one (which
            may be insisted on).
    """
    found = typed.read_amount(text, question, units)
    if found is None:
        raise Misread(_wanted(question, text, units))
    quantity = found.quantity
    meant = typed.meant(quantity, question)
    if not typed.is_possible(quantity, question):
        maybe = f" {typed.in_words(meant)}?" if meant else ""
        raise Misread(f"{typed.in_words(quantity)} cannot be.{maybe}")
    value: dict[str, Any] = {"value": _short(quantity.value), "unit": quantity.unit}
    if found.low is not None:
        value["low"] = _short(found.low)
    if found.high is not None:
        value["high"] = _short(found.high)
    if not typed.is_plausible(quantity, question):
        choice = (
            f"{meant.value:g} or {quantity.value:g}?"
            if meant
            else f"Really {quantity.value:g}?"
        )
        raise Misread(f"{choice} Enter again keeps {quantity.value:g}.", value)
    return value


def _short(number: float) -> float | int:
    return int(number) if number == int(number) else number


def _wanted(question: Question, text: str, units: FirstUnits) -> str:
    if typed.asks_for_unit(question):
        keys = ", ".join(_UNIT_KEYS[u] for u in question.units if u in _UNIT_KEYS)
        if text.replace(".", "", 1).isdigit():
            return f"{text} what? {keys}"
        return f"A number and {keys}, such as 10d"
    names = _names(question, units)
    return f"A number in {names}" if names else "A number"


def _names(question: Question, units: FirstUnits) -> str:
    """Return ``°F or °C``: the one that a bare number is in stands first."""
    in_order = units.in_order(question.units)
    return " or ".join(UNITS[unit].name for unit in in_order).strip()


class AmountEditor(EntryEditor):
    """A number with its unit."""

    @property
    def watches(self) -> frozenset[str]:
        """Return also the questions it is derived from."""
        derive = self.question.derive
        return frozenset((self.question.id, *(derive.sources if derive else ())))

    def text_of(self, value: Value) -> str:
        """Return number and unit, and the laboratory's limits."""
        quantity = Quantity(value["value"], value["unit"])
        if typed.asks_for_unit(self.question):
            text = f"{quantity.value:g}{_UNIT_KEYS[quantity.unit]}"
        elif len(self.question.units) > 1:
            text = f"{quantity.value:g} {UNITS[quantity.unit].name}"
        else:
            text = f"{quantity.value:g}"
        if "high" in value:
            low = f"{value['low']:g}-" if "low" in value else "<"
            text += f" ({low}{value['high']:g})"
        return text

    def beside(self, value: Value | None) -> str:
        """Return the unit, or the amount in the other unit."""
        if value is None:
            return self._derived() or self._unit_hint()
        quantity = Quantity(value["value"], value["unit"])
        if typed.asks_for_unit(self.question):
            return typed.in_words(quantity)
        other = typed.beside(quantity, self.question)
        if other:
            return f"= {other}"
        return UNITS[quantity.unit].name if len(self.question.units) == 1 else ""

    def read(self, text: str) -> Value:
        """Read a number, or a date where the length is counted from one."""
        if self._since and looks_like_day(text):
            day = read_day(text, self.context.on)
            if day is None:
                raise Misread("That date does not exist or lies ahead.")
            return {"since": day}
        return read_value(text, self.question, self.context.units)

    def take(self, value: Value) -> None:
        """Store a date with the question that holds it; a new length replaces it."""
        if value is not None and "since" in value:
            self.record_many({self._since: value["since"], self.question.id: None})
        else:
            self.record(value)

    def ends_itself(self, text: str) -> bool:
        """Return whether the unit letter has come."""
        return typed.is_complete(text, self.question)

    @property
    def _since(self) -> str:
        return self.question.derive.since if self.question.derive else ""

    def _derived(self) -> str:
        """Return the value that follows from other answers, in words."""
        derive = self.question.derive
        if derive is None:
            return ""
        answers = [self.context.answer(source) for source in derive.sources]
        if None in answers:
            return ""
        if derive.since:
            first, last = span_of(str(answers[0]))
            days = sorted({(self.context.on - day).days for day in (last, first)})
            count = " to ".join(str(max(0, day)) for day in days)
            return f"since {answers[0]}: {count} days"
        product = derive.by
        for answer in answers:
            product *= answer["value"]  # type: ignore[index]  # none is None, see above
        return f"{product:g} {UNITS[self.question.units[0]].name}, worked out"

    def _unit_hint(self) -> str:
        if typed.asks_for_unit(self.question):
            return self.blank
        names = _names(self.question, self.context.units)
        return f"{names}, {self.blank}" if names else self.blank


class SidedAmountEditor(Editor):
    """A number on each side: Enter goes from LEFT to RIGHT to the next question."""

    def __init__(
        self, question: Question, context: EditorContext, parent: QWidget | None = None
    ) -> None:
        """Build a line for each side."""
        super().__init__(question, context, parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._lines: dict[Literal["left", "right"], EntryLine] = {}
        self._hint = Hint(self.blank, self)
        for side in ("left", "right"):
            line = EntryLine(self)
            line.setFixedWidth(px(80))
            line.setMinimumHeight(px(26))
            line.setAccessibleName(f"{question.label}, {side.upper()}")
            line.entered.connect(lambda s=side: self._entered(s))
            line.left.connect(lambda s=side: self._left(s))
            line.stepped.connect(self.stepped)
            line.paused.connect(lambda s=side: self._keep_typed(s))
            self._lines[side] = line
            layout.addWidget(QLabel(side.upper(), self))
            layout.addWidget(line)
        layout.addWidget(self._hint, 1)
        self.setFocusProxy(self._lines["left"])
        self.refresh()

    def refresh(self) -> None:
        """Show both sides."""
        value = self.value or {}
        halves = {side: half for side in self._lines if (half := self.half(side))}
        for side, line in self._lines.items():
            if line.isModified() and (line.hasFocus() or side in halves):
                continue
            if side in halves:
                line.put_back(halves[side])
                continue
            line.setText(f"{value[side]['value']:g}" if side in value else "")
            line.setModified(False)
        unit = UNITS[self.question.units[0]].name
        said = [f"{side.upper()} {value[side]['value']:g} {unit}" for side in value]
        if halves:
            self._hint.tell(NOT_FINISHED, wrong=True)
            said += [f"{side.upper()} {halves[side]}, not finished" for side in halves]
        else:
            self._hint.tell(unit if value else f"{unit}, {self.blank}")
        self.tell_state(", ".join(said) or self.blank)

    def leave(self) -> None:
        """Store what was typed on both sides, where that can be."""
        for side in self._lines:
            self._left(side)

    def interrupt(self) -> None:
        """Keep what was typed on both sides, as not finished."""
        for side, line in self._lines.items():
            if line.isModified():
                self._keep_typed(side)
                line.is_half = bool(self.half(side))
        self.refresh()

    def _left(self, side: Literal["left", "right"]) -> None:
        if not self._lines[side].is_half and not self._commit(side):
            self._keep_typed(side)

    def _keep_typed(self, side: Literal["left", "right"]) -> None:
        if self._lines[side].isModified():
            self.jot(self._lines[side].text().strip(), side)

    def _commit(self, side: Literal["left", "right"], *, insists: bool = False) -> bool:
        line = self._lines[side]
        if not line.isModified():
            return True
        text = line.text().strip()
        try:
            new = read_value(text, self.question) if text else None
        except Misread as misread:
            if not (insists and misread.may_insist):
                self._hint.tell(str(misread), wrong=True)
                return False
            new = misread.value
        line.setModified(False)
        self.jot("", side)
        sides = {**(self.value or {}), side: new}
        kept = {name: sides[name] for name in self._lines if sides.get(name)}
        self.record(kept or None)
        self.refresh()
        return True

    def _entered(self, side: Literal["left", "right"]) -> None:
        line = self._lines[side]
        insists = line.property("refused") == line.text()
        if not self._commit(side, insists=insists):
            line.setProperty("refused", line.text())
        elif side == "left":
            self._lines["right"].setFocus()
            self._lines["right"].selectAll()
        else:
            self.done.emit()
