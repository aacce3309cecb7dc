"""Which kind of file provides which entity of the contract, by the names of its files and columns."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Column as ContractColumn
from sqlalchemy import Date

from client360.ingest.feed_spec import ENTITIES, PROVINCES
from client360.warehouse.models import LANDING, Landing
from client360.warehouse.models.dw import DimProvincia
from tools.feed_draft.columns import Column
from tools.feed_draft.file_kinds import FileKind
from tools.feed_draft.vocabulary import entity_synonyms, header_words, plain, plain_words, value_synonyms

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

DAYS_OF_MOMENTS = {
    "momento": ("fecha", "fecha_venta"),
    "momento_despacho": ("fecha_despacho",),
    "momento_entrega": ("fecha_entrega",),
}
"""The columns in which files may have the times of these, the likeliest first."""

OWN_IDS = ("clientes.cliente_id", "productos.producto_id", "ventas.venta_id", "campanias.campania_id")
"""Ids for which the number of the row stands in an export that leaves them out, as other files refer to it."""

FACT_IDS = (
    "transacciones.transaccion_id",
    "movimientos_stock.movimiento_id",
    "devoluciones.devolucion_id",
    "pagos_venta.pago_id",
)
"""Ids of which each row has its own."""

BY_NAME = (
    *("cuentas", "titulares_cuenta", "cotizaciones", "saldos", "devoluciones", "pagos_venta"),
    *("tarjetas", "resumenes", "prestamos", "cuotas", "ordenes_permanentes"),
)
"""Entities with so few columns of their own that only the name of a file tells that it is one."""

UNLIKE = (0, 0.0, 0)


CORE = {
    "clientes": ({"apellido", "dni"}, {"apellido", "email"}, {"nombre", "email"}, {"dni", "fecha_nacimiento"}),
    "productos": ({"nombre", "precio", "categoria"}, {"producto_id", "precio"}),
    "ventas": ({"fecha_venta", "cliente_id", "venta_id"}, {"fecha_venta", "cliente_id", "estado", "total"}),
    "detalle_ventas": ({"venta_id", "producto_id", "cantidad"}, {"venta_id", "producto_id", "precio_unitario"}),
}
"""Sets of columns of which each makes an entity, where its files have no id or lack what the contract requires."""
KEYS = {"clientes": "cliente_id", "productos": "producto_id", "ventas": "venta_id"}
"""The ids of what other entities' files may repeat on their rows."""
PERSON = {"cliente_id", "nombre"}
REPEATED = {
    "ventas": {"clientes": PERSON},
    "transacciones": {"clientes": PERSON},
    "detalle_ventas": {
        "clientes": {"cliente_id"},
        "productos": {"producto_id"},
        "ventas": {"venta_id", "fecha", "cliente_id"},
    },
}
"""What a file of an entity may hold of others, by the columns of which that is seen."""
LINE = {"venta_id", "producto_id", "precio_unitario"}
"""The columns of which it is seen that a row of an order is one of its lines."""
UNITS_SOLD = {"producto_id", "cantidad"}
"""Columns of a file that sells."""
ANYWHERE = {"pais"}
"""Columns that files of many kinds have, which tell of none: a country stands in addresses too."""
NARROW = 3
"""Files with fewer columns may have the same ones without being alike."""


def assign_entities(kinds: list[FileKind]) -> None:
    """Set the entity of each kind, and its columns. If none is recognised, the kind with most columns becomes customers."""
    exact = {
        entity
        for entity in ENTITIES
        for kind in kinds
        if kind.words() in entity_synonyms()[entity].files and find_columns(entity, kind)
    }
    rank: dict[int, tuple[int, float, int]] = {}
    for kind in kinds:
        best = max(ENTITIES, key=lambda entity: _likeness(entity, kind, named_elsewhere=entity in exact))
        rank[id(kind)] = _likeness(best, kind, named_elsewhere=best in exact)
        if rank[id(kind)] > UNLIKE:
            _assign(kind, best)
    _unite_equal_headers(kinds, rank)
    _take_for_lines(kinds)
    if not any(kind.entity for kind in kinds):
        first = max(kinds, key=lambda kind: len(kind.raw))
        _assign(first, "clientes")
        first.doubt = "nothing in it was recognised: if it is no list of customers, rename this file"


def _assign(kind: FileKind, entity: str) -> None:
    kind.entity, kind.found = entity, find_columns(entity, kind)
    ambiguous = entity_synonyms()[entity].ambiguous & plain_words(kind.pattern)
    if kind.words() not in entity_synonyms()[entity].files:
        kind.doubt = f"taken for {entity} by its columns: if it is something else, remove its SELECT"
    elif ambiguous:
        names = ", ".join(sorted(ambiguous))
        kind.doubt = f"taken for {entity}, though {names} may mean something else: if so, remove its SELECT"


def _unite_equal_headers(kinds: list[FileKind], rank: dict[int, tuple[int, float, int]]) -> None:
    """Files with the same columns are of one entity: that of the kind which is most like one."""
    alike: defaultdict[tuple[str, ...], list[FileKind]] = defaultdict(list)
    for kind in kinds:
        if kind.table.header and len(kind.raw) >= NARROW:
            alike[tuple(sorted(kind.raw))].append(kind)
    for same in alike.values():
        first = max(same, key=lambda kind: rank[id(kind)])
        for kind in same:
            if first.entity and kind is not first:
                _assign(kind, first.entity)
                kind.doubt = (
                    f"the same columns as {first.name}: if it is something else, remove its SELECT; if their ids overlap, write "
                    f"'{kind.name}:' || before these"
                )


def _take_for_lines(kinds: list[FileKind]) -> None:
    """Rows of orders that each name a product and its price are lines, if no files of lines alone are there."""
    order = REPEATED["detalle_ventas"]["ventas"]
    if all(order <= set(find_columns("ventas", kind)) for kind in kinds if kind.entity == "detalle_ventas"):
        for kind in kinds:
            if kind.entity == "ventas" and set(find_columns("detalle_ventas", kind)) >= LINE:
                _assign(kind, "detalle_ventas")
                kind.doubt = "a product and a price on each row: taken for lines of orders"


def orders(kinds: list[FileKind]) -> list[FileKind]:
    """The kinds of files that provide orders; where none does, those of lines that repeat their order, as if they were some."""
    own = [kind for kind in kinds if kind.entity == "ventas"]
    if own:
        return own
    repeating = []
    for kind in kinds:
        found = find_columns("ventas", kind)
        if kind.entity == "detalle_ventas" and REPEATED["detalle_ventas"]["ventas"] <= set(found):
            if "precio_unitario" in kind.found:
                found.pop("total", None)  # that of the line: the order has the sum of its lines
            repeating.append(replace(kind, entity="ventas", found=found, repeated=True, doubt=""))
    return repeating


def _likeness(entity: str, kind: FileKind, *, named_elsewhere: bool) -> tuple[int, float, int]:
    """How much a kind of file looks like an entity: rank of its name, share of required columns found times columns found,
    columns found."""
    name, found = kind.words(), find_columns(entity, kind)
    if _is_something_else(entity, kind, found):
        return UNLIKE
    needed = required_columns(entity) | TYPICAL.get(entity, set())
    share = len(needed & set(found)) / len(needed)
    files = entity_synonyms()[entity].files
    named = 2 if name in files else 1 if any(phrase <= name for phrase in files) else 0
    if entity in BY_NAME and not named:
        return UNLIKE
    whole = any(core <= set(found) for core in CORE.get(entity, ()))
    telling = len(found.keys() - ANYWHERE)
    enough = (
        found or not kind.table.header
        if named == 2
        else (share >= (0.8 if named_elsewhere else 0.6) and (named == 1 or telling >= 4))
        or (whole and not named_elsewhere and (named == 1 or telling >= 4))
    )
    return (named, share * len(found), len(found)) if enough else UNLIKE


UNLIKE_ENTITY: dict[str, Callable[[FileKind], bool]] = {
    # of users
    "cuentas": lambda kind: bool({"email", "apellido", "dni"} & set(find_columns("clientes", kind))),
    # people with the number of their account
    "titulares_cuenta": lambda kind: bool({"nombre", "email", "apellido", "dni"} & set(find_columns("clientes", kind))),
    # items of orders, or for sale
    "productos": lambda kind: (
        kind.words() == {"item"}
        and any(core <= set(find_columns("detalle_ventas", kind)) for core in CORE["detalle_ventas"])
    ),
    # a bank does not move units of a product
    "transacciones": lambda kind: set(find_columns("detalle_ventas", kind)) >= UNITS_SOLD,
    # payments of orders, of which each may have several
    "ventas": lambda kind: kind.words() == {"pago"},
}
"""What tells that a kind of file is not of an entity, whatever columns it has."""


def _is_something_else(entity: str, kind: FileKind, found: dict[str, int]) -> bool:
    """Whether the names of files or columns tell of something else: orders to a supplier, or standing orders of an account."""
    if entity in UNLIKE_ENTITY and UNLIKE_ENTITY[entity](kind):
        return True
    other = entity_synonyms()[entity].other
    if not other:
        return False
    in_columns = any(other & header_words(column.header) for column in kind.table.columns)
    lacking = kind.table.header and not {"fecha", "cliente_id"} & set(found)
    return bool(other & kind.words()) or lacking or (in_columns and "cliente_id" not in found)


def candidates(kind: FileKind) -> list[tuple[str, dict[str, int]]]:
    """The two entities that a kind of file without one could be, the likelier first, with their columns that it has. Of one with
    an entity, those that it repeats on its rows: orders on their lines, customers and products on either."""
    found = [(entity, find_columns(entity, kind)) for entity in ENTITIES]
    if kind.entity:
        repeated = REPEATED.get(kind.entity, {})
        return [(entity, columns) for entity, columns in found if repeated.get(entity, {""}) <= set(columns)]
    some = [(len(set(columns.values())), entity, columns) for entity, columns in found if entity not in BY_NAME]
    some.sort(key=lambda one: (-one[0], -one[0] / len(required_columns(one[1]) | TYPICAL.get(one[1], set()))))
    return [(entity, columns) for count, entity, columns in some[:2] if count > 1]


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


def find_columns(entity: str, kind: FileKind) -> dict[str, int]:
    """The index in the kind's columns of each column of the entity that is found."""
    if not kind.table.header:
        return {}
    names = entity_synonyms()[entity]
    own = next((phrase for phrase in names.files if phrase <= kind.words()), names.files[0])
    headers = [header_words(column.header) for column in kind.table.columns]
    found = {}
    for name, phrases in names.columns.items():
        is_day = isinstance(contract_columns(entity)[name].type, Date)
        is_id = f"{entity}.{name}" in FACT_IDS
        # the day of a month and a year are no dates, and the code of a kind is no id
        fitting = [
            frozenset() if (is_day and column.short) or (is_id and column.codes) else words
            for words, column in zip(headers, kind.table.columns, strict=True)
        ]
        own_name = next(
            (i for i, column in enumerate(kind.table.columns) if column.header == name and fitting[i]), None
        )
        if own_name is not None:
            found[name] = own_name
            continue
        for phrase in phrases:
            # all words of the header first, then those that the file's own name lacks
            position = next((i for i, header in enumerate(fitting) if header == phrase), None)
            if position is None:
                position = next((i for i, header in enumerate(fitting) if header - own == phrase), None)
            if position is not None:
                found[name] = position
                break
    kind_of_movement = found.get("tipo_transaccion")
    if (
        kind_of_movement is not None
        and "sentido" not in found
        and _says_directions(kind.table.columns[kind_of_movement])
    ):
        found["sentido"] = found.pop("tipo_transaccion")
    if entity == "cuotas" and {"cuota_id", "prestamo_id"} <= set(found) and kind.table.columns[found["cuota_id"]].short:
        found["numero"] = found.pop("cuota_id")  # that within its loan
    return found


def _says_directions(column: Column) -> bool:
    """Whether a column has both directions for its values, and no others, as where `type` is debit or credit."""
    written = value_synonyms("transacciones", "sentido")
    meant = {word: direction for direction, others in written.items() for word in (direction, *others)}
    return {meant.get(plain(word).strip()) for word in column.words} == set(written)
