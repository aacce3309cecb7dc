"""The rules of the landing contract, written a second time for the independent judge; it shares no code with the pipeline.

tests/proof/corruption/test_verdicts.py compares them with the models.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from proof.corruption.lines import INVALID, Values, round_half_up

ENTITIES = (
    "clientes",
    "productos",
    "campanias",
    "cuentas",
    "titulares_cuenta",
    "cotizaciones",
    "ventas",
    "detalle_ventas",
    "envios",
    "devoluciones",
    "pagos_venta",
    "transacciones",
    "saldos",
    "contactos_campania",
    "movimientos_stock",
    "tarjetas",
    "resumenes",
    "prestamos",
    "cuotas",
    "ordenes_permanentes",
)
"""Parents before children."""
KEYS = {
    "clientes": ("cliente_id", "fecha"),
    "productos": ("producto_id", "fecha"),
    "campanias": ("campania_id", "fecha"),
    "cuentas": ("cuenta_id", "fecha"),
    "titulares_cuenta": ("cuenta_id", "cliente_id", "fecha"),
    "cotizaciones": ("moneda", "fecha"),
    "saldos": ("cuenta_id", "fecha"),
    "transacciones": ("transaccion_id",),
    "ventas": ("venta_id", "estado"),
    "detalle_ventas": ("venta_id", "linea"),
    "envios": ("venta_id", "deposito", "estado"),
    "devoluciones": ("devolucion_id",),
    "pagos_venta": ("pago_id", "estado"),
    "contactos_campania": ("campania_id", "cliente_id"),
    "movimientos_stock": ("movimiento_id",),
    "tarjetas": ("tarjeta_id", "fecha"),
    "resumenes": ("resumen_id", "fecha"),
    "prestamos": ("prestamo_id", "fecha"),
    "cuotas": ("cuota_id", "fecha"),
    "ordenes_permanentes": ("orden_id", "fecha"),
}
VERSIONED = (
    *("clientes", "productos", "campanias", "cuentas", "titulares_cuenta", "cotizaciones"),
    *("tarjetas", "resumenes", "prestamos", "cuotas", "ordenes_permanentes"),
)
"""Entities of which each row is a version."""
REFERRED = {
    "clientes": "cliente_id",
    "productos": "producto_id",
    "campanias": "campania_id",
    "cuentas": "cuenta_id",
    "cotizaciones": "moneda",
    "ventas": "venta_id",
    "tarjetas": "tarjeta_id",
    "prestamos": "prestamo_id",
}
"""Entities that others refer to, and the column that refers."""
OPTIONAL = {
    "clientes": (
        *("dni", "nombre", "apellido", "email", "fecha_nacimiento", "provincia", "ciudad", "ocupacion"),
        *("ingresos_mensuales", "fecha_baja", "pais"),
    ),
    "productos": ("nombre", "categoria", "precio", "costo"),
    "campanias": ("nombre", "categoria"),
    "transacciones": (
        *("tipo_transaccion", "rubro", "venta_id", "momento"),
        *("sentido", "tarjeta_id", "cuotas", "contraparte", "comercio", "canal", "cliente_id", "cuenta_id", "moneda"),
    ),
    "cuentas": ("tipo", "moneda", "sucursal", "fecha_apertura", "fecha_cierre", "saldo_inicial"),
    "titulares_cuenta": ("rol", "participacion", "desde", "hasta"),
    "ventas": ("cliente_id", "metodo_pago", "campania_id", "momento", "canal", "sucursal", "vendedor", "cargo_envio"),
    "detalle_ventas": ("cliente_id",),
    "envios": (
        *("cliente_id", "fecha_despacho", "fecha_prometida", "fecha_entrega", "costo_envio"),
        *("momento_despacho", "momento_entrega"),
    ),
    "devoluciones": ("cliente_id", "venta_id", "linea", "producto_id", "cantidad"),
    "pagos_venta": ("cliente_id", "cuotas", "momento"),
    "movimientos_stock": ("costo_unitario",),
    "tarjetas": (
        *("cliente_id", "cuenta_id", "moneda", "limite", "dia_cierre", "dia_vencimiento", "fecha_alta", "fecha_baja"),
    ),
    "resumenes": ("cliente_id", "pagado", "pagado_el"),
    "prestamos": ("cliente_id", "cuenta_id", "moneda", "tasa", "plazo", "estado", "saldo"),
    "cuotas": ("cliente_id", "numero", "capital", "pagado_el"),
    "ordenes_permanentes": ("cliente_id", "cuenta_id", "monto", "contraparte", "rubro", "hasta"),
}
"""Columns that may be empty."""
OF_AN_ACCOUNT = ("transacciones", "tarjetas", "prestamos", "ordenes_permanentes")
"""Entities that name their customer, their account, or both."""
STATES = (
    *("completada", "creada", "aprobada", "facturada", "despachada", "entregada"),
    *("cancelada", "devuelta"),
)
"""Of an order, as one may follow the other on a day."""
CREDITS = ("ingreso_sueldo", "deposito", "cobro", "beneficio", "prestamo_otorgado", "reintegro")
DEBITS = (
    *("compra_tarjeta", "debito_automatico", "extraccion_cajero", "pago_servicio"),
    *("pago_tarjeta", "cuota_prestamo", "comision", "impuesto"),
)
"""Kinds of movements that go one way only."""
METHODS = ("tarjeta", "otra_tarjeta", "transferencia", "efectivo", "billetera_virtual")
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "cuentas": {"tipo": ("caja_ahorro", "cuenta_corriente", "cuenta_sueldo", "plazo_fijo", "inversion")},
    "titulares_cuenta": {"rol": ("titular", "cotitular", "autorizado")},
    "transacciones": {
        "tipo_transaccion": (*CREDITS, *DEBITS, "transferencia", "interes", "ahorro", "moneda_extranjera"),
        "sentido": ("debito", "credito"),
    },
    "ventas": {"metodo_pago": METHODS, "estado": STATES},
    "pagos_venta": {"metodo_pago": METHODS, "estado": ("aprobado", "rechazado", "reembolsado")},
    "envios": {"estado": ("preparacion", "despachado", "entregado", "cancelado")},
    "contactos_campania": {"grupo": ("tratamiento", "control")},
    "movimientos_stock": {"tipo": ("recepcion", "venta", "devolucion", "ajuste")},
    "prestamos": {"estado": ("vigente", "cancelado", "refinanciado", "incobrable")},
}
"""The words that a column allows."""
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2099, 12, 31)
INTEGER_BOUND = 2**31
DECIMAL_BOUND = Decimal(10) ** 12

ZONE = ZoneInfo("America/Argentina/Buenos_Aires")


def _of_day(moment: str, day: str) -> Callable[[Values], bool]:
    """Whether a moment is of the day in another column, where there is one."""
    return lambda row: row[day] is None or row[moment].astimezone(ZONE).date() == row[day]


def _is_currency(row: Values) -> bool:
    return bool(re.fullmatch("[A-Z]{3}", row["moneda"]))


RANGES: dict[str, dict[str, Callable[[Values], bool]]] = {
    "clientes": {"ingresos_mensuales": lambda row: row["ingresos_mensuales"] >= 0},
    "productos": {"precio": lambda row: row["precio"] > 0, "costo": lambda row: row["costo"] >= 0},
    "campanias": {
        "fecha_fin": lambda row: row["fecha_fin"] >= row["fecha_inicio"],
        "presupuesto": lambda row: row["presupuesto"] >= 0,
    },
    "transacciones": {
        "monto": lambda row: row["monto"] > 0,
        "momento": _of_day("momento", "fecha"),
        "sentido": lambda row: (
            row["tipo_transaccion"] not in {"debito": CREDITS, "credito": DEBITS}.get(row["sentido"], ())
        ),
        "cuotas": lambda row: row["cuotas"] > 0,
        "moneda": _is_currency,
    },
    "cuentas": {"moneda": _is_currency},
    "cotizaciones": {"moneda": _is_currency, "cotizacion": lambda row: row["cotizacion"] > 0},
    "titulares_cuenta": {"participacion": lambda row: 0 <= row["participacion"] <= 100},
    "ventas": {
        "total": lambda row: row["total"] >= 0,
        "fecha_venta": lambda row: row["fecha_venta"] <= row["fecha"],
        "momento": _of_day("momento", "fecha"),
        "cargo_envio": lambda row: row["cargo_envio"] >= 0,
    },
    "detalle_ventas": {
        "linea": lambda row: row["linea"] > 0,
        "cantidad": lambda row: row["cantidad"] > 0,
        "precio_unitario": lambda row: row["precio_unitario"] >= 0,
        "descuento": lambda row: 0 <= row["descuento"] <= round_half_up(row["cantidad"] * row["precio_unitario"], 2),
    },
    "envios": {
        "costo_envio": lambda row: row["costo_envio"] >= 0,
        "fecha_despacho": lambda row: row["fecha_despacho"] <= row["fecha"],
        "fecha_entrega": lambda row: row["fecha_entrega"] <= row["fecha"],
        "estado": lambda row: row["estado"] != "entregado" or row["fecha_entrega"] is not None,
        "momento_despacho": _of_day("momento_despacho", "fecha_despacho"),
        "momento_entrega": _of_day("momento_entrega", "fecha_entrega"),
    },
    "devoluciones": {
        "linea": lambda row: row["linea"] > 0,
        "cantidad": lambda row: row["cantidad"] > 0,
        "monto": lambda row: row["monto"] >= 0,
    },
    "pagos_venta": {
        "cuotas": lambda row: row["cuotas"] > 0,
        "monto": lambda row: row["monto"] >= 0,
        "momento": _of_day("momento", "fecha"),
    },
    "contactos_campania": {},
    "saldos": {},
    "movimientos_stock": {
        "cantidad": lambda row: {"venta": row["cantidad"] < 0, "ajuste": row["cantidad"] != 0}.get(
            row["tipo"], row["cantidad"] > 0
        ),
        "costo_unitario": lambda row: row["costo_unitario"] >= 0,
    },
    "tarjetas": {
        "limite": lambda row: row["limite"] >= 0,
        "moneda": _is_currency,
        "dia_cierre": lambda row: 1 <= row["dia_cierre"] <= 31,
        "dia_vencimiento": lambda row: 1 <= row["dia_vencimiento"] <= 31,
    },
    "resumenes": {
        "minimo": lambda row: row["minimo"] >= 0,
        "pagado": lambda row: row["pagado"] >= 0,
        "pagado_el": lambda row: row["pagado_el"] <= row["fecha"],
    },
    "prestamos": {
        "monto": lambda row: row["monto"] > 0,
        "tasa": lambda row: row["tasa"] >= 0,
        "moneda": _is_currency,
        "plazo": lambda row: row["plazo"] > 0,
        "saldo": lambda row: row["saldo"] >= 0,
    },
    "cuotas": {
        "numero": lambda row: row["numero"] > 0,
        "monto": lambda row: row["monto"] >= 0,
        "capital": lambda row: row["capital"] >= 0,
        "pagado_el": lambda row: row["pagado_el"] <= row["fecha"],
    },
    "ordenes_permanentes": {
        "monto": lambda row: row["monto"] >= 0,
        "hasta": lambda row: row["hasta"] >= row["desde"],
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
    if entity in OF_AN_ACCOUNT and row["cliente_id"] is None and row["cuenta_id"] is None:
        missing.append("cliente_id")
    if missing:
        return missing[0], "falta_valor"
    out_of_range = next(_out_of_range(entity, row), None)
    if out_of_range:
        return out_of_range, "fuera_de_rango"
    unknown = [
        column
        for column, words in WORDS.get(entity, {}).items()
        if row[column] is not None and row[column] not in words
    ]
    return (unknown[0], "valor_desconocido") if unknown else None


def _out_of_range(entity: str, row: Values) -> Iterator[str]:
    """The columns whose values are out of range."""
    if not FIRST_DAY <= row["fecha"] <= LAST_DAY:
        yield "fecha"
    for column, value in row.items():
        if (isinstance(value, int) and not -INTEGER_BOUND <= value < INTEGER_BOUND) or (
            isinstance(value, Decimal) and abs(value) >= DECIMAL_BOUND
        ):
            yield column
    yield from (column for column, holds in RANGES[entity].items() if row[column] is not None and not holds(row))
