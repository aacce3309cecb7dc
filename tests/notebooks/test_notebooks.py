"""The notebooks, executed on a small world in the warehouse, on its exported files, and on sources without a shop or a bank."""

import os
import re
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path

import nbformat
import pandas as pd
import psutil
import psycopg
import pytest
from checkout import Checkout
from IPython.display import HTML
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from traitlets.config import Config

import learning
import page
from client360 import folders
from client360.warehouse.migrate import READER
from client360.warehouse.models import EXPORTED
from reading import published, warehouse
from reading.questions import ANSWERS
from tools.local.server import embedded

FOLDER = folders.ROOT / "notebooks"
BANK, SHOP, LEARN = "exploracion_cliente360", "exploracion_ecommerce", "aprender"
EARLIER, LATER = date(2026, 10, 31), date(2026, 11, 20)
LESSONS = date(2025, 6, 20), date(2025, 9, 20), date(2026, 1, 20)
LESSON_DAYS = [f"{fecha:%d/%m/%Y}" for fecha in LESSONS]
WORLD = ("CLIENTES=200", "INICIO=2026-03-15")
STRICT = """
import warnings
warnings.simplefilter("error")
warnings.filterwarnings("ignore", category=PendingDeprecationWarning, module="ipykernel")
"""
SEVEN = list(ANSWERS)


@dataclass(frozen=True)
class World:
    """A warehouse, which the tests read as its owner, and the files exported from it."""

    checkout: Checkout
    owner: psycopg.Connection

    def environment(self, *, files: bool, fecha: date | None = None) -> dict[str, str]:
        """What leads the notebooks to the one or the other."""
        where = (
            {"CLIENT360_DATA": str(self.checkout.data)}
            if files
            else {"PGHOST": self.owner.info.host, "PGDATABASE": "client360", "PGUSER": READER}
        )
        return where | ({"CLIENT360_FECHA": str(fecha)} if fecha else {})

    def row(self, query: str, fecha: date = LATER) -> tuple:
        (found,) = self.owner.execute(query.encode(), {"fecha": fecha}).fetchall()
        return found


@contextmanager
def ran(folder: Path, *runs: tuple[str, ...]) -> Iterator[World]:
    checkout = Checkout(folder)
    for arguments in runs:
        code, output = checkout.make("run", *arguments)
        assert code == 0, output
    with (
        embedded(checkout.local / "postgres") as server,
        psycopg.connect(server.url("client360"), autocommit=True) as owner,
    ):
        yield World(checkout, owner)
    checkout.stop()


@pytest.fixture(scope="session")
def world(open_folders: Callable[[], Path]) -> Iterator[World]:
    with ran(open_folders(), *((f"FECHA={fecha}", *WORLD) for fecha in (EARLIER, LATER))) as made:
        yield made


@pytest.fixture(scope="session", params=["banco", "tienda"])
def half(request: pytest.FixtureRequest, open_folders: Callable[[], Path]) -> Iterator[World]:
    """A source that knows a bank without a shop, or a shop without a bank."""
    files = folders.ROOT / "docs" / "examples" / request.param
    run = ("FECHA=2025-06-30", f"FUENTE={request.param}_ejemplo", f"ENTRADA={files}")
    with ran(open_folders(), run) as made:
        yield made


@pytest.fixture(scope="session")
def execute(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., NotebookNode]:
    """Runs a notebook, once for each environment, in a process where warnings are errors."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "CLIENT360"))}
    notes = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR")
    clean |= dict.fromkeys(notes, str(tmp_path_factory.mktemp("jupyter")))
    clean["PYTHONPATH"] = str(folders.ROOT)
    executed: dict[str, NotebookNode] = {}

    def run(name: str, environment: dict[str, str]) -> NotebookNode:
        if (key := f"{name} {environment}") in executed:
            return executed[key]
        notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
        notebook.cells.insert(0, nbformat.v4.new_code_cell(STRICT, id="strict"))
        client = NotebookClient(
            notebook,
            timeout=120,
            resources={"metadata": {"path": str(FOLDER)}},
            config=Config(KernelManager={"transport_encryption": "auto"}),
        )
        client.execute(env=clean | environment)
        assert [output for output in outputs(notebook) if output.get("name") == "stderr"] == []
        executed[key] = notebook
        return notebook

    return run


def outputs(notebook: NotebookNode) -> list[NotebookNode]:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def said(notebook: NotebookNode) -> list[str]:
    """The sentences, in order."""
    shown = [output["data"].get("text/html", "") for output in outputs(notebook) if "data" in output]
    return [unescape(text) for html in shown for text in re.findall(r"^<p>(.*)</p>$", html)]


def pictures(notebook: NotebookNode) -> int:
    return sum("image/png" in output.get("data", {}) for output in outputs(notebook))


def es(value: object, decimals: int = 0) -> str:
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def pesos(value: object) -> str:
    return f"{es(value)} pesos" if abs(value) < 1_000_000 else f"{es(value / 1_000_000, 1)} millones de pesos"


def test_notebooks_are_kept_without_outputs() -> None:
    found = sorted(FOLDER.glob("*.ipynb"))
    assert [path.stem for path in found] == [LEARN, BANK, SHOP]
    for path in found:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        assert outputs(notebook) == [], "make format"
        assert {cell["execution_count"] for cell in notebook.cells if cell["cell_type"] == "code"} == {None}


def test_every_published_relation_is_read_and_every_answer_stands_below_its_question() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.ipynb"))
    assert [name for name in EXPORTED if f'\\"{name}\\"' not in code] == []
    shop = nbformat.read(FOLDER / f"{SHOP}.ipynb", as_version=4)
    headings = re.findall(r"^#+ (?:\d\. )?(.+)$", "\n".join(cell["source"] for cell in shop.cells), re.MULTILINE)
    assert [heading for heading in headings if heading in {question.title for question in ANSWERS.values()}] == [
        question.title for question in ANSWERS.values()
    ]


@pytest.mark.parametrize("fecha", [EARLIER, LATER], ids=str)
@pytest.mark.parametrize("relation", EXPORTED)
def test_files_and_warehouse_have_the_same_rows_columns_and_types(
    world: World, monkeypatch: pytest.MonkeyPatch, relation: str, fecha: date
) -> None:
    frames = []
    for files in (False, True):
        with monkeypatch.context() as patched:
            for name, value in world.environment(files=files, fecha=fecha).items():
                patched.setenv(name, value)
            source = published.source()
            assert source.fecha == fecha
            assert isinstance(source, published.Files if files else published.Warehouse)
            frames.append(source.read(relation))
    pd.testing.assert_frame_equal(*frames, check_exact=True)
    table = EXPORTED[relation].table()
    assert list(frames[0].columns) == [column.name for column in table.columns]
    key = [column.name for column in table.primary_key if column.name != "fecha_corte"]
    assert warehouse.statement(relation).endswith(f"\norder by {', '.join(key)}")
    (rows,) = world.row(f"select count(*) from {table.fullname} where fecha_corte = %(fecha)s", fecha)
    assert len(frames[0]) == rows
    assert rows > 0


def test_cells_of_files_are_read_as_they_were_written(tmp_path: Path) -> None:
    (tmp_path / published.DICTIONARY).write_text(
        "relacion,publicada_como,posicion,columna,tipo\n"
        + "".join(
            f"mart.x,things,{place},{name},{kind}\n"
            for place, (name, kind) in enumerate(
                (
                    ("word", "text"),
                    ("amount", '"numeric(14, 2)"'),
                    ("many", "integer"),
                    ("more", "bigint"),
                    ("yes", "boolean"),
                    ("on", "date"),
                )
            )
        )
    )
    (tmp_path / "things.csv").write_text(
        "\ufeffword,amount,many,more,yes,on\nNA,0.1234,1,9007199254740993,t,2026-01-31\nnull,,,,,\n007,94878290228605.55,3,4,f,9999-12-31\n"
    )
    read = published.Files(LATER, tmp_path).read("things")
    assert read["word"].tolist() == ["NA", "null", "007"]
    assert read["amount"].tolist()[::2] == [0.1234, 94878290228605.55]
    assert read["many"].tolist() == [1, pd.NA, 3]
    assert read["more"].tolist() == [9007199254740993, pd.NA, 4]
    assert read["yes"].tolist() == [True, pd.NA, False]
    assert read["on"].iloc[2] == pd.Timestamp("9999-12-31").as_unit("s")
    assert read.loc[1].isna().tolist() == [False, *[True] * 5]


def test_a_day_that_is_not_published_is_told_in_both_sources(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for files in (False, True):
        with monkeypatch.context() as patched:
            for name, value in world.environment(files=files, fecha=date(2026, 11, 1)).items():
                patched.setenv(name, value)
            with pytest.raises(
                published.NotPublished, match=r"^2026-11-01 is not published: make run FECHA=2026-11-01$"
            ):
                published.source()
    monkeypatch.setenv("CLIENT360_DATA", str(tmp_path))
    with pytest.raises(published.NotPublished, match=r"^no day is published yet: make run$"):
        published.source()


def test_a_day_whose_checks_failed_is_not_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil = """update control.verificaciones set correcta = {}, detiene = {}
        where fecha_corte = '2026-11-20' and verificacion = 'tarjeta_cuadra'"""
    for name, value in world.environment(files=False).items():
        monkeypatch.setenv(name, value)
    try:
        for stops, expected in ((True, EARLIER), (False, LATER)):
            world.owner.execute(spoil.format(False, stops).encode())
            assert published.source().fecha == expected
    finally:
        world.owner.execute(spoil.format(True, True).encode())


@pytest.mark.parametrize("files", [False, True], ids=["warehouse", "files"])
def test_the_bank_is_explored_with_the_figures_of_the_warehouse(
    world: World, execute: Callable[..., NotebookNode], *, files: bool
) -> None:
    notebook = execute(BANK, world.environment(files=files))
    source, spending, moved, held, stocks, debts = said(notebook)
    assert source == f"Datos al 20/11/2026, leídos {'de los archivos CSV exportados' if files else 'del almacén'}."
    both = "ingresos_mensuales is not null and gasto_mensual_promedio is not null"
    count, income, more = world.row(
        f"""select count(*) filter (where {both}),
            percentile_cont(0.5) within group (order by ingresos_mensuales) filter (where {both}),
            100.0 * count(*) filter (where gasto_mensual_promedio > ingresos_mensuales) / count(*) filter (where {both})
        from mart.cliente_360"""
    )
    assert f"La mitad de los {es(count)} clientes gana menos de {pesos(income)} por mes" in spending
    assert f"el {es(more, 1)} % gasta más de lo que gana" in spending
    provincia, score = world.row(
        """select provincia, percentile_cont(0.5) within group (order by score_endeudamiento) as score
        from mart.cliente_360 where score_endeudamiento is not null group by provincia having count(*) >= 10
        order by score desc limit 1"""
    )
    assert f"la mediana más alta es la de {provincia} ({es(score * 100, 1)} %)" in debts
    count, came, left, saving = world.row(
        """select count(*), percentile_cont(0.5) within group (order by ingresos_totales_promedio),
            percentile_cont(0.5) within group (order by egresos_totales_promedio),
            100.0 * count(*) filter (where ahorro_promedio > 0) / count(*)
        from mart.cliente_360 where ingresos_totales_promedio is not null"""
    )
    assert f"A la mitad de los {es(count)} clientes le entran más de {pesos(came)} por mes" in moved
    assert f"le salen más de {pesos(left)}; al {es(saving, 1)} % le entra más de lo que le sale" in moved
    (held_by,) = world.row("select count(*) from mart.cliente_360 where productos is not null")
    product, holders = world.row(
        """select producto, count(*) from mart.cliente_360 cross join unnest(string_to_array(productos, ', ')) as producto
        group by producto order by count(*) desc, producto limit 1"""
    )
    share = 100 * holders / held_by
    assert held == f"Lo que más tienen los {es(held_by)} clientes es {product.replace('_', ' ')}: el {es(share, 1)} %."
    assert stocks == told_of_stocks(world)
    assert pictures(notebook) == 5
    tables = "".join(output["data"].get("text/html", "") for output in outputs(notebook) if "data" in output)
    nombre, edad = world.row("select nombre, avg(edad) over () from mart.cliente_360 order by cliente_id limit 1")
    assert nombre in tables
    assert re.search(rf"<th>edad</th>\s*<td>{es(world.row('select count(*) from mart.cliente_360')[0])}</td>", tables)
    assert f"<td>{es(edad)}</td>" in tables


def told_of_stocks(world: World) -> str:
    """What balances and debts come to."""
    with_balance, balance, with_debt, debt, late, of_late = world.row(
        """select count(saldo_total), sum(saldo_total), count(deuda_total), sum(deuda_total),
            count(deuda_total) filter (where dias_mora_max > 0), sum(deuda_total) filter (where dias_mora_max > 0)
        from mart.cliente_360"""
    )
    assert with_balance
    assert late
    return (
        f"En las cuentas de {es(with_balance)} clientes hay {pesos(balance)}. De {es(with_debt)} clientes se sabe cuánto deben: "
        f"{pesos(debt)}, de los que {pesos(of_late)} son de {es(late)} que están en mora."
    )


def test_balances_and_debts_are_those_of_the_warehouse(
    open_folders: Callable[[], Path], execute: Callable[..., NotebookNode]
) -> None:
    files = folders.ROOT / "docs" / "examples" / "cooperativa"
    with ran(open_folders(), ("FECHA=2025-06-30", "FUENTE=cooperativa_ejemplo", f"ENTRADA={files}")) as cooperative:
        notebook = execute(BANK, cooperative.environment(files=False))
        *_, stocks, _ = said(notebook)
        expected = told_of_stocks(cooperative)
        assert stocks == expected
        cooperative.owner.execute("update control.fuentes set moneda = 'UYU'")
        *_, stocks, _ = said(execute(BANK, cooperative.environment(files=False, fecha=date(2025, 6, 30))))
    assert stocks == expected.replace("pesos", "UYU")


@pytest.mark.parametrize(("files", "fecha"), [(False, None), (True, EARLIER)], ids=["warehouse", "files"])
def test_the_questions_are_answered_with_the_figures_of_the_warehouse(
    world: World, execute: Callable[..., NotebookNode], *, files: bool, fecha: date | None
) -> None:
    notebook = execute(SHOP, world.environment(files=files, fecha=fecha))
    source, best, buyers, stock, late, campaigns, profits, places, paid, sold, steps, credit = said(notebook)
    day = fecha or LATER
    assert source.startswith(f"Datos al {day:%d/%m/%Y}, leídos ")
    assert pictures(notebook) == 11
    late_payers, debtors = world.row(
        """select sum(en_mora), sum(clientes) from mart.riesgo_crediticio_historico where fecha_corte = %(fecha)s
        and mes = (select max(mes) from mart.riesgo_crediticio_historico where fecha_corte = %(fecha)s)""",
        day,
    )
    assert credit == f"De {es(debtors)} clientes con crédito está en mora el {es(100 * late_payers / debtors, 1)} %."
    month = "fecha_corte = %(fecha)s and mes = '2026-10-01'"

    nombre, unidades = world.row(
        f"""select nombre, unidades from mart.productos_mas_vendidos_historico where {month}
        order by unidades desc, categoria, puesto limit 1""",
        day,
    )
    assert f"En octubre de 2026 lo más vendido fue {nombre} (" in best
    assert f", con {es(unidades)} unidades y " in best
    compradores, nuevos, recurrentes, tasa = world.row(
        f"""select compradores, nuevos, recurrentes, tasa_recompra_pct
        from mart.clientes_nuevos_recurrentes_historico where {month}""",
        day,
    )
    assert f"compraron {compradores} clientes: {nuevos} nuevos (" in buyers
    assert f" y {recurrentes} recurrentes, " in buyers
    assert f"El {es(tasa, 1)} % ya tenía" in buyers
    categoria, rotacion, dias = world.row(
        f"""select categoria, rotacion, dias_de_stock from mart.rotacion_stock_historico where {month}
        and rotacion is not null order by rotacion desc, categoria limit 1""",
        day,
    )
    assert f"lo que más rotó fue {categoria}: se vendió {es(rotacion, 2)} veces" in stock
    assert f"(stock para {es(round(dias))} días)" in stock
    entregas, pct = world.row(
        """select sum(entregas), 100.0 * sum(demoradas) / sum(entregas)
        from mart.demoras_logisticas_historico where fecha_corte = %(fecha)s""",
        day,
    )
    assert late.startswith(f"Hubo {es(entregas)} entregas, en promedio ")
    assert f"De {es(entregas)} con un día prometido llegó tarde el {es(pct, 1)} % y antes el " in late
    measured, proven, added = world.row(
        """select count(*), count(*) filter (where exito), sum(ingresos_incrementales)
        from mart.impacto_campanias_historico
        where fecha_corte = %(fecha)s and pedidos_incrementales is not null and ingresos_incrementales is not null""",
        day,
    )
    assert f"De {measured} campañas, {proven} aumentaron los pedidos" in campaigns
    assert f"Todas juntas sumaron {pesos(added)}, " in campaigns
    ingresos, margen, conocido = world.row(
        """select sum(ingresos), 100 * sum(margen) / sum(margen + costo), 100 - 100 * sum(ingresos_sin_costo) / sum(ingresos)
        from mart.rentabilidad_mensual_historico where fecha_corte = %(fecha)s and mes < '2026-11-01'""",
        day,
    )
    assert f" y octubre de 2026 ingresaron {pesos(ingresos)};" in profits
    assert profits.endswith(
        f"; todas juntas, el {es(margen, 1)} %. Se conoce el costo del {es(conocido, 1)} % de los ingresos."
    )
    clientes, provincia, potenciales = world.row(
        """select sum(clientes) over (), provincia, clientes_potenciales from mart.distribucion_geografica_historico
        where fecha_corte = %(fecha)s order by puesto limit 1""",
        day,
    )
    assert f"De {es(clientes)} clientes, " in places
    assert (
        f"Donde más lugar hay es {provincia}: con la penetración del país tendría {potenciales} clientes más" in places
    )
    whole = "fecha_corte = %(fecha)s and mes <= '2026-10-01'"
    canal, pedidos, ingresos = world.row(
        f"""select canal, sum(pedidos), sum(ingresos) as ingresos from mart.ventas_por_canal_historico where {whole}
        group by canal order by ingresos desc limit 1""",
        day,
    )
    assert sold.startswith(f"Por {canal} se vendió el ")
    assert sold.endswith(f": {es(pedidos)} pedidos, por {pesos(ingresos)}.")
    pagos, rechazados = world.row(
        f"select sum(pagos), sum(rechazados) from mart.medios_de_pago_historico where {whole}", day
    )
    assert paid.endswith(
        f"De {es(pagos + rechazados)} pagos se rechazó el {es(rechazados * 100 / (pagos + rechazados), 1)} %."
    )
    estado, dias = world.row(
        """select estado, sum(dias_media * pedidos) / sum(pedidos) as dias from mart.tiempos_pedidos_historico
        where fecha_corte = %(fecha)s group by estado order by dias desc limit 1""",
        day,
    )
    assert steps == f"Donde más espera un pedido es en {estado}: {es(dias, 1)} días en promedio."


def test_the_sql_that_is_shown_is_the_one_that_is_run(world: World, execute: Callable[..., NotebookNode]) -> None:
    notebook = execute(SHOP, world.environment(files=False))
    shown = [
        output["data"]["text/markdown"] for output in outputs(notebook) if "text/markdown" in output.get("data", {})
    ]
    statements = [re.fullmatch(r"```sql\n(select\n.*)\n```", text, re.DOTALL)[1] for text in shown]
    assert [re.search(r"from mart\.(\w+)_historico", statement)[1] for statement in statements] == SEVEN
    for name, statement in zip(SEVEN, statements, strict=True):
        rows = world.owner.execute(statement.encode(), {"fecha": LATER}).fetchall()
        assert len(rows) == world.row(f"select count(*) from mart.{name}")[0]
        assert statement == warehouse.statement(name)


@pytest.mark.parametrize("files", [False, True], ids=["warehouse", "files"])
def test_what_a_source_does_not_know_is_said_and_the_rest_is_answered(
    half: World, execute: Callable[..., NotebookNode], *, files: bool
) -> None:
    environment = half.environment(files=files)
    assert said(execute(BANK, environment))[0].startswith("Datos al 30/06/2025")
    sentences = said(execute(SHOP, environment))[1:]
    empty = [name for name in SEVEN if half.row(f"select count(*) from mart.{name}") == (0,)]
    assert len(empty) >= 3
    for name, sentence in zip(SEVEN, sentences, strict=True):
        nothing = f"No hay datos para responder: {name.replace('_', ' ')} no tiene filas al 30/06/2025."
        assert (sentence == nothing) == (name in empty), sentence


@pytest.mark.parametrize("fecha", [None, EARLIER], ids=str)
def test_reports_stand_alone_beside_the_files_of_the_day(world: World, fecha: date | None) -> None:
    data = world.checkout.data / "processed"
    before = world.checkout.published()
    world.checkout.environment["PGHOST"] = "/nowhere"  # it is the files that are read
    code, output = world.checkout.make("report", *([f"FECHA={fecha}"] if fecha else []))
    folder = data / f"fecha={fecha or LATER}"
    assert code == 0, output
    assert output.splitlines() == [str(folder / f"{name}.html") for name in (BANK, SHOP)]
    reports = {str(path.relative_to(data)) for path in folder.glob("*.html")}
    assert set(world.checkout.published()) == set(before) | reports
    pages = {name: (folder / f"{name}.html").read_text(encoding="utf-8") for name in (BANK, SHOP)}
    for report in pages.values():
        assert "<title>Exploración de" in report
        assert re.findall(r'<script[^>]* src=|<link[^>]* href=|src="(?!data:)|url\((?!data:)|@import', report) == []
        assert "import charts" not in re.sub("<[^>]*>", "", report)
        assert f"{fecha or LATER:%d/%m/%Y}" in report
    (clientes,) = world.row(
        "select count(*) from mart.cliente_360_historico where fecha_corte = %(fecha)s", fecha or LATER
    )
    assert f"De {es(clientes)} clientes, " in pages[SHOP]
    assert "<td>" + es(clientes) + "</td>" in pages[BANK]
    assert [len(re.findall("<img[^>]+data:image/png;base64,", pages[name])) for name in (BANK, SHOP)] == [5, 11]


def test_a_report_of_a_day_that_is_not_there_is_refused_in_one_line(world: World) -> None:
    before = world.checkout.published()
    for fecha, message in (
        ("2026-11-01", "client360: 2026-11-01 is not published: make run FECHA=2026-11-01"),
        ("20/11/2026", "client360: fecha is '20/11/2026': "),
    ):
        code, output = world.checkout.make("report", f"FECHA={fecha}")
        assert code != 0
        told, *others = [line for line in output.splitlines() if not line.startswith("make: ")]
        assert told.startswith(message)
        assert others == []
    assert world.checkout.published() == before


def test_jupyter_is_served_on_this_machine_to_who_has_the_token_as_the_reader(world: World) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = world.checkout.start("notebook", f"PORT={port}")
    try:
        for line in process.stdout:
            if found := re.fullmatch(
                rf"JupyterLab is at (http://127\.0\.0\.1:{port})/lab\?token=(\S+)\. Ctrl-C ends it\.\n", line
            ):
                break
        address, token = found.groups()
        wait_for(f"{address}/api")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{address}/api/contents")  # noqa: S310 (our own)
        assert refused.value.code == 403
        refused.value.close()
        asked = urllib.request.Request(f"{address}/api/contents", headers={"Authorization": f"token {token}"})  # noqa: S310
        with urllib.request.urlopen(asked) as answer:  # noqa: S310
            assert f'"{SHOP}.ipynb"'.encode() in answer.read()
        (jupyter,) = [
            child for child in psutil.Process(process.pid).children(recursive=True) if "jupyterlab" in child.cmdline()
        ]
        served = jupyter.environ()
        assert (served["PGHOST"], served["PGUSER"]) == (world.owner.info.host, READER)
        assert token not in " ".join(jupyter.cmdline())
        assert {connection.laddr.ip for connection in jupyter.net_connections("tcp")} == {"127.0.0.1"}
    finally:
        os.killpg(process.pid, signal.SIGINT)
        rest, _ = process.communicate(timeout=60)
    assert rest.startswith("JupyterLab stops\n")
    assert not jupyter.is_running()


def wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 (our own)
            return
        except OSError:
            assert time.monotonic() < deadline, f"{address} does not answer"
            time.sleep(0.2)


def test_what_is_said_is_text_whoever_wrote_it(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[HTML] = []
    monkeypatch.setattr(page, "display", shown.append)
    page.say("<b>Cama</b> & $1$")
    assert [sentence.data for sentence in shown] == ["<p>&lt;b&gt;Cama&lt;/b&gt; &amp; $1$</p>"]


@pytest.fixture(scope="session")
def learned(open_folders: Callable[[], Path]) -> Iterator[World]:
    """A world with three published days and the truth of the second."""
    many = ("CLIENTES=1500", "INICIO=2025-01-01")
    with ran(open_folders(), *((f"FECHA={fecha}", *many) for fecha in LESSONS)) as made:
        code, output = made.checkout.make("truth", f"FECHA={LESSONS[1]}", *many)
        assert code == 0, output
        yield made


def test_what_is_learnt_stands_beside_the_truth(learned: World, execute: Callable[..., NotebookNode]) -> None:
    notebook = execute(LEARN, learned.environment(files=True))
    source, leaving, stopping, moved, prices = said(notebook)
    assert source.startswith(f"Se aprende de lo publicado al {', al '.join(LESSON_DAYS[:2])} y al {LESSON_DAYS[2]}, ")
    days = {"before": LESSONS[0], "now": LESSONS[1], "after": LESSONS[2]}
    cut = "select cliente_id, dias_mora_max from mart.cliente_360_historico where fecha_corte = %({})s"
    now, after = cut.format("now"), cut.format("after")

    def one(query: str) -> tuple:
        (found,) = learned.owner.execute(query.encode(), days).fetchall()
        return found

    people, left = one(
        f"select count(*), count(*) filter (where cliente_id not in (select cliente_id from ({after}) b)) from ({now}) a"
    )
    assert leaving.startswith(f"Quién se va: {es(left)} de {es(people)} clientes. De dos, uno a quien ")
    paying, stopped = one(
        f"""select count(*), count(*) filter (where b.dias_mora_max > 15) from ({now}) a join ({after}) b using (cliente_id)
        where a.dias_mora_max <= 15 and b.dias_mora_max is not null"""
    )
    assert stopping.startswith(
        f"Quién deja de pagar: {es(stopped)} de {es(paying)} clientes."
        if stopped >= 20
        else f"Dejaron de pagar {es(stopped)} clientes: "
    )
    # the best score is that of the truth, and no model without it is better than chance allows
    truth = pd.read_csv(learned.checkout.data / "verdad" / "bajas.csv")
    today = truth[(truth["desde"] <= str(LESSONS[1])) & (truth["hasta"] >= str(LESSONS[1]))].set_index("cliente_id")
    rows = learned.owner.execute(now.encode(), days).fetchall()
    chance = today.loc[[cliente_id for cliente_id, _ in rows], "probabilidad_baja_90d"]
    best = learning.area(chance, chance).value
    assert f"quien supiera la verdad, en el {es(best * 100, 1)} %" in leaving
    assert best > 0.75
    assert re.search(r"El quinto de los clientes que el modelo señala da el [\d,]+ % de los pedidos", moved)
    assert re.search(r"Por cada 1 % más de precio se venden [\d,]+ % menos de unidades", prices)
    assert pictures(notebook) == (4 if stopped >= 20 else 3)


def test_without_a_truth_the_notebook_says_how_to_make_one(
    tmp_path: Path, execute: Callable[..., NotebookNode]
) -> None:
    with pytest.raises(CellExecutionError, match=r"there is no truth of a simulated world yet: make truth FECHA="):
        execute(LEARN, {"CLIENT360_DATA": str(tmp_path)})
