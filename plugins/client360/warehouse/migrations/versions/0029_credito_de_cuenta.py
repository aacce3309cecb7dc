"""Loans, cards and standing orders may name only their account."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

ACCOUNTS = {
    "tarjetas": "account of which it is paid",
    "prestamos": "account of which it is paid",
    "ordenes_permanentes": "account that is debited",
}
PARENTS = {"resumenes": "card", "cuotas": "loan"}


def upgrade() -> None:
    for entity, account in ACCOUNTS.items():
        _comment(entity, "cliente_id", "customer; empty where only the account is known", was="customer")
        _comment(entity, "cuenta_id", f"{account}, and whose holders' it is where no customer is named", was=account)
        op.create_check_constraint(
            "cliente_o_cuenta", entity, "cliente_id <> '' or cuenta_id is not null", schema="staging"
        )
    for entity, parent in PARENTS.items():
        _comment(entity, "cliente_id", f"customer; empty where it is only known by its {parent}", was="customer")


def _comment(entity: str, column: str, comment: str, *, was: str) -> None:
    for schema, table in (("staging", entity), ("dw", f"historia_{entity}")):
        op.alter_column(
            table,
            column,
            existing_type=sa.TEXT(collation="C"),
            comment=comment,
            existing_comment=was,
            existing_nullable=column == "cuenta_id",
            schema=schema,
        )
