"""Everything that records show, read piece by piece as the screens ask for it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import OperationalError

from db.engine import make_engine
from db.store import Store
from intake.audit import AuditFilter
from intake.errors import UserFacingError

Reads = dict[str, Callable[[Store], object]]


class Everything:
    """What whole records show."""

    def __init__(self, records: Path, key: bytes) -> None:
        """Read it all."""
        with _past_the_checks(records, key) as store:
            self._reads = _reads(store)
            self._values = {name: read(store) for name, read in self._reads.items()}

    def wrong_in(self, records: Path, key: bytes) -> list[str]:
        """Return which reads of damaged records give neither the value nor an error.

        The records are opened past every check that is made at the door.
        """
        wrong = []
        with _past_the_checks(records, key) as store:
            for name, read in self._reads.items():
                try:
                    value = read(store)
                except UserFacingError:
                    continue
                except KeyError:
                    # As of somebody who is not there: to be told from being damaged.
                    wrong.append(f"{name} is said not to be there")
                    continue
                except OperationalError:
                    # It says that there is no such table: no value, and no table.
                    continue
                except Exception as error:  # noqa: BLE001  (what is looked for)
                    wrong.append(f"{name} crashed with {error!r}")
                    continue
                if value != self._values[name]:
                    wrong.append(f"{name} is shown as another value")
        return wrong


@contextmanager
def _past_the_checks(records: Path, key: bytes) -> Iterator[Store]:
    engine = make_engine(records, key)
    try:
        yield Store(engine, engine.dispose)
    finally:
        engine.dispose()


def _reads(store: Store) -> Reads:
    patients = [one.id for one in store.find_patients("doe", 1000)]
    visits = [one.id for one in store.visits_of("p1")]
    reads: Reads = {
        "the people": lambda store: store.people(),
        "the search": lambda store: store.find_patients("doe", 1000),
        "the list of visits": lambda store: store.recent_visits(1000),
        "the audit trail": lambda store: store.audit_entries(AuditFilter(limit=10_000)),
    }
    for one in patients:
        reads[f"patient {one}"] = lambda store, one=one: store.patient(one)  # type: ignore[misc]  # one: as it is now
        reads[f"visits of {one}"] = lambda store, one=one: store.visits_of(one)  # type: ignore[misc]
    for one in visits:
        reads[f"visit {one}"] = lambda store, one=one: store.visit(one)  # type: ignore[misc]
        reads[f"changes of {one}"] = lambda store, one=one: store.changes_of(one)  # type: ignore[misc]
    return reads
