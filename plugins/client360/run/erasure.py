"""Erases a person from the tables of the warehouse.

What the shop sold them stays, without a customer, and with it every sum by day, product or channel; all else of them goes. Keyed
hashes keep them out when their rows come again. The next run judges all files anew, or draws the days of a simulated world anew,
and so brings its own counts in line.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    MetaData,
    Table,
    Text,
    and_,
    delete,
    false,
    func,
    inspect,
    or_,
    select,
    update,
)

from client360.ingest.feed_spec import OWNER, Feed, read_feed
from client360.ingest.keeping_out import KEY, LEAST, OF_A_LINE, keep_out, raw_table, stays
from client360.run.sources import SIMULATOR
from client360.warehouse import erased, locks
from client360.warehouse.erased import normal
from client360.warehouse.models import LANDING, Base, Cargas, Contratos, Entregas, Rechazos, Verificaciones
from client360.warehouse.raw_schema import SCHEMA

KEYS = ("cliente_id", "prestamo_id", "tarjeta_id", "cuenta_id")
"""Columns of the contract that say whose a line is."""
NAME_OTHERS = {"transacciones", "ordenes_permanentes"}
"""Entities whose rows may name somebody else than their customer, as contraparte."""


class NotErased(ValueError):
    """Nobody is erased; the message says why."""


@dataclass(frozen=True)
class Person:
    """What identifies somebody, as it is compared: key, document, e-mail address; and names, which do so in whole only."""

    key: str
    identifiers: frozenset[str]
    names: frozenset[str]
    full_names: frozenset[str]
    accounts: frozenset[str]
    """Accounts that nobody else has held."""

    def rows_of(self, table: Table) -> ColumnElement[bool]:
        """Which rows of a table are the person's."""
        mine = [table.c.cliente_id == self.key] if "cliente_id" in table.c else []
        if "cuenta_id" in table.c:
            mine.append(table.c.cuenta_id.in_(self.accounts))
        return or_(false(), *mine)


@dataclass
class Erasure:
    """What was done: numbers of rows, by table, that went, and that stay without the person; of lines, by file of the owner's."""

    removed: Counter[str] = field(default_factory=Counter)
    kept_without: Counter[str] = field(default_factory=Counter)
    in_files: Counter[str] = field(default_factory=Counter)
    others: int = 0
    """Other customers with the same document or e-mail address, which therefore stays."""


def erase(connection: Connection, cliente_id: str) -> Erasure:
    """Erase a person. Waits until no run is writing. Raises NotErased and NoErasureKey."""
    locks.warehouse(connection, shared=False)
    done = Erasure()
    person = _find(connection, cliente_id, done)
    feed = _feed(connection)
    identity = {("cliente_id", person.key), *(("cuenta_id", account) for account in person.accounts)}
    if feed:
        identity |= _identity_in_files(connection, feed, person)
    erased.add(connection, identity)
    if feed:
        _erase_lines(connection, feed, person, done)
    else:
        _draw_days_again(connection, person)
    _erase_rows(connection, person, done)
    # which may name their accounts, loans and movements; of the others, make check finds them again
    connection.execute(update(Verificaciones).values(ejemplo=None))
    return done


def require_known(connection: Connection, keys: Collection[str]) -> None:
    """Raises NotErased, for all of them, where the warehouse has nobody of a key, nor has had."""
    customer = Base.metadata.tables["dw.dim_cliente"]
    known = set(connection.scalars(select(customer.c.cliente_id).where(customer.c.cliente_id.in_(keys))))
    who = erased.read(connection)
    unknown = [key for key in keys if key not in known and not (who and who.among("cliente_id", [key]))]
    if unknown:
        named = ", ".join(map(repr, unknown))
        raise NotErased(f"cliente is {named}: the warehouse has nobody of that cliente_id; nobody was erased")


def _find(connection: Connection, cliente_id: str, done: Erasure) -> Person:
    customer = Base.metadata.tables["dw.dim_cliente"]
    versions = connection.execute(select(customer).where(customer.c.cliente_id == cliente_id)).all()
    if not versions:
        raise NotErased(f"cliente is {cliente_id!r}: the warehouse has nobody of that cliente_id")
    identifiers = {normal(cliente_id)}
    for column, comparable in ((customer.c.dni, func.dw.documento), (customer.c.email, func.dw.correo)):
        for value in {getattr(version, column.name) for version in versions} - {None}:
            same = comparable(column) == comparable(value)
            others = select(func.count(customer.c.cliente_id.distinct())).where(
                same, customer.c.cliente_id != cliente_id
            )
            found = connection.scalar(others) or 0
            done.others += found
            if not found and connection.scalar(select(comparable(value))):
                identifiers.add(normal(value))
    pairs = {(version.nombre or "", version.apellido or "") for version in versions}
    forms = ("{0} {1}", "{1} {0}", "{1}, {0}", "{1},{0}")
    full = frozenset(normal(form.format(*pair)) for pair in pairs if all(pair) for form in forms)
    full |= {normal(name) for name, surname in pairs if not surname and " " in name.strip()}
    names = full | {normal(name) for pair in pairs for name in pair if name}
    held = Base.metadata.tables["dw.titularidad"]
    of_others = select(held.c.cuenta_id).where(held.c.cliente_id != cliente_id)
    own = select(held.c.cuenta_id).where(held.c.cliente_id == cliente_id, held.c.cuenta_id.not_in(of_others))
    return Person(cliente_id, frozenset(identifiers), names, full, frozenset(connection.scalars(own)))


def _feed(connection: Connection) -> Feed | None:
    """The feed whose files the warehouse holds; None of a simulated world that is drawn."""
    owner = connection.scalar(select(Entregas.mundo).limit(1))
    if owner is None:
        return None
    return read_feed(owner.removeprefix(OWNER) if owner.startswith(OWNER) else SIMULATOR)


def _identity_in_files(connection: Connection, feed: Feed, person: Person) -> set[tuple[str, str]]:
    """By column, the values of the person's lines by which these are known when they come again."""
    identity = {(name, value) for name in ("dni", "email") for value in person.identifiers}
    for kind in feed.files:
        table = raw_table(connection, kind)
        if table is None:
            continue
        for judged in _judged(connection):
            if judged.name[1:] not in LANDING:
                continue
            joined = and_(table.c._entrega == judged.c._entrega, table.c._linea == judged.c._linea)
            theirs = person.rows_of(judged)
            for key in (judged.c[name] for name in KEYS if name in judged.c):
                columns = [table.c[name] for name in _holding(connection, table, key, joined)]
                for row in (
                    connection.execute(select(*columns).join_from(table, judged, joined).where(theirs))
                    if columns
                    else ()
                ):
                    identity |= {
                        (KEY + column.name, value) for column, value in zip(columns, row, strict=True) if value
                    }
            for line in connection.execute(select(table).join_from(table, judged, joined).where(theirs)).mappings():
                words = {name: normal(value) for name, value in line.items() if isinstance(value, str)}
                others = person.identifiers - {normal(person.key)}
                identity |= {(name, word) for name, word in words.items() if word in others}
                identity |= {(OF_A_LINE + name, word) for name, word in words.items() if word in person.names}
    return identity


def _holding(connection: Connection, table: Table, key: ColumnElement, joined: ColumnElement[bool]) -> list[str]:
    """The columns of a raw table that hold a key in every line of the entity: elsewhere a quantity may be equal to it."""
    texts = _texts(table)
    if not texts:
        return []
    same = [func.bool_and(column.is_not_distinct_from(key)) for column in texts]
    distinct, *holds = connection.execute(
        select(func.count(key.distinct()), *same).join_from(table, key.table, joined).where(key.is_not(None))
    ).one()
    return [
        column.name
        for column, each in zip(texts, holds, strict=True)
        if each and (distinct > 1 or column.name == key.name)
    ]


def _texts(table: Table) -> list[ColumnElement]:
    return [column for column in table.columns if isinstance(column.type, Text)]


def _erase_lines(connection: Connection, feed: Feed, person: Person, done: Erasure) -> None:
    """Erase from the raw tables, what is judged of them, and the rejected lines."""
    who = erased.read(connection)
    paths = {row.entrega: row.archivo for row in connection.execute(select(Entregas.entrega, Entregas.archivo))}
    for kind in feed.files:
        if who is None or (table := raw_table(connection, kind)) is None:
            continue
        for delivery, lines in keep_out(connection, feed, kind, who).items():
            (done.kept_without if stays(feed, kind) else done.removed)[table.fullname] += lines
            done.in_files[paths.get(abs(delivery), "")] += lines
        if NAME_OTHERS & set(feed.readers(kind)):
            _unname(connection, table, _texts(table), person, done)
    for judged in _judged(connection):
        if texts := _texts(judged):  # all of it is judged again
            theirs = or_(*(_is_one_of(column, person.identifiers | person.full_names) for column in texts))
            done.removed[judged.fullname] += connection.execute(delete(judged).where(theirs)).rowcount
    for rejected in _rejected(connection, person):
        mine = (Rechazos.archivo == rejected.archivo) & (Rechazos.linea == rejected.linea)
        done.removed["control.rechazos"] += connection.execute(delete(Rechazos).where(mine)).rowcount
        if rejected.entidad == "" and rejected.motivo != "sin_mapear":
            fewer = {"lineas": Entregas.lineas - 1}
            connection.execute(update(Entregas).where(Entregas.archivo == rejected.archivo).values(fewer))
    connection.execute(delete(Contratos))  # all rows are judged anew


def _rejected(connection: Connection, person: Person) -> Sequence[Any]:
    """Rejected lines that name the person."""
    words = sorted(word for word in person.identifiers if len(word) >= LEAST)
    line = func.lower(Rechazos.texto)
    written = ["[ .-]?".join(word) if word.isdigit() else re.escape(word) for word in words]
    named = [line.regexp_match(rf"(^|[^[:alnum:]]){word}([^[:alnum:]]|$)") for word in written]
    for full in person.full_names:
        named.append(and_(*(line.contains(part, autoescape=True) for part in re.split(r"\W+", full) if part)))
    columns = (Rechazos.archivo, Rechazos.linea, Rechazos.entidad, Rechazos.motivo)
    return connection.execute(select(*columns).where(or_(*named))).all() if named else []


def _judged(connection: Connection) -> list[Table]:
    """The tables in which judged rows of a feed wait."""
    names = [name for name in inspect(connection).get_table_names(SCHEMA) if name.startswith("_")]
    return [Table(name, MetaData(), schema=SCHEMA, autoload_with=connection) for name in sorted(names)]


def _draw_days_again(connection: Connection, person: Person) -> None:
    """Have the next run draw the days of the person, which then come without them."""
    for table in Base.metadata.sorted_tables:
        if table.schema == "dw" and {"cliente_id", "cuenta_id"} & set(table.c.keys()):
            day = next(table.c[name] for name in ("fecha", "vigente_desde", "desde") if name in table.c)
            days = select(day).where(person.rows_of(table))
            connection.execute(delete(Cargas).where(Cargas.fecha.in_(days)))


def _erase_rows(connection: Connection, person: Person, done: Erasure) -> None:
    """Erase from staging, the star, the marts, and what others' rows say of the person."""
    for table in Base.metadata.sorted_tables:
        if "cliente_id" in table.c and (stays := erased.stays(table)) is not None:
            mine = and_(table.c.cliente_id == person.key, stays, ~_of_accounts(table, person))
            changed = connection.execute(update(table).where(mine).values(cliente_id="")).rowcount
            done.kept_without[table.fullname] += changed
        if {"cliente_id", "cuenta_id"} & set(table.c.keys()):
            theirs = delete(table).where(person.rows_of(table))
            done.removed[table.fullname] += connection.execute(theirs).rowcount
        if "contraparte" in table.c:
            _unname(connection, table, [table.c.contraparte], person, done)
        if "posible_duplicado_de" in table.c:
            other = table.c.posible_duplicado_de == person.key
            changed = connection.execute(update(table).where(other).values(posible_duplicado_de=None)).rowcount
            done.kept_without[table.fullname] += changed


def _of_accounts(table: Table, person: Person) -> ColumnElement[bool]:
    return func.coalesce(table.c.cuenta_id.in_(person.accounts), false()) if "cuenta_id" in table.c else false()


def _unname(
    connection: Connection, table: Table, columns: Collection[ColumnElement], person: Person, done: Erasure
) -> None:
    """Empty cells of others' rows that name the person."""
    words = {word for word in person.identifiers | person.full_names if len(word) >= LEAST}
    for column in columns:
        named = _is_one_of(column, words)
        done.kept_without[table.fullname] += connection.execute(
            update(table).where(named).values({column.name: None})
        ).rowcount


def _is_one_of(column: ColumnElement, words: Collection[str]) -> ColumnElement[bool]:
    plain = func.lower(func.btrim(column))
    return or_(plain.in_(words), func.regexp_replace(plain, "[ .-]", "", "g").in_([w for w in words if w.isdigit()]))
