"""People, the audit trail, signatures, addenda, and answers that lost a conflict."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("addenda", "audit", "set_aside")
_KEPT = ("patients", "visits", "people")
_SIGNATURE = (
    ("signed_at", sa.String(40)),
    ("signed_by", sa.String(64)),
    ("signed_name", sa.Text()),
    ("signed_content", sa.Text()),
    ("signed_digest", sa.String(64)),
)


def upgrade() -> None:
    op.add_column("patients", _revision())
    for name, kind in _SIGNATURE:
        op.add_column("visits", sa.Column(name, kind, nullable=True))
    _add_clinical_tables()
    op.create_table(
        "people",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        _revision(),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_settings"),
    )
    _add_audit()
    for table in _APPEND_ONLY:
        for act in ("UPDATE", "DELETE"):
            _refuse(table, act, f"{table} is append-only")
    for table in _KEPT:
        _refuse(table, "DELETE", f"{table} are kept")
    _refuse("visits", "UPDATE", "a signed visit is final", "OLD.state = 'signed'")


def _revision() -> sa.Column[int]:
    return sa.Column("revision", sa.Integer(), server_default="0", nullable=False)


def _add_clinical_tables() -> None:
    op.create_table(
        "set_aside",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.String(64), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_set_aside"),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name="fk_set_aside_visit_id_visits"
        ),
    )
    op.create_index("ix_set_aside_visit_id", "set_aside", ["visit_id"])
    op.create_table(
        "addenda",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("visit_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_addenda"),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name="fk_addenda_visit_id_visits"
        ),
    )
    op.create_index("ix_addenda_visit_id", "addenda", ["visit_id"])


def _add_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("role", sa.String(64), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("at_utc", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("mac", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
    )
    op.create_index("ix_audit_subject", "audit", ["subject"])
    op.create_index("ix_audit_at_utc", "audit", ["at_utc"])
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("mac", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )


def _refuse(table: str, act: str, says: str, when: str = "") -> None:
    name = f"{table}_no_{act.lower()}"
    condition = f"WHEN ({when}) " if when else ""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} {condition}"
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{says}' USING ERRCODE = "
        f"'integrity_constraint_violation'; END $$; "
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW {condition}"
        f"EXECUTE FUNCTION {name}()"
    )


def downgrade() -> None:
    raise NotImplementedError
