"""Every expression of a protocol, each with the entry it stands in."""

from collections.abc import Iterator

from intake.expression import Expression
from intake.protocol import Protocol


def all_expressions(protocol: Protocol) -> Iterator[tuple[str, Expression]]:
    """Yield each expression with the name of its entry, rules first."""
    yield from protocol.expressions
