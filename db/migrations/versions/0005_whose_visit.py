"""Visits that were moved to another patient, and patients merged into another."""

import sqlalchemy as sa
from alembic import op

from db import guards

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_NEW = ("visit_links", "patient_merges")


def upgrade() -> None:
    op.create_table(
        "visit_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.String(64), nullable=False),
        sa.Column("patient_id", sa.String(64), nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_visit_links"),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name="fk_visit_links_visit_id_visits"
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_visit_links_patient_id_patients"
        ),
    )
    op.create_index("ix_visit_links_visit_id_id", "visit_links", ["visit_id", "id"])
    op.create_index("ix_visit_links_patient_id", "visit_links", ["patient_id"])
    op.create_table(
        "patient_merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.String(64), nullable=False),
        sa.Column("into_id", sa.String(64), nullable=True),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_patient_merges"),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patients.id"],
            name="fk_patient_merges_patient_id_patients",
        ),
        sa.ForeignKeyConstraint(
            ["into_id"], ["patients.id"], name="fk_patient_merges_into_id_patients"
        ),
    )
    op.create_index(
        "ix_patient_merges_patient_id_id", "patient_merges", ["patient_id", "id"]
    )
    op.create_index("ix_patient_merges_into_id", "patient_merges", ["into_id"])
    for table, statement in guards.statements(op.get_bind().dialect.name):
        if table in _NEW:
            op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError
