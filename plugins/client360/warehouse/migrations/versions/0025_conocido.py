"""Shipments say when their cost, the day promised and the dispatch became known."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    for name, what in (
        ("promesa_conocida", "day promised"),
        ("costo_conocido", "cost"),
        ("despacho_conocido", "dispatch"),
    ):
        column = sa.Column(name, sa.Date(), comment=f"business day on which the {what} became known")
        op.add_column("hecho_envios", column, schema="dw")
    op.execute(
        "with conocido as (select cliente_id, venta_id, deposito, "
        "min(fecha) filter (where fecha_prometida is not null) as promesa, "
        "min(fecha) filter (where costo_envio is not null) as costo, "
        "min(fecha) filter (where fecha_despacho is not null) as despacho "
        "from dw.historia_envios group by cliente_id, venta_id, deposito) "
        "update dw.hecho_envios as envio "
        "set promesa_conocida = promesa, costo_conocido = costo, despacho_conocido = despacho from conocido "
        "where envio.cliente_id = conocido.cliente_id and envio.venta_id = conocido.venta_id "
        "and envio.deposito = conocido.deposito"
    )
