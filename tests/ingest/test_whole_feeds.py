"""Files through the feed path, by the whole DAG on a real Airflow and PostgreSQL."""

import gzip
import random
import shutil
import zipfile
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
import yaml
from sqlalchemy import Engine, text

from client360.days import DayRange, day_ranges
from client360.ingest import feed_spec
from client360.ingest.arrival import FileAwaited, FileMissing, require_files
from client360.simulate import World
from client360.simulate.landing_files import write_landing_files
from client360.warehouse.models import EXPORTED, tables

WORLD = World(seed=11, customers=40, first_day=date(2026, 6, 1))
FECHA = date(2026, 9, 20)


def published(data: Path) -> dict[str, str]:
    """SHA-256 of every published file."""
    processed = data / "processed"
    return {
        path.relative_to(processed).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(processed.rglob("*.csv"))
    }


def facts_and_marts(warehouse: Engine) -> dict[str, list[str]]:
    """Every row of them, and what has been loaded of facts, without the name of the source.

    Versions are left out: those that say what the one before says are none of a feed.
    """
    content = {}
    with warehouse.connect() as connection:
        for table in tables():
            if table.schema in ("dw", "mart") and table.name not in ("dim_cliente", "dim_producto", "dim_campania"):
                found = connection.execute(text(f"select * from {table.fullname}"))
                content[table.fullname] = sorted(map(repr, found))
        loaded = connection.execute(
            text(
                "select entidad, fecha, filas, suma, capa from control.cargas "
                "where entidad not in ('clientes', 'productos', 'campanias')"
            )
        )
        content["control.cargas"] = sorted(map(repr, loaded))
    return content


@pytest.fixture
def reference(run: Callable[..., str], data: Path, warehouse: Engine) -> tuple[dict[str, str], dict[str, list[str]]]:
    """What the direct path publishes of the simulated world, and leaves in the warehouse. `data` is empty again."""
    assert run(FECHA, clientes=WORLD.customers, inicio=WORLD.first_day.isoformat(), semilla=WORLD.seed) == "success"
    result = published(data), facts_and_marts(warehouse)
    shutil.rmtree(data / "processed")
    shutil.rmtree(data / "raw")
    return result


def test_the_simulator_s_files_read_as_a_feed_give_the_same_bytes_and_rows(
    run: Callable[..., str], data: Path, warehouse: Engine, reference: tuple
) -> None:
    write_landing_files(WORLD, day_ranges(DayRange(WORLD.first_day, FECHA).days()), data / "mine")
    conf = {"fuente": "simulador", "entrada": "mine", "inicio": WORLD.first_day.isoformat()}
    assert run(FECHA, **conf, reemplazar=True) == "success"
    with warehouse.connect() as connection:
        # each table that a step reads was analysed once its rows were made
        stale = set(connection.scalars(text("select cast(tabla as text) from control.stale_statistics() as tabla")))
        assert stale <= {"control.verificaciones"}
    bytes_, rows = reference
    assert published(data) == bytes_
    assert facts_and_marts(warehouse) == rows
    assert run(FECHA, **conf) == "success", "a second time, with nothing new"
    assert published(data) == bytes_
    assert facts_and_marts(warehouse) == rows


def test_the_simulator_s_files_in_any_order_of_arrival_end_in_the_same_bytes_and_rows(
    run: Callable[..., str], data: Path, warehouse: Engine, reference: tuple
) -> None:
    """Some come with half of their rows first, and the last of them only after a later day was run."""
    written = [
        data / file.path
        for file in write_landing_files(WORLD, day_ranges(DayRange(WORLD.first_day, FECHA).days()), data)
    ]
    random.Random(5).shuffle(written)  # noqa: S311
    # without any customers there is nothing to publish
    written.insert(0, written.pop(next(i for i, path in enumerate(written) if path.parent.name == "clientes")))
    third = len(written) // 3
    folder = data / "mine"
    folder.mkdir()
    conf = {"fuente": "simulador", "entrada": "mine", "inicio": WORLD.first_day.isoformat(), "umbral": 100}
    for path in written[:third]:
        shutil.copy(path, folder)
    for path in written[third : third + 5]:
        lines = path.read_text().splitlines(keepends=True)
        (folder / path.name).write_text("".join([lines[0], *lines[1::2]]))
    assert run(FECHA, **conf, reemplazar=True) == "success"
    for path in written[third : 2 * third]:
        shutil.copy(path, folder)
    assert run(FECHA + timedelta(days=1), **conf) == "success"
    for path in written[2 * third :]:
        shutil.copy(path, folder)
    assert run(FECHA, **conf) == "success"
    bytes_, rows = reference
    of_day = {name: digest for name, digest in published(data).items() if name.startswith(f"fecha={FECHA}/")}
    assert of_day == {name: digest for name, digest in bytes_.items() if name in of_day}
    assert len(of_day) == len(EXPORTED) + 1
    with warehouse.connect() as connection:
        assert connection.execute(text("select count(*) from control.rechazos")).scalar() == 0
    found = facts_and_marts(warehouse)
    for name in rows:
        if name != "control.cargas" and not name.endswith("_historico"):
            assert found[name] == rows[name], name


def test_a_feed_without_an_accepted_row_replaces_nothing(
    run: Callable[..., str], data: Path, warehouse: Engine
) -> None:
    world = {"clientes": WORLD.customers, "inicio": WORLD.first_day.isoformat(), "semilla": WORLD.seed}
    assert run(FECHA, **world) == "success"
    before = published(data), facts_and_marts(warehouse)
    (data / "mine").mkdir()
    (data / "mine" / "clientes_2026-09-20.csv").write_text(
        "cliente_id,fecha,nombre,provincia,fecha_alta\nA,soon,Ana,,never\n"
    )
    assert run(FECHA, fuente="simulador", entrada="mine", umbral=100, reemplazar=True) == "failed"
    assert (published(data), facts_and_marts(warehouse)) == before
    world |= {"fuente": "simulador", "entrada": None, "umbral": None, "reemplazar": False}
    assert run(FECHA + timedelta(days=1), **world) == "success", "the world goes on as if nothing had been asked"


CUSTOMERS = (
    "cliente_id,fecha,nombre,provincia,fecha_alta\nA,2026-01-01,Ana,,2020-05-01\nB,2026-01-01,Bea,Atlantis,2020-05-01\n"
)
FILES = {
    "bank": {
        "clientes": CUSTOMERS,
        "transacciones": "transaccion_id,fecha,cliente_id,tipo_transaccion,monto\nT,2026-02-03,A,pago_servicio,100\n",
    },
    "shop": {
        "clientes": CUSTOMERS,
        "productos": "producto_id,fecha,categoria,precio,fecha_alta\nP,2026-01-01,libros,10,2020-05-01\n",
        "ventas": "venta_id,fecha,fecha_venta,cliente_id,metodo_pago,provincia_envio,estado,total\n"
        "V,2026-02-03,2026-02-03,B,efectivo,Atlantis,completada,21\n"
        "W,2026-02-04,2026-02-04,B,efectivo,Atlantis,completada,5\n",
        "detalle_ventas": "venta_id,linea,fecha,cliente_id,producto_id,cantidad,precio_unitario,descuento\n"
        "V,1,2026-02-03,B,P,2,10,0\n",
    },
}
PUBLISHED = {
    "bank": {"cliente_360": 2, "distribucion_geografica": 1},
    "shop": {
        "cliente_360": 2,
        "productos_mas_vendidos": 1,
        "clientes_nuevos_recurrentes": 2,
        "rentabilidad_mensual": 2,
        "distribucion_geografica": 1,
    },
}
WARNINGS = {
    "bank": {
        "respuestas_con_datos": "clientes_nuevos_recurrentes (no detalle_ventas, ventas); demoras_logisticas (no envios); "
        "impacto_campanias (no campanias, contactos_campania); medios_de_pago (no pagos_venta); "
        "productos_mas_vendidos (no detalle_ventas, productos, ventas); "
        "rentabilidad_mensual (no detalle_ventas, productos, ventas); rotacion_stock (no movimientos_stock, productos); "
        "tiempos_pedidos (no ventas); ventas_por_canal (no detalle_ventas, ventas)"
    },
    "shop": {
        "respuestas_con_datos": "demoras_logisticas (no envios); impacto_campanias (no campanias, contactos_campania); "
        "medios_de_pago (no pagos_venta); rotacion_stock (no movimientos_stock)",
        "pedido_con_lineas": "W of 2026-02-04, an order without any line",
        "venta_cuadra": "V of 2026-02-03, another total than its lines",
    },
}


@pytest.fixture
def feed(name: str, own_feed: Path) -> Path:
    """A feed of a bank without a shop, or of a shop without a bank, in files of the shape of the contract."""
    kinds = {entity: {"name": f"{entity}.csv"} for entity in FILES[name]}
    (own_feed / "feed.yaml").write_text(yaml.safe_dump({"country": "CL", "currency": "CLP", "files": kinds}))
    for entity, content in FILES[name].items():
        header = content.partition("\n")[0].replace(",", ", ")
        (own_feed / f"{entity}.sql").write_text(f"select _archivo, _linea, {header} from crudo.{entity}")
    return own_feed


@pytest.fixture
def files(name: str, data: Path) -> Path:
    """The files of the feed."""
    folder = data / "mine"
    folder.mkdir()
    for entity, content in FILES[name].items():
        (folder / f"{entity}.csv").write_text(content)
    return folder


@pytest.mark.parametrize("name", FILES)
@pytest.mark.usefixtures("feed", "files")
def test_a_bank_without_a_shop_and_a_shop_without_a_bank_reach_the_end(
    name: str, run: Callable[..., str], data: Path, warehouse: Engine
) -> None:
    assert run(date(2026, 3, 1), entrada="mine") == "success"
    found = {path.stem: len(path.read_text().splitlines()) - 1 for path in (data / "processed").glob("*.csv")}
    assert {relation: found[relation] for relation in EXPORTED if found[relation]} == PUBLISHED[name]
    assert "in CLP" in (data / "processed" / "diccionario_de_datos.csv").read_text()
    with warehouse.connect() as connection:
        silent = connection.execute(text("select min(fecha), max(fecha) from control.cargas where filas = 0")).one()
        assert silent == (date(2026, 2, 3), date(2026, 3, 1)), "from the first movement or order to the business day"
        assert connection.execute(text("select array_agg(provincia) from dw.dim_provincia")).scalar() == ["Atlantis"]
        said = connection.execute(text("select verificacion, ejemplo from control.verificaciones where not correcta"))
        assert dict(map(tuple, said)) == WARNINGS[name]


@pytest.mark.parametrize("name", ["shop"])
def test_a_shop_in_archives_workbooks_and_parquet_is_published_in_the_same_bytes(
    feed: Path, files: Path, run: Callable[..., str], data: Path
) -> None:
    assert run(date(2026, 3, 1), entrada="mine") == "success"
    plain = published(data)
    rows = {path.stem: [line.split(",") for line in path.read_text().splitlines()] for path in files.iterdir()}
    (files / "clientes.csv.gz").write_bytes(gzip.compress((files / "clientes.csv").read_bytes()))
    with xlsxwriter.Workbook(files / "libro.xlsx") as workbook:
        for entity in ("productos", "detalle_ventas"):
            sheet = workbook.add_worksheet(entity)
            for at, row in enumerate(rows[entity]):
                sheet.write_row(at, 0, row)
    with zipfile.ZipFile(files / "envio.zip", "w") as archive:
        header, *orders = rows["ventas"]
        columns = pa.table(dict(zip(header, map(list, zip(*orders, strict=True)), strict=True)))
        with archive.open("ventas.parquet", "w") as member:
            pq.write_table(columns, member)
    for path in files.glob("*.csv"):
        path.unlink()
    said = yaml.safe_load((feed / "feed.yaml").read_text())
    said["files"] |= {
        "clientes": {"name": "clientes.csv.gz"},
        "ventas": {"name": "*.zip/ventas.parquet"},
        "productos": {"name": "libro.xlsx", "sheet": "productos"},
        "detalle_ventas": {"name": "libro.xlsx", "sheet": "detalle_ventas"},
    }
    (feed / "feed.yaml").write_text(yaml.safe_dump(said))
    assert run(date(2026, 3, 1), entrada="mine", reemplazar=True) == "success"
    assert published(data) == plain


@pytest.mark.parametrize(("name", "missing"), [("bank", "fail"), ("bank", "wait")])
def test_a_file_without_which_a_feed_is_not_read_stops_the_run(
    missing: str, feed: Path, files: Path, run: Callable[..., str], data: Path
) -> None:
    said = yaml.safe_load((feed / "feed.yaml").read_text())
    said["files"]["transacciones"] = {"name": "transacciones_{%Y%m%d}.csv", "missing": missing}
    (feed / "feed.yaml").write_text(yaml.safe_dump(said))
    (files / "transacciones.csv").rename(files / "transacciones_20260228.csv")
    assert run(date(2026, 3, 1), entrada="mine") == "failed"
    assert list((data / "processed").glob("*")) == []
    assert run(date(2026, 2, 28), entrada="mine") == "success"


@pytest.mark.parametrize(
    ("kinds", "error", "message"),
    [
        ({"a": {"name": "a_{%Y%m%d}.csv"}}, None, ""),
        ({"a": {"name": "a_{%Y%m%d}.csv", "missing": "fail"}}, FileMissing, r"no a \(a_{%Y%m%d}.csv\) for 2026-03-15"),
        ({"a": {"name": "a_{%Y%m%d}.csv", "missing": "wait"}}, FileAwaited, r"no a \(a_{%Y%m%d}.csv\) for 2026-03-15"),
        ({"b": {"name": "b*.csv", "missing": "fail"}}, None, ""),
        ({"c": {"name": "c*.csv", "missing": "wait"}}, FileAwaited, r"there is no c \(c\*.csv\) for 2026-03-15"),
        ({"m": {"name": "m_{%Y-%m}.csv", "missing": "fail"}}, None, ""),
        ({"n": {"name": "n_{%Y-%m}.csv", "missing": "wait"}}, FileAwaited, r"no n \(n_{%Y-%m}.csv\) for 2026-03-15"),
        # what nobody waits for is told first
        (
            {"c": {"name": "c*.csv", "missing": "wait"}, "d": {"name": "d*.csv", "missing": "fail"}},
            FileMissing,
            r"there is no d \(d\*.csv\) for 2026-03-15",
        ),
    ],
)
def test_files_that_have_to_be_there_are_waited_for_or_named(
    tmp_path: Path, kinds: dict, error: type[Exception] | None, message: str
) -> None:
    feed, files = tmp_path / "feed", tmp_path / "files"
    feed.mkdir()
    files.mkdir()
    (feed / "feed.yaml").write_text(yaml.safe_dump({"files": kinds}))
    (feed / "clientes.sql").write_text("select 1")
    for name in ("a_20260228.csv", "b.csv", "m_2026-03.csv", "n_2026-02.csv"):
        (files / name).touch()
    with pytest.raises(error, match=message) if error else nullcontext():
        require_files(feed_spec.read_feed("some", feed), files, date(2026, 3, 15))
