"""The rules of the landing contract, written a second time for the independent judge; it shares no code with the pipeline.

tests/proof/corruption/test_verdicts.py compares them with the models.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from proof.corruption.lines import INVALID, Values

ENTITIES = (
    "clientes",
    "productos",
    "campanias",
    "ventas",
    "detalle_ventas",
    "envios",
    "transacciones",
    "contactos_campania",
    "movimientos_stock",
)
"""Parents before children."""
KEYS = {
    "clientes": ("cliente_id", "fecha"),
    "productos": ("producto_id", "fecha"),
    "campanias": ("campania_id", "fecha"),
    "transacciones": ("transaccion_id",),
    "ventas": ("venta_id", "estado"),
    "detalle_ventas": ("venta_id", "linea"),
    "envios": ("venta_id", "deposito", "estado"),
    "contactos_campania": ("campania_id", "cliente_id"),
    "movimientos_stock": ("movimiento_id",),
}
VERSIONED = ("clientes", "productos", "campanias")
"""Entities of which each row is a version."""
REFERRED = {"clientes": "cliente_id", "productos": "producto_id", "campanias": "campania_id", "ventas": "venta_id"}
"""Entities that others refer to, and the column that refers."""
OPTIONAL = {
    "clientes": (
        *("dni", "nombre", "apellido", "email", "fecha_nacimiento", "provincia", "ciudad", "ocupacion"),
        *("ingresos_mensuales", "fecha_baja"),
    ),
    "productos": ("nombre", "costo"),
    "campanias": ("nombre", "categoria"),
    "transacciones": ("rubro", "venta_id"),
    "ventas": ("campania_id",),
    "envios": ("fecha_despacho", "fecha_entrega"),
}
"""Columns that may be empty."""
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "transacciones": {
        "tipo_transaccion": (
            *("compra_tarjeta", "transferencia", "debito_automatico", "extraccion_cajero"),
            *("pago_servicio", "ingreso_sueldo"),
        )
    },
    "ventas": {
        "metodo_pago": ("tarjeta", "otra_tarjeta", "transferencia", "efectivo", "billetera_virtual"),
        "estado": ("completada", "cancelada", "devuelta"),
    },
    "envios": {"estado": ("preparacion", "despachado", "entregado", "cancelado")},
    "contactos_campania": {"grupo": ("tratamiento", "control")},
    "movimientos_stock": {"tipo": ("recepcion", "venta", "devolucion", "ajuste")},
}
"""The words that a column allows."""
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2099, 12, 31)
INTEGER_BOUND = 2**31
MONEY_BOUND = Decimal(10) ** 12

RANGES: dict[str, dict[str, Callable[[Values], bool]]] = {
    "clientes": {"ingresos_mensuales": lambda row: row["ingresos_mensuales"] >= 0},
    "productos": {"precio": lambda row: row["precio"] > 0, "costo": lambda row: row["costo"] >= 0},
    "campanias": {
        "fecha_fin": lambda row: row["fecha_fin"] >= row["fecha_inicio"],
        "presupuesto": lambda row: row["presupuesto"] >= 0,
    },
    "transacciones": {"monto": lambda row: row["monto"] > 0},
    "ventas": {"fecha_venta": lambda row: row["fecha_venta"] <= row["fecha"], "total": lambda row: row["total"] >= 0},
    "detalle_ventas": {
        "linea": lambda row: row["linea"] > 0,
        "cantidad": lambda row: row["cantidad"] > 0,
        "precio_unitario": lambda row: row["precio_unitario"] >= 0,
        "descuento": lambda row: 0 <= row["descuento"] <= row["cantidad"] * row["precio_unitario"],
    },
    "envios": {
        "costo_envio": lambda row: row["costo_envio"] >= 0,
        "fecha_despacho": lambda row: row["fecha_despacho"] <= row["fecha"],
        "fecha_entrega": lambda row: row["fecha_entrega"] <= row["fecha"],
        "estado": lambda row: row["estado"] != "entregado" or row["fecha_entrega"] is not None,
    },
    "contactos_campania": {},
    "movimientos_stock": {
        "cantidad": lambda row: {"venta": row["cantidad"] < 0, "ajuste": row["cantidad"] != 0}.get(
            row["tipo"], row["cantidad"] > 0
        ),
        "costo_unitario": lambda row: row["costo_unitario"] >= 0,
    },
}
"""What the values of a row must be, by the column that is out of range where they are not."""


def broken_rule(entity: str, row: Values) -> tuple[str, str] | None:
    """The column, and the reason, for which the row is rejected whatever other rows hold; the first reason counts."""
    of_wrong_type = [column for column, value in row.items() if value is INVALID]
    if of_wrong_type:
        return of_wrong_type[0], "tipo_invalido"
    optional = OPTIONAL.get(entity, ())
    missing = [column for column, value in row.items() if value is None and column not in optional]
    if missing:
        return missing[0], "falta_valor"
    out_of_range = next(_out_of_range(entity, row), None)
    if out_of_range:
        return out_of_range, "fuera_de_rango"
    unknown = [column for column, words in WORDS.get(entity, {}).items() if row[column] not in words]
    return (unknown[0], "valor_desconocido") if unknown else None


def _out_of_range(entity: str, row: Values) -> Iterator[str]:
    """The columns whose values are out of range."""
    if not FIRST_DAY <= row["fecha"] <= LAST_DAY:
        yield "fecha"
    for column, value in row.items():
        if (isinstance(value, int) and not -INTEGER_BOUND <= value < INTEGER_BOUND) or (
            isinstance(value, Decimal) and abs(value) >= MONEY_BOUND
        ):
            yield column
    yield from (column for column, holds in RANGES[entity].items() if row[column] is not None and not holds(row))
