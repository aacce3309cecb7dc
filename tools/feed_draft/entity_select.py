"""The SELECT of an entity from one kind of file."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sqlalchemy import Column as ContractColumn
from sqlalchemy import Date, DateTime, Integer, Numeric

from client360.warehouse.models.entity import required
from tools.feed_draft.columns import Column
from tools.feed_draft.conversions import Drafted, draft_birth_day, draft_date, draft_moment, draft_number
from tools.feed_draft.entities import KEYS, orders
from tools.feed_draft.entity_columns import (
    DAYS_OF_MOMENTS,
    DEFAULTS,
    OWN_IDS,
    contract_columns,
    is_signed,
    required_columns,
    version_days,
)
from tools.feed_draft.file_kinds import FileKind
from tools.feed_draft.found_columns import guesses
from tools.feed_draft.joins import Join, Joined, find_joins
from tools.feed_draft.left_out import kept_conditions, where
from tools.feed_draft.quoting import WIDTH, literal, named, quoted
from tools.feed_draft.select_text import Select, first_rows, join_lines
from tools.feed_draft.vocabulary import header_words, is_doubtful
from tools.feed_draft.words import draft_words

DEFAULT_FIRST_DAY = date(2025, 1, 1)
"""First day of the history if no file has dates."""
PAID = dict.fromkeys(
    ("cuotas", "resumenes"),
    "; what was paid needs another version, of that day: see the recipe for loans with a plan in docs/feeds.md",
)
"""What to know of undated lists of these entities."""


@dataclass
class EntitySelect:
    """Drafts the SELECT of an entity from one kind of file."""

    entity: str
    kind: FileKind
    kinds: list[FileKind]
    own: str = ""
    """What qualifies the files' columns if there are several tables."""
    drafted: dict[str, Drafted] = field(default_factory=dict)
    joined: dict[str, Joined] = field(default_factory=dict)
    """Columns that come from other files."""

    @cached_property
    def _guesses(self) -> dict[str, str]:
        """What a person has to judge of columns that were found."""
        return guesses(self.kind)

    def select(self) -> Select:
        of_orders, joins = self._orders(), self._joins()
        self.own = f"{quoted(self.kind.name)}." if of_orders or joins else ""
        self.joined = {name: joined for join in joins for name, joined in join.columns.items()}
        for name, column in contract_columns(self.entity).items():
            from_order = of_orders and name not in self.kind.found and name in ("cliente_id", "fecha")
            self.drafted[name] = Drafted(f"venta.{name}") if from_order else self._column(column)
        source = [f"from crudo.{quoted(self.kind.name)}"]
        if of_orders:
            source += join_lines(f"left join venta on {self.drafted['venta_id'].sql} = venta.venta_id")
        source += [line for join in joins for line in join_lines(join.join)]
        source += where(kept_conditions(self.kind, self.own))
        ctes = [*of_orders, *(join.cte for join in joins if join.cte)]
        key = self.drafted[KEYS[self.entity]].sql if self.kind.repeated else ""
        return Select(self.drafted, self.own, source, ctes, self.kind.table.dialect.decimal, key)

    def expression(self, name: str) -> str:
        """That of one of the contract's columns, without what other files say."""
        return self._column(contract_columns(self.entity)[name]).sql

    def _joins(self) -> list[Join]:
        own = f"{quoted(self.kind.name)}."
        keys: dict[str, str] = {
            name: EntitySelect(self.entity, self.kind, self.kinds, own).expression(name)
            for name in ("cliente_id", "venta_id")
            if name in contract_columns(self.entity) and (name in self.kind.found or f"{self.entity}.{name}" in OWN_IDS)
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
        if name in self.kind.found and (name != "cuenta_id" or not column.nullable or self._knows_accounts()):
            return self._judged(name, self._converted(column, name))
        times = self._times_of(name)
        if times:
            return Drafted(times)
        return self._direction(name) or self._id_of_instalment(name) or self._day_of_file(name) or self._absent(column)

    def _judged(self, name: str, drafted: Drafted) -> Drafted:
        guess = self._guesses.get(name)
        if guess is None:
            return drafted
        other = f"{drafted.remark.removeprefix('TODO: ')}; " if drafted.remark else ""
        return Drafted(drafted.sql, f"TODO: {other}{guess}")

    def _knows_accounts(self) -> bool:
        """Whether a list of accounts is there: a movement of one that is not is rejected."""
        return any(kind.entity == "cuentas" for kind in self.kinds)

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
        if (self.entity, name) == ("clientes", "fecha_nacimiento") and (age := self._raw_named("edad")):
            return draft_birth_day(age, self.drafted["fecha"].sql, f"{self.own}_fecha")
        if name in version_days(self.entity):
            return self._version_day(column)
        if f"{self.entity}.{name}" in OWN_IDS and self.kind.table.header and len(self.kind.paths) == 1:
            return Drafted(self.kind.row_number(self.own), "TODO: no ids: the number of the row, if others refer to it")
        hint = "; is it implied by the line? (_linea - 1)::text" if name.endswith("_id") else ""
        if (self.entity, name) == ("envios", "estado"):
            hint = "; a row for each that it reached: see the recipe Shipments in docs/feeds.md"
        need = "required" if required(column) else "optional"
        return Drafted("null", f"TODO {need}: {column.comment}{hint if required(column) else ''}")

    def _direction(self, name: str) -> Drafted | None:
        """Amount or direction of a movement, where debits and credits have a column each, or amounts a sign."""
        if self.entity != "transacciones" or name not in ("monto", "sentido"):
            return None
        sides = [self._raw_named(side) for side in ("debito", "credito")]
        if "monto" not in self.kind.found and all(sides):
            debit, credit = sides
            if name == "monto":
                return Drafted(f"coalesce({self._unless_zero(debit)}, {self._unless_zero(credit)})")
            return Drafted(f"case when {self._unless_zero(debit)} is not null then 'debito' else 'credito' end")
        if (
            name == "sentido"
            and "monto" in self.kind.found
            and self.kind.table.columns[self.kind.found["monto"]].negative
        ):
            minus = "(" if self.kind.table.columns[self.kind.found["monto"]].minus == "brackets" else "-"
            sign = f"case when {self._raw('monto')} like '%{minus}%' then 'debito' else 'credito' end"
            return Drafted(sign, "TODO: some amounts are negative: is that money that leaves?")
        return None

    def _id_of_instalment(self, name: str) -> Drafted | None:
        """That of its loan with its number, where files number the instalments of each loan."""
        if (self.entity, name) != ("cuotas", "cuota_id") or not {"prestamo_id", "numero"} <= set(self.kind.found):
            return None
        return Drafted(f"{self._raw('prestamo_id')} || '-' || {self._raw('numero')}")

    def _day_of_file(self, name: str) -> Drafted | None:
        """That in the file's name, for rows of one day each that have none."""
        if name != "fecha" or name not in required_columns(self.entity) or not self.kind.to_raw_file().dated:
            return None
        whole = "%d" in self.kind.pattern
        doubt = "the day in the file's name" if whole else "the month in the file's name, by its first day"
        is_known = self.entity == "saldos" and whole
        return Drafted(f"{self.own}_fecha", None if is_known else f"TODO: {doubt}: is it that of each row?")

    def _unless_zero(self, amount: str | None) -> str:
        return f"nullif(numero({amount}, '{self.kind.table.dialect.decimal}'), 0)"

    def _raw_named(self, word: str) -> str | None:
        """The column of the files whose name is one word of the vocabulary."""
        columns = zip(self.kind.raw, self.kind.table.columns, strict=True)
        return next((self.own + quoted(raw) for raw, column in columns if header_words(column.header) == {word}), None)

    def _times_of(self, moment: str) -> str | None:
        """The column of the files with the day of a moment of the contract, if it has times of day too."""
        day = next((name for name in DAYS_OF_MOMENTS.get(moment, ()) if name in self.kind.found), None)
        return self._raw(day) if day and self.kind.table.columns[self.kind.found[day]].timed else None

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
        known = f"TODO: an undated list: known from the first day of the history on{PAID.get(self.entity, '')}"
        return Drafted(f"date '{first}'", known)

    def _converted(self, column: ContractColumn, name: str) -> Drafted:
        """A column of the files as a column of the contract."""
        raw, found = self._raw(name), self.kind.table.columns[self.kind.found[name]]
        if isinstance(column.type, Date):
            drafted = draft_date(raw, found)
        elif isinstance(column.type, DateTime):
            drafted = draft_moment(raw, found)
        elif f"{self.entity}.{name}" == "detalle_ventas.descuento" and (rate := self._discount(raw, found)):
            drafted = rate
        elif isinstance(column.type, Numeric | Integer):
            drafted = draft_number(
                raw, found, self.kind.table.dialect.decimal, column, signed=is_signed(self.entity, name)
            )
        else:
            drafted = self._word(raw, found, name)
            is_code = "id" in header_words(found.header) and not name.endswith(("_id", "dni"))
            if is_code and (drafted.remark or drafted.sql == raw):
                drafted = Drafted(raw, f"TODO: an id: join the file that says what it means: {column.comment}")
        if drafted.remark is None and found.header != name and is_doubtful(found.header):
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

    def _orders(self) -> list[tuple[str, ...]]:
        """The lines of CTEs with customer and day of each order, for lines, shipments and returns that name only the order."""
        found = set(self.kind.found)
        if (
            self.entity not in ("detalle_ventas", "envios", "devoluciones", "pagos_venta")
            or "venta_id" not in found
            or {"cliente_id", "fecha"} <= found
        ):
            return []
        kinds = [kind for kind in orders(self.kinds) if {"cliente_id", "fecha"} <= set(kind.found)]
        selected = []
        for kind in kinds:
            order = EntitySelect("ventas", kind, self.kinds)
            selected.append({name: order.expression(name) for name in ("venta_id", "cliente_id", "fecha")})
        if not kinds:
            return []
        remark = "-- customer and day of an order, as its first row says"
        if len(kinds) == 1:
            return [(remark, "venta as (", *first_rows(selected[0], f"crudo.{quoted(kinds[0].name)}"), ")")]
        rows: list[str] = []
        for kind, columns in zip(kinds, selected, strict=True):
            rows += ["", "    union all", ""] if rows else []
            listed = ",\n".join(f"        {named(sql, name)}" for name, sql in columns.items())
            rows += [
                "    select",
                "        _archivo,",
                "        _linea,",
                listed,
                f"    from crudo.{quoted(kind.name)}",
            ]
        same = {name: name for name in selected[0]}
        return [
            ("-- orders of all kinds", "pedido as (", *rows, ")"),
            (remark, "venta as (", *first_rows(same, "pedido"), ")"),
        ]
