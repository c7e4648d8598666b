"""What happens to a file on a bad disk or a bad stick: ways to damage its bytes."""

import random
from collections.abc import Callable, Mapping

#: As large as the records' pages, and on their boundaries.
PAGE = 4096

Damage = Callable[[bytes, random.Random], bytes]


def flipped(content: bytes, chance: random.Random) -> bytes:
    """Flip one to three bits."""
    damaged = bytearray(content)
    for at in chance.sample(range(len(content) * 8), chance.randint(1, 3)):
        damaged[at // 8] ^= 1 << at % 8
    return bytes(damaged)


def cut_off(content: bytes, chance: random.Random) -> bytes:
    """Cut the end off, now and then at the end of a page."""
    at = chance.randrange(len(content))
    return content[: at // PAGE * PAGE if chance.random() < 0.5 else at]


def zeroed(content: bytes, chance: random.Random) -> bytes:
    """Put zeros in the place of a page."""
    at = _page(content, chance)
    empty = bytes(len(content[at : at + PAGE]))
    return content[:at] + empty + content[at + PAGE :]


def swapped(content: bytes, chance: random.Random) -> bytes:
    """Let two pages change places; in a file of one page, its halves."""
    size = PAGE if len(content) >= 2 * PAGE else len(content) // 2
    first, second = sorted(chance.sample(range(len(content) // size), 2))
    one, other = (content[n * size : (n + 1) * size] for n in (first, second))
    return b"".join(
        (
            content[: first * size],
            other,
            content[(first + 1) * size : second * size],
            one,
            content[(second + 1) * size :],
        )
    )


def replayed(content: bytes, older: bytes, chance: random.Random) -> bytes:
    """Put back one page of an older state of the same file."""
    pages = range(0, min(len(content), len(older)), PAGE)
    at = chance.choice(
        [at for at in pages if content[at : at + PAGE] != older[at : at + PAGE]]
    )
    return content[:at] + older[at : at + PAGE] + content[at + PAGE :]


def _page(content: bytes, chance: random.Random) -> int:
    return chance.randrange(-(-len(content) // PAGE)) * PAGE


KINDS: Mapping[str, Damage] = {
    "flipped bits": flipped,
    "cut off": cut_off,
    "zeroed page": zeroed,
    "swapped pages": swapped,
}
