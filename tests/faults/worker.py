"""A program that does one operation, told to standard output as it goes.

``python -m tests.faults.worker FOLDER OPERATION WORDS [unsynced]``: it ends after so
many words, without letting go of anything. The harness of the kills calls `serve`.
"""

import os
import sys
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path

from tests.faults.house import cheap_passphrases
from tests.faults.operations import OPERATIONS, protocol

UNSYNCED = "unsynced"


def main() -> None:
    """Work, and tell it."""
    folder, operation, words, *switches = sys.argv[1:]
    broken = {UNSYNCED: True} if UNSYNCED in switches else {}
    with cheap_passphrases():
        told = OPERATIONS[operation](Path(folder), 1, early=False, **broken)
        for line in islice(told, int(words)):
            print(line, flush=True)
        # Closing would tidy up what a power cut leaves.
        os._exit(0)


def serve(folder: Path, operation: str, hour: int, early: bool, to: Connection) -> None:
    """Work until killed."""
    with cheap_passphrases():
        for line in OPERATIONS[operation](folder, hour, early=early):
            to.send(line)


if __name__ == "__main__":
    main()
else:
    # For the processes that are made from this one: read once, not by each of them.
    protocol()
