"""What is kept and counted of rows that do not reach the contract, and when there are too many."""

from datetime import date

import pytest
from raw_feed import C1, CLIENTES, CONTRACT, P1, STOCK, Raw, deliver, feed
from sqlalchemy import Engine, text

from client360.ingest.contract import TooManyRejected
from client360.ingest.raw_file import Dialect, RawFile


def test_rows_that_no_select_returns_are_rejected(warehouse: Engine) -> None:
    files = {**CONTRACT.files, "codigos": RawFile(name="codigos.csv", dialect=Dialect(), lookup=True)}
    mapping = {**CONTRACT.mapping, "clientes": CONTRACT.mapping["clientes"] + " where cliente_id <> 'C2'"}
    raw = Raw(warehouse, feed(files=files, mapping=mapping))
    raw.deliver("clientes", CLIENTES, "C1,2025-01-01,Salta,2025-01-01,\nC2,2025-01-01,Salta,2025-01-01,")
    raw.deliver("codigos", "codigo", "1\n2")
    raw.apply_contract()
    assert raw.rejected() == [("clientes_x.csv", 3, "", None, "sin_mapear")]
    assert raw.reading("clientes") == {"clientes_x.csv": (1, 1, 0, 0, 0, 0)}
    assert raw.apply_contract(50) == []
    with pytest.raises(TooManyRejected, match=r"1 of 2 lines of clientes \(1 sin_mapear\)"):
        raw.apply_contract(49)


def test_rows_left_out_on_purpose_are_counted_and_not_rejected(warehouse: Engine) -> None:
    kept = CONTRACT.mapping["clientes"] + " where cliente_id < 'C2'"
    left_out = "select _archivo, _linea from crudo.clientes where cliente_id in ('C1', 'C2', 'C3')"
    raw = Raw(
        warehouse, feed(mapping={**CONTRACT.mapping, "clientes": kept}, left_out=left_out + f" union all {left_out}")
    )
    lines = [f"C{number},2025-01-01,Salta,2025-01-01," for number in range(5)]
    raw.deliver("clientes", CLIENTES, "\n".join(lines))
    with pytest.raises(TooManyRejected, match=r"1 of 5 lines of clientes \(1 sin_mapear\)"):
        raw.apply_contract(19)
    raw.apply_contract(20)
    assert raw.rejected() == [("clientes_x.csv", 6, "", None, "sin_mapear")]
    assert raw.reading("clientes") == {"clientes_x.csv": (2, 2, 0, 0, 0, 0)}
    assert raw.reading("descartes") == {"clientes_x.csv": (3, 3, 0, 0, 0, 0)}
    before = raw.state()
    assert raw.apply_contract() == []
    assert raw.state() == before


def test_a_line_returned_twice_has_one_reason_and_does_not_hide_one_that_is_not_returned(warehouse: Engine) -> None:
    mapping = {
        **CONTRACT.mapping,
        "movimientos_stock": "select _archivo, 2 as _linea, producto_id, fecha, movimiento_id, deposito, tipo, cantidad, "
        "costo_unitario from crudo.movimientos_stock",
    }
    raw = Raw(warehouse, feed(mapping=mapping))
    deliver(raw, P1)
    raw.deliver(
        "movimientos_stock",
        STOCK,
        "M1,2025-01-10,P1,N,recepcion,1,1\nM2,2025-01-10,P1,N,recepcion,x,1\nM3,2025-01-10,P9,N,recepcion,1,1",
    )
    raw.apply_contract()
    assert [(line, entity, reason) for _, line, entity, _, reason in raw.rejected()] == [
        (2, "movimientos_stock", "tipo_invalido"), (3, "", "sin_mapear"), (4, "", "sin_mapear"),
    ]  # fmt: skip
    assert raw.reading("movimientos_stock") == {"movimientos_stock_x.csv": (3, 1, 0, 0, 0, 2)}


def test_a_rejected_row_is_quoted_as_it_stands_in_its_file(warehouse: Engine) -> None:
    dialect = Dialect(delimiter=";", quote="'", nulls=("", "NULL"))
    files = {**CONTRACT.files, "clientes": CONTRACT.files["clientes"].model_copy(update={"dialect": dialect})}
    raw = Raw(warehouse, feed(files=files))
    raw.deliver(
        "clientes", "cliente_id;nombre;fecha_alta;fecha;apellido", 'C1;O\'Hara;a;b;NULL\nC2;"x;y";;b;"two\nlines"'
    )
    raw.apply_contract()
    assert raw.query("select texto from control.rechazos order by linea") == [
        ("C1;'O''Hara';a;b;NULL",), ("C2;'x;y';;b;'two\nlines'",),
    ]  # fmt: skip


def test_rejections_of_unreadable_lines_are_kept(raw: Raw) -> None:
    deliver(raw, C1)
    with raw.engine.begin() as connection:
        connection.execute(text(
            "insert into control.rechazos values ('clientes_x.csv', 9, '', null, 'comillas', null, 'C9,\"', 'run 0')"
        ))  # fmt: skip
    raw.apply_contract()
    assert raw.rejected() == [("clientes_x.csv", 9, "", None, "comillas")]


def test_too_many_rejected_rows_stop_the_run_and_can_be_read(raw: Raw, warehouse: Engine) -> None:
    lines = [f"C{i},2025-01-01,Salta,2025-01-01," for i in range(19)]
    raw.deliver("clientes", CLIENTES, "\n".join(lines))
    raw.apply_contract(5)
    before = raw.state()
    raw.deliver("clientes", CLIENTES, "\n".join([*lines, "Perez,x,Salta,2025-01-01,"]))
    assert raw.apply_contract(5) == []
    raw.deliver("clientes", CLIENTES, "\n".join([*lines[1:], "Perez,x,Salta,2025-01-01,", "Gomez,2025-01-01,Salta,,"]))
    with pytest.raises(TooManyRejected) as stopped:
        raw.apply_contract(5)
    assert "2 of 20 clientes (1 falta_valor in fecha_alta, 1 tipo_invalido in fecha)" in str(stopped.value)
    assert "Perez" not in str(stopped.value)
    assert f"control.rechazos of the database {warehouse.url.database} has every one of them" in str(stopped.value)
    after = raw.state()
    assert len(after["rechazos"]) == 2
    assert after["lecturas"] == [("clientes_x.csv", "clientes", 20, 18, 0, 0, 0, 2)]
    assert {name: after[name] for name in ("clientes", "cargas", "provincias")} == {
        name: before[name] for name in ("clientes", "cargas", "provincias")
    }
    assert raw.apply_contract(10) == [date(2025, 1, 1)]


def test_unreadable_lines_count_towards_the_threshold(raw: Raw) -> None:
    for name in ("clientes_x.csv", "clientes_xx.csv"):  # a copy counts for neither
        raw.deliver("clientes", CLIENTES, C1["clientes"][1], name=name, broken=1)
    with pytest.raises(TooManyRejected, match=r"1 of 2 lines of clientes \(1 comillas\)"):
        raw.apply_contract(49)
    assert raw.apply_contract(50) == [date(2025, 1, 1)]
