"""What must become of each row of soiled files: the rules of the contract in plain Python.

It reads the files themselves and shares nothing with what soiled them, nor with the SQL. Of the models it takes the names, types
and order of the columns.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, Numeric

from client360.models import LANDING
from client360.models.base import (
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


@dataclass
class _Row:
    archivo: str
    linea: int
    texts: dict[str, str]
    values: Values = field(default_factory=dict)


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
        self.refused: dict[str, set[str]] = defaultdict(set)
        """Keys that stand in rejected rows, by the column that names them."""
        self.people: dict[str, _Span] = {}
        self.products: dict[str, _Span] = {}
        self.campaigns: dict[str, _Span] = {}
        self.orders: set[str] = set()

    def judge(self, entity: str) -> None:
        rows = [row for row in self._lines(entity) if not self._reject_alone(entity, row)]
        rows = [row for row in self._one_of_each(entity, rows) if not self._reject_orphan(entity, row)]
        self._admit(entity, rows)

    def _lines(self, entity: str) -> Iterator[_Row]:
        for path in sorted((self.folder / entity).glob(f"{entity}_*.csv")):
            archivo = path.relative_to(self.folder).as_posix()
            self.counts[archivo].update(filas=0)
            lines = path.read_bytes().split(b"\n")
            columns = lines[0].decode().split(",")
            for number, line in enumerate(lines[1:], start=2):
                if not line:
                    continue
                problem, values = _split(line, len(columns))
                if problem:
                    self.rejected[archivo, number] = Verdict(archivo, number, "", "", problem)
                else:
                    self.counts[archivo].update(filas=1)
                    yield _Row(archivo, number, dict(zip(columns, values, strict=True)))

    def _reject(self, entity: str, row: _Row, columna: str, motivo: str) -> None:
        self.rejected[row.archivo, row.linea] = Verdict(row.archivo, row.linea, entity, columna, motivo)
        self.counts[row.archivo].update(rechazadas=1)
        if entity in REFERRED:
            self.refused[REFERRED[entity]].add(row.texts[REFERRED[entity]])

    def _reject_alone(self, entity: str, row: _Row) -> bool:
        """Whether the row is rejected for what it says itself."""
        columns = LANDING[entity].table().columns
        for column in columns:
            text = row.texts[column.name]
            read = next((reader for kind, reader in READERS if isinstance(column.type, kind)), str)
            row.values[column.name] = read(text) if text else None
        for motivo, wrong in (
            ("tipo_invalido", [c.name for c in columns if row.values[c.name] is INVALID]),
            ("falta_valor", [c.name for c in columns if row.values[c.name] is None and not c.nullable]),
        ):
            if wrong:
                self._reject(entity, row, wrong[0], motivo)
                return True
        for motivo, wrong in (
            ("fuera_de_rango", list(_out_of_range(entity, row.values))),
            ("valor_desconocido", [c for c, words in WORDS.get(entity, {}).items() if row.values[c] not in words]),
        ):
            if wrong:
                self._reject(entity, row, wrong[0], motivo)
                return True
        return False

    def _one_of_each(self, entity: str, rows: Iterable[_Row]) -> list[_Row]:
        """The rows that stand for their keys: the first one in a file, the one in the last file."""
        standing: dict[tuple, _Row] = {}
        for row in rows:
            key = tuple(row.values[column] for column in KEYS[entity])
            other = standing.get(key)
            if other and other.values == row.values:
                self.counts[row.archivo].update(repetidas=1)
                self.repeated.add((row.archivo, row.linea))
            elif other and other.archivo == row.archivo:
                self._reject(entity, row, "", "clave_repetida")
            else:
                if other:
                    self.counts[other.archivo].update(reemplazadas=1)
                standing[key] = row
        return list(standing.values())

    def _reject_orphan(self, entity: str, row: _Row) -> bool:
        lacking = [
            column
            for column, known in PARENTS.get(entity, {}).items()
            if row.values[column] is not None and not known(self, row.values[column], row.values)
        ]
        unknown = [column for column in lacking if row.values[column] not in self.refused[column]]
        if lacking:
            self._reject(entity, row, (unknown or lacking)[0], "padre_desconocido" if unknown else "padre_rechazado")
        return bool(lacking)

    def _admit(self, entity: str, rows: Iterable[_Row]) -> None:
        if entity in VERSIONS:
            spans: dict[str, _Span] = {}
            before: dict[str, Values] = {}
            for row in sorted(rows, key=lambda row: row.values["fecha"]):
                key = row.values[REFERRED[entity]]
                said = {column: value for column, value in row.values.items() if column != "fecha"}
                self.counts[row.archivo].update(["sin_cambio" if before.get(key) == said else "aceptadas"])
                before[key] = said
                spans.setdefault(key, _Span()).add(row.values)
            {"clientes": self.people, "productos": self.products, "campanias": self.campaigns}[entity].update(spans)
            return
        for row in rows:
            self.counts[row.archivo].update(aceptadas=1)
            if entity == "ventas":
                self.orders.add(row.values["venta_id"])


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

    def holds(self, day: date) -> bool:
        return max(self.known, self.alta) <= day < self.baja


def _customer(judging: _Judging, key: str, row: Values) -> bool:
    return key in judging.people and judging.people[key].holds(row["fecha"])


def _buyer(judging: _Judging, key: str, row: Values) -> bool:
    return key in judging.people and judging.people[key].holds(row["fecha_venta"])


def _addressee(judging: _Judging, key: str, row: Values) -> bool:
    span = judging.people.get(key)
    return span is not None and max(span.known, span.alta) <= row["fecha"]


def _product(judging: _Judging, key: str, row: Values) -> bool:
    return key in judging.products and judging.products[key].holds(row["fecha"])


def _campaign(judging: _Judging, key: str, row: Values) -> bool:
    return key in judging.campaigns and judging.campaigns[key].holds(row["fecha"])


def _order(judging: _Judging, key: str, row: Values) -> bool:
    return key in judging.orders


PARENTS: dict[str, dict[str, Callable[[_Judging, str, Values], bool]]] = {
    "transacciones": {"cliente_id": _customer, "venta_id": _order},
    "ventas": {"cliente_id": _buyer, "campania_id": _campaign},
    "detalle_ventas": {"cliente_id": _customer, "producto_id": _product, "venta_id": _order},
    "envios": {"cliente_id": _addressee, "venta_id": _order},
    "contactos_campania": {"cliente_id": _customer, "campania_id": _campaign},
    "movimientos_stock": {"producto_id": _product},
}
"""Who must be known, by the column that names them."""


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
