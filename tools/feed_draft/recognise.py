"""Recognise which entity of the contract a kind of file provides, by the names of files and columns."""

from sqlalchemy import Column as ContractColumn

from client360.ingest.feed_spec import ENTITIES, PROVINCES
from client360.warehouse.models import LANDING
from client360.warehouse.models.dw import DimProvincia
from tools.feed_draft.kinds import Kind
from tools.feed_draft.words import entities, words

ASSUMED = {
    "transacciones.transaccion_id": ("{own}_archivo || ':' || {own}_linea", "no ids: file and line stand for them"),
    "movimientos_stock.movimiento_id": ("{own}_archivo || ':' || {own}_linea", "no ids: file and line stand for them"),
    "ventas.estado": ("'completada'", "no states: every order counts"),
    "detalle_ventas.descuento": ("0", "no discounts"),
    "envios.deposito": ("'unico'", "no depots"),
    "envios.costo_envio": ("0", "no costs"),
}
"""The value of a required column that the files lack, where there is a reasonable one, and what it assumes."""
VERSIONS = {
    "clientes": {"fecha", "fecha_alta"},
    "productos": {"fecha", "fecha_alta"},
    "campanias": {"fecha"},
}
"""Days that a list of customers, products or campaigns may lack."""
ELSEWHERE = {
    "ventas": {"fecha_venta"},
    "detalle_ventas": {"linea", "fecha", "cliente_id"},
    "envios": {"cliente_id", "fecha"},
}
"""Required columns that can be taken from other columns or from the order."""
UNLIKE = (0, 0.0, 0)


def recognise(kinds: list[Kind]) -> None:
    """Decide which entity each kind provides. If none is recognised, take the kind with most columns for customers."""
    exact = {
        entity
        for entity in ENTITIES
        for kind in kinds
        if words(kind.name) in entities()[entity][0] and _found(entity, kind)
    }
    for kind in kinds:
        best = max(ENTITIES, key=lambda entity: _likeness(entity, kind, named_elsewhere=entity in exact))
        if _likeness(best, kind, named_elsewhere=best in exact) > UNLIKE:
            kind.entity, kind.found = best, _found(best, kind)
    if not any(kind.entity for kind in kinds):
        first = max(kinds, key=lambda kind: len(kind.raw))
        first.entity, first.found = "clientes", _found("clientes", first)


def _likeness(entity: str, kind: Kind, *, named_elsewhere: bool) -> tuple[int, float, int]:
    """How much a kind of file looks like an entity: by its name, the share of required columns, the number of columns."""
    name, found = words(kind.name), _found(entity, kind)
    needed = required(entity)
    share = len(needed & set(found)) / len(needed)
    files = entities()[entity][0]
    named = 2 if name in files else 1 if any(phrase <= name for phrase in files) else 0
    enough = (
        found or not kind.table.header
        if named == 2
        else share >= (0.8 if named_elsewhere else 0.6) and (named == 1 or len(found) >= 4)
    )
    return (named, share, len(found)) if enough else UNLIKE


def required(entity: str) -> set[str]:
    """The required columns of an entity that can not be derived or assumed."""
    derived = VERSIONS.get(entity, set()) | ELSEWHERE.get(entity, set())
    return {
        name
        for name, column in contract(entity).items()
        if not column.nullable and name not in derived and f"{entity}.{name}" not in ASSUMED
    }


def contract(entity: str) -> dict[str, ContractColumn]:
    model = DimProvincia if entity == PROVINCES else LANDING[entity]
    return {column.name: column for column in model.table().columns}


def _found(entity: str, kind: Kind) -> dict[str, int]:
    """The position, in a kind of file, of each column of an entity that is found."""
    if not kind.table.header:
        return {}
    files, columns = entities()[entity]
    own = next((phrase for phrase in files if phrase <= words(kind.name)), files[0])
    headers = [words(column.header) for column in kind.table.columns]
    found = {}
    for name, phrases in columns.items():
        for phrase in phrases:
            # first by all words, then without those of the file's own name
            position = next((i for i, header in enumerate(headers) if header == phrase), None)
            if position is None:
                position = next((i for i, header in enumerate(headers) if header - own == phrase), None)
            if position is not None:
                found[name] = position
                break
    return found
