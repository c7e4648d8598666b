"""Who is responsible for a visit, and indices to read the audit trail in any order.

Columns are added in place, so that no table is built anew: the triggers stay, and no
row that is signed is written.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: Each with the number behind it, so that equal ones are in the order of the trail.
_SORTED_BY = ("event", "who", "role", "subject")


def upgrade() -> None:
    op.add_column(
        "visits",
        sa.Column("responsible", sa.String(64), server_default="", nullable=False),
    )
    op.create_index("ix_visits_responsible_state", "visits", ["responsible", "state"])
    # With the id, the newest come first without being sorted, also of one moment.
    op.drop_index("ix_visits_on_day_opened_utc", "visits")
    op.create_index(
        "ix_visits_on_day_opened_utc_id", "visits", ["on_day", "opened_utc", "id"]
    )
    op.drop_index("ix_audit_subject", "audit")
    for column in _SORTED_BY:
        op.create_index(f"ix_audit_{column}_number", "audit", [column, "number"])


def downgrade() -> None:
    raise NotImplementedError
