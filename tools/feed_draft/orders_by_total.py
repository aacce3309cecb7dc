"""Orders without lines count by their total: as a line of a product that stands for what is not known."""

from collections.abc import Sequence
from textwrap import indent

from tools.feed_draft.conversions import Drafted
from tools.feed_draft.entity_columns import contract_columns
from tools.feed_draft.entity_select import EntitySelect
from tools.feed_draft.file_kinds import FileKind
from tools.feed_draft.left_out import kept_conditions, where
from tools.feed_draft.quoting import quoted
from tools.feed_draft.select_text import Select

REMARK = "TODO: orders without lines count by their total, as a product of which nothing is known: should they?"
UNKNOWN = "'sin_detalle'"


def orders_by_total(kinds: Sequence[FileKind]) -> FileKind | None:
    """The kind of the orders, if there are no lines, or most of the orders that were seen have none."""
    orders, lines = ([kind for kind in kinds if kind.entity == entity] for entity in ("ventas", "detalle_ventas"))
    if len(orders) != 1 or not {"fecha", "cliente_id", "total"} <= set(orders[0].found):
        return None
    if not lines:
        return orders[0]
    if len(lines) > 1 or "venta_id" not in lines[0].found or not (orders[0].complete and lines[0].complete):
        return None
    with_lines = lines[0].table.columns[lines[0].found["venta_id"]].distinct
    return orders[0] if 2 * with_lines < orders[0].table.rows else None


def total_lines(kind: FileKind, kinds: list[FileKind]) -> Select:
    """A line for each order without any, of its total."""
    own = f"{quoted(kind.name)}."
    order = EntitySelect("ventas", kind, kinds, own)
    columns = {
        "venta_id": Drafted(order.expression("venta_id"), REMARK),
        "linea": Drafted("1"),
        "fecha": Drafted(order.expression("fecha")),
        "cliente_id": Drafted(order.expression("cliente_id")),
        "producto_id": Drafted(UNKNOWN),
        "cantidad": Drafted("1"),
        "precio_unitario": Drafted(order.expression("total")),
        "descuento": Drafted("0"),
    }
    conditions = kept_conditions(kind, own)
    lines = next((other for other in kinds if other.entity == "detalle_ventas"), None)
    if lines:
        key = f"{quoted(lines.name)}.{quoted(lines.raw[lines.found['venta_id']])}"
        within = ("select", f"from crudo.{quoted(lines.name)}", f"where {key} = {order.expression('venta_id')}")
        conditions.append("\n        ".join(["not exists (", *within]) + "\n    )")
    source = [f"from crudo.{quoted(kind.name)}", *where(conditions)]
    return Select(columns, own, source, [], kind.table.dialect.decimal)


def unknown_product(kind: FileKind, kinds: list[FileKind]) -> Select:
    """The product of such lines, since the first order; without a cost, so that its margin is unknown."""
    order = EntitySelect("ventas", kind, kinds)
    day = order.expression("fecha")
    cte = (
        "-- the first order",
        "primera as (",
        "    select",
        "        _archivo,",
        "        _linea,",
        f"        {day} as dia",
        f"    from crudo.{quoted(kind.name)}",
        *(indent(line, "    ") for line in where(kept_conditions(kind, ""))),
        "    order by dia, _archivo, _linea",
        "    limit 1",
        ")",
    )
    columns = {name: Drafted("null") for name in contract_columns("productos")} | {
        "producto_id": Drafted(UNKNOWN, REMARK),
        "fecha": Drafted("primera.dia"),
        "nombre": Drafted(UNKNOWN),
        "categoria": Drafted(UNKNOWN),
        "fecha_alta": Drafted("primera.dia"),
    }
    return Select(columns, "primera.", ["from primera"], [cte], kind.table.dialect.decimal)
