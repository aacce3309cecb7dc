"""Drafts the SELECT of an entity: the mapping of its files to the contract."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from textwrap import wrap

from sqlalchemy import Column as ContractColumn
from sqlalchemy import Date, Integer, Numeric
from sqlalchemy.dialects import postgresql

from client360.load.dimensions import provinces
from tools.feed_draft.columns import Column
from tools.feed_draft.entities import DEFAULTS, allowed_words, contract_columns, version_days
from tools.feed_draft.file_kinds import FileKind
from tools.feed_draft.vocabulary import header_words, plain, value_synonyms

WIDTH = 120
DEFAULT_FIRST_DAY = date(2025, 1, 1)
"""First day of the history if no file has dates."""
PROVINCE_COLUMNS = ("clientes.provincia", "ventas.provincia_envio")
SIMPLE_EXPRESSION = r"""[\w."]+|'[^']*'"""
SIGNED_COLUMN = "movimientos_stock.cantidad"

quoted: Callable[[str], str] = postgresql.dialect().identifier_preparer.quote


@dataclass(frozen=True)
class Drafted:
    """An expression for a column, and a remark, which begins with TODO if a person has to complete it."""

    sql: str
    remark: str | None = None


def draft_select(entity: str, kinds: list[FileKind]) -> str:
    """The SELECT of an entity, from all kinds of files that provide it."""
    providing = [kind for kind in kinds if kind.entity == entity]
    names = " and ".join(kind.name for kind in providing)
    head = f"-- Drafted by make feed: {entity} from {names}. Complete what says TODO.\n\n"
    return head + "\nunion all\n\n".join(_Select(entity, kind, kinds).text() for kind in providing)


@dataclass
class _Select:
    """The SELECT of an entity from one kind of file."""

    entity: str
    kind: FileKind
    kinds: list[FileKind]
    own: str = ""
    """What qualifies the files' columns if there are several tables."""
    drafted: dict[str, Drafted] = field(default_factory=dict)

    def text(self) -> str:
        orders = self._orders()
        self.own = f"{quoted(self.kind.name)}." if orders else ""
        for name, column in contract_columns(self.entity).items():
            from_order = orders and name not in self.kind.found and name in ("cliente_id", "fecha")
            self.drafted[name] = Drafted(f"venta.{name}") if from_order else self._column(column)
        lines = [f"    {self.own}_archivo,", f"    {self.own}_linea,"]
        # in the contract's order, computed columns last, as sqlfluff has it
        ordered = sorted(self.drafted.items(), key=lambda item: re.fullmatch(SIMPLE_EXPRESSION, item[1].sql) is None)
        for i, (name, drafted) in enumerate(ordered):
            alias = "" if drafted.sql.rsplit(".", 1)[-1] == name else f" as {name}"
            comma = "," if i + 1 < len(self.drafted) else ""
            lines += _line(f"{drafted.sql}{alias}{comma}", drafted.remark)
        source = [f"from crudo.{quoted(self.kind.name)}"]
        if orders:
            source.append(f"left join venta on {self._raw('venta_id')} = venta.venta_id")
        return "\n".join([*orders, "select", *lines, *source]) + "\n"

    def _raw(self, name: str) -> str:
        """The column of the files that holds one of the contract."""
        return self.own + quoted(self.kind.raw[self.kind.found[name]])

    def _column(self, column: ContractColumn) -> Drafted:
        name = column.name
        if name in self.kind.found:
            return self._converted(column, name)
        if f"{self.entity}.{name}" in DEFAULTS:
            sql, granted = DEFAULTS[f"{self.entity}.{name}"]
            return Drafted(sql.format(own=self.own), f"TODO: {granted}")
        if (self.entity, name) == ("detalle_ventas", "linea"):
            order = self.drafted["venta_id"].sql
            window = f"partition by {order} order by {self.own}_archivo, {self.own}_linea"
            return Drafted(f"row_number() over (\n        {window}\n    )")
        if (self.entity, name) == ("clientes", "fecha_nacimiento") and (age := self._age_column()):
            return self._birth_day(age)
        if name in version_days(self.entity):
            return self._version_day(column)
        implied = "; is it implied by the line? (_linea - 1)::text" if name.endswith("_id") else ""
        need = "optional" if column.nullable else "required"
        return Drafted("null", f"TODO {need}: {column.comment}{'' if column.nullable else implied}")

    def _version_day(self, column: ContractColumn) -> Drafted:
        """The day on which a version became known: that of its file, of its beginning, or of the first fact."""
        if column.name == "fecha_alta":
            return Drafted(self.drafted["fecha"].sql, "TODO: no such day: the one on which they became known")
        if self.kind.to_raw_file().dated:
            return Drafted("_fecha")
        beginning = "fecha_inicio" if self.entity == "campanias" else "fecha_alta"
        if beginning in self.kind.found:
            drafted = self._converted(column, beginning)
            return Drafted(drafted.sql, drafted.remark or "an undated list: known from its own date on")
        days = [
            day
            for kind in self.kinds
            if kind.entity in ("transacciones", "ventas") and "fecha" in kind.found
            if (day := kind.table.columns[kind.found["fecha"]].first_day)
        ]
        first = min(days).replace(day=1) if days else DEFAULT_FIRST_DAY
        return Drafted(f"date '{first}'", "TODO: an undated list: known from the first day of the history on")

    def _age_column(self) -> str | None:
        columns = zip(self.kind.raw, self.kind.table.columns, strict=True)
        return next(
            (self.own + quoted(raw) for raw, column in columns if header_words(column.header) == {"edad"}), None
        )

    def _birth_day(self, age: str) -> Drafted:
        since = self.drafted["fecha"].sql
        day = since if since.startswith("date ") else f"{since}::date"
        born = f"({day} - make_interval(years => {age}::integer))::date::text"
        case = f"case\n        when {age} ~ '^[0-9]{{1,3}}$' then {born}\n        else {age}\n    end"
        return Drafted(case, f"TODO: {age} in years on the day of fecha")

    def _converted(self, column: ContractColumn, name: str) -> Drafted:
        """A column of the files as a column of the contract."""
        raw, found = self._raw(name), self.kind.table.columns[self.kind.found[name]]
        if isinstance(column.type, Date):
            return _date(raw, found)
        if isinstance(column.type, Numeric | Integer):
            return _number(raw, found, signed=f"{self.entity}.{name}" == SIGNED_COLUMN, comment=column.comment or "")
        if "id" in header_words(found.header) and not name.endswith(("_id", "dni")):
            return Drafted(raw, f"TODO: an id: join the file that says what it means: {column.comment}")
        return _word(raw, found, self.entity, name)

    def _orders(self) -> list[str]:
        """The lines of a CTE with customer and day of each order, for order lines and shipments that name only the order."""
        found = set(self.kind.found)
        if (
            self.entity not in ("detalle_ventas", "envios")
            or "venta_id" not in found
            or {"cliente_id", "fecha"} <= found
        ):
            return []
        for kind in self.kinds:
            if kind.entity == "ventas" and {"venta_id", "cliente_id", "fecha"} <= set(kind.found):
                orders = _Select("ventas", kind, self.kinds)
                columns = contract_columns("ventas")
                key = orders._raw("venta_id")
                drafted = [(name, orders._column(columns[name]).sql) for name in ("venta_id", "cliente_id", "fecha")]
                return [
                    "-- customer and day of an order, as its first row says",
                    "with venta as (",
                    f"    select distinct on ({key})",
                    ",\n".join(f"        {sql}" + ("" if sql == name else f" as {name}") for name, sql in drafted),
                    f"    from crudo.{quoted(kind.name)}",
                    f"    order by {key}, _archivo, _linea",
                    ")",
                    "",
                ]
        return []


def _line(code: str, remark: str | None) -> list[str]:
    if remark is None:
        return [f"    {code}"]
    if "\n" not in code and len(code) + len(remark) + 8 <= WIDTH:
        return [f"    {code}  -- {remark}"]
    return [*(f"    -- {part}" for part in wrap(remark, WIDTH - 10)), f"    {code}"]


def _date(raw: str, found: Column) -> Drafted:
    if found.kind != "date":
        return Drafted(
            raw, None if found.kind == "nothing" else f"TODO: dates in a format of their own: fecha({raw}, '...')"
        )
    doubt = f"TODO: {' or '.join(found.formats)}? All dates seen fit both" if len(found.formats) > 1 else None
    day = f"split_part({raw}, '{found.before_time}', 1)" if found.before_time else raw
    return Drafted(day if found.formats[0] == "YYYY-MM-DD" else f"fecha({day}, '{found.formats[0]}')", doubt)


def _number(raw: str, found: Column, *, signed: bool, comment: str) -> Drafted:
    if found.kind in ("word", "date"):
        return Drafted(raw, f"TODO: {found.description} was found: {comment}")
    sql = f"translate({raw}, '{found.signs}', '')" if found.signs else raw
    if found.negative and not signed:
        return Drafted(sql, "TODO: some are negative: say what the sign means and write ltrim(..., '-')")
    return Drafted(sql)


def _word(raw: str, found: Column, entity: str, name: str) -> Drafted:
    """The files' words translated to the contract's, in columns that allow certain words only."""
    where = f"{entity}.{name}"
    provincial = where in PROVINCE_COLUMNS
    allowed = [str(row["provincia"]) for row in provinces()] if provincial else allowed_words(entity).get(name, ())
    if not allowed or not found.words:
        return Drafted(raw, f"TODO: one of {', '.join(allowed)}" if allowed and not provincial else None)
    meant = {_normal(other): word for word, others in value_synonyms(entity, name).items() for other in others}
    meant |= {_normal(word): word for word in allowed}
    translated = {word: meant.get(_normal(word)) for word in found.words}
    remark = None
    if None in translated.values() and not provincial:
        remark = f"TODO: one of {', '.join(allowed)}"
    elif "tarjeta" in translated.values():
        remark = "TODO: tarjeta is the bank's own card; any other is otra_tarjeta"
    cases = [
        f"        when {_literal(word)} then {_literal(to)}"
        if to
        else f"        when {_literal(word)} then {_literal(word)}  -- TODO"
        for word, to in sorted(translated.items())
        if to != word and (to or not provincial)
    ]
    return Drafted("\n".join([f"case {raw}", *cases, f"        else {raw}", "    end"]) if cases else raw, remark)


def _normal(word: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", plain(word)))


def _literal(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"
