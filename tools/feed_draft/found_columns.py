"""Which columns of a file are which of an entity, by their names and values; and of which of them a person has to judge."""

from collections.abc import Iterator

from sqlalchemy import Date

from tools.feed_draft.columns import MIN_SHARE, Column
from tools.feed_draft.entity_columns import FACT_IDS, contract_columns, key_columns, key_of, required_columns
from tools.feed_draft.file_kinds import FileKind
from tools.feed_draft.quoting import quoted
from tools.feed_draft.vocabulary import entity_synonyms, header_words, plain, plain_words, value_synonyms

SELLING = {"venta", "vta", "vendedor", "sell", "selling", "ask"}
BUYING = {"compra", "comprador", "buy", "buying", "bid"}
"""What the two rates of a currency are called, as it is written: elsewhere both words are an order."""
FEW = 0.5
"""A share of different values below which a column holds kinds rather than ids."""
CODED = {"transacciones": ("tipo_transaccion", [{"movimiento", "id"}, {"transaccion", "id"}, {"id"}])}
"""By entity: what a code of which few different ones occur may be, and what the code may be called."""


def find_columns(entity: str, kind: FileKind, *, telling: bool = False) -> dict[str, int]:
    """The index in the kind's columns of each column of the entity that is found; where `telling`, by names that tell of it."""
    if not kind.table.header:
        return {}
    called = {name: list(_called(entity, name, kind, telling=telling)) for name in entity_synonyms()[entity].columns}
    found = {name: phrases[0][1][0] for name, phrases in called.items() if phrases}
    key = key_of(entity)
    # what the rows of another entity repeat has no row of its own
    if key and key in found and kind.entity in (None, entity):
        others = [found[name] for name in key_columns(entity) if name in found and name != key]
        position = _key(entity, kind, called[key], others)
        found = {name: at for name, at in (found | {key: position}).items() if at is not None}
    _move(entity, kind, found)
    if entity == "cotizaciones" and "cotizacion" not in found:
        sold, bought = (_rate(kind, names) for names in (SELLING, BUYING))
        if rate := (sold or bought if not telling else sold and bought and sold):
            found["cotizacion"] = kind.table.columns.index(rate)
    return found


def complete_columns(entity: str, kind: FileKind) -> dict[str, int]:
    """Those that are found, and those that could hardly be others once it is known what the files are of."""
    found = find_columns(entity, kind)
    if not kind.table.header:
        return found
    if "fecha" in required_columns(entity) and "fecha" not in found:
        days = [i for i, column in enumerate(kind.table.columns) if column.kind == "date"]
        if len(days) == 1 and days[0] not in found.values():
            found["fecha"] = days[0]
    name, phrases = CODED.get(entity, ("", []))
    codes = [
        i
        for phrase in phrases
        for i, column in enumerate(kind.table.columns)
        if header_words(column.header) == phrase and column.unshared < FEW and i not in found.values()
    ]
    if codes and name not in found:
        found[name] = codes[0]
    return found


def guesses(kind: FileKind) -> dict[str, str]:
    """What a person has to judge of columns of a kind that were found, by column of its entity."""
    return dict(_guesses(kind.entity, kind)) if kind.entity and kind.table.header else {}


def _guesses(entity: str, kind: FileKind) -> Iterator[tuple[str, str]]:
    key = key_of(entity)
    together = tuple(kind.found[name] for name in key_columns(entity) if name in kind.found)
    if key and key in kind.found and not kind.repeated:
        likeliest = next(_called(entity, key, kind, telling=False))[1]
        if kind.table.unshared(together) < 1:
            yield key, "its values repeat within a file: is it what tells the rows apart?"
        elif kind.found[key] not in likeliest:
            yield key, f"the values of {quoted(kind.raw[likeliest[0]])} repeat: is it this one?"
    if "fecha" in kind.found and "fecha" not in find_columns(entity, kind):
        yield "fecha", "the only column of days: is it that one?"
    if entity == "cotizaciones":
        sold, bought = (_rate(kind, names) for names in (SELLING, BUYING))
        if sold and bought and kind.found.get("cotizacion") == kind.table.columns.index(sold):
            low, high = (quoted(kind.raw[kind.table.columns.index(rate)]) for rate in (bought, sold))
            sign = kind.table.dialect.decimal
            yield "cotizacion", f"or {low}, or their mean: (numero({low}, '{sign}') + numero({high}, '{sign}')) / 2"


def _fits(entity: str, name: str, column: Column) -> bool:
    """Whether the values may be of a column: the day of a month and a year are no dates, and the code of a kind is no id."""
    if isinstance(contract_columns(entity)[name].type, Date):
        return not column.short
    if name.startswith("dia_") or f"{entity}.{name}" == "cuotas.numero":
        return column.short or column.kind == "nothing"
    return f"{entity}.{name}" not in FACT_IDS or not column.codes


def _tells(name: str, phrase: frozenset[str]) -> bool:
    """Whether a name that a column may have says more than that it is some id, day or kind."""
    own = header_words(name) - {"id", "fecha"}
    return not own or bool(own & phrase) or ("id" in phrase and len(phrase) > 1)


Called = tuple[frozenset[str], list[int]]


def _called(entity: str, name: str, kind: FileKind, *, telling: bool) -> Iterator[Called]:
    """The columns that are called like one of the entity's, by what they are called, likeliest first."""
    names = entity_synonyms()[entity]
    own = next((phrase for phrase in names.files if phrase <= kind.words()), names.files[0])
    fitting = [
        header_words(column.header) if _fits(entity, name, column) else frozenset() for column in kind.table.columns
    ]
    as_itself = [i for i, column in enumerate(kind.table.columns) if column.header == name and fitting[i]]
    if as_itself:
        yield frozenset(name.split("_")), as_itself
    for phrase in names.columns[name]:
        if telling and not _tells(name, phrase):
            continue
        # all words of the header first, then those that the file's own name lacks
        for at in (
            [i for i, header in enumerate(fitting) if header == phrase],
            [i for i, header in enumerate(fitting) if header - own == phrase],
        ):
            if at:
                yield phrase, at


def _key(entity: str, kind: FileKind, called: list[Called], others: list[int]) -> int | None:
    """Of the columns that are called like the key, the one whose values, with the others of the key, tell rows apart."""
    repeating = None
    for phrase, at in called:
        apart = [i for i in at if kind.table.columns[i].unshared >= MIN_SHARE]
        apart = apart or [i for i in at if others and kind.table.unshared((i, *others)) >= MIN_SHARE]
        # a full name counts more than values: the list of those who left and came back repeats their ids
        if apart or len(phrase) > 1:
            return apart[0] if apart else at[0]
        repeating = at[0] if repeating is None else repeating
    return None if f"{entity}.{key_of(entity)}" in FACT_IDS else repeating


def _move(entity: str, kind: FileKind, found: dict[str, int]) -> None:
    """Give columns that were found by their names to others, where their values say that they are those."""
    kind_of_movement = found.get("tipo_transaccion")
    if (
        kind_of_movement is not None
        and "sentido" not in found
        and _says_directions(kind.table.columns[kind_of_movement])
    ):
        found["sentido"] = found.pop("tipo_transaccion")
    if entity == "cuotas" and {"cuota_id", "prestamo_id"} <= set(found) and kind.table.columns[found["cuota_id"]].short:
        found["numero"] = found.pop("cuota_id")  # that within its loan


def _says_directions(column: Column) -> bool:
    """Whether a column has both directions for its values, and no others, as where `type` is debit or credit."""
    written = value_synonyms("transacciones", "sentido")
    meant = {word: direction for direction, others in written.items() for word in (direction, *others)}
    return {meant.get(plain(word).strip()) for word in column.words} == set(written)


def _rate(kind: FileKind, names: set[str]) -> Column | None:
    return next(
        (column for column in kind.table.columns if column.kind == "number" and names & plain_words(column.header)),
        None,
    )
