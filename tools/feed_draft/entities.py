"""Which kind of file provides which entity of the contract, by the names of its files and columns."""

from sqlalchemy import Column as ContractColumn

from client360.ingest.feed_spec import ENTITIES, PROVINCES
from client360.warehouse.models import LANDING, Landing
from client360.warehouse.models.dw import DimProvincia
from tools.feed_draft.file_kinds import FileKind
from tools.feed_draft.vocabulary import entity_synonyms, header_words

DEFAULTS = {
    "transacciones.transaccion_id": ("{own}_archivo || ':' || {own}_linea", "no ids: file and line stand for them"),
    "movimientos_stock.movimiento_id": ("{own}_archivo || ':' || {own}_linea", "no ids: file and line stand for them"),
    "ventas.estado": ("'completada'", "no states: every order counts"),
    "detalle_ventas.descuento": ("0", "no discounts"),
    "envios.deposito": ("'unico'", "no depots"),
    "envios.costo_envio": ("0", "no costs"),
}
"""For a required column that the files lack: an SQL expression in its place, and what that assumes."""


DERIVED = {
    "ventas": {"fecha_venta"},
    "detalle_ventas": {"linea", "fecha", "cliente_id"},
    "envios": {"cliente_id", "fecha"},
}
"""Required columns that the draft derives from other columns, or from the order."""

UNLIKE = (0, 0.0, 0)


def assign_entities(kinds: list[FileKind]) -> None:
    """Set the entity of each kind, and its columns. If none is recognised, the kind with most columns becomes customers."""
    exact = {
        entity
        for entity in ENTITIES
        for kind in kinds
        if header_words(kind.name) in entity_synonyms()[entity][0] and _find_columns(entity, kind)
    }
    for kind in kinds:
        best = max(ENTITIES, key=lambda entity: _likeness(entity, kind, named_elsewhere=entity in exact))
        if _likeness(best, kind, named_elsewhere=best in exact) > UNLIKE:
            kind.entity, kind.found = best, _find_columns(best, kind)
    if not any(kind.entity for kind in kinds):
        first = max(kinds, key=lambda kind: len(kind.raw))
        first.entity, first.found = "clientes", _find_columns("clientes", first)


def _likeness(entity: str, kind: FileKind, *, named_elsewhere: bool) -> tuple[int, float, int]:
    """How much a kind of file looks like an entity: rank of its name, share of required columns found, columns found."""
    name, found = header_words(kind.name), _find_columns(entity, kind)
    needed = required_columns(entity)
    share = len(needed & set(found)) / len(needed)
    files = entity_synonyms()[entity][0]
    named = 2 if name in files else 1 if any(phrase <= name for phrase in files) else 0
    enough = (
        found or not kind.table.header
        if named == 2
        else share >= (0.8 if named_elsewhere else 0.6) and (named == 1 or len(found) >= 4)
    )
    return (named, share, len(found)) if enough else UNLIKE


def required_columns(entity: str) -> set[str]:
    """Columns that the files must have: required by the contract, without a default, not derived."""
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


def version_days(entity: str) -> set[str]:
    """Required days of a versioned entity that a list of customers, products or campaigns may lack."""
    return {"fecha", "fecha_alta"} & set(contract_columns(entity)) if _model(entity).versioned else set()


def _model(entity: str) -> type[DimProvincia | Landing]:
    return DimProvincia if entity == PROVINCES else LANDING[entity]


def _find_columns(entity: str, kind: FileKind) -> dict[str, int]:
    """The index in the kind's columns of each column of the entity that is found."""
    if not kind.table.header:
        return {}
    files, columns = entity_synonyms()[entity]
    own = next((phrase for phrase in files if phrase <= header_words(kind.name)), files[0])
    headers = [header_words(column.header) for column in kind.table.columns]
    found = {}
    for name, phrases in columns.items():
        for phrase in phrases:
            # all words of the header first, then those that the file's own name lacks
            position = next((i for i, header in enumerate(headers) if header == phrase), None)
            if position is None:
                position = next((i for i, header in enumerate(headers) if header - own == phrase), None)
            if position is not None:
                found[name] = position
                break
    return found
