"""From the text that a feed's SELECT gives to days, numbers and text."""

from datetime import date
from decimal import Decimal

import pytest
from raw_feed import C1, CLIENTES, CONTRACT, DETALLE, P1, TRANSACCIONES, V1, Raw, deliver, feed, judged, movement
from sqlalchemy import Engine, text

from client360.ingest.feed_spec import BadFeed
from client360.ingest.raw_file import Dialect


@pytest.mark.parametrize(
    "written",
    [
        "tomorrow", "now", "today", "epoch", "infinity", "-infinity", "2025-02-30", "2025-2-01", "20250201", "01/02/2025",
        "2025-02-01 10:00", "2025-02-01T00:00:00", "0044-03-15 BC", "10000-01-01", "June-12-01", "2025.02.01",
        "2025-032", "J2460708", "allballs", "x", "\uff12\uff10\uff12\uff15-02-01",
    ],
)  # fmt: skip
def test_only_an_iso_day_is_read_as_a_day(raw: Raw, written: str) -> None:
    assert judged(raw, fecha=written) == ("fecha", "tipo_invalido")


@pytest.mark.parametrize(
    "written", ["1990-01-02", "2049-12-31", "2050-01-01", "2099-12-31", " 2025-02-01  ", "2049-12-31 "]
)
def test_an_iso_day_is_that_day_whatever_the_century(raw: Raw, written: str) -> None:
    deliver(raw, {"clientes": (CLIENTES, "C1,1990-01-01,Salta,1990-01-01,")})
    raw.deliver("transacciones", TRANSACCIONES, movement(fecha=written))
    raw.apply_contract()
    assert raw.staged("transacciones", "fecha") == [(date.fromisoformat(written.strip()),)]


@pytest.mark.parametrize(
    "written",
    [
        "0x1F",
        "0o17",
        "0b1",
        "1_000",
        "1e3",
        "NaN",
        "nan",
        "Infinity",
        "-inf",
        "1,5",
        "1.234,56",
        "--5",
        ".",
        "-",
        "$5",
        "5-",
        "\uff11",
    ],
)
def test_only_a_plain_decimal_is_read_as_a_number(raw: Raw, written: str) -> None:
    assert judged(raw, monto=written) == ("monto", "tipo_invalido")


@pytest.mark.parametrize("written", ["5", "5.", ".5", "+5", "005", "5.0", "5.005", "999999999999.99"])
def test_a_plain_decimal_is_read_and_rounded(raw: Raw, written: str) -> None:
    assert judged(raw, monto=written) is None
    assert raw.staged("transacciones", "monto") == [(round(Decimal(written) + Decimal("1e-9"), 2),)]


@pytest.mark.parametrize("written", ["0", "-5", "0.001", "1000000000000", "999999999999.995", "9" * 400])
def test_a_number_must_fit_its_column(raw: Raw, written: str) -> None:
    assert judged(raw, monto=written) == ("monto", "fuera_de_rango")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("3", None), ("+3", None), ("007", None), ("3.0", "tipo_invalido"), ("0x3", "tipo_invalido"),
        ("1_0", "tipo_invalido"), ("99999999999", "fuera_de_rango"), ("0", "fuera_de_rango"), ("", "falta_valor"),
    ],
)  # fmt: skip
def test_an_integer_column_takes_whole_numbers_only(raw: Raw, line: str, reason: str | None) -> None:
    deliver(raw, C1, P1, V1)
    raw.deliver("detalle_ventas", DETALLE, f"V1,{line},2025-01-10,C1,P1,1,10,0")
    raw.apply_contract()
    assert raw.reasons("detalle_ventas") == ({2: ("linea", reason)} if reason else {})


def test_a_decimal_comma_is_that_of_the_file(warehouse: Engine) -> None:
    files = dict(CONTRACT.files)
    files["transacciones"] = files["transacciones"].model_copy(update={"dialect": Dialect(delimiter=";", decimal=",")})
    raw = Raw(warehouse, feed(files=files))
    deliver(raw, {"clientes": (CLIENTES + ",ingresos_mensuales", "C1,2025-01-01,Salta,2025-01-01,,1234.5")})
    amounts = ["1.234,56", "1234,5", "7", "1.234.567", "1234.56", "1,2,3", "1.23,4", "1,234.56", "x"]
    lines = [movement(transaccion_id=f"T{i}", monto=amount).replace('","', '";"') for i, amount in enumerate(amounts)]
    raw.deliver("transacciones", TRANSACCIONES.replace(",", ";"), "\n".join(lines))
    raw.apply_contract()
    assert raw.staged("transacciones", "transaccion_id, monto") == [
        ("T0", Decimal("1234.56")), ("T1", Decimal("1234.50")), ("T2", Decimal("7.00")), ("T3", Decimal("1234567.00")),
    ]  # fmt: skip
    assert raw.reasons("transacciones") == dict.fromkeys(range(6, 11), ("monto", "tipo_invalido"))
    assert raw.staged("clientes", "ingresos_mensuales") == [(Decimal("1234.50"),)]


def test_a_mapping_may_give_typed_columns(warehouse: Engine) -> None:
    files = dict(CONTRACT.files)
    files["transacciones"] = files["transacciones"].model_copy(update={"dialect": Dialect(delimiter=";", decimal=",")})
    mapping = {
        **CONTRACT.mapping,
        "transacciones": """
            select _archivo, _linea, _linea as transaccion_id, crudo.fecha(fecha, 'DD/MM/YYYY') as fecha, cliente_id,
                'transferencia' as tipo_transaccion, 2 * crudo.numero(monto, ',') as monto
            from crudo.transacciones -- without an end""",
    }
    raw = Raw(warehouse, feed(files=files, mapping=mapping))
    deliver(raw, C1)
    raw.deliver("transacciones", "fecha;cliente_id;monto", "5/3/2025;C1;1.000,25\n31/02/2025;C1;1\n05/03/2025;C1;x")
    raw.apply_contract()
    assert raw.staged("transacciones", "transaccion_id, fecha, monto") == [("2", date(2025, 3, 5), Decimal("2000.50"))]
    assert raw.reasons("transacciones") == {3: ("fecha", "tipo_invalido"), 4: ("monto", "tipo_invalido")}


def test_the_functions_for_mappings_never_fail(raw: Raw) -> None:
    deliver(raw, C1)
    raw.apply_contract()
    days = {
        ("05/03/2025", "DD/MM/YYYY"): "2025-03-05",
        ("5/3/2025", "DD/MM/YYYY"): "2025-03-05",
        ("31/02/2025", "DD/MM/YYYY"): "31/02/2025",
        ("20250305", "YYYYMMDD"): "2025-03-05",
        ("2025305", "YYYYMMDD"): "2025305",
        ("05/03/25", "DD/MM/YY"): "2025-03-05",
        ("05/03/85", "DD/MM/YY"): "1985-03-05",
        ("2025-13-01", "YYYY-MM-DD"): "2025-13-01",
        ("2025-03-05 23:59:59", "YYYY-MM-DD HH24:MI:SS"): "2025-03-05",
        ("2025-03-05 24:59:59", "YYYY-MM-DD HH24:MI:SS"): "2025-03-05 24:59:59",
        ("2025-03-05T10:00:00", 'YYYY-MM-DD"T"HH24:MI:SS'): "2025-03-05",
        ("05-Mar-2025", "DD-Mon-YYYY"): "2025-03-05",
        ("05-ENE-2025", "DD-Mon-YYYY"): "2025-01-05",
        ("05-Set-25", "DD-Mon-YY"): "2025-09-05",
        ("05SET2025", "DDMonYYYY"): "2025-09-05",
        ("5 sept 2025", "DD Mon YYYY"): "2025-09-05",
        ("05-Foo-2025", "DD-Mon-YYYY"): "05-Foo-2025",
        ("05-Enet-2025", "DD-Mon-YYYY"): "05-Enet-2025",
        ("tomorrow", "DD/MM/YYYY"): "tomorrow",
        ("05.03.2025", "DD.MM.YYYY"): "2025-03-05",
        ("05x03x2025", "DD.MM.YYYY"): "05x03x2025",
        ("05/2025", "MM/YYYY"): "05/2025",
        ("", "DD/MM/YYYY"): "",
        (None, "DD/MM/YYYY"): None,
    }
    numbers = {
        ("1.234,56", ","): "1234.56", ("1,234.56", "."): "1234.56", ("-7", ","): "-7", (",5", ","): "0.5",
        ("1.23", ","): "NaN", ("x", "."): "NaN", ("", "."): "NaN", ("9" * 200000, "."): "NaN", (None, "."): None,
    }  # fmt: skip
    with raw.engine.connect() as connection:
        for (written, form), day in days.items():
            assert connection.scalar(text("select crudo.fecha(:a, :b)"), {"a": written, "b": form}) == day, written
        for (written, point), number in numbers.items():
            found = connection.scalar(text("select crudo.numero(:a, :b)::text"), {"a": written, "b": point})
            assert found == number, written


@pytest.mark.parametrize(
    ("column", "given", "staged", "reason"),
    [
        ("nombre", "''", None, None),
        ("nombre", "replace(provincia, 'Salta', '')", None, None),
        ("nombre", "' '", " ", None),
        ("provincia", "''", None, None),
        ("cliente_id", "''", None, ("cliente_id", "falta_valor")),
    ],
)
def test_an_empty_text_is_no_value_and_blanks_are_one(
    raw: Raw, column: str, given: str, staged: str | None, reason: tuple | None
) -> None:
    columns = {"cliente_id": "cliente_id", column: given, "fecha": "fecha", "fecha_alta": "fecha_alta"}
    select = ", ".join(f"{expression} as {name}" for name, expression in columns.items())
    raw.feed = feed(mapping={"clientes": f"select _archivo, _linea, {select} from crudo.clientes"})
    deliver(raw, C1)
    raw.apply_contract()
    assert raw.reasons("clientes") == ({2: reason} if reason else {})
    assert raw.staged("clientes", column) == ([] if reason else [(staged,)])


@pytest.mark.parametrize("column", ["venta_id", "estado", "provincia_envio"])
def test_a_required_text_that_is_empty_is_a_missing_value(raw: Raw, column: str) -> None:
    raw.feed = feed(
        mapping=CONTRACT.mapping | {"ventas": CONTRACT.mapping["ventas"].replace(column, f"'' as {column}")}
    )
    deliver(raw, C1, V1)
    raw.apply_contract()
    assert raw.reasons("ventas") == {2: (column, "falta_valor")}


@pytest.mark.parametrize(
    ("left_out", "message"),
    [
        ("select _archivo from crudo.clientes", "descartes.sql does not give _linea"),
        ("select _archivo, _linea, 'why' as motivo from crudo.clientes", "does not have: motivo"),
        ("select 'other.csv' as _archivo, _linea from crudo.clientes", "those of no row"),
        ("select _archivo, _linea + 1 as _linea from crudo.clientes", "descartes.sql gives rows whose"),
        ("select _archivo, provincia as _linea from crudo.clientes", "descartes.sql fails on a value"),
        ("select _archivo, _linea from crudo.customers", "descartes.sql: relation"),
    ],
)  # fmt: skip
def test_rows_left_out_must_be_rows_of_files(warehouse: Engine, left_out: str, message: str) -> None:
    files = {"clientes": CONTRACT.files["clientes"]}
    raw = Raw(warehouse, feed(files=files, mapping={"clientes": CONTRACT.mapping["clientes"]}, left_out=left_out))
    deliver(raw, C1)
    with pytest.raises(BadFeed, match=message):
        raw.apply_contract()


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("select _archivo, _linea, cliente_id, fecha from crudo.clientes", "clientes.sql does not give fecha_alta"),
        ("select cliente_id, fecha, fecha_alta from crudo.clientes", "clientes.sql does not give _archivo, _linea"),
        ("select _archivo, _linea, cliente_id, fecha, fecha_alta, 'x' as name from crudo.clientes", "does not have: name"),
        ("select _archivo, _linea, codigo as cliente_id, fecha, fecha_alta from crudo.clientes", '"codigo" does not exist'),
        ("select _archivo, _linea, client_id from crudo.clientes", 'you meant to reference the column "clientes.cliente_id"'),
        ("selec", "syntax error"),
        ("", "syntax error"),
        ("select 'other.csv' as _archivo, _linea, cliente_id, fecha, fecha_alta from crudo.clientes", "those of no row"),
        ("select _archivo, null::bigint as _linea, cliente_id, fecha, fecha_alta from crudo.clientes", "those of no row"),
        ("select _archivo, _linea + 1 as _linea, cliente_id, fecha, fecha_alta from crudo.clientes", "those of no row"),
        ("select _archivo, _linea, cliente_id, fecha::date, fecha_alta from crudo.clientes", "fails on a value"),
        ("select _archivo, provincia as _linea, cliente_id, fecha, fecha_alta from crudo.clientes", "fails on a value"),
        ("select _archivo, _linea / 0 as _linea, cliente_id, fecha, fecha_alta from crudo.clientes", "fails on a value"),
    ],
)  # fmt: skip
def test_a_mapping_that_does_not_return_rows_of_the_contract_is_refused(
    warehouse: Engine, mapping: str, message: str
) -> None:
    raw = Raw(warehouse, feed(mapping={"clientes": mapping}))
    raw.deliver("clientes", CLIENTES, "C1,soon,Secret,2025-01-01,")
    with pytest.raises(BadFeed) as stopped:
        raw.apply_contract()
    assert message in str(stopped.value)
    assert "soon" not in str(stopped.value)
    assert "Secret" not in str(stopped.value)


def test_a_mapping_of_an_unknown_table_is_refused(warehouse: Engine) -> None:
    files = {"clientes": CONTRACT.files["clientes"]}
    raw = Raw(warehouse, feed(files=files, mapping={"clientes": "select * from crudo.customers"}))
    deliver(raw, C1)
    with pytest.raises(BadFeed, match="customers"):
        raw.apply_contract()
