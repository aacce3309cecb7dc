"""Quantities with decimals, prices of a unit with up to six; products may lack price and category."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

QUANTITY, UNIT_PRICE = "numeric(15, 3)", "numeric(18, 6)"
# of each table at once, so that its rows are written once
TYPES = {
    "staging.productos": {"precio": UNIT_PRICE, "costo": UNIT_PRICE},
    "staging.detalle_ventas": {"cantidad": QUANTITY, "precio_unitario": UNIT_PRICE},
    "staging.devoluciones": {"cantidad": QUANTITY},
    "staging.movimientos_stock": {"cantidad": QUANTITY, "costo_unitario": UNIT_PRICE},
    "dw.dim_producto": {"precio": UNIT_PRICE, "costo": UNIT_PRICE},
    "dw.hecho_ventas": {"cantidad": QUANTITY, "precio_unitario": UNIT_PRICE},
    "dw.hecho_devoluciones": {"cantidad": QUANTITY},
    "dw.hecho_stock": {"cantidad": QUANTITY, "costo_unitario": UNIT_PRICE},
    "mart.stock_mensual": dict.fromkeys(("cambio", "unidades_vendidas", "unidades_dia"), "numeric"),
    "mart.productos_mas_vendidos_historico": dict.fromkeys(("unidades", "unidades_devueltas"), "numeric"),
    "mart.rotacion_stock_historico": {"unidades_vendidas": "numeric"},
    "control.cargas": {"suma": "numeric"},
}
OPTIONAL = {
    "staging.productos": ("categoria", "precio"),
    "dw.dim_producto": ("categoria", "precio"),
    "staging.movimientos_stock": ("costo_unitario",),
    "dw.hecho_stock": ("costo_unitario",),
}
VIEWS = ("mart.productos_mas_vendidos", "mart.rotacion_stock")
"""Those of columns that get another type."""
LINE_AMOUNT = "cantidad * precio_unitario, rounded to cents, - descuento, in pesos"
COMMENTS = {
    "dw.dim_producto": {
        "categoria": "category of the product; null while it is unknown",
        "precio": "price of a unit from that day on, in pesos; null while it is unknown",
    },
    "staging.detalle_ventas": {"cantidad": "units, or kilos, litres or metres"},
    "dw.hecho_ventas": {
        "cantidad": "units, or kilos, litres or metres",
        "importe": LINE_AMOUNT,
        "categoria": "category of the product on that day; null where it is not known",
    },
    "dw.hecho_devoluciones": {"categoria": "category of the product on that day; null where it is not known"},
    "dw.historia_ventas": {"total": f"sum over the lines of {LINE_AMOUNT}"},
    "mart.productos_mas_vendidos_historico": {
        "categoria": "category of the product on the day of the order; sin_dato where it is not known"
    },
    "mart.rentabilidad_mensual_historico": {
        "categoria": "category of the product on the day of the order; sin_dato where it is not known"
    },
    "mart.rotacion_stock_historico": {
        "categoria": "category of the products at the end of the month, or at fecha_corte; sin_dato where it is not known"
    },
}
COST = "cost of a unit on that day, in pesos; null while it is unknown"
COMMENTS |= {"staging.movimientos_stock": {"costo_unitario": COST}, "dw.hecho_stock": {"costo_unitario": COST}}
COMMENTS |= {"staging.productos": COMMENTS["dw.dim_producto"], "staging.ventas": COMMENTS["dw.historia_ventas"]}


def upgrade() -> None:
    find = sa.text("select pg_get_viewdef(to_regclass(:view))")
    found = {view: op.get_bind().scalar(find, {"view": view}) for view in VIEWS}
    views = {view: definition for view, definition in found.items() if definition}
    for view in views:
        op.execute(f"drop view {view}")
    for table, columns in TYPES.items():
        changes = ", ".join(f"alter column {column} type {kind}" for column, kind in columns.items())
        op.execute(f"alter table {table} {changes}")
    for name, optional in OPTIONAL.items():
        schema, table = name.split(".")
        for column in optional:
            op.alter_column(table, column, nullable=True, schema=schema)
    op.drop_constraint("descuento_dentro_de_la_linea", "detalle_ventas", schema="staging")
    op.create_check_constraint(
        "descuento_dentro_de_la_linea",
        "detalle_ventas",
        "descuento >= 0 and descuento <= round(cantidad * precio_unitario, 2)",
        schema="staging",
    )
    for table in ("detalle_ventas", "devoluciones"):
        op.drop_constraint("cantidad_positiva", table, schema="staging")
        op.create_check_constraint(
            "cantidad_positiva", table, "cantidad > 0 and cantidad < 'Infinity'", schema="staging"
        )
    op.add_column(
        "rentabilidad_mensual_historico",
        sa.Column(
            "participacion_pct",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="share of the category in the ingresos of the month, percent; null where nothing was sold",
        ),
        schema="mart",
    )
    op.add_column(
        "rentabilidad_mensual_historico",
        sa.Column(
            "costo_conocido_pct",
            sa.Numeric(precision=14, scale=2),
            nullable=True,
            comment="share of ingresos of which the cost is known, percent; null where nothing was sold",
        ),
        schema="mart",
    )
    for name, comments in COMMENTS.items():
        schema, table = name.split(".")
        for column, comment in comments.items():
            op.alter_column(table, column, comment=comment, schema=schema)
    for view, definition in views.items():
        op.execute(f"create view {view} as {definition}")
