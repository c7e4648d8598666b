"""What the database itself refuses, whoever asks: by hand, or by a mistake of ours.

The program has no call for any of this; the triggers are there for the day somebody
opens the records with another tool. A table that a migration builds anew loses its
triggers: make them again there.
"""

from collections.abc import Iterator

from sqlalchemy import DDL, MetaData, event

#: Tables whose rows are written once: no change, no removal.
APPEND_ONLY = (
    "answer_changes", "addenda", "audit", "clinic_settings", "confirmations",
    "decisions", "search_keys", "set_aside", "state_changes", "call_backs", "calls",
    "told", "visit_links", "patient_merges",
    "earlier_registrations",
)  # fmt: skip
#: Tables whose rows may change and stay for ever.
KEPT = ("patients", "visits", "people")


def statements(dialect: str) -> Iterator[tuple[str, str]]:
    """Give table and statement of every trigger, for SQLite or PostgreSQL."""
    for table in APPEND_ONLY:
        for act in ("UPDATE", "DELETE"):
            yield table, _trigger(dialect, table, act, f"{table} is append-only")
    for table in KEPT:
        yield table, _trigger(dialect, table, "DELETE", f"{table} are kept")
    signed = _trigger(
        dialect, "visits", "UPDATE", "a signed visit is final", "OLD.state = 'signed'"
    )
    yield "visits", signed
    if dialect == "postgresql":
        for table in (*APPEND_ONLY, *KEPT):
            yield table, _trigger(dialect, table, "TRUNCATE", f"{table} are kept")


def grants(role: str) -> Iterator[str]:
    """Give the statements that let a role of PostgreSQL work, and no more.

    It owns no table, so it can switch off no trigger; what is append-only it can but
    read and add to, and it removes nothing anywhere.
    """
    changing = (*KEPT, "audit_head", "settings")
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {role}"
    yield f"GRANT USAGE ON SCHEMA public TO {role}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"
    for table in (*APPEND_ONLY, *changing):
        yield f"GRANT INSERT ON {table} TO {role}"
    for table in changing:
        yield f"GRANT UPDATE ON {table} TO {role}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}"


def attach(metadata: MetaData) -> None:
    """Have the triggers made together with their tables."""
    for dialect in ("sqlite", "postgresql"):
        for table, statement in statements(dialect):
            event.listen(
                metadata.tables[table],
                "after_create",
                DDL(statement).execute_if(  # type: ignore[no-untyped-call]  # theirs
                    dialect=dialect
                ),
            )


def _trigger(dialect: str, table: str, act: str, says: str, when: str = "") -> str:
    name = f"{table}_no_{act.lower()}"
    condition = f"WHEN ({when}) " if when else ""
    if dialect == "sqlite":
        return (
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} {condition}"
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_"
        f"violation'; END $$; "
        f"CREATE OR REPLACE TRIGGER {name} BEFORE {act} ON {table} FOR EACH "
        f"{'STATEMENT' if act == 'TRUNCATE' else 'ROW'} {condition}"
        f"EXECUTE FUNCTION {name}()"
    )
