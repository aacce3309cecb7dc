"""Which kind of file provides which entity of the contract, by the names of its files and columns."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from client360.ingest.feed_spec import ENTITIES
from tools.feed_draft.entity_columns import TYPICAL, required_columns
from tools.feed_draft.file_kinds import FileKind
from tools.feed_draft.found_columns import complete_columns, find_columns
from tools.feed_draft.vocabulary import entity_synonyms, header_words, plain_words

BY_NAME = (
    *("cuentas", "titulares_cuenta", "cotizaciones", "saldos", "devoluciones", "pagos_venta"),
    *("tarjetas", "resumenes", "prestamos", "cuotas", "ordenes_permanentes"),
)
"""Entities with so few columns of their own that the name of a file has to tell that it is one, or those of TOLD."""

TOLD = {
    "cuentas": ({"cuenta_id", "fecha_apertura"}, {"cuenta_id", "saldo_inicial"}),
    "titulares_cuenta": ({"cuenta_id", "cliente_id", "rol"}, {"cuenta_id", "cliente_id", "participacion"}),
    "cotizaciones": ({"moneda", "fecha", "cotizacion"},),
    "saldos": ({"cuenta_id", "fecha", "saldo"},),
    "tarjetas": ({"tarjeta_id", "limite"}, {"tarjeta_id", "dia_cierre"}, {"tarjeta_id", "dia_vencimiento"}),
    "resumenes": ({"tarjeta_id", "fecha_vencimiento", "total"}, {"tarjeta_id", "fecha_vencimiento", "minimo"}),
    "prestamos": (
        *({"prestamo_id", "fecha_otorgamiento"}, {"prestamo_id", "plazo"}, {"prestamo_id", "monto", "tasa"}),
    ),
    "cuotas": (
        *({"prestamo_id", "vencimiento", "numero"}, {"prestamo_id", "vencimiento", "cuota_id"}),
        *({"prestamo_id", "vencimiento", "capital"}, {"prestamo_id", "cuota_id", "monto"}),
    ),
    "ordenes_permanentes": ({"desde", "contraparte", "cuenta_id"}, {"desde", "contraparte", "cliente_id"}),
}
"""Sets of columns of which each tells of an entity of a bank, whatever its files are called."""
FEW_COLUMNS = {"saldos": 6, "cotizaciones": 6}
"""Entities of which other files have all columns too, among more."""

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
        for kind in kinds
        for entity in (max(ENTITIES, key=lambda entity: _likeness(entity, kind, named_elsewhere=False)),)
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
    kind.entity, kind.found = entity, complete_columns(entity, kind)
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
    """How much a kind of file looks like an entity: rank of its name and of columns that tell of it, share of required
    columns found times columns found, columns found."""
    name, found = kind.words(), find_columns(entity, kind)
    if _is_something_else(entity, kind, found):
        return UNLIKE
    needed = required_columns(entity) | TYPICAL.get(entity, set())
    share = len(needed & set(found)) / len(needed)
    files = entity_synonyms()[entity].files
    named = 2 if name in files else 1 if any(phrase <= name for phrase in files) else 0
    told = _is_told(entity, kind) and (named > 0 or not named_elsewhere)
    if entity in BY_NAME and not named and not told:
        return UNLIKE
    whole = any(core <= set(found) for core in CORE.get(entity, ()))
    telling = len(found.keys() - ANYWHERE)
    enough = (
        found or not kind.table.header
        if named == 2
        else told
        or (share >= (0.8 if named_elsewhere else 0.6) and (named == 1 or telling >= 4))
        or (whole and not named_elsewhere and (named == 1 or telling >= 4))
    )
    # a name alone counts no more than columns alone: the orders of a bank are none of a shop
    sure = told or whole or (entity not in {**CORE, **TOLD} and share >= 0.6)
    rank = named + sure if named == 2 else max(named, 2 * told)
    return (rank, share * len(found), len(found)) if enough else UNLIKE


def _is_told(entity: str, kind: FileKind) -> bool:
    if len(kind.raw) > FEW_COLUMNS.get(entity, len(kind.raw)) or entity not in TOLD:
        return False
    found = set(find_columns(entity, kind, telling=True))
    return any(columns <= found for columns in TOLD[entity])


UNLIKE_ENTITY: dict[str, Callable[[FileKind], bool]] = {
    # of users
    "cuentas": lambda kind: bool({"email", "apellido", "dni"} & set(find_columns("clientes", kind))),
    # people with the number of their account
    "titulares_cuenta": lambda kind: bool({"nombre", "email", "apellido", "dni"} & set(find_columns("clientes", kind))),
    # movements with the balance after each
    "saldos": lambda kind: bool(
        {"sentido", "tipo_transaccion", "transaccion_id"} & set(find_columns("transacciones", kind, telling=True))
    ),
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
