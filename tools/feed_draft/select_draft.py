"""Drafts the SELECT of an entity: the mapping of its files to the contract."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from textwrap import wrap

from sqlalchemy import Column as ContractColumn
from sqlalchemy import Date, Integer, Numeric

from tools.feed_draft.columns import Column
from tools.feed_draft.conversions import Drafted, draft_date, draft_number
from tools.feed_draft.entities import DEFAULTS, OWN_IDS, contract_columns, version_days
from tools.feed_draft.file_kinds import FileKind
from tools.feed_draft.joins import Join, Joined, find_joins
from tools.feed_draft.left_out import kept_rows
from tools.feed_draft.quoting import literal, quoted
from tools.feed_draft.unions import UNION, same_columns
from tools.feed_draft.vocabulary import header_words, is_doubtful
from tools.feed_draft.words import draft_words

WIDTH = 120
DEFAULT_FIRST_DAY = date(2025, 1, 1)
"""First day of the history if no file has dates."""
SIMPLE_EXPRESSION = r"""[\w."]+|'[^']*'"""
SIGNED_COLUMN = "movimientos_stock.cantidad"


def draft_select(entity: str, kinds: list[FileKind]) -> str:
    """The SELECT of an entity, from all kinds of files that provide it."""
    providing = [kind for kind in kinds if kind.entity == entity]
    names = " and ".join(kind.name for kind in providing)
    head = f"-- Drafted by make feed: {entity} from {names}. Complete what says TODO.\n"
    doubts = [
        f"-- {part}\n"
        for kind in providing
        if kind.doubt
        for part in wrap(f"TODO: {kind.name}: {kind.doubt}", WIDTH - 3)
    ]
    selects = [_Select(entity, kind, kinds) for kind in providing]
    columns = [select.columns() for select in selects]
    if len(selects) > 1:
        columns = same_columns(columns, [kind.table.dialect.decimal for kind in providing])
    # each once: all SELECTs of an entity join the same files
    ctes = list(dict.fromkeys(cte for select in selects for cte in select.ctes()))
    texts = [select.text(its_columns) for select, its_columns in zip(selects, columns, strict=True)]
    return "".join([head, *doubts, "\n", *_with(ctes), UNION.join(texts)])


@dataclass
class _Select:
    """The SELECT of an entity from one kind of file."""

    entity: str
    kind: FileKind
    kinds: list[FileKind]
    own: str = ""
    """What qualifies the files' columns if there are several tables."""
    drafted: dict[str, Drafted] = field(default_factory=dict)
    joined: dict[str, Joined] = field(default_factory=dict)
    """Columns that come from other files."""
    orders: tuple[str, ...] = ()
    joins: list[Join] = field(default_factory=list)

    def columns(self) -> dict[str, Drafted]:
        """The contract's columns, computed ones last, as sqlfluff has it."""
        self.orders = self._orders()
        self.joins = self._joins()
        self.own = f"{quoted(self.kind.name)}." if self.orders or self.joins else ""
        self.joined = {name: joined for join in self.joins for name, joined in join.columns.items()}
        for name, column in contract_columns(self.entity).items():
            from_order = self.orders and name not in self.kind.found and name in ("cliente_id", "fecha")
            self.drafted[name] = Drafted(f"venta.{name}") if from_order else self._column(column)
        return dict(sorted(self.drafted.items(), key=lambda item: not re.fullmatch(SIMPLE_EXPRESSION, item[1].sql)))

    def text(self, columns: dict[str, Drafted]) -> str:
        lines = [f"    {self.own}_archivo,", f"    {self.own}_linea,"]
        for i, (name, drafted) in enumerate(columns.items(), start=1):
            alias = "" if drafted.sql.rsplit(".", 1)[-1] == name else f" as {name}"
            comma = "," if i < len(columns) else ""
            lines += _line(f"{drafted.sql}{alias}{comma}", drafted.remark)
        source = [f"from crudo.{quoted(self.kind.name)}"]
        if self.orders:
            source += _join(f"left join venta on {self.drafted['venta_id'].sql} = venta.venta_id")
        source += [line for join in self.joins for line in _join(join.join)]
        return "\n".join(["select", *lines, *source]) + "\n" + kept_rows(self.kind, self.own)

    def ctes(self) -> list[tuple[str, ...]]:
        """The lines of its common table expressions."""
        return [cte for cte in (self.orders, *(join.cte for join in self.joins)) if cte]

    def _joins(self) -> list[Join]:
        own = f"{quoted(self.kind.name)}."
        keys = {
            name: _Select(self.entity, self.kind, self.kinds, own)._column(column).sql
            for name, column in contract_columns(self.entity).items()
            if name in ("cliente_id", "venta_id") and (name in self.kind.found or f"{self.entity}.{name}" in OWN_IDS)
        }
        return list(find_joins(self.kind, self.kinds, keys))

    def _raw(self, name: str) -> str:
        """The column of the files that holds one of the contract."""
        return self.own + quoted(self.kind.raw[self.kind.found[name]])

    def _column(self, column: ContractColumn) -> Drafted:
        name = column.name
        if name in self.joined:
            joined = self.joined[name]
            drafted = Drafted(joined.sql) if name == "total" else self._word(joined.sql, joined.column, name)
            return Drafted(drafted.sql, drafted.remark or joined.remark)
        if name in self.kind.found:
            return self._converted(column, name)
        return self._absent(column)

    def _absent(self, column: ContractColumn) -> Drafted:
        """What stands for a column that the files lack."""
        name = column.name
        if f"{self.entity}.{name}" in DEFAULTS:
            sql, granted = DEFAULTS[f"{self.entity}.{name}"]
            return Drafted(sql.format(own=self.own), f"TODO: {granted}")
        if (self.entity, name) == ("detalle_ventas", "linea"):
            order = self.drafted["venta_id"].sql
            # within the file, so that a later file with the order replaces its lines instead of adding to them
            window = f"partition by {self.own}_archivo, {order} order by {self.own}_linea"
            if len(window) + 8 > WIDTH:
                window = window.replace(" order by ", "\n        order by ")
            return Drafted(f"row_number() over (\n        {window}\n    )")
        if (self.entity, name) == ("clientes", "fecha_nacimiento") and (age := self._age_column()):
            return self._birth_day(age)
        if name in version_days(self.entity):
            return self._version_day(column)
        if f"{self.entity}.{name}" in OWN_IDS and self.kind.table.header and len(self.kind.paths) == 1:
            return Drafted(self.kind.row_number(self.own), "TODO: no ids: the number of the row, if others refer to it")
        implied = "; is it implied by the line? (_linea - 1)::text" if name.endswith("_id") else ""
        need = "optional" if column.nullable else "required"
        return Drafted("null", f"TODO {need}: {column.comment}{'' if column.nullable else implied}")

    def _version_day(self, column: ContractColumn) -> Drafted:
        """The day on which a version became known: that of its file, of its beginning, or of the first fact."""
        if column.name == "fecha_alta":
            return Drafted(self.drafted["fecha"].sql, "TODO: no such day: the one on which they became known")
        if self.kind.to_raw_file().dated:
            return Drafted(f"{self.own}_fecha")
        beginning = "fecha_inicio" if self.entity == "campanias" else "fecha_alta"
        days = [
            day
            for kind in self.kinds
            if kind.entity in ("transacciones", "ventas", "detalle_ventas") and "fecha" in kind.found
            if (day := kind.table.columns[kind.found["fecha"]].first_day)
        ]
        if beginning in self.kind.found:
            drafted = self._converted(column, beginning)
            remark = "an undated list: known from its own date on"
            own = self.kind.table.columns[self.kind.found[beginning]].first_day
            if own and days and min(days) < own:
                remark = (
                    f"TODO: {remark}, though movements or orders begin earlier, on {min(days)}: they would be rejected"
                )
            return Drafted(drafted.sql, drafted.remark or remark)
        first = min(days).replace(day=1) if days else DEFAULT_FIRST_DAY
        return Drafted(f"date '{first}'", "TODO: an undated list: known from the first day of the history on")

    def _age_column(self) -> str | None:
        columns = zip(self.kind.raw, self.kind.table.columns, strict=True)
        return next(
            (self.own + quoted(raw) for raw, column in columns if header_words(column.header) == {"edad"}), None
        )

    def _birth_day(self, age: str) -> Drafted:
        since = self.drafted["fecha"].sql
        constant = since.startswith("date ") or since == f"{self.own}_fecha"
        day = since if constant else f"{since}::date"
        # a cast stops the run at the first text that is no day
        valid = "" if constant else f" and pg_input_is_valid({since}, 'date')"
        born = f"({day} - make_interval(years => {age}::integer))::date::text"
        case = (
            f"case\n        when {age} ~ '^[0-9]{{1,3}}$'{valid}\n            then {born}\n        else {age}\n    end"
        )
        return Drafted(case, f"TODO: {age} in years on the day of fecha")

    def _converted(self, column: ContractColumn, name: str) -> Drafted:
        """A column of the files as a column of the contract."""
        raw, found = self._raw(name), self.kind.table.columns[self.kind.found[name]]
        if isinstance(column.type, Date):
            drafted = draft_date(raw, found)
        elif f"{self.entity}.{name}" == "detalle_ventas.descuento" and (rate := self._discount(raw, found)):
            drafted = rate
        elif isinstance(column.type, Numeric | Integer):
            drafted = draft_number(
                raw, found, self.kind.table.dialect.decimal, column, signed=f"{self.entity}.{name}" == SIGNED_COLUMN
            )
        elif "id" in header_words(found.header) and not name.endswith(("_id", "dni")):
            drafted = Drafted(raw, f"TODO: an id: join the file that says what it means: {column.comment}")
        else:
            drafted = self._word(raw, found, name)
        if drafted.remark is None and is_doubtful(found.header):
            return Drafted(drafted.sql, f"TODO: taken for this by the name of the column: {column.comment}")
        return drafted

    def _word(self, raw: str, found: Column, name: str) -> Drafted:
        """Text, translated where the contract allows certain words only."""
        if name.endswith("_id") and found.whole:
            return Drafted(
                f"split_part({raw}, '.', 1)", "TODO: ids that end in .0, as a spreadsheet of numbers writes them"
            )
        return Drafted(*draft_words(raw, found, self.entity, name))

    def _discount(self, raw: str, found: Column) -> Drafted | None:
        """A discount that seems to be a share of the line, as an amount."""
        percent = "%" in found.signs + found.header or (not found.rate and "porcentaje" in header_words(found.header))
        if not (found.rate or percent):
            return None
        if not {"cantidad", "precio_unitario"} <= set(self.kind.found):
            return Drafted(raw, "TODO: a share of the line? write its amount")
        decimal = self.kind.table.dialect.decimal
        share = f"translate({raw}, {literal(found.signs)}, '')" if found.signs else raw
        factors = (self._raw("cantidad"), self._raw("precio_unitario"), share)
        product = "\n        * ".join(f"numero({factor}, '{decimal}')" for factor in factors) + (
            " / 100" if percent else ""
        )
        sql = f"round({product}, 2)".replace("\n        ", " ")
        if len(sql) + 20 > WIDTH:
            sql = f"round(\n        {product},\n        2\n    )"
        return Drafted(sql, "TODO: a share of the line? else hand it on as it is")

    def _orders(self) -> tuple[str, ...]:
        """The lines of a CTE with customer and day of each order, for order lines and shipments that name only the order."""
        found = set(self.kind.found)
        if (
            self.entity not in ("detalle_ventas", "envios")
            or "venta_id" not in found
            or {"cliente_id", "fecha"} <= found
        ):
            return ()
        for kind in self.kinds:
            if kind.entity == "ventas" and {"cliente_id", "fecha"} <= set(kind.found):
                orders = _Select("ventas", kind, self.kinds)
                columns = contract_columns("ventas")
                drafted = [(name, orders._column(columns[name]).sql) for name in ("venta_id", "cliente_id", "fecha")]
                key = drafted[0][1]
                drafted.sort(key=lambda item: re.fullmatch(SIMPLE_EXPRESSION, item[1]) is None)
                return (
                    "-- customer and day of an order, as its first row says",
                    "venta as (",
                    f"    select distinct on ({key})",
                    ",\n".join(f"        {sql}" + ("" if sql == name else f" as {name}") for name, sql in drafted),
                    f"    from crudo.{quoted(kind.name)}",
                    f"    order by {key}, _archivo, _linea",
                    ")",
                )
        return ()


def _with(ctes: Sequence[tuple[str, ...]]) -> list[str]:
    """The lines of common table expressions, each of which begins with a comment."""
    lines: list[str] = []
    for i, (comment, first, *rest) in enumerate(ctes):
        last = "),\n" if i + 1 < len(ctes) else ")\n"
        lines += [comment, first if i else f"with {first}", *rest[:-1], last]
    return [f"{line}\n" for line in lines]


def _join(join: str) -> list[str]:
    return [join] if len(join) <= WIDTH else join.replace(" on ", "\n    on ", 1).split("\n")


def _line(code: str, remark: str | None) -> list[str]:
    if remark is None:
        return [f"    {code}"]
    if "\n" not in code and len(code) + len(remark) + 8 <= WIDTH:
        return [f"    {code}  -- {remark}"]
    return [*(f"    -- {part}" for part in wrap(remark, WIDTH - 10)), f"    {code}"]
