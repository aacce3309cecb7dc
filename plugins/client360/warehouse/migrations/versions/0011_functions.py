"""Functions that are no more."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute("drop function if exists control.lock_months(date, date)")
    op.execute("drop function if exists control.pending_days(text, date, date)")
    op.execute("drop function if exists dw.first_state(text, text)")
