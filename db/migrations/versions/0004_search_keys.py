"""The keys that patients are found by, in a table of their own.

Names and numbers are read as they are registered, so that those stored before keys
were cut to what an index holds are cut too.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from db import guards
from db.mapping import indexed
from db.search_keys import keys_of
from intake.patient import Patient

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_AT_ONCE = 500
_TEXTS = ("family_name", "given_name", "preferred_name", "chart_number", "phone")
_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    keys = op.create_table(
        "search_keys",
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("key", _KEY, nullable=False),
        sa.Column("patient_id", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_search_keys_patient_id_patients"
        ),
        sa.PrimaryKeyConstraint(
            "kind", "key", "patient_id", "revision", name="pk_search_keys"
        ),
    )
    op.create_index(
        "ix_search_keys_patient_id_kind_key",
        "search_keys",
        ["patient_id", "kind", "key"],
    )
    for table, statement in guards.statements(op.get_bind().dialect.name):
        if table == "search_keys":
            op.execute(statement)
    op.drop_index("ix_patients_search_chart", "patients")
    op.drop_column("patients", "search_chart")
    op.drop_column("patients", "search_phone")
    patients = sa.table(
        "patients",
        *(sa.column(name) for name in ("id", "search_name", "revision", *_TEXTS)),
    )
    connection = op.get_bind()
    last = ""
    # Along the ids, so that a large clinic needs no large memory.
    while rows := _after(connection, patients, last):
        last = rows[-1].id
        for row in rows:
            patient = Patient(row.id, **{name: getattr(row, name) for name in _TEXTS})
            if found_by := sorted(keys_of(patient)):
                connection.execute(
                    sa.insert(keys),
                    [
                        {
                            "kind": kind,
                            "key": key,
                            "patient_id": row.id,
                            "revision": row.revision,
                        }
                        for kind, key in found_by
                    ],
                )
            if (sorted_by := indexed(row.search_name)) != row.search_name:
                connection.execute(
                    sa.update(patients)
                    .where(patients.c.id == row.id)
                    .values(search_name=sorted_by)
                )


def downgrade() -> None:
    raise NotImplementedError


def _after(
    connection: sa.Connection, patients: sa.TableClause, last: str
) -> Sequence[sa.Row[Any]]:
    wanted = sa.select(patients).where(patients.c.id > last)
    return connection.execute(wanted.order_by(patients.c.id).limit(_AT_ONCE)).fetchall()
