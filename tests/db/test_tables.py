"""The tables hold what they promise whoever writes to them."""

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint, Table
from sqlcipher3 import dbapi2 as sqlcipher

from db.store import Store
from db.tables import Base, json_text
from tests.db.made_up import change, raw
from tests.db.places import Database


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE answer_changes SET new = '\"no\"'",
        "UPDATE answer_changes SET who = 'Ben' WHERE id = 1",
        "DELETE FROM answer_changes",
    ],
)
def test_a_stored_change_is_never_altered(
    store: Store, database: Database, statement: str
) -> None:
    """Not even by hand, with another program."""
    store.record("v1", 0, [change("a", "yes")])
    with pytest.raises(Exception, match="append-only"):
        database.by_hand(statement)
    assert store.changes_of("v1") == [change("a", "yes")]


def test_a_stored_change_is_not_replaced_either(file_store: Store, file: Path) -> None:
    """SQLite's own way to remove a row without saying so."""
    file_store.record("v1", 0, [change("a", "yes")])
    with closing(raw(file)) as other:
        other.execute("PRAGMA recursive_triggers=ON")
        with pytest.raises(sqlcipher.IntegrityError, match="append-only"):
            other.execute(
                "INSERT OR REPLACE INTO answer_changes SELECT * FROM answer_changes"
            )


@pytest.mark.parametrize("table", Base.metadata.sorted_tables, ids=str)
def test_every_constraint_has_a_name(table: Table) -> None:
    """Without one, a migration on SQLite cannot find it again."""
    for constraint in table.constraints:
        assert constraint.name or isinstance(constraint, CheckConstraint)


@pytest.mark.parametrize(
    ("one", "other"), [(1, True), (1, 1.0), (0, False), ("1", 1), ([], None)]
)
def test_values_that_python_calls_equal_are_stored_apart(
    one: object, other: object
) -> None:
    assert json_text(one) != json_text(other)


def test_equal_values_are_stored_alike() -> None:
    """What is signed later is this text."""
    assert json_text({"b": 1, "a": "é"}) == json_text({"a": "é", "b": 1})
    assert json_text({"b": 1, "a": "é"}) == '{"a":"\\u00e9","b":1}'


def test_what_json_cannot_hold_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="JSON"):
        json_text(float("nan"))
