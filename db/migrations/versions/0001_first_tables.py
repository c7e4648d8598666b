"""Patients, visits, and the changes of their answers."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_PATIENT_TEXTS_BEFORE_BIRTH = ("family_name", "given_name", "preferred_name")
_PATIENT_TEXTS_AFTER_SEX = (
    "gender",
    "chart_number",
    "phone",
    "email",
    "address",
    "language",
    "interpreter",
    "emergency_contact",
    "primary_care_provider",
    "insurer",
    "member_id",
    "occupation",
    "search_name",
    "search_chart",
    "search_phone",
)


def upgrade() -> None:
    op.create_table(
        "patients",
        sa.Column("id", sa.String(64), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in _PATIENT_TEXTS_BEFORE_BIRTH
        ),
        sa.Column("birth_date", sa.String(10), nullable=False),
        sa.Column("stated_age", sa.Integer(), nullable=True),
        sa.Column("sex_at_birth", sa.String(16), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in _PATIENT_TEXTS_AFTER_SEX
        ),
        sa.PrimaryKeyConstraint("id", name="pk_patients"),
    )
    op.create_index("ix_patients_birth_date", "patients", ["birth_date"])
    op.create_index("ix_patients_search_chart", "patients", ["search_chart"])
    op.create_index("ix_patients_search_name", "patients", ["search_name"])
    op.create_table(
        "visits",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("patient_id", sa.String(64), nullable=False),
        sa.Column("on_day", sa.String(10), nullable=False),
        sa.Column("opened_at", sa.String(40), nullable=False),
        sa.Column("opened_utc", sa.String(40), nullable=False),
        sa.Column("protocol_id", sa.Text(), nullable=False),
        sa.Column("protocol_version", sa.Text(), nullable=False),
        sa.Column("protocol_digest", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_visits"),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_visits_patient_id_patients"
        ),
    )
    op.create_index("ix_visits_on_day_opened_utc", "visits", ["on_day", "opened_utc"])
    op.create_index("ix_visits_patient_id", "visits", ["patient_id"])
    op.create_table(
        "answer_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("old", sa.Text(), nullable=True),
        sa.Column("new", sa.Text(), nullable=True),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("way", sa.String(16), nullable=False),
        sa.Column("declined", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answer_changes"),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name="fk_answer_changes_visit_id_visits"
        ),
    )
    op.create_index(
        "ix_answer_changes_visit_id_revision",
        "answer_changes",
        ["visit_id", "revision"],
    )
    # A table that a later migration builds anew loses its triggers: make them again.
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER answer_changes_no_{act.lower()} "
            f"BEFORE {act} ON answer_changes "
            "BEGIN SELECT RAISE(ABORT, 'answer_changes is append-only'); END"
        )


def downgrade() -> None:
    op.drop_table("answer_changes")
    op.drop_table("visits")
    op.drop_table("patients")
