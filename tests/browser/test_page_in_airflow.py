"""What a person sees of the page in Airflow, beside what SQL and the disk say. The picture it takes is the README's."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path

import airflow_ui
import pytest
from airflow_ui import free_port
from checkout import Checkout
from conftest import EARLIER, LATER, PATIENCE, Served, nothing_wrong, serve, wait_for
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect

from client360 import folders

SECRET = "of the tests, by which Airflow lets users into the dashboard"  # noqa: S105

PICTURE = folders.ROOT / "docs" / "images" / "page.png"


@pytest.fixture(scope="module")
def airflow(world: Checkout) -> Iterator[airflow_ui.Served]:
    """Airflow on the small world, as `make ui` serves it."""
    with airflow_ui.serve(world) as served:
        yield served


@pytest.fixture(scope="module")
def port() -> int:
    """Of the dashboard into which Airflow lets its users."""
    return free_port()


@pytest.fixture(scope="module")
def below(airflow: airflow_ui.Served, port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the same Airflow below a path, with users who may less, and with a key that it shares with a dashboard."""
    passwords = tmp_path_factory.mktemp("passwords") / "passwords.json"
    users = ("admin:admin", "viewer:viewer", "stranger:")
    passwords.write_text(json.dumps({user.partition(":")[0]: airflow.password for user in users}))
    with another(
        airflow,
        "/below/a/path",
        AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS=",".join(users),
        AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE=str(passwords),
        CLIENT360_DASHBOARD_URL=f"http://127.0.0.1:{port}",
        CLIENT360_DASHBOARD_SECRET=SECRET,
    ) as address:
        yield address


@pytest.fixture(scope="module")
def shared(world: Checkout, below: str, port: int) -> Iterator[Served]:
    """That dashboard."""
    with serve(world, f"CLIENT360_AIRFLOW_URL={below}", f"CLIENT360_DASHBOARD_SECRET={SECRET}", port=port) as served:
        yield served


@contextmanager
def another(
    airflow: airflow_ui.Served, path: str = "", port: int = 0, *options: str, **environment: str
) -> Iterator[str]:
    """The address of another API server of the same Airflow."""
    port = port or free_port()
    address = f"http://127.0.0.1:{port}{path}"
    own = {"AIRFLOW__API__PORT": str(port), "AIRFLOW__API__BASE_URL": address}
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("airflow")), "api-server", *options],
        env=airflow.environment | own | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(f"{address}/api/v2/monitor/health")
        yield address
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def logged_in(browser: Browser, address: str, password: str, user: str = "admin", **options: object) -> Iterator[Page]:
    """A tab after the login. From then on nothing may go wrong in it."""
    context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}, "locale": "en-US"} | options)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/")
    page.locator("input[name=username]").fill(user)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Client 360")).to_be_visible()
    with nothing_wrong(page):
        yield page
    context.close()


@pytest.fixture
def tab(browser: Browser, airflow: airflow_ui.Served) -> Iterator[Page]:
    with logged_in(browser, airflow.address, airflow.password) as page:
        yield page


def shown(page: Page, fecha: date) -> FrameLocator:
    """The page within Airflow's, as soon as it is of the day."""
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name=f"Client 360 {fecha:%d/%m/%Y}")).to_be_visible()
    return frame


def from_the_navigation(page: Page) -> FrameLocator:
    page.get_by_role("link", name="Client 360").click()
    return shown(page, LATER)


def figure(frame: FrameLocator, name: str) -> Locator:
    return frame.locator("dl div").filter(has_text=name).locator("dd")


def cells(frame: FrameLocator, table: str) -> list[list[str]]:
    rows = frame.get_by_role("region", name=table).locator("tbody tr").all()
    return [[cell.strip() for cell in row.locator("td").all_text_contents()] for row in rows]


def number(value: Decimal | int, decimals: int = 0) -> str:
    """1.234,56, worked out in another way than the page does."""
    whole, _, rest = f"{value:.{decimals}f}".partition(".")
    grouped = whole if len(whole) < 4 else f"{number(int(whole[:-3]))}.{whole[-3:]}"
    return f"{grouped},{rest}" if rest else grouped


def test_the_navigation_leads_to_the_newest_day_with_the_figures_of_the_warehouse(dashboard: Served, tab: Page) -> None:
    frame = from_the_navigation(tab)
    (customers,) = dashboard.row("select count(*) from mart.cliente_360")
    (rows,) = dashboard.row("select sum(filas) from control.cargas where fecha = %(fecha)s", fecha=LATER)
    (checks,) = dashboard.row("select count(*) from control.verificaciones where fecha_corte = %(fecha)s", fecha=LATER)
    expect(figure(frame, "Clientes")).to_have_text(number(customers))
    expect(figure(frame, "Filas del día")).to_have_text(number(rows))
    expect(figure(frame, "Verificaciones correctas")).to_have_text(f"{checks} de {checks}")
    assert frame.locator(".checks li").count() == checks
    expect(frame.get_by_text("Ningún pedido está repetido.")).to_be_hidden()
    frame.locator("summary").filter(has_text="Comercio").click()
    expect(frame.get_by_text("Ningún pedido está repetido.")).to_be_visible()
    earned = dashboard.rows(
        """select categoria, ingresos, margen, margen_pct from mart.rentabilidad_mensual
        where mes = %(mes)s order by margen desc limit 5""",
        mes=LATER.replace(day=1),
    )
    assert cells(frame, "rentabilidad_mensual") == [
        [categoria, number(ingresos), number(margen), number(pct, 2)] for categoria, ingresos, margen, pct in earned
    ]
    tab.set_viewport_size({"width": 1200, "height": 780})
    tab.wait_for_timeout(1000)  # until nothing moves
    tab.screenshot(path=PICTURE)
    assert PICTURE.stat().st_size < 150_000


def test_another_day_can_be_chosen(dashboard: Served, tab: Page) -> None:
    frame = from_the_navigation(tab)
    frame.get_by_label("Fecha de corte").select_option(f"{EARLIER:%d/%m/%Y}")
    frame.get_by_role("button", name="Ver").click()
    frame = shown(tab, EARLIER)
    (rows,) = dashboard.row("select sum(filas) from control.cargas where fecha = %(fecha)s", fecha=EARLIER)
    expect(figure(frame, "Filas del día")).to_have_text(number(rows))


@pytest.mark.parametrize("fecha", [EARLIER, LATER])
def test_a_run_has_a_tab_with_its_day(airflow: airflow_ui.Served, dashboard: Served, tab: Page, fecha: date) -> None:
    (run,) = dashboard.row(
        "select distinct corrida from control.verificaciones where fecha_corte = %(fecha)s", fecha=fecha
    )
    tab.goto(f"{airflow.address}/dags/client360/runs/{run}")
    tab.locator("a[href$='/plugin/client360_run']").click()
    frame = shown(tab, fecha)
    expect(frame.get_by_text(f"La corrida {run} está terminada y es de este día.")).to_be_visible()
    frame.get_by_role("link", name="Otros días").click()
    shown(tab, LATER)


def test_a_file_that_is_downloaded_is_the_one_on_the_disk(world: Checkout, tab: Page) -> None:
    frame = from_the_navigation(tab)
    published = world.data / "processed" / f"fecha={LATER}"
    names = frame.locator(".files a").all_text_contents()
    assert sorted(names) == sorted(path.name for path in published.glob("*.csv"))
    for name in ("cliente_360.csv", "diccionario_de_datos.csv"):
        with tab.expect_download() as download:
            frame.get_by_role("link", name=name).click()
        assert download.value.suggested_filename == f"{Path(name).stem}_{LATER}.csv"
        assert download.value.path().read_bytes() == (published / name).read_bytes()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_lies_beyond_the_edge(browser: Browser, airflow: airflow_ui.Served, scheme: str) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "color_scheme": scheme}
    with logged_in(browser, airflow.address, airflow.password, **phone) as page:
        page.goto(f"{airflow.address}/client360/")
        expect(page.get_by_role("heading", name="Las respuestas")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(17, 18, 20)"}[scheme]


def test_who_is_not_logged_in_is_led_to_the_login(browser: Browser, below: str) -> None:
    page = browser.new_page()
    answer = page.goto(f"{below}/client360/files/{LATER}/cliente_360.csv")
    assert answer.status == 401
    page.get_by_role("link", name="Iniciar sesión").click()
    expect(page.locator("input[name=username]")).to_be_visible()
    assert page.url.startswith(f"{below}/auth/login")
    page.context.close()


def test_who_may_not_see_the_dag_sees_nothing(airflow: airflow_ui.Served, below: str) -> None:
    login = urllib.request.Request(  # noqa: S310 (on this machine)
        f"{below}/auth/token",
        json.dumps({"username": "stranger", "password": airflow.password}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(login) as answer:  # noqa: S310
        token = json.load(answer)["access_token"]
    for path in ("", f"files/{LATER}/cliente_360.csv"):
        asked = urllib.request.Request(  # noqa: S310
            f"{below}/client360/{path}", headers={"Authorization": f"Bearer {token}"}
        )
        with pytest.raises(urllib.request.HTTPError) as refused:
            urllib.request.urlopen(asked)  # noqa: S310
        assert refused.value.code == 403
        refused.value.close()


def test_below_a_path_all_is_the_same_and_who_may_only_look_takes_nothing_away(
    browser: Browser, airflow: airflow_ui.Served, below: str, world: Checkout, dashboard: Served
) -> None:
    with logged_in(browser, below, airflow.password, "viewer") as page:
        frame = from_the_navigation(page)
        (customers,) = dashboard.row("select count(*) from mart.cliente_360")
        expect(figure(frame, "Clientes")).to_have_text(number(customers))
        expect(frame.get_by_text("quien también puede ejecutar el DAG")).to_be_visible()
        expect(frame.locator(".files a")).to_have_count(0)
        assert page.context.request.get(f"{below}/client360/files/{LATER}/cliente_360.csv").status == 403
    with logged_in(browser, below, airflow.password) as page:
        frame = from_the_navigation(page)
        frame.get_by_label("Fecha de corte").select_option(f"{EARLIER:%d/%m/%Y}")
        frame.get_by_role("button", name="Ver").click()
        frame = shown(page, EARLIER)
        with page.expect_download() as download:
            frame.get_by_role("link", name="cliente_360.csv").click()
        published = world.data / "processed" / f"fecha={EARLIER}" / "cliente_360.csv"
        assert download.value.path().read_bytes() == published.read_bytes()


def test_who_may_download_the_files_gets_into_the_dashboard_on_the_same_day(
    browser: Browser, airflow: airflow_ui.Served, below: str, shared: Served
) -> None:
    with logged_in(browser, below, airflow.password) as page:
        frame = from_the_navigation(page)
        frame.get_by_role("link", name="tablero").click()
        expect(frame.get_by_role("combobox", name="Fecha de corte")).to_have_value(f"{LATER:%d/%m/%Y}")
        page.goto(f"{shared.address}/")
        expect(page.get_by_role("heading", name="Clientes", exact=True)).to_be_visible()
    with logged_in(browser, below, airflow.password, "viewer") as page:
        answer = page.context.request.get(f"{shared.address}/banca", headers={"Accept": "text/html"})
        assert (answer.status, answer.url) == (403, f"{below}/client360/dashboard?to=%2Fbanca")
        assert "no tiene permiso" in answer.text()


def test_who_asks_for_the_dashboard_logs_in_at_airflow_and_is_led_back(
    browser: Browser, airflow: airflow_ui.Served, below: str, shared: Served
) -> None:
    page = browser.new_page()
    page.goto(f"{shared.address}/banca?fecha={EARLIER:%d/%m/%Y}")
    assert page.url.startswith(below)
    page.locator("input[name=username]").fill("admin")
    page.locator("input[name=password]").fill(airflow.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Banca", exact=True)).to_be_visible()
    expect(page.get_by_role("combobox", name="Fecha de corte")).to_have_value(f"{EARLIER:%d/%m/%Y}")
    assert page.url.startswith(f"{shared.address}/banca?fecha=")
    assert "ticket" not in page.url
    page.context.close()


def test_an_empty_warehouse_says_what_to_do(browser: Browser, airflow: airflow_ui.Served) -> None:
    connection = json.loads(airflow.environment["AIRFLOW_CONN_CLIENT360"]) | {"schema": "postgres"}
    with (
        another(airflow, AIRFLOW_CONN_CLIENT360=json.dumps(connection)) as address,
        logged_in(browser, address, airflow.password) as page,
    ):
        page.get_by_role("link", name="Client 360").click()
        expect(page.frame_locator("iframe").get_by_text("Todavía no hay ningún día")).to_be_visible()
