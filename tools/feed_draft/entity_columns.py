"""What the contract says of an entity's columns, and what stands for those that files lack."""

from sqlalchemy import Column as ContractColumn

from client360.ingest.feed_spec import PROVINCES
from client360.warehouse.models import LANDING, Landing
from client360.warehouse.models.dw import DimProvincia

DEFAULTS = {
    "transacciones.transaccion_id": ("{own}_archivo || ':' || {own}_linea", "no ids: file and line stand for them"),
    "movimientos_stock.movimiento_id": ("{own}_archivo || ':' || {own}_linea", "no ids: file and line stand for them"),
    "devoluciones.devolucion_id": ("{own}_archivo || ':' || {own}_linea", "no ids: file and line stand for them"),
    "pagos_venta.pago_id": ("{own}_archivo || ':' || {own}_linea", "no ids: file and line stand for them"),
    "pagos_venta.estado": ("'aprobado'", "no states: every payment is approved"),
    "ventas.estado": ("'completada'", "no states: every order counts"),
    "detalle_ventas.cantidad": ("1", "no quantities: each line is a unit"),
    "detalle_ventas.descuento": ("0", "no discounts"),
    "envios.deposito": ("'unico'", "no depots"),
}
"""For a required column that the files lack: an SQL expression in its place, and what that assumes."""

TYPICAL = {"productos": {"categoria", "precio"}, "transacciones": {"tipo_transaccion"}}
"""Optional columns that files of an entity hardly ever lack: it is recognised by them, too."""
DERIVED = {
    "ventas": {"fecha_venta"},
    "detalle_ventas": {"linea", "fecha", "cliente_id"},
    "envios": {"cliente_id", "fecha"},
    "pagos_venta": {"cliente_id", "fecha"},
}
"""Required columns that the draft derives from other columns, or from the order."""

OWN_IDS = ("clientes.cliente_id", "productos.producto_id", "ventas.venta_id", "campanias.campania_id")
"""Ids for which the number of the row stands in an export that leaves them out, as other files refer to it."""

FACT_IDS = (
    "transacciones.transaccion_id",
    "movimientos_stock.movimiento_id",
    "devoluciones.devolucion_id",
    "pagos_venta.pago_id",
)
"""Ids of which each row has its own."""

DAYS_OF_MOMENTS = {
    "momento": ("fecha", "fecha_venta"),
    "momento_despacho": ("fecha_despacho",),
    "momento_entrega": ("fecha_entrega",),
}
"""The columns in which files may have the times of these, the likeliest first."""


def key_of(entity: str) -> str | None:
    """The column that, with a day or a state, tells the rows of an entity apart; None where it takes several."""
    if entity == PROVINCES:
        return None
    own = [name for name in LANDING[entity].natural_key if name not in ("fecha", "estado")]
    return own[0] if len(own) == 1 else None


def key_columns(entity: str) -> tuple[str, ...]:
    """All columns of the key."""
    return () if entity == PROVINCES else tuple(LANDING[entity].natural_key)


def required_columns(entity: str) -> set[str]:
    """Columns that the files must have, or hardly ever lack: without a default, not derived."""
    derived = version_days(entity) | DERIVED.get(entity, set())
    return {
        name
        for name, column in contract_columns(entity).items()
        if not column.nullable and name not in derived and f"{entity}.{name}" not in DEFAULTS
    }


def contract_columns(entity: str) -> dict[str, ContractColumn]:
    """The columns of an entity by name."""
    return {column.name: column for column in _model(entity).table().columns}


def allowed_words(entity: str) -> dict[str, tuple[str, ...]]:
    """The allowed words of each column of an entity that has a list of them."""
    return {rule.column: rule.words for rule in _model(entity).rules() if rule.words}


def is_signed(entity: str, name: str) -> bool:
    """Whether a column of numbers may be negative."""
    return not any(rule.column == name and f"{name} >" in rule.condition for rule in _model(entity).rules())


def version_days(entity: str) -> set[str]:
    """Required days of a versioned entity that a list of customers, products or campaigns may lack."""
    return {"fecha", "fecha_alta"} & set(contract_columns(entity)) if _model(entity).versioned else set()


def _model(entity: str) -> type[DimProvincia | Landing]:
    return DimProvincia if entity == PROVINCES else LANDING[entity]
