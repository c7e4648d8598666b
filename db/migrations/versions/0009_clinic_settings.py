"""The clinic's settings: a table that is only added to."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clinic_settings",
        sa.Column("section", sa.String(32), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("settled", sa.Text(), nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("section", "revision", name="pk_clinic_settings"),
    )
    _refuse("UPDATE", "clinic_settings is append-only")
    _refuse("DELETE", "clinic_settings is append-only")
    if op.get_bind().dialect.name == "postgresql":
        _refuse("TRUNCATE", "clinic_settings are kept")


def _refuse(act: str, says: str) -> None:
    name = f"clinic_settings_no_{act.lower()}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON clinic_settings "
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{says}' USING ERRCODE = "
        f"'integrity_constraint_violation'; END $$; "
        f"CREATE TRIGGER {name} BEFORE {act} ON clinic_settings FOR EACH "
        f"{'STATEMENT' if act == 'TRUNCATE' else 'ROW'} EXECUTE FUNCTION {name}()"
    )


def downgrade() -> None:
    raise NotImplementedError
