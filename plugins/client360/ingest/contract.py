"""From the raw tables of a feed to staging: the mapping is run, every row judged and accounted for, and the days that changed
are delivered.

All of it is a pure function of the raw tables. The typed rows of an entity stand, for the time of the transaction, in
`crudo._<entity>`, each with its `_estado`: null where it is accepted, below 0 where it says nothing new, above 0 where it is
rejected, by the number of its defect. Plain tables, since parallel workers can not read temporary ones.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from graphlib import TopologicalSorter
from itertools import chain
from typing import cast

import psycopg
from psycopg import sql
from sqlalchemy import CheckConstraint, Column, Connection, Date, Engine, Integer, Numeric, Table, Text, inspect

from client360.folders import SQL
from client360.ingest.feed_spec import ENTITIES, FEEDS, LEFT_OUT, PROVINCES, BadFeed, Feed
from client360.load import dimensions
from client360.warehouse import locks
from client360.warehouse.models import LANDING, MOTIVOS, dw
from client360.warehouse.ownership import hold_warehouse
from client360.warehouse.partitions import create_partitions

STEPS = SQL / "contract"
TABLES: dict[str, Table] = {
    PROVINCES: dw.DimProvincia.table(),
    **{entity: model.table() for entity, model in LANDING.items()},
}
KEYS: dict[str, tuple[str, ...]] = {
    PROVINCES: ("provincia",),
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
"""What tells the rows of an entity apart, in whatever files they stand."""
VERSIONED = ("clientes", "productos", "campanias")
"""Entities whose rows are versions: one that says what the version before it says is none."""
IDENTIFIERS = (
    "provincia",
    "cliente_id",
    "producto_id",
    "campania_id",
    "transaccion_id",
    "venta_id",
    "deposito",
    "movimiento_id",
)
RANGES = {
    "fecha": "fecha between date '1990-01-01' and date '2099-12-31'",
    "fecha_nacimiento": "fecha_nacimiento between (fecha - interval '130 years')::date and fecha",
    "poblacion": "poblacion > 0",
    **{name: f"octet_length({name}) <= 200" for name in IDENTIFIERS},  # the keys of the star have to fit in an index
}
"""What the contract asks of a column of this name beyond the constraints of the models."""
NUMBER = r"^ *[-+]?([0-9]+\.?[0-9]*|\.[0-9]+) *$"
WHOLE_NUMBER = r"^ *[-+]?[0-9]+ *$"
DAY = "^ *[0-9]{4}-[0-9]{2}-[0-9]{2} *$"
OF_THE_LINE = MOTIVOS[: MOTIVOS.index("tipo_invalido")]
REPEATED, REPLACED, UNCHANGED = -1, -2, -3
"""States of rows that are neither accepted nor rejected."""
REPEATED_KEY = "clave_repetida"
UNMAPPED = 1
"""State of a row that belongs to no entity."""
TEXT_TYPES = (25, 1042, 1043)
"""PostgreSQL's numbers of the types text, char and varchar."""


@dataclass(frozen=True)
class Parent:
    """What the rows of an entity refer to: where a `column` has a value, `known` must hold, an expression over the columns of
    the row and of include/sql/contract/conocidos_<entity>.sql."""

    entity: str
    column: str
    known: str
    expected: str


CUSTOMER = "{day} >= _clientes_desde and ({day} < _clientes_hasta) is not false"
FROM_FECHA_ALTA = "a customer on {day}: from fecha_alta and the first version on, before fecha_baja"
PARENTS: dict[str, tuple[Parent, ...]] = {
    "ventas": (
        Parent("clientes", "cliente_id", CUSTOMER.format(day="fecha_venta"), FROM_FECHA_ALTA.format(day="fecha_venta")),
        Parent("campanias", "campania_id", "_campanias_conocida is not null", "a campaign"),
        Parent(
            "ventas",
            "venta_id",
            "cliente_id = _ventas_cliente and fecha_venta = _ventas_fecha",
            "an order whose first state, of fecha = fecha_venta, has the same cliente_id and fecha_venta",
        ),
    ),
    "transacciones": (
        Parent("clientes", "cliente_id", CUSTOMER.format(day="fecha"), FROM_FECHA_ALTA.format(day="fecha")),
        Parent("ventas", "venta_id", "_ventas_fecha is not null", "an order"),
    ),
    "detalle_ventas": (
        Parent("clientes", "cliente_id", CUSTOMER.format(day="fecha"), FROM_FECHA_ALTA.format(day="fecha")),
        Parent("productos", "producto_id", "fecha >= _productos_desde", "a product on fecha: from fecha_alta on"),
        Parent(
            "ventas",
            "venta_id",
            "cliente_id = _ventas_cliente and fecha = _ventas_fecha",
            "an order of the same cliente_id on fecha",
        ),
    ),
    "envios": (
        Parent("clientes", "cliente_id", "_clientes_conocido is not null", "a customer"),
        Parent(
            "ventas",
            "venta_id",
            "cliente_id = _ventas_cliente and fecha >= _ventas_fecha",
            "an order of the same cliente_id, known by fecha",
        ),
    ),
    "contactos_campania": (
        Parent("clientes", "cliente_id", "fecha >= _clientes_conocido", "a customer known by fecha"),
        Parent("campanias", "campania_id", "fecha >= _campanias_conocida", "a campaign known by fecha"),
    ),
    "movimientos_stock": (Parent("productos", "producto_id", "_productos_desde is not null", "a product"),),
}
"""What include/sql/check demands of the references of each entity, in the order in which they are judged."""
KNOWN = {parent.entity for parents in PARENTS.values() for parent in parents}
ORDER = tuple(
    TopologicalSorter(
        {
            entity: {parent.entity for parent in PARENTS.get(entity, ()) if parent.entity != entity}
            for entity in ENTITIES
        }
    ).static_order()
)
"""Entities, parents before children."""


class TooManyRejected(ValueError):
    """More rows of an entity were rejected than the feed allows; the message counts them by entity and reason."""


@dataclass(frozen=True)
class Defect:
    """Why a row is rejected: where it is the first one whose `condition`, an expression over the typed row, holds."""

    motivo: str
    columna: str
    detalle: str | None
    condition: sql.Composable
    parent: str | None = None
    """The entity that the condition is about, if it is another row's."""


def apply_contract(engine: Engine, feed: Feed, run: str, threshold: float) -> list[date]:
    """Bring staging, control.cargas, rechazos and lecturas, and dw.dim_provincia to what the raw tables say; returns the days
    of which anything changed, which then wait in staging.

    All or nothing, but where more than `threshold` per cent of the rows of an entity are rejected: then rechazos and lecturas
    are left to be read, all else is as it was, and TooManyRejected is raised. Raises BadFeed where the mapping does not give
    rows of the contract, and OwnerReplaced.
    """
    with engine.begin() as connection:
        hold_warehouse(connection, feed.owner)
        locks.feed(connection)
        filling = _Filling(connection, feed, run)
        filling.judge()
        excess = filling.excess(threshold)
        days = [] if excess else filling.deliver()
        filling.clear()
    if excess:
        raise TooManyRejected(excess)
    return days


def defects(entity: str) -> list[Defect]:
    """The defects that a row of the entity can have, in the order in which they are looked for: in its values, in its key
    among others, in its parents."""
    table = TABLES[entity]
    numbers = [column for column in table.columns if isinstance(column.type, Numeric | Integer)]
    days = [column for column in table.columns if isinstance(column.type, Date)]
    found = []
    for column in table.columns:
        if column in numbers:
            no_number = _sql("{written} is not null and {value} is null and {written} !~ {pattern}", **_of(column))
            found.append(Defect("tipo_invalido", column.name, _type(column), no_number))
        elif column in days:
            no_day = _sql("{written} is not null and {value} is null", **_of(column))
            found.append(Defect("tipo_invalido", column.name, "YYYY-MM-DD", no_day))
    for column in table.columns:
        if not column.nullable:
            found.append(Defect("falta_valor", column.name, None, _sql("{written} is null", **_of(column))))
    for column in numbers:
        does_not_fit = _sql("{written} is not null and {value} is null", **_of(column))
        found.append(Defect("fuera_de_rango", column.name, _type(column), does_not_fit))
    asked = [(name, text) for name, text in RANGES.items() if name in table.columns]
    asked += [(_judged(table, text), text) for text in _constraints(table)]
    # what is wrong with one value is said before what is wrong between two
    order = table.columns.keys()
    asked.sort(key=lambda asked: (_words(asked[1]), len(_named(table, asked[1])), order.index(asked[0])))
    for name, text in asked:
        motivo = "valor_desconocido" if _words(text) else "fuera_de_rango"
        found.append(Defect(motivo, name, text, _sql(f"({text}) is false")))
    found.append(Defect(REPEATED_KEY, KEYS[entity][0], f"one row for each {', '.join(KEYS[entity])}", sql.SQL("false")))
    for parent in PARENTS.get(entity, ()):
        unknown = f"{parent.column} is not null and ({parent.known}) is not true"
        rejected = f"{unknown} and _{parent.entity}_rechazado"
        for motivo, condition in (("padre_rechazado", rejected), ("padre_desconocido", unknown)):
            found.append(Defect(motivo, parent.column, parent.expected, _sql(condition), parent.entity))
    return found


def _constraints(table: Table) -> list[str]:
    """The conditions that the model sets, in the order of their names."""
    checks = [constraint for constraint in table.constraints if isinstance(constraint, CheckConstraint)]
    return [str(check.sqltext) for check in sorted(checks, key=lambda check: str(check.name))]


def _words(condition: str) -> bool:
    """Whether a condition lists the words that a column may say."""
    return " in (" in condition


def _judged(table: Table, condition: str) -> str:
    """The column that a condition is about: the first number or day in it, else the first word."""
    return min(_named(table, condition), key=lambda column: isinstance(column.type, Text)).name


def _named(table: Table, condition: str) -> list[Column]:
    """The columns that a condition names, each once."""
    return [table.columns[word] for word in dict.fromkeys(re.findall(r"\w+", condition)) if word in table.columns]


def _type(column: Column) -> str:
    return str(column.type).lower()


def _of(column: Column) -> dict[str, sql.Composable]:
    """A column in SQL: its value, what it was read from, its type, and how a number is written."""
    value = sql.Identifier(column.name)
    whole = isinstance(column.type, Integer)
    return {
        "value": value,
        "written": value if isinstance(column.type, Text) else sql.Identifier(f"_{column.name}_escrito"),
        "type": sql.SQL(_type(column)),
        "type_name": sql.Literal(_type(column)),
        "bare_type": sql.SQL("integer" if whole else "numeric"),
        "pattern": sql.Literal(WHOLE_NUMBER if whole else NUMBER),
    }


def _sql(template: str, /, **parts: sql.Composable | str) -> sql.Composed:
    """SQL of the models, of the rules above or of a feed, with parts filled in; a name stands for itself, quoted."""
    composed = {name: sql.Identifier(part) if isinstance(part, str) else part for name, part in parts.items()}
    return sql.SQL(template).format(**composed)


def _work(name: str) -> sql.Identifier:
    return sql.Identifier("crudo", f"_{name}")


def _names(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _written(column: Column, oid: int, comma: list[str]) -> sql.Composed:
    """A column of the mapping as text: of a number in a file with a decimal comma, with a point."""
    text = _sql("fila.{column}::text", column=column.name)
    if isinstance(column.type, Text):
        # an empty key names nothing
        return _sql("nullif({text}, '') collate \"C\"", text=text) if column.type.collation else text
    if isinstance(column.type, Date) or oid not in TEXT_TYPES or not comma:
        return text
    return _sql(
        "case when entregas.tabla = any({comma}) then crudo.numero({text}, ',')::text else {text} end",
        comma=sql.Literal(comma),
        text=text,
    )


def _read(column: Column) -> sql.Composed:
    """The value of a day or number; null where it is none, or none that PostgreSQL alone would take for one."""
    if isinstance(column.type, Date):
        # 'today', '1/2/2025' and '0044-03-15 BC' are days to PostgreSQL; only an ISO day is printed as it was written
        return _sql(
            """case when {calendar}.dia is not null then {calendar}.dia
                when octet_length({written}) = 10 or {written} ~ {day} then case
                when pg_input_is_valid({written}, 'date') then case
                when {written}::date::text = btrim({written}) then {written}::date end end end as {value}""",
            calendar=_calendar(column),
            day=sql.Literal(DAY),
            **_of(column),
        )
    # as are 0x1F, 1_000, 1e3 and NaN numbers; most are printed as they were written, which is found sooner than a pattern
    return _sql(
        """case when pg_input_is_valid({written}, {type_name}) then case
            when ({written}::{bare_type}::text = {written} and {written} <> 'NaN') or {written} ~ {pattern}
            then {written}::{type} end end as {value}""",
        **_of(column),
    )


def _calendar(column: Column) -> sql.Identifier:
    return sql.Identifier(f"_calendario_{column.name}")


def _hash(columns: Iterable[Column]) -> sql.Composed:
    """The hash of these columns, of each with a seed of its own: half the work of hash_record_extended."""
    functions = {Text: "hashtextextended", Date: "hashdateextended", Integer: "hashint4extended"}
    return sql.SQL(" # ").join(
        _sql(
            "coalesce({function}({column}, {seed}), {seed})",
            function=sql.SQL(functions.get(type(column.type), "hash_numeric_extended")),
            column=column.name,
            seed=sql.Literal(seed),
        )
        for seed, column in enumerate(columns, start=1)
    )


class _Filling:
    """One filling, within its transaction."""

    def __init__(self, connection: Connection, feed: Feed, run: str) -> None:
        self.connection = connection
        self.cursor = cast("psycopg.Cursor", connection.connection.cursor())
        self.feed = feed
        self.run = run
        self.defects = {entity: defects(entity) for entity in ENTITIES}

    def judge(self) -> None:
        """Give every row of every entity its state, and write control.lecturas and control.rechazos accordingly."""
        self.cursor.execute("set local datestyle = 'ISO, YMD'")
        self.cursor.execute("set local work_mem = '128MB'")
        self.cursor.execute("set local enable_nestloop = off")  # tables so new are taken for small
        self.cursor.execute("set local parallel_tuple_cost = 0")  # to judge a row is dearer than to pass it on
        self.cursor.execute("set local search_path = crudo, public")
        self.cursor.execute((FEEDS / "functions.sql").read_text(encoding="utf-8"))
        self._step("cuentas")
        self._step("calendario")
        self.cursor.executemany(
            "insert into defecto (entidad, estado, motivo, columna, detalle) values (%s, %s, %s, %s, %s)",
            [
                *(
                    (entity, state, defect.motivo, defect.columna, defect.detalle)
                    for entity, possible in self.defects.items()
                    for state, defect in enumerate(possible, start=1)
                ),
                ("", UNMAPPED, "sin_mapear", None, None),
            ],
        )
        for entity in ORDER:
            self._map(entity)
            self._settle_keys(entity)
            if entity in VERSIONED:
                self._drop_unchanged(entity)
            if entity in KNOWN:
                self._make_known(entity)
            self._count(entity)
        self._leave_out()
        for name in self._raw_tables():
            self._compare_lines(name)
            self._quote(name)
        self._step("lecturas")
        self._step("rechazos", de_la_linea=list(OF_THE_LINE), corrida=self.run)

    def excess(self, threshold: float) -> str | None:
        """What to say if too many rows were rejected."""
        self._step("exceso", umbral=threshold)
        found = [f"{rejected} of {rows} {what} ({why})" for what, rejected, rows, why in self.cursor]
        if not found:
            return None
        return (
            f"feed {self.feed.name}: more than {threshold:g} % were rejected, and nothing is loaded: {'; '.join(found)}. "
            "control.rechazos has every one of them; umbral allows for more"
        )

    def deliver(self) -> list[date]:
        """Put the days that changed into staging, and complete the provinces; returns those days."""
        self._step("cargas", entidades=list(LANDING), mundo=self.feed.owner, corrida=self.run)
        self.cursor.execute("select entidad, array_agg(fecha) from dia_cambiado group by entidad")
        changed: dict[str, list[date]] = dict(self.cursor.fetchall())
        days = sorted(set(chain.from_iterable(changed.values())))
        if days:
            self._create_partitions(changed)
            locks.months(self.connection, days[0], days[-1])
        for entity in changed:
            parts = {
                "staging": sql.Identifier("staging", entity),
                "work": _work(entity),
                "columns": _names(TABLES[entity].columns.keys()),
                "its_days": _sql(
                    "fecha in (select fecha from dia_cambiado where entidad = {entity})", entity=sql.Literal(entity)
                ),
            }
            self.cursor.execute(_sql("delete from {staging} where {its_days}", **parts))
            self.cursor.execute(
                _sql(
                    "insert into {staging} ({columns}) select {columns} from {work} where _estado is null and {its_days}",
                    **parts,
                )
            )
        described = PROVINCES in self.feed.mapping or self.feed.country != "AR"
        provinces = [] if described else list(dimensions.provinces())
        self._step(
            "provincias",
            provincias=[province["provincia"] for province in provinces],
            regiones=[province["region"] for province in provinces],
            poblaciones=[province["poblacion"] for province in provinces],
        )
        return days

    def _create_partitions(self, changed: dict[str, list[date]]) -> None:
        """Versions may reach back for decades, and pass through staging only; what happens, happens in all tables."""
        for entity, days in changed.items():
            of = {"of": [TABLES[entity]]} if entity in VERSIONED else {}
            create_partitions(self.connection, {day.replace(day=1) for day in days}, **of)

    def clear(self) -> None:
        """Drop the typed rows, and what they were judged by."""
        for name in ("calendario", "rechazada", LEFT_OUT, *ENTITIES, *(f"conocidos_{entity}" for entity in KNOWN)):
            self.cursor.execute(_sql("drop table {work}", work=_work(name)))

    def _step(self, name: str, **parameters: object) -> None:
        """Run a file of include/sql/contract, statement by statement."""
        for statement in (STEPS / f"{name}.sql").read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                self.cursor.execute(statement, parameters)

    def _map(self, entity: str) -> None:
        """crudo._<entity>: what the feed's SELECT gives, typed, with the first defect of its values or its parents."""
        columns = TABLES[entity].columns
        mapping, given = self._mapping(entity, columns)
        comma = [name for name, file in self.feed.files.items() if file.dialect.decimal == ","]
        parents = {parent.entity: parent for parent in PARENTS.get(entity, ()) if parent.entity != entity}
        # the offset, which as a bare 0 would keep workers away, keeps an expression from being written out wherever it is used
        statement = _sql(
            """
            create unlogged table {work} as
            select _entrega, _linea, {columns}, (case {defects} end)::smallint as _estado
            from (
                select escrita.*{read}
                from (
                    select entregas.entrega as _entrega, fila._linea::bigint as _linea, {written}
                    from ({mapping}\n) as fila
                    left join control.entregas as entregas on entregas.archivo = fila._archivo
                    offset '0'
                ) as escrita
                {calendars}
                offset '0'
            ) as leida
            {parents}
            """,
            work=_work(entity),
            columns=_names(columns.keys()),
            defects=sql.SQL(" ").join(
                _sql("when {condition} then {state}", condition=defect.condition, state=sql.Literal(state))
                for state, defect in enumerate(self.defects[entity], start=1)
                if defect.parent != entity
            ),
            read=sql.SQL("").join(
                _sql(", {read}", read=_read(column)) for column in columns if not isinstance(column.type, Text)
            ),
            # to look up a day takes a sixth of the time of reading it
            calendars=sql.SQL(" ").join(
                _sql(
                    "left join crudo._calendario as {calendar} on {calendar}.texto = {written}",
                    calendar=_calendar(column),
                    written=_of(column)["written"],
                )
                for column in columns
                if isinstance(column.type, Date)
            ),
            written=sql.SQL(", ").join(
                _sql(
                    "{expression} as {written}",
                    expression=_written(column, given[column.name], comma)
                    if column.name in given
                    else _sql("null::text"),
                    written=_of(column)["written"],
                )
                for column in columns
            ),
            mapping=mapping,
            parents=sql.SQL(" ").join(
                _sql(
                    "left join {known} on {key} = {column}",
                    known=_work(f"conocidos_{parent.entity}"),
                    key=f"_{parent.entity}",
                    column=parent.column,
                )
                for parent in parents.values()
            ),
        )
        self._select(entity, statement)

    def _leave_out(self) -> None:
        """crudo._descartes: the rows that are to reach no entity, each once; they are accounted for as those of one are."""
        mapping, _ = self._mapping(LEFT_OUT, ())
        self._select(
            LEFT_OUT,
            _sql(
                """
                create unlogged table {work} as
                select distinct entregas.entrega as _entrega, fila._linea::bigint as _linea
                from ({mapping}\n) as fila
                left join control.entregas as entregas on entregas.archivo = fila._archivo
                """,
                work=_work(LEFT_OUT),
                mapping=mapping,
            ),
        )
        self.cursor.execute(
            _sql(
                """
                insert into resumen (entidad, entrega, filas, numeradas, lineas)
                select {entity}, _entrega, count(*), count(_linea), sum(hashint8extended(_linea, 0))
                from {work}
                group by _entrega
                """,
                entity=sql.Literal(LEFT_OUT),
                work=_work(LEFT_OUT),
            )
        )
        self._refuse_no_lines(LEFT_OUT)

    def _select(self, name: str, statement: sql.Composed) -> None:
        """Run a SELECT of the feed. Raises BadFeed where it fails."""
        try:
            self.cursor.execute(statement)
        except (psycopg.DataError, psycopg.IntegrityError, psycopg.ProgrammingError) as error:
            # the message may quote the value
            raise BadFeed(
                f"{self._file(name)} fails on a value that it meets ({type(error).__name__}): leave what may be no day or "
                "number as text, or use crudo.fecha and crudo.numero"
            ) from None

    def _mapping(self, name: str, columns: Iterable[Column]) -> tuple[sql.SQL, dict[str, int]]:
        """A SELECT of the feed, and the type of each column that it gives. What the feed does not provide, or none of whose
        files has come yet, is empty. Raises BadFeed where it gives other columns than these."""
        known = ("_archivo", "_linea", *(column.name for column in columns))
        nothing = sql.SQL(f"select {', '.join(f'null::text as {column}' for column in known)} where false")
        empty = nothing, dict.fromkeys(known, TEXT_TYPES[0])
        written = self.feed.left_out if name == LEFT_OUT else self.feed.mapping.get(name)
        if written is None:
            return empty
        mapping = sql.SQL(written.strip().removesuffix(";"))
        try:
            with self.connection.begin_nested():
                self.cursor.execute(_sql("select * from ({mapping}\n) as fila limit 0", mapping=mapping))
                given = {column.name: column.type_code for column in self.cursor.description or ()}
        except psycopg.errors.UndefinedTable as error:
            if len(self._raw_tables()) < len(self.feed.files):
                return empty
            raise BadFeed(f"{self._file(name)}: {error.diag.message_primary}") from None
        except psycopg.ProgrammingError as error:
            raise BadFeed(f"{self._file(name)}: {error.diag.message_primary}") from None
        required = ("_archivo", "_linea", *(column.name for column in columns if not column.nullable))
        for problem, names in (
            ("does not give", [column for column in required if column not in given]),
            ("gives what the contract does not have:", sorted(set(given) - set(known))),
        ):
            if names:
                raise BadFeed(f"{self._file(name)} {problem} {', '.join(names)}")
        return mapping, given

    def _file(self, name: str) -> str:
        return f"feeds/{self.feed.name}/{name}.sql"

    def _raw_tables(self) -> list[str]:
        """The files of the feed of which any has come."""
        there = set(inspect(self.connection).get_table_names(schema="crudo"))
        return [name for name in self.feed.files if f"{name}_filas" in there]

    def _settle_keys(self, entity: str) -> None:
        """Of rows that share a key, leave the state of the one that stands: the first of the last file. That of the others says
        whether they repeat it, were replaced by it, or contradict another row of their own file."""
        repeated = next(n for n, defect in enumerate(self.defects[entity], start=1) if defect.motivo == REPEATED_KEY)
        parts = {
            "work": _work(entity),
            "keys": _names(KEYS[entity]),
            "hash": _hash(TABLES[entity].columns[name] for name in KEYS[entity]),
            "columns": _names(TABLES[entity].columns.keys()),
            "repeated": sql.Literal(repeated),
            "same": sql.Literal(REPEATED),
            "replaced": sql.Literal(REPLACED),
        }
        # millions of hashes, each there once, are sorted sooner than kept in a hash table, and workers can share that
        self.cursor.execute("set local enable_hashagg = off")
        self.cursor.execute(
            _sql(
                """
                create temporary table disputada on commit drop as
                select {hash} as llave
                from {work}
                where (_estado > {repeated}) is not false
                group by llave
                having count(*) > 1
                """,
                **parts,
            )
        )
        self.cursor.execute("set local enable_hashagg = on")
        if self.cursor.rowcount:
            self.cursor.execute(
                _sql(
                    """
                    with candidata as (
                        select
                            work.ctid as fila, {keys}, _entrega, _linea, fecha_archivo, archivo,
                            row({columns})::text as contenido
                        from {work} as work
                        inner join control.entregas on _entrega = entrega
                        where
                            (_estado > {repeated}) is not false
                            and ({hash}) in (select llave from disputada)
                    ),
                    en_su_archivo as (
                        select
                            *,
                            row_number() over (partition by {keys}, _entrega order by _linea, contenido) as orden,
                            row_number() over (partition by {keys}, _entrega, contenido order by _linea) as vez
                        from candidata
                    ),
                    entre_archivos as (
                        select
                            fila, contenido, row_number() over ultimo as orden, first_value(contenido) over ultimo as vigente
                        from en_su_archivo
                        where orden = 1
                        window ultimo as (partition by {keys} order by fecha_archivo desc nulls last, archivo desc)
                    ),
                    juzgada as (
                        select fila, case when vez > 1 then {same} else {repeated} end as estado
                        from en_su_archivo
                        where orden > 1
                        union all
                        select fila, case when contenido = vigente then {same} else {replaced} end as estado
                        from entre_archivos
                        where orden > 1
                    )
                    update {work} as work
                    set _estado = juzgada.estado
                    from juzgada
                    where work.ctid = juzgada.fila
                    """,
                    **parts,
                )
            )
        self.cursor.execute("drop table disputada")

    def _drop_unchanged(self, entity: str) -> None:
        """Versions that say what the version before them says."""
        key, day = KEYS[entity]
        said = [column.name for column in TABLES[entity].columns if column.name not in (key, day)]
        self.cursor.execute(
            _sql(
                """
                with version as (
                    select
                        ctid as fila,
                        row({said})::text = lag(row({said})::text) over (partition by {key} order by {day}) as igual
                    from {work}
                    where _estado is null
                )
                update {work} as work
                set _estado = {unchanged}
                from version
                where work.ctid = version.fila and version.igual
                """,
                work=_work(entity),
                said=_names(said),
                key=key,
                day=day,
                unchanged=sql.Literal(UNCHANGED),
            )
        )

    def _make_known(self, entity: str) -> None:
        """crudo._conocidos_<entity>: what the rows of other entities may refer to; and rows of the entity itself that refer to
        a row of it that there is not."""
        known = _work(f"conocidos_{entity}")
        self._step(f"conocidos_{entity}")
        for parent in PARENTS.get(entity, ()):
            if parent.entity == entity:
                own = [(n, defect) for n, defect in enumerate(self.defects[entity], start=1) if defect.parent == entity]
                self.cursor.execute(
                    _sql(
                        """
                        update {work} set _estado = case {defects} end
                        from {known}
                        where {column} = {key} and _estado is null and ({condition}) is not true
                        """,
                        work=_work(entity),
                        defects=sql.SQL(" ").join(
                            _sql("when {condition} then {state}", condition=defect.condition, state=sql.Literal(state))
                            for state, defect in own
                        ),
                        known=known,
                        column=parent.column,
                        key=f"_{entity}",
                        condition=_sql(parent.known),
                    )
                )
                if self.cursor.rowcount:  # which are rejected rows now
                    self.cursor.execute(_sql("drop table {known}", known=known))
                    self._step(f"conocidos_{entity}")
        self.cursor.execute(_sql("analyze {known}", known=known))  # each key once

    def _count(self, entity: str) -> None:
        """What became of the rows of an entity, by file and day, and which are rejected."""
        grouped = _names(["_entrega", "_estado", *(["fecha"] if "fecha" in TABLES[entity].columns else [])])
        measure = LANDING[entity].measure() if entity in LANDING else None
        summed = "0" if measure is None else str(measure.compile(compile_kwargs={"include_table": False}))
        self.cursor.execute(
            "set local enable_sort = off"
        )  # there are few files and days, which the planner can not know
        self.cursor.execute(
            _sql(
                """
                create temporary table resumen_de_la_entidad on commit drop as
                select
                    {entity} as entidad,
                    _entrega,
                    {day} as fecha,
                    _estado,
                    count(*) as filas,
                    count(_linea) as numeradas,
                    sum(hashint8extended(_linea, 0)) as lineas,
                    sum({hash}) filter (where _estado is null) as huella,
                    sum({measure}) filter (where _estado is null) as suma
                from {work}
                group by {grouped}
                """,
                entity=sql.Literal(entity),
                day=sql.SQL("fecha" if "fecha" in TABLES[entity].columns else "null::date"),
                grouped=grouped,
                hash=_hash(TABLES[entity].columns),
                measure=_sql(summed),
                work=_work(entity),
            )
        )
        self.cursor.execute("set local enable_sort = on")
        self.cursor.execute("insert into resumen select * from resumen_de_la_entidad")
        self._refuse_no_lines(entity)
        self.cursor.execute("select 1 from resumen_de_la_entidad where _estado > 0 limit 1")
        if self.cursor.fetchone():
            self.cursor.execute(
                _sql(
                    "insert into crudo._rechazada select {entity}, _entrega, _linea, _estado from {work} where _estado > 0",
                    entity=sql.Literal(entity),
                    work=_work(entity),
                )
            )
        self.cursor.execute("drop table resumen_de_la_entidad")

    def _refuse_no_lines(self, name: str) -> None:
        """Raises BadFeed where rows that are accounted for name no file, or no line."""
        self.cursor.execute(
            "select 1 from resumen where entidad = %s and (entrega is null or numeradas < filas) limit 1", [name]
        )
        if self.cursor.fetchone():
            raise self._no_line(name)

    def _no_line(self, name: str) -> BadFeed:
        return BadFeed(f"{self._file(name)} gives rows whose _archivo and _linea are those of no row of a file")

    def _compare_lines(self, name: str) -> None:
        """Reject rows of a file that no SELECT gave back, where any has to. Raises BadFeed where one gave back a line that the
        file does not have."""
        raw = sql.Identifier("crudo", f"{name}_filas")
        # lines of a file whose number and sum of hashes are those of the rows of an entity are the same lines
        self.cursor.execute(
            _sql(
                """
                with leida as (
                    select _entrega, count(*) as filas, sum(hashint8extended(_linea, 0)) as lineas
                    from {raw}
                    group by _entrega
                ),
                dada as (
                    select entrega, entidad, sum(filas) as filas, sum(lineas) as lineas
                    from resumen
                    group by entrega, entidad
                ),
                comparada as (
                    select
                        _entrega,
                        entidad,
                        coalesce(leida.filas = dada.filas and leida.lineas = dada.lineas, false) as igual
                    from leida
                    left join dada on _entrega = entrega
                )
                select _entrega, bool_or(igual), coalesce(array_agg(entidad) filter (where not igual), '{{}}')
                from comparada
                group by _entrega
                """,
                raw=raw,
            )
        )
        compared = self.cursor.fetchall()
        entities = sorted({entity for *_, other in compared for entity in other if entity})
        given = sql.SQL(" union all ").join(
            _sql("select {name} as origen, _entrega, _linea from {work}", name=sql.Literal(entity), work=_work(entity))
            for entity in entities
        )
        if entities:
            self.cursor.execute(
                _sql(
                    """
                    select origen
                    from ({given}) as dada
                    where
                        _entrega = any({deliveries})
                        and not exists (
                            select
                            from {raw} as fila
                            where fila._entrega = dada._entrega and fila._linea = dada._linea
                        )
                    limit 1
                    """,
                    given=given,
                    deliveries=sql.Literal([delivery for delivery, _, other in compared if any(other)]),
                    raw=raw,
                )
            )
            for (entity,) in self.cursor:
                raise self._no_line(entity)
        incomplete = [delivery for delivery, whole, _ in compared if not whole]
        if incomplete and not self.feed.files[name].lookup:
            mapped = _sql(
                "exists (select from ({given}) as dada where dada._entrega = fila._entrega and dada._linea = fila._linea)",
                given=given,
            )
            self.cursor.execute(
                _sql(
                    """
                    insert into crudo._rechazada
                    select '', _entrega, _linea, {unmapped}
                    from {raw} as fila
                    where _entrega = any({incomplete}) and not {mapped}
                    """,
                    unmapped=sql.Literal(UNMAPPED),
                    raw=raw,
                    incomplete=sql.Literal(incomplete),
                    mapped=mapped if entities else sql.SQL("false"),
                )
            )

    def _quote(self, name: str) -> None:
        """Rejected rows of the files of a kind as they stand in them, the columns in the order of each header."""
        dialect = self.feed.files[name].dialect
        self.cursor.execute(
            """
            select columnas, array_agg(entrega)
            from control.entregas
            where tabla = %s and entrega in (select entrega from crudo._rechazada)
            group by columnas
            """,
            [name],
        )
        for columns, deliveries in self.cursor.fetchall():
            self.cursor.execute(
                _sql(
                    """
                    create temporary table texto_de_los_archivos on commit drop as
                    select _entrega, _linea, crudo.linea(array[{columns}], {delimiter}, {quote})
                    from {raw} as fila
                    where
                        _entrega = any({deliveries})
                        and exists (
                            select
                            from crudo._rechazada as rechazada
                            where rechazada.entrega = fila._entrega and rechazada.linea = fila._linea
                        )
                    """,
                    columns=_names(columns.split(",")),
                    delimiter=sql.Literal(dialect.delimiter),
                    quote=sql.Literal(dialect.quote),
                    raw=sql.Identifier("crudo", f"{name}_filas"),
                    deliveries=sql.Literal(deliveries),
                )
            )
            self.cursor.execute("insert into texto_crudo select * from texto_de_los_archivos")
            self.cursor.execute("drop table texto_de_los_archivos")
