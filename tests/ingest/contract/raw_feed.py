"""Raw tables made by hand, and the contract applied to them."""

import csv
import hashlib
import io
import itertools
from dataclasses import replace
from datetime import date
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, Engine, text
from sqlalchemy.dialects.postgresql import insert

from client360.ingest import feed_spec
from client360.ingest.contract import apply_contract
from client360.ingest.feed_spec import Feed
from client360.ingest.raw_tables import delete_rows, ensure_raw_table, set_rows_aside
from client360.warehouse.models import LANDING, Entregas, Rechazos, columns, dw

CONTRACT = feed_spec.read_feed("simulador")

HEADERS = {**{name: columns(model) for name, model in LANDING.items()}, "provincias": columns(dw.DimProvincia)}

CLIENTES = "cliente_id,fecha,provincia,fecha_alta,fecha_baja"

PRODUCTOS = "producto_id,fecha,categoria,precio,fecha_alta"

CAMPANIAS = "campania_id,fecha,canal,fecha_inicio,fecha_fin,presupuesto"

TRANSACCIONES = "transaccion_id,fecha,cliente_id,tipo_transaccion,monto,venta_id"

VENTAS = "venta_id,fecha,fecha_venta,cliente_id,metodo_pago,provincia_envio,campania_id,estado,total"

DETALLE = "venta_id,linea,fecha,cliente_id,producto_id,cantidad,precio_unitario,descuento"

ENVIOS = "venta_id,fecha,cliente_id,deposito,estado,fecha_despacho,fecha_prometida,fecha_entrega,costo_envio"

CONTACTOS = "campania_id,fecha,cliente_id,grupo"

DEVOLUCIONES = "devolucion_id,fecha,cliente_id,venta_id,linea,producto_id,cantidad,monto"

STOCK = "movimiento_id,fecha,producto_id,deposito,tipo,cantidad,costo_unitario"

C1 = {"clientes": (CLIENTES, "C1,2025-01-01,Salta,2025-01-01,")}

P1 = {"productos": (PRODUCTOS, "P1,2025-01-01,hogar,10,2025-01-01")}

K1 = {"campanias": (CAMPANIAS, "K1,2025-01-05,email,2025-01-05,2025-01-09,100")}

V1 = {"ventas": (VENTAS, "V1,2025-01-10,2025-01-10,C1,tarjeta,Salta,,completada,10")}


def feed(**changes: Any) -> Feed:
    """The contract's own feed, with its dialect of the standard kind."""
    return replace(CONTRACT, **changes)


class Raw:
    """The raw tables of a feed as loading its files leaves them: text, and a view with file, line and date."""

    def __init__(self, engine: Engine, of: Feed = CONTRACT) -> None:
        self.engine = engine
        self.feed = of
        self.runs = itertools.count(1)

    def deliver(self, table: str, header: str, lines: str, name: str | None = None, broken: int = 0) -> str:
        """Deliver a file of a kind, with some lines that can not be read; delivered again it is replaced. Returns its name."""
        dialect = self.feed.files[table].dialect
        names = header.split(dialect.delimiter)
        day = (name or "").split("_")[-1].removesuffix(".csv")
        name = name or f"{table}_x.csv"
        rows = list(csv.reader(io.StringIO(lines), delimiter=dialect.delimiter))
        delivery = {
            "archivo": name, "tabla": table, "fecha_archivo": day if day[:2] == "20" else None, "columnas": ",".join(names),
            "lineas": len(rows) + broken, "leidas": len(rows), "mundo": f"feed {self.feed.name}",
            "sha256": hashlib.sha256(f"{header}\n{lines}\n{broken}".encode()).hexdigest(), "corrida": f"run {next(self.runs)}",
        }  # fmt: skip
        with self.engine.begin() as connection:
            connection.execute(text("create schema if not exists crudo"))
            ensure_raw_table(connection, table, HEADERS.get(table, names), dialect.nulls)
            self._take_rows_away(connection, name)
            new = insert(Entregas).values(delivery)
            replaced = new.on_conflict_do_update(index_elements=[Entregas.archivo], set_=delivery)
            number = connection.scalar(replaced.returning(Entregas.entrega))
            into = sql.SQL("insert into {} (_entrega, _linea, {}) values (%s, %s, {})").format(
                sql.Identifier("crudo", f"{table}_filas"),
                sql.SQL(", ").join(map(sql.Identifier, names)),
                sql.SQL(", ").join([sql.Placeholder()] * len(names)),
            )
            cursor = connection.connection.cursor()
            for line, row in enumerate(rows, start=2):
                cursor.execute(into, [number, line, *row])
            for line in range(len(rows) + 2, len(rows) + 2 + broken):
                unread = {
                    "archivo": name,
                    "linea": line,
                    "entidad": "",
                    "motivo": "comillas",
                    "texto": '"',
                    "corrida": "run 0",
                }
                connection.execute(insert(Rechazos).values(unread))
        return name

    def withdraw(self, name: str) -> None:
        with self.engine.begin() as connection:
            self._take_rows_away(connection, name)
            for table in ("entregas", "lecturas", "rechazos"):
                connection.execute(text(f"delete from control.{table} where archivo = :n"), {"n": name})

    def _take_rows_away(self, connection: Connection, name: str) -> None:
        """As reading the file again does."""
        before = connection.execute(
            text("select tabla, entrega from control.entregas where archivo = :n"), {"n": name}
        ).first()
        if before:
            (set_rows_aside if self.feed.together else delete_rows)(connection, *before)
            connection.execute(text("delete from control.rechazos where archivo = :n and entidad = ''"), {"n": name})

    def apply_contract(self, threshold: float = 100, run: str = "run 1", *, rebuild: bool = True) -> list[date]:
        """Judge all rows anew, also where nothing has changed: the result has to be the same."""
        return apply_contract(self.engine, self.feed, run, threshold, rebuild=rebuild)

    def query(self, query: str) -> list[tuple]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def rejected(self) -> list[tuple]:
        return self.query("select archivo, linea, entidad, columna, motivo from control.rechazos order by 1, 2, 3")

    def reasons(self, entity: str) -> dict[int, tuple[str | None, str]]:
        """Column and reason of the rejected lines of an entity."""
        return {
            line: (column, reason)
            for line, column, reason in self.query(
                f"select linea, columna, motivo from control.rechazos where entidad = '{entity}'"
            )
        }

    def staged(self, entity: str, what: str) -> list[tuple]:
        return self.query(f"select {what} from staging.{entity} order by {what}")

    def reading(self, entity: str) -> dict[str, tuple[int, ...]]:
        """By file: rows, accepted, repeated, replaced, unchanged, rejected."""
        return {
            row[0]: row[1:]
            for row in self.query(
                "select archivo, filas, aceptadas, repetidas, reemplazadas, sin_cambio, rechazadas from control.lecturas "
                f"where entidad = '{entity}'"
            )
        }

    def state(self) -> dict[str, list[tuple]]:
        """All that apply_contract writes, except the run."""
        state = {name: self.query(f"select (fila)::text from staging.{name} as fila order by 1") for name in LANDING}
        state["cargas"] = self.query(
            "select entidad, fecha, filas, suma, archivo, sha256 from control.cargas order by 1, 2"
        )
        state["lecturas"] = self.query("select * from control.lecturas order by 1, 2")
        state["rechazos"] = self.query(
            "select archivo, linea, entidad, columna, motivo, detalle, texto from control.rechazos order by 1, 2, 3"
        )
        state["provincias"] = self.query("select * from dw.dim_provincia order by 1")
        return state

    def publish(self) -> None:
        """As the transform step leaves things: staging empty, the days further on."""
        with self.engine.begin() as connection:
            for name in LANDING:
                connection.execute(text(f"delete from staging.{name}"))
            connection.execute(text("update control.cargas set capa = 'dw'"))


def deliver(raw: Raw, *files: dict[str, tuple[str, str]]) -> None:
    for file in files:
        for table, (header, lines) in file.items():
            raw.deliver(table, header.replace(",", raw.feed.files[table].dialect.delimiter), lines)


def movement(**values: str) -> str:
    """A line of transacciones, correct except for the values given."""
    right = {
        "transaccion_id": "T1", "fecha": "2025-02-01", "cliente_id": "C1", "tipo_transaccion": "compra_tarjeta",
        "monto": "10.50", "venta_id": "",
    }  # fmt: skip
    return ",".join(f'"{value}"' for value in (right | values).values())


def judged(raw: Raw, **values: str) -> tuple[str | None, str] | None:
    """Column and reason of a movement with these values; None if it is accepted."""
    deliver(raw, C1)
    raw.deliver("transacciones", TRANSACCIONES, movement(**values))
    raw.apply_contract()
    reasons = raw.reasons("transacciones")
    assert len(raw.staged("transacciones", "transaccion_id")) == 1 - len(reasons)
    return reasons.get(2)
