"""How far off an age may be; registrations as they were; an index with all it needs."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "patients",
        sa.Column("age_margin", sa.Integer(), server_default="0", nullable=False),
    )
    op.drop_index("ix_search_keys_patient_id_kind_key", "search_keys")
    op.create_index(
        "ix_search_keys_patient_id_kind_key_revision",
        "search_keys",
        ["patient_id", "kind", "key", "revision"],
    )
    op.create_table(
        "earlier_registrations",
        sa.Column("patient_id", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("registered", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "patient_id", "revision", name="pk_earlier_registrations"
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"],
            ["patients.id"],
            name="fk_earlier_registrations_patient_id_patients",
        ),
    )
    _refuse("UPDATE", "earlier_registrations is append-only")
    _refuse("DELETE", "earlier_registrations is append-only")
    if op.get_bind().dialect.name == "postgresql":
        _refuse("TRUNCATE", "earlier_registrations are kept")


def _refuse(act: str, says: str) -> None:
    name = f"earlier_registrations_no_{act.lower()}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON earlier_registrations "
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{says}' USING ERRCODE = "
        f"'integrity_constraint_violation'; END $$; "
        f"CREATE TRIGGER {name} BEFORE {act} ON earlier_registrations FOR EACH "
        f"{'STATEMENT' if act == 'TRUNCATE' else 'ROW'} EXECUTE FUNCTION {name}()"
    )


def downgrade() -> None:
    raise NotImplementedError
