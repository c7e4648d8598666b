"""Which answers were confirmed, who was told of some at once: only added to."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "confirmations",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("visit_id", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.String(40), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("taken_back", sa.Boolean(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_confirmations"),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name="fk_confirmations_visit_id_visits"
        ),
    )
    op.create_index(
        "ix_confirmations_visit_id_revision", "confirmations", ["visit_id", "revision"]
    )
    op.create_table(
        "told",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("visit_id", sa.String(64), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("told_to", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_told"),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name="fk_told_visit_id_visits"
        ),
    )
    op.create_index("ix_told_visit_id", "told", ["visit_id"])
    for table in ("confirmations", "told"):
        _refuse("UPDATE", table, f"{table} is append-only")
        _refuse("DELETE", table, f"{table} is append-only")
        if op.get_bind().dialect.name == "postgresql":
            _refuse("TRUNCATE", table, f"{table} are kept")


def _refuse(act: str, table: str, says: str) -> None:
    name = f"{table}_no_{act.lower()}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{says}' USING ERRCODE = "
        f"'integrity_constraint_violation'; END $$; "
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH "
        f"{'STATEMENT' if act == 'TRUNCATE' else 'ROW'} EXECUTE FUNCTION {name}()"
    )


def downgrade() -> None:
    raise NotImplementedError
