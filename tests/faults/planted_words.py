"""What the typist types, and the looker looks for: it needs no Qt."""

import random
import string

WORDS = 50
CRASHED = "crashed"


def words(seed: str) -> list[str]:
    """Return what is typed: letters nobody else would put together."""
    chance = random.Random(seed)
    return ["".join(chance.choices(string.ascii_letters, k=16)) for _ in range(WORDS)]
