"""Write a small file of the present schema, for later versions to be tested on.

``python -m tests.db.made_up_file`` once for each schema that is released; what it
wrote is committed and never written again.
"""

from contextlib import closing
from pathlib import Path

from db.migrate import HEAD
from db.store import open_store
from tests.db.made_up import KEY, change, patient, raw, visit


def main() -> None:
    """Write the file, unless it is there."""
    file = Path(__file__).parent / "old" / f"{HEAD}.sqlite"
    if file.exists():
        raise SystemExit(1)
    store = open_store(file, KEY)
    store.register(patient(family_name="García López", birth_date="1958-04"))
    store.open_visit(visit())
    store.record("v1", 0, [change("risk.cancer", "no")])
    store.record(
        "v1",
        1,
        [
            change("risk.cancer", "yes", "no", second=1),
            change("pain.now", 7, second=2),
            change("pain.words", "stabbing, “like a knife”", second=3),
        ],
    )
    store.close()
    with closing(raw(file)) as plain:
        plain.execute("VACUUM")


if __name__ == "__main__":
    main()
