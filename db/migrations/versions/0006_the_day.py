"""How visits moved from state to state, and patients who have to be called."""

import sqlalchemy as sa
from alembic import op

from db import guards

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NEW = ("state_changes", "call_backs", "calls")


def upgrade() -> None:
    op.create_index("ix_visits_state_on_day", "visits", ["state", "on_day"])
    op.create_table(
        "state_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("from_state", sa.String(32), nullable=False),
        sa.Column("to_state", sa.String(32), nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_state_changes"),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name="fk_state_changes_visit_id_visits"
        ),
    )
    op.create_index(
        "ix_state_changes_visit_id_revision", "state_changes", ["visit_id", "revision"]
    )
    op.create_table(
        "call_backs",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("visit_id", sa.String(64), nullable=False),
        sa.Column("on_day", sa.String(10), nullable=False),
        sa.Column("asked_at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_call_backs"),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name="fk_call_backs_visit_id_visits"
        ),
    )
    op.create_index("ix_call_backs_visit_id", "call_backs", ["visit_id"])
    op.create_table(
        "calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_back_id", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calls"),
        sa.ForeignKeyConstraint(
            ["call_back_id"], ["call_backs.id"], name="fk_calls_call_back_id_call_backs"
        ),
    )
    op.create_index("ix_calls_call_back_id", "calls", ["call_back_id"])
    for table, statement in guards.statements(op.get_bind().dialect.name):
        if table in _NEW:
            op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError
