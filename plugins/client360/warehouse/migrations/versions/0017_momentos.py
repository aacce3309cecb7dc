"""Times of day of movements, orders, dispatches and deliveries."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

UNKNOWN = "null where no time of day is known"
SHIPMENT = {
    "momento_despacho": f"when it was dispatched; {UNKNOWN}",
    "momento_entrega": f"when it was delivered; {UNKNOWN}",
}
MOVEMENT = {"momento": f"when it happened; {UNKNOWN}"}
ORDER = {"momento": f"when the order reached this state; {UNKNOWN}"}


def upgrade() -> None:
    for table, schema, added in (
        ("hecho_transacciones", "dw", MOVEMENT),
        ("historia_ventas", "dw", ORDER),
        ("historia_envios", "dw", SHIPMENT),
        ("hecho_envios", "dw", SHIPMENT),
        ("transacciones", "staging", MOVEMENT),
        ("ventas", "staging", ORDER),
        ("envios", "staging", SHIPMENT),
    ):
        for name, comment in added.items():
            op.add_column(
                table, sa.Column(name, sa.DateTime(timezone=True), nullable=True, comment=comment), schema=schema
            )
