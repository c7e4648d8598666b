"""Decision diagrams: what is true of which answers, for all combinations at once.

A diagram asks one variable after another, in a fixed order, and ends in no (0) or yes
(1). Equal diagrams are the same number, so that two conditions agree on every single
combination exactly when their numbers are the same; nothing is left to chance.
"""

from collections.abc import Sequence
from functools import cache

NO, YES = 0, 1
_PATH = tuple[tuple[int, int], ...]


class Diagrams:
    """The diagrams over some variables, each with so many values.

    Args:
        sizes: how many values each variable has.
    """

    def __init__(self, sizes: Sequence[int]) -> None:
        """Start with no and yes."""
        self.sizes = sizes
        # The variable that each diagram asks first, and what follows for each value.
        end = len(sizes)
        self._nodes: list[tuple[int, tuple[int, ...]]] = [(end, ()), (end, ())]
        self._numbers: dict[tuple[int, tuple[int, ...]], int] = {}
        self.both = cache(self._both)
        self.opposite = cache(self._opposite)

    def ask(self, variable: int, then: Sequence[int]) -> int:
        """Return the diagram that asks a variable first; `then` is for each value."""
        if all(one == then[0] for one in then):
            return then[0]
        node = (variable, tuple(then))
        if node not in self._numbers:
            self._numbers[node] = len(self._nodes)
            self._nodes.append(node)
        return self._numbers[node]

    def _opposite(self, one: int) -> int:
        if one in (NO, YES):
            return YES - one
        variable, then = self._nodes[one]
        return self.ask(variable, [self.opposite(t) for t in then])

    def _both(self, one: int, other: int) -> int:
        if one == other or YES in (one, other):
            return min(one, other) if one == other else one + other - YES
        if NO in (one, other):
            return NO
        variable = min(self._nodes[one][0], self._nodes[other][0])
        ways = zip(
            self._after(one, variable), self._after(other, variable), strict=True
        )
        return self.ask(variable, [self.both(min(w), max(w)) for w in ways])

    def _after(self, one: int, variable: int) -> Sequence[int]:
        first, then = self._nodes[one]
        return then if first == variable else (one,) * self.sizes[variable]

    def either(self, one: int, other: int) -> int:
        """Return where one of the two is true."""
        return self.opposite(self.both(self.opposite(one), self.opposite(other)))

    def unlike(self, one: int, other: int) -> int:
        """Return where the two differ."""
        return self.either(
            self.both(one, self.opposite(other)), self.both(other, self.opposite(one))
        )

    def at_least(self, number: int, of: Sequence[int]) -> int:
        """Return where at least `number` of the diagrams are true."""
        # reached[n]: at least n of those seen so far.
        reached = [YES] + [NO] * number
        for one in of:
            for n in range(number, 0, -1):
                reached[n] = self.either(reached[n], self.both(reached[n - 1], one))
        return reached[number]

    def holds(self, one: int, values: Sequence[int]) -> bool:
        """Return whether a diagram is true of a value of each variable."""
        while one not in (NO, YES):
            variable, then = self._nodes[one]
            one = then[values[variable]]
        return one == YES

    def cheapest(self, one: int, costs: Sequence[Sequence[int]]) -> _PATH | None:
        """Return the least costly values that make it true, or None if none do.

        `costs` are those of each value of each variable; what is not asked on the way
        to yes is left out.
        """

        @cache
        def best(node: int) -> tuple[int, _PATH] | None:
            if node in (NO, YES):
                return (0, ()) if node == YES else None
            variable, then = self._nodes[node]
            found: tuple[int, _PATH] | None = None
            for value, following in enumerate(then):
                rest = best(following)
                if rest is None:
                    continue
                cost = costs[variable][value] + rest[0]
                if found is None or cost < found[0]:
                    found = (cost, ((variable, value), *rest[1]))
            return found

        least = best(one)
        return least[1] if least else None
