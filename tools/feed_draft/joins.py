"""What the SELECT of an entity takes from other files: what an id means, the method of payment, where an order goes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.feed_draft.columns import Column
from tools.feed_draft.file_kinds import FileKind
from tools.feed_draft.quoting import literal, named, quoted
from tools.feed_draft.vocabulary import header_words, plain

OWNERS = ("owner", "titular", "primary", "principal")
"""Words for the customer, of several of an account, whose movements they are."""
MEANINGS = {"clientes": ("ocupacion",), "productos": ("categoria",), "ventas": ("metodo_pago", "provincia_envio")}
"""Columns for which files may hold an id, whose name is in another file."""


@dataclass(frozen=True)
class Joined:
    """A column that comes from another file."""

    sql: str
    column: Column
    """As the other file has it."""
    remark: str


@dataclass(frozen=True)
class Join:
    """A common table expression, if any, the join with it, and the columns that it brings."""

    cte: tuple[str, ...]
    join: str
    columns: dict[str, Joined]


def find_joins(kind: FileKind, kinds: Sequence[FileKind], keys: dict[str, str]) -> Iterator[Join]:
    """The joins of a kind of file that provides an entity. `keys` are its expressions for its own ids, by column."""
    others = [other for other in kinds if other.entity is None and other.table.header]
    if kind.entity in MEANINGS:
        for name in MEANINGS[kind.entity]:
            if name in kind.found and (join := _meaning(kind, others, name)):
                yield join
    if kind.entity == "ventas" and "metodo_pago" not in kind.found and (join := _largest_payment(others, keys)):
        yield join
    if kind.entity == "transacciones" and "cliente_id" not in kind.found and (join := _owner(kind, others)):
        yield join
    if kind.entity == "ventas" and "total" not in kind.found and (join := _sum_of_lines(kinds, keys)):
        yield join
    if kind.entity in ("clientes", "ventas") and (join := _first_address(kind, others, keys)):
        yield join


def _meaning(kind: FileKind, others: Sequence[FileKind], name: str) -> Join | None:
    """The name that an id stands for, in a file that is called like the id."""
    position = kind.found[name]
    words = header_words(kind.table.columns[position].header)
    other = _named(others, words - {"id"}) if "id" in words else None
    if other is None:
        return None
    title = _column(other, {"nombre"}, words - {"id"} | {"nombre"})
    if title is None:
        return None
    alias, own = quoted(other.name), quoted(kind.name)
    on = f"{own}.{quoted(kind.raw[position])} = {_key(other, words)}"
    joined = Joined(f"{alias}.{quoted(other.raw[title])}", other.table.columns[title], f"by its id in {other.name}")
    return Join((), f"left join crudo.{alias} on {on}", {name: joined})


def _largest_payment(others: Sequence[FileKind], keys: dict[str, str]) -> Join | None:
    """The method of the largest payment of an order, from a file of payments, and what its id stands for."""
    for payments in others:
        order = _column(payments, {"venta", "id"}, {"venta"})
        method = _column(payments, {"metodo", "pago", "id"}, {"metodo", "pago"}, {"tipo", "pago"})
        if order is None or method is None:
            continue
        own = quoted(payments.name)
        amount = next(
            (i for i, column in enumerate(payments.table.columns) if "monto" in header_words(column.header)), None
        )
        order_by = [f"{own}._archivo asc", f"{own}._linea asc"]
        if amount is not None:
            number = f"numero({own}.{quoted(payments.raw[amount])}, '{payments.table.dialect.decimal}')"
            order_by.insert(0, f"nullif({number}, 'NaN') desc nulls last")
        value, column, joins = f"{own}.{quoted(payments.raw[method])}", payments.table.columns[method], []
        words = header_words(column.header)
        if "id" in words and (methods := _named(others, words - {"id"})):
            title = _column(methods, {"nombre"}, words - {"id"} | {"nombre"})
            if title is not None:
                joins = [f"    left join crudo.{quoted(methods.name)} on {value} = {_key(methods, words)}"]
                value, column = f"{quoted(methods.name)}.{quoted(methods.raw[title])}", methods.table.columns[title]
        key = f"{own}.{quoted(payments.raw[order])}"
        cte = (
            "-- the method of the largest payment of an order",
            "pago as (",
            f"    select distinct on ({key})",
            f"        {named(key, 'venta_id')},",
            f"        {named(value, 'metodo')}",
            f"    from crudo.{own}",
            *joins,
            "    order by",
            ",\n".join(f"        {part}" for part in (f"{key} asc", *order_by)),
            ")",
        )
        joined = Joined("pago.metodo", column, f"TODO: that of the largest payment in {payments.name}")
        return Join(cte, f"left join pago on {keys['venta_id']} = pago.venta_id", {"metodo_pago": joined})
    return None


def _sum_of_lines(kinds: Sequence[FileKind], keys: dict[str, str]) -> Join | None:
    """The total of an order, from all files of lines, before discounts."""
    all_lines = [
        kind for kind in kinds if kind.entity == "detalle_ventas" and {"venta_id", "precio_unitario"} <= set(kind.found)
    ]
    if not all_lines:
        return None
    amounts = []
    for lines in all_lines:
        factors = [
            f"numero({quoted(lines.raw[lines.found[name]])}, '{lines.table.dialect.decimal}')"
            for name in ("cantidad", "precio_unitario")
            if name in lines.found
        ]
        amount = f"round({' * '.join(factors)}, 2)" if len(factors) > 1 else factors[0]
        amounts.append((quoted(lines.raw[lines.found["venta_id"]]), amount, quoted(lines.name)))
    key, amount, name = amounts[0]
    source = [f"    from crudo.{name}"]
    if len(amounts) > 1:
        rows: list[str] = []
        for own_key, own_amount, own_name in amounts:
            rows += ["", "        union all", ""] if rows else []
            listed = [f"            {named(own_key, 'venta_id')},", f"            {own_amount} as importe"]
            rows += ["        select", *listed, f"        from crudo.{own_name}"]
        key, amount, source = "venta_id", "importe", ["    from (", *rows, "    ) as renglon"]
    cte = (
        "-- the sum of the lines of an order",
        "lineas as (",
        "    select",
        f"        {named(key, 'venta_id')},",
        f"        sum({amount}) as total",
        *source,
        f"    group by {key}",
        ")",
    )
    price = all_lines[0].table.columns[all_lines[0].found["precio_unitario"]]
    names = " and ".join(lines.name for lines in all_lines)
    joined = Joined("lineas.total", price, f"TODO: the sum of {names}")
    return Join(cte, f"left join lineas on {keys['venta_id']} = lineas.venta_id", {"total": joined})


def _owner(kind: FileKind, others: Sequence[FileKind]) -> Join | None:
    """The customer who owns the account of a movement, from a file of accounts and customers."""
    account = _column(kind, {"cuenta", "id"}, {"cuenta"})
    for owners in others:
        owned, customer = _column(owners, {"cuenta", "id"}, {"cuenta"}), _column(owners, {"cliente", "id"}, {"cliente"})
        if account is None or owned is None or customer is None:
            continue
        key = quoted(owners.raw[owned])
        first = [
            f"({quoted(raw)} = {literal(word)}) desc nulls last"
            for raw, column in zip(owners.raw, owners.table.columns, strict=True)
            for word in column.words
            if plain(word) in OWNERS
        ]
        cte = (
            "-- the first owner of an account",
            "titular as (",
            f"    select distinct on ({key})",
            f"        {named(key, 'cuenta')},",
            f"        {named(quoted(owners.raw[customer]), 'cliente_id')}",
            f"    from crudo.{quoted(owners.name)}",
            f"    order by {', '.join([f'{key} asc', *first, '_archivo asc', '_linea asc'])}",
            ")",
        )
        joined = Joined(
            "titular.cliente_id",
            owners.table.columns[customer],
            f"TODO: the first owner of the account in {owners.name}",
        )
        on = f"{quoted(kind.name)}.{quoted(kind.raw[account])} = titular.cuenta"
        return Join(cte, f"left join titular on {on}", {"cliente_id": joined})
    return None


def _first_address(kind: FileKind, others: Sequence[FileKind], keys: dict[str, str]) -> Join | None:
    """Province and city of a customer's first address, from a file of addresses."""
    wanted = {"clientes": {"provincia": "provincia", "ciudad": "ciudad"}, "ventas": {"provincia_envio": "provincia"}}
    needed = {name: what for name, what in wanted[kind.entity or ""].items() if name not in kind.found}
    if not needed or "cliente_id" not in keys:
        return None
    for addresses in others:
        customer = _column(addresses, {"cliente", "id"}, {"cliente"})
        places = {
            what: at
            for what in wanted[kind.entity or ""].values()
            if (at := _column(addresses, {what}, {"nombre", what})) is not None
        }
        found = {name: places[what] for name, what in needed.items() if what in places}
        if customer is None or not found:
            continue
        key = quoted(addresses.raw[customer])
        names = [(what, quoted(addresses.raw[at])) for what, at in places.items()]
        cte = (
            "-- the first address of a customer",
            "direccion as (",
            f"    select distinct on ({key})",
            f"        {key} as de_cliente,",
            ",\n".join(f"        {named(raw, what)}" for what, raw in names),
            f"    from crudo.{quoted(addresses.name)}",
            f"    order by {key}, _archivo, _linea",
            ")",
        )
        columns = {
            name: Joined(
                f"direccion.{needed[name]}", addresses.table.columns[at], f"TODO: the first address in {addresses.name}"
            )
            for name, at in found.items()
        }
        return Join(cte, f"left join direccion on {keys['cliente_id']} = direccion.de_cliente", columns)
    return None


def _named(others: Sequence[FileKind], words: frozenset[str]) -> FileKind | None:
    return next((other for other in others if other.words() == words), None)


def _column(kind: FileKind, *phrases: set[str] | frozenset[str]) -> int | None:
    """The index of the first column that is called like one of the phrases, the first phrase first."""
    headers = [header_words(column.header) for column in kind.table.columns]
    return next((headers.index(frozenset(words)) for words in phrases if frozenset(words) in headers), None)


def _key(other: FileKind, words: frozenset[str]) -> str:
    """The expression for the id of a row: its column, or the number of the row."""
    own = f"{quoted(other.name)}."
    position = _column(other, words, {"id"})
    return other.row_number(own) if position is None else own + quoted(other.raw[position])
