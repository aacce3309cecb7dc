"""What must become of each row of soiled files: the rules of the contract in plain Python.

It reads the files themselves and shares nothing with what soiled them, nor with the SQL. Of the models it takes the names, types
and order of the columns.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, Numeric

from client360.warehouse.models import LANDING
from client360.warehouse.models.base import (
    ESTADOS_ENVIO,
    ESTADOS_VENTA,
    GRUPOS_CAMPANIA,
    METODOS_PAGO,
    TIPOS_STOCK,
    TIPOS_TRANSACCION,
)

Values = dict[str, Any]

ORDER = (
    "clientes",
    "productos",
    "campanias",
    "ventas",
    "detalle_ventas",
    "envios",
    "transacciones",
    "contactos_campania",
    "movimientos_stock",
)
"""Parents before children."""
KEYS = {
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
VERSIONS = ("clientes", "productos", "campanias")
REFERRED = {"clientes": "cliente_id", "productos": "producto_id", "campanias": "campania_id", "ventas": "venta_id"}
"""Entities that others refer to, and the column that does."""
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "transacciones": {"tipo_transaccion": TIPOS_TRANSACCION},
    "ventas": {"metodo_pago": METODOS_PAGO, "estado": ESTADOS_VENTA},
    "envios": {"estado": ESTADOS_ENVIO},
    "contactos_campania": {"grupo": GRUPOS_CAMPANIA},
    "movimientos_stock": {"tipo": TIPOS_STOCK},
}
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2099, 12, 31)
INTEGER = 2**31
MONEY = Decimal(10) ** 12


class Verdict(NamedTuple):
    """A row that must be rejected: where it stands, the entity (empty where the line can not be read), the column, and why."""

    archivo: str
    linea: int
    entidad: str
    columna: str
    motivo: str


@dataclass(frozen=True)
class Verdicts:
    """What must become of all rows."""

    rejected: dict[tuple[str, int], Verdict]
    """By file and line."""
    counts: dict[str, Counter[str]]
    """By file: filas, aceptadas, repetidas, reemplazadas, sin_cambio, rechazadas."""
    repeated: set[tuple[str, int]]
    """Files and lines of exact duplicates of a row before them."""


class _Row(NamedTuple):
    archivo: str
    linea: int
    values: Values


class _Standing(NamedTuple):
    """The row that stands for a key; of entities that no other one refers to its values are not kept."""

    archivo: str
    linea: int
    said: int
    orphan: tuple[str, str] | None
    values: Values | None


def judge(folder: Path) -> Verdicts:
    """The verdict on each row of the files `<entity>/<entity>_*.csv` below a folder."""
    judging = _Judging(folder)
    for entity in ORDER:
        judging.judge(entity)
    return Verdicts(judging.rejected, judging.counts, judging.repeated)


class _Judging:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rejected: dict[tuple[str, int], Verdict] = {}
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        self.repeated: set[tuple[str, int]] = set()
        self.refused: dict[str, set[str]] = {column: set() for column in REFERRED.values()}
        """Keys that stand in rejected rows, by the column that names them."""
        self.versions: dict[str, dict[str, _Span]] = {entity: {} for entity in VERSIONS}
        self.orders: dict[str, _Order] = {}

    def judge(self, entity: str) -> None:
        standing: dict[tuple, _Standing] = {}
        for row in self._rows(entity):
            wrong = _wrong_alone(entity, row.values)
            if wrong:
                self._reject(entity, row, row.values[KEYS[entity][0]], *wrong)
            else:
                self._stand(entity, row, standing)
        accepted: list[_Standing] = []
        for key, stands in standing.items():
            if stands.orphan:
                self._reject(entity, stands, key[0], *stands.orphan)
            else:
                accepted.append(stands)
        if entity == "ventas":
            accepted = self._admit_orders(accepted)
        if entity in VERSIONS:
            self._admit_versions(entity, accepted)
        else:
            for stands in accepted:
                self.counts[stands.archivo]["aceptadas"] += 1

    def _rows(self, entity: str) -> Iterator[_Row]:
        """The rows of all lines that can be read, the values as they are typed."""
        readers = {
            column.name: next((read for kind, read in READERS if isinstance(column.type, kind)), str)
            for column in LANDING[entity].table().columns
        }
        for path in sorted((self.folder / entity).glob(f"{entity}_*.csv")):
            archivo = path.relative_to(self.folder).as_posix()
            lines = path.read_bytes().split(b"\n")
            columns = lines[0].decode().split(",")
            for number, line in enumerate(lines[1:], start=2):
                if not line:
                    continue
                problem, texts = _split(line, len(columns))
                if problem:
                    self.rejected[archivo, number] = Verdict(archivo, number, "", "", problem)
                    continue
                self.counts[archivo]["filas"] += 1
                values = {c: readers[c](text) if text else None for c, text in zip(columns, texts, strict=True)}
                yield _Row(archivo, number, values)

    def _reject(self, entity: str, row: _Row | _Standing, key: str, columna: str, motivo: str) -> None:
        self.rejected[row.archivo, row.linea] = Verdict(row.archivo, row.linea, entity, columna, motivo)
        self.counts[row.archivo]["rechazadas"] += 1
        if entity in REFERRED:
            self.refused[REFERRED[entity]].add(key)

    def _stand(self, entity: str, row: _Row, standing: dict[tuple, _Standing]) -> None:
        """Of equal keys the first row in a file stands, and that of the last file."""
        key = tuple(row.values[column] for column in KEYS[entity])
        said = hash(tuple(row.values.values()))
        other = standing.get(key)
        if other and other.archivo == row.archivo and other.said == said:
            self.counts[row.archivo]["repetidas"] += 1
            self.repeated.add((row.archivo, row.linea))
        elif other and other.archivo == row.archivo:
            self._reject(entity, row, key[0], "", "clave_repetida")
        else:
            if other:
                self.counts[other.archivo]["repetidas" if other.said == said else "reemplazadas"] += 1
            values = row.values if entity in REFERRED else None
            standing[key] = _Standing(row.archivo, row.linea, said, self._orphan(entity, row.values), values)

    def _orphan(self, entity: str, row: Values) -> tuple[str, str] | None:
        """The first parent that the row lacks, and why."""
        for column, known in PARENTS.get(entity, {}).items():
            key = row[column]
            if key is not None and not known(self, key, row):
                return column, "padre_rechazado" if key in self.refused[column] else "padre_desconocido"
        return None

    def _admit_orders(self, rows: Iterable[_Standing]) -> list[_Standing]:
        """An order is known by its first state, which says so on the day of the order; the others are of the same one."""
        states = [(row, row.values) for row in rows if row.values]
        for _, state in sorted(states, key=lambda one: _first_state(one[1])):
            if state["fecha"] == state["fecha_venta"]:
                self.orders.setdefault(state["venta_id"], _Order(state["cliente_id"], state["fecha_venta"]))
        refused = set(self.refused["venta_id"])
        accepted: list[_Standing] = []
        for row, state in states:
            key = state["venta_id"]
            if self.orders.get(key) == _Order(state["cliente_id"], state["fecha_venta"]):
                accepted.append(row)
            else:
                self._reject(
                    "ventas", row, key, "venta_id", "padre_rechazado" if key in refused else "padre_desconocido"
                )
        return accepted

    def _admit_versions(self, entity: str, rows: Iterable[_Standing]) -> None:
        before: dict[str, Values] = {}
        versions = [(row, row.values) for row in rows if row.values]
        for row, version in sorted(versions, key=lambda one: one[1]["fecha"]):
            key = version[REFERRED[entity]]
            said = version | {"fecha": None}
            self.counts[row.archivo]["sin_cambio" if before.get(key) == said else "aceptadas"] += 1
            before[key] = said
            self.versions[entity].setdefault(key, _Span()).add(version)


@dataclass
class _Span:
    """From when to when a customer, product or campaign is known."""

    known: date = date.max
    alta: date = date.max
    baja: date = date.max

    def add(self, version: Values) -> None:
        self.known = min(self.known, version["fecha"])
        self.alta = min(self.alta, version.get("fecha_alta", date.min))
        self.baja = min(self.baja, version.get("fecha_baja") or date.max)

    @property
    def since(self) -> date:
        return max(self.known, self.alta)

    def holds(self, day: date) -> bool:
        return self.since <= day < self.baja


NOBODY = _Span()


def _first_state(state: Values) -> tuple:
    return state["fecha"], state["estado"] != "completada", state["estado"]


class _Order(NamedTuple):
    """What is known of an order: whose it is, and of which day."""

    cliente_id: str
    fecha_venta: date


def _customer(judging: _Judging, key: str, row: Values) -> bool:
    return judging.versions["clientes"].get(key, NOBODY).holds(row["fecha"])


def _buyer(judging: _Judging, key: str, row: Values) -> bool:
    return judging.versions["clientes"].get(key, NOBODY).holds(row["fecha_venta"])


def _person(judging: _Judging, key: str, row: Values) -> bool:
    return key in judging.versions["clientes"]


def _contacted(judging: _Judging, key: str, row: Values) -> bool:
    return judging.versions["clientes"].get(key, NOBODY).known <= row["fecha"]


def _on_sale(judging: _Judging, key: str, row: Values) -> bool:
    return judging.versions["productos"].get(key, NOBODY).alta <= row["fecha"]


def _product(judging: _Judging, key: str, row: Values) -> bool:
    return key in judging.versions["productos"]


def _campaign(judging: _Judging, key: str, row: Values) -> bool:
    return key in judging.versions["campanias"]


def _announced(judging: _Judging, key: str, row: Values) -> bool:
    return judging.versions["campanias"].get(key, NOBODY).known <= row["fecha"]


def _order(judging: _Judging, key: str, row: Values) -> bool:
    return key in judging.orders


def _order_of_the_day(judging: _Judging, key: str, row: Values) -> bool:
    return judging.orders.get(key) == _Order(row["cliente_id"], row["fecha"])


def _order_by_then(judging: _Judging, key: str, row: Values) -> bool:
    order = judging.orders.get(key)
    return order is not None and order.cliente_id == row["cliente_id"] and order.fecha_venta <= row["fecha"]


PARENTS: dict[str, dict[str, Callable[[_Judging, str, Values], bool]]] = {
    "transacciones": {"cliente_id": _customer, "venta_id": _order},
    "ventas": {"cliente_id": _buyer, "campania_id": _campaign},
    "detalle_ventas": {"cliente_id": _customer, "producto_id": _on_sale, "venta_id": _order_of_the_day},
    "envios": {"cliente_id": _person, "venta_id": _order_by_then},
    "contactos_campania": {"cliente_id": _contacted, "campania_id": _announced},
    "movimientos_stock": {"producto_id": _product},
}
"""What the checks demand to be known, and from when to when, by the column that names it, in the order of judging."""


def _split(line: bytes, width: int) -> tuple[str, list[str]]:
    """What is wrong with a line, or nothing, and its values."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return "codificacion", []
    if text.count('"') % 2:
        return "comillas", []
    values = text.split(",")
    if len(values) == width:
        return "", values
    return "columnas_de_menos" if len(values) < width else "columnas_de_mas", []


INVALID = object()
"""What text is that is of the wrong type."""


@lru_cache
def _day(text: str) -> Any:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return INVALID
    try:
        return date.fromisoformat(text)
    except ValueError:
        return INVALID


def _integer(text: str) -> Any:
    return int(text) if re.fullmatch(r"[-+]?\d+", text) else INVALID


def _amount(text: str) -> Any:
    if not re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)", text):
        return INVALID
    return Decimal(text).quantize(Decimal("0.01"), ROUND_HALF_UP)


READERS: tuple[tuple[type, Callable[[str], Any]], ...] = ((Date, _day), (Integer, _integer), (Numeric, _amount))


def _wrong_alone(entity: str, row: Values) -> tuple[str, str] | None:
    """The column that is wrong, and why, if the row is rejected for what it says itself."""
    columns = LANDING[entity].table().columns
    of_type = [column for column, value in row.items() if value is INVALID]
    if of_type:
        return of_type[0], "tipo_invalido"
    missing = [column for column, value in row.items() if value is None and not columns[column].nullable]
    if missing:
        return missing[0], "falta_valor"
    out_of_range = next(_out_of_range(entity, row), None)
    if out_of_range:
        return out_of_range, "fuera_de_rango"
    unknown = [column for column, words in WORDS.get(entity, {}).items() if row[column] not in words]
    return (unknown[0], "valor_desconocido") if unknown else None


def _out_of_range(entity: str, row: Values) -> Iterator[str]:
    """The columns whose values can not be."""
    if not FIRST_DAY <= row["fecha"] <= LAST_DAY:
        yield "fecha"
    for column, value in row.items():
        if (isinstance(value, int) and not -INTEGER <= value < INTEGER) or (
            isinstance(value, Decimal) and abs(value) >= MONEY
        ):
            yield column
    yield from (column for column, holds in RANGES[entity].items() if row[column] is not None and not holds(row))


RANGES: dict[str, dict[str, Callable[[Values], bool]]] = {
    "clientes": {"ingresos_mensuales": lambda row: row["ingresos_mensuales"] >= 0},
    "productos": {"precio": lambda row: row["precio"] > 0, "costo": lambda row: row["costo"] >= 0},
    "campanias": {
        "fecha_fin": lambda row: row["fecha_fin"] >= row["fecha_inicio"],
        "presupuesto": lambda row: row["presupuesto"] >= 0,
    },
    "transacciones": {"monto": lambda row: row["monto"] > 0},
    "ventas": {"fecha_venta": lambda row: row["fecha_venta"] <= row["fecha"], "total": lambda row: row["total"] >= 0},
    "detalle_ventas": {
        "linea": lambda row: row["linea"] > 0,
        "cantidad": lambda row: row["cantidad"] > 0,
        "precio_unitario": lambda row: row["precio_unitario"] >= 0,
        "descuento": lambda row: 0 <= row["descuento"] <= row["cantidad"] * row["precio_unitario"],
    },
    "envios": {
        "costo_envio": lambda row: row["costo_envio"] >= 0,
        "fecha_despacho": lambda row: row["fecha_despacho"] <= row["fecha"],
        "fecha_entrega": lambda row: row["fecha_entrega"] <= row["fecha"],
        "estado": lambda row: row["estado"] != "entregado" or row["fecha_entrega"] is not None,
    },
    "contactos_campania": {},
    "movimientos_stock": {
        "cantidad": lambda row: {"venta": row["cantidad"] < 0, "ajuste": row["cantidad"] != 0}.get(
            row["tipo"], row["cantidad"] > 0
        ),
        "costo_unitario": lambda row: row["costo_unitario"] >= 0,
    },
}
"""What the values of a row must be, by the column that is wrong where they are not."""
