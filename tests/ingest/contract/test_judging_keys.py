"""Rows that share a natural key, and versions without a change."""

from datetime import date

import pytest
from raw_feed import (
    C1,
    CAMPANIAS,
    CLIENTES,
    CONTACTOS,
    CONTRACT,
    DETALLE,
    ENVIOS,
    K1,
    P1,
    PRODUCTOS,
    STOCK,
    TRANSACCIONES,
    V1,
    VENTAS,
    Raw,
    deliver,
    feed,
    movement,
)
from sqlalchemy import Engine

from client360.ingest.raw_file import Dialect, RawFile


def customers(raw: Raw, *files: tuple[str, str]) -> None:
    for name, lines in files:
        raw.deliver("clientes", CLIENTES, lines, name=name)


def test_one_of_several_equal_rows_is_accepted_and_the_others_are_counted(raw: Raw) -> None:
    deliver(raw, C1)
    raw.deliver(
        "transacciones", TRANSACCIONES, "\n".join([movement(), movement(monto="10.5"), movement()]), name="a.csv"
    )
    raw.deliver("transacciones", TRANSACCIONES, movement(), name="b.csv")
    raw.apply_contract()
    assert raw.staged("transacciones", "transaccion_id") == [("T1",)]
    assert raw.reading("transacciones") == {"a.csv": (3, 0, 3, 0, 0, 0), "b.csv": (1, 1, 0, 0, 0, 0)}
    assert raw.rejected() == []


def test_the_first_of_contradicting_rows_of_a_file_is_accepted(raw: Raw) -> None:
    deliver(raw, C1)
    amounts = ["1", "2", "1", "2", "3"]
    raw.deliver("transacciones", TRANSACCIONES, "\n".join(movement(monto=amount) for amount in amounts))
    raw.apply_contract()
    assert raw.staged("transacciones", "monto") == [(1,)]
    assert raw.reasons("transacciones") == dict.fromkeys((3, 6), ("transaccion_id", "clave_repetida"))
    assert raw.reading("transacciones") == {"transacciones_x.csv": (5, 1, 2, 0, 0, 2)}


def test_a_row_with_a_defect_of_its_own_does_not_claim_its_natural_key(raw: Raw) -> None:
    deliver(raw, C1)
    raw.deliver("transacciones", TRANSACCIONES, movement(monto="x") + "\n" + movement(monto="2"))
    raw.apply_contract()
    assert raw.staged("transacciones", "monto") == [(2,)]
    assert raw.reasons("transacciones") == {2: ("monto", "tipo_invalido")}


def test_a_repeated_key_is_reported_before_an_unknown_parent(raw: Raw) -> None:
    raw.deliver("transacciones", TRANSACCIONES, movement(monto="1") + "\n" + movement(monto="2"))
    raw.apply_contract()
    assert [reason for _, reason in raw.reasons("transacciones").values()] == ["padre_desconocido", "clave_repetida"]


def test_a_row_of_a_later_file_replaces_one_of_another_day(raw: Raw) -> None:
    deliver(raw, C1)
    first, second, undated = "transacciones_2025-02-01.csv", "transacciones_2025-02-02.csv", "z_transacciones.csv"
    raw.deliver("transacciones", TRANSACCIONES, movement(monto="1"), name=first)
    assert raw.apply_contract() == [date(2025, 1, 1), date(2025, 2, 1)]
    raw.publish()
    raw.deliver("transacciones", TRANSACCIONES, movement(monto="2", fecha="2025-03-05"), name=second)
    assert raw.apply_contract() == [date(2025, 2, 1), date(2025, 3, 5)]
    assert raw.staged("transacciones", "fecha, monto") == [(date(2025, 3, 5), 2)]
    assert raw.query(
        "select fecha, filas, suma, archivo, capa from control.cargas where entidad = 'transacciones' order by 1"
    ) == [
        (date(2025, 2, 1), 0, 0, "", "staging"),
        (date(2025, 3, 5), 1, 2, second, "staging"),
    ]
    raw.publish()
    raw.deliver("transacciones", TRANSACCIONES, movement(monto="3"), name=undated)
    assert raw.apply_contract() == []
    assert raw.reading("transacciones") == {
        first: (1, 0, 0, 1, 0, 0), second: (1, 1, 0, 0, 0, 0), undated: (1, 0, 0, 1, 0, 0),
    }  # fmt: skip


def test_a_rejected_row_of_a_later_file_replaces_nothing(raw: Raw) -> None:
    deliver(raw, C1)
    raw.deliver("transacciones", TRANSACCIONES, movement(monto="1"), name="transacciones_2025-02-01.csv")
    raw.deliver("transacciones", TRANSACCIONES, movement(monto="x"), name="transacciones_2025-02-02.csv")
    raw.apply_contract()
    assert raw.staged("transacciones", "monto") == [(1,)]
    assert len(raw.rejected()) == 1


@pytest.mark.parametrize(
    ("entity", "header", "lines", "stands"),
    [
        ("clientes", CLIENTES, ["C1,2025-01-01,A,2025-01-01,", "C1,2025-01-02,B,2025-01-01,", "C2,2025-01-01,A,2025-01-01,"], 3),
        ("productos", PRODUCTOS, [
            "P1,2025-01-01,a,1,2025-01-01", "P1,2025-01-02,a,2,2025-01-01", "P1,2025-01-02,a,3,2025-01-01"], 2),
        ("campanias", CAMPANIAS, ["K1,2025-01-05,a,2025-01-05,2025-01-09,1", "K1,2025-01-05,b,2025-01-05,2025-01-09,1"], 1),
        ("ventas", VENTAS, [
            "V1,2025-01-10,2025-01-10,C1,tarjeta,Salta,,completada,1", "V1,2025-01-11,2025-01-10,C1,tarjeta,Salta,,cancelada,1",
            "V1,2025-01-12,2025-01-10,C1,tarjeta,Salta,,cancelada,1"], 2),
        ("detalle_ventas", DETALLE, [
            "V1,1,2025-01-10,C1,P1,1,1,0", "V1,2,2025-01-10,C1,P1,1,1,0", "V1,2,2025-01-10,C1,P1,2,1,0"], 2),
        ("envios", ENVIOS, [
            "V1,2025-01-10,C1,N,preparacion,,2025-01-20,,1", "V1,2025-01-10,C1,S,preparacion,,2025-01-20,,1",
            "V1,2025-01-11,C1,N,cancelado,,2025-01-20,,1", "V1,2025-01-12,C1,N,cancelado,,2025-01-20,,1"], 3),
        ("contactos_campania", CONTACTOS, ["K1,2025-01-05,C1,control", "K1,2025-01-06,C1,control"], 1),
        ("movimientos_stock", STOCK, ["M1,2025-01-11,P1,N,recepcion,1,5", "M1,2025-01-12,P1,N,recepcion,1,5"], 1),
        ("provincias", "provincia,region,poblacion", ["A,x,1", "A,y,1", "B,x,1"], 2),
    ],
)  # fmt: skip
def test_rows_are_told_apart_by_their_natural_key(
    warehouse: Engine, entity: str, header: str, lines: list[str], stands: int
) -> None:
    files = {**CONTRACT.files, "provincias": RawFile(name="provincias_*.csv", dialect=Dialect())}
    mapping = {"provincias": "select * from crudo.provincias", **CONTRACT.mapping}
    mapping["provincias"] = "select _archivo, _linea, provincia, region, poblacion from crudo.provincias"
    raw = Raw(warehouse, feed(files=files, mapping=mapping))
    deliver(raw, *(file for file in (C1, P1, K1, V1) if entity not in file))
    raw.deliver(entity, header, "\n".join(lines))
    raw.apply_contract()
    (reading,) = raw.reading(entity).values()
    assert reading == (len(lines), stands, 0, 0, 0, len(lines) - stands)
    assert {reason for _, reason in raw.reasons(entity).values()} <= {"clave_repetida"}


def test_a_version_without_a_change_is_dropped(raw: Raw) -> None:
    provinces = ["Salta", "Salta", "Jujuy", "Jujuy", "Salta"]
    lines = [f"C1,2025-01-0{day},{province},2025-01-01," for day, province in enumerate(provinces, start=1)]
    customers(raw, *((f"clientes_2025-01-0{day}.csv", line) for day, line in enumerate(lines, start=1)))
    assert raw.apply_contract() == [date(2025, 1, 1), date(2025, 1, 3), date(2025, 1, 5)]
    assert raw.staged("clientes", "fecha, provincia") == [
        (date(2025, 1, 1), "Salta"), (date(2025, 1, 3), "Jujuy"), (date(2025, 1, 5), "Salta"),
    ]  # fmt: skip
    unchanged = {name: counts[4] for name, counts in raw.reading("clientes").items()}
    assert unchanged == {f"clientes_2025-01-0{day}.csv": int(day in (2, 4)) for day in range(1, 6)}


def test_snapshots_and_deltas_give_the_same_versions(warehouse: Engine) -> None:
    raw = Raw(warehouse)
    history = {
        "C1": [(1, "Salta"), (3, "Jujuy")],
        "C2": [(2, "Chaco"), (5, "Chubut")],
    }

    def province(who: str, day: int) -> str | None:
        return next((what for since, what in reversed(history[who]) if since <= day), None)

    def line(who: str, day: int) -> str:
        return f"{who},2025-01-0{day},{province(who, day)},2025-01-01,"

    snapshots = {day: [line(who, day) for who in history if province(who, day)] for day in range(1, 7)}
    deltas = {day: [line(who, day) for who in history if day in dict(history[who])] for day in range(1, 7)}
    for day, lines in snapshots.items():
        customers(raw, (f"clientes_2025-01-0{day}.csv", "\n".join(lines)))
    raw.apply_contract()
    by_snapshots = raw.staged("clientes", "cliente_id, fecha, provincia")
    digests = raw.query("select fecha, sha256 from control.cargas order by 1")
    for day, lines in deltas.items():
        customers(raw, (f"clientes_2025-01-0{day}.csv", "\n".join(lines)))
    assert raw.apply_contract() == []
    assert raw.staged("clientes", "cliente_id, fecha, provincia") == by_snapshots != []
    assert raw.query("select fecha, sha256 from control.cargas order by 1") == digests
