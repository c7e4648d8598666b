"""Every expression of a protocol, each with the entry it stands in."""

from collections.abc import Iterator
from itertools import chain

from intake.expression import Expression
from intake.protocol import Protocol


def all_expressions(protocol: Protocol) -> Iterator[tuple[str, Expression]]:
    """Yield each expression with the name of its entry, rules first."""
    concerns = protocol.concerns.values()
    places: Iterator[tuple[str, Expression | None]] = chain(
        ((f"rule {r.id}", r.when) for r in protocol.rules),
        ((f"rule {r.id}", r.unless) for r in protocol.rules),
        ((f"against {c.id}", a.when) for c in concerns for a in c.against),
        ((f"finding {f.id}", f.when) for f in protocol.findings.values()),
        ((f"red flag {f.id}", f.when) for f in protocol.red_flags),
        ((f"red flag {f.id}", f.also) for f in protocol.red_flags),
        ((f"scope {s.id}", s.when) for s in protocol.scope),
        ((f"thrust {t.id}", t.when) for t in protocol.thrust_cautions),
        ((f"not suggested {n.action}", n.when) for n in protocol.not_suggested),
        ((f"question {q.id}", q.opens) for q in protocol.questions.values()),
    )
    yield from ((where, expression) for where, expression in places if expression)
