"""Airflow in a browser. The tests take the pictures of the README."""

import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from api import Api
from browser import chromium, unfold
from playwright.sync_api import Page, expect
from stack import Embedded, Stack, wait

from client360 import folders

IMAGES = folders.ROOT / "docs" / "images"
GROUPS = ["generate", "load", "transform", "build_view", "export"]
PATIENCE = 60_000
RUN = 900


@pytest.fixture(scope="module")
def page(stack: Stack) -> Iterator[Page]:
    """A page of a browser, after the login."""
    stack.make("up")
    wait("the DAGs", lambda: stack.api().call("GET", "/api/v2/dags")["total_entries"] == 2)
    with chromium() as browser:
        opened = browser.new_page(viewport={"width": 1200, "height": 760}, locale="en-US")
        opened.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        opened.goto(stack.address)
        log_in(opened, "wrong")
        expect(opened.get_by_text("Invalid login")).to_be_visible()
        log_in(opened, stack.settings()["AIRFLOW_ADMIN_PASSWORD"])
        expect(opened.get_by_text("Welcome")).to_be_visible()
        yield opened


def log_in(page: Page, password: str) -> None:
    page.locator("#username").fill("admin")
    page.locator("#password").fill(password)
    page.get_by_role("button", name="Sign In").click()


def test_the_graph_shows_the_five_steps_in_order(stack: Stack, page: Page) -> None:
    page.goto(f"{stack.address}/dags/client360")
    show_the_graph(page)
    nodes = page.locator(".react-flow__node")
    expect(nodes).to_have_count(len(GROUPS))
    places = {}
    for group in GROUPS:
        box = nodes.filter(has_text=re.compile(rf"^{group}")).bounding_box()
        places[group] = (box["x"], box["y"])
    assert sorted(places, key=places.__getitem__) == GROUPS
    picture(page, "graph")


def test_a_wrong_value_stops_the_run_at_once_with_a_clear_message(stack: Stack, page: Page) -> None:
    open_the_form(stack, page)
    page.get_by_role("button", name="Run Parameters").click()
    page.locator("[name=element_inicio]").fill("2001-01-01")
    run = trigger(stack, page)
    wait("the end of the run", lambda: stack.api().runs()[run]["state"] == "failed")
    page.goto(f"{stack.address}/dags/client360/runs/{run}/tasks/generate.plan")
    expect(page.get_by_text("inicio is 2001-01-01: give a day from 2015-01-01 on").first).to_be_visible()


def test_a_run_triggered_with_the_form_turns_green(
    stack: Stack, page: Page, embedded: Embedded, days: list[str]
) -> None:
    open_the_form(stack, page)
    picture(page, "form")
    page.get_by_role("button", name="Run Parameters").click()
    page.locator("[name=element_fecha]").fill(days[2])
    run = trigger(stack, page)
    shown = page.context.request
    step = re.compile(r"Una corrida está en curso: (prepara|carga|arma|calcula|publica) ")
    wait("the step of the run", lambda: step.search(shown.get(f"{stack.address}/client360/").text()) is not None)
    page.goto(f"{stack.address}/dags/client360/runs/{run}")
    watch_it_turn_green(page)
    page.goto(f"{stack.address}/dags/client360")
    show_the_grid(page)
    picture(page, "grid")
    assert stack.published(days[2]) == embedded.published(days[2])


def test_the_page_in_airflow_shows_a_day_and_gives_its_files(stack: Stack, page: Page, days: list[str]) -> None:
    assert refusal(urllib.request.Request(f"{stack.address}/client360/")) == 401  # noqa: S310 (on this machine)
    page.goto(stack.address)
    page.get_by_role("link", name="Client 360").click()
    frame = page.frame_locator("iframe")
    frame.get_by_label("Fecha de corte").select_option(days[2])
    frame.get_by_role("button", name="Ver").click()
    expect(frame.get_by_role("heading", name="/".join(reversed(days[2].split("-"))))).to_be_visible()
    expect(frame.get_by_text("El día está publicado.")).to_be_visible()
    with page.expect_download() as download:
        frame.get_by_role("link", name="cliente_360.csv").click()
    published = stack.folder / "data" / "processed" / f"fecha={days[2]}" / "cliente_360.csv"
    assert download.value.path().read_bytes() == published.read_bytes()
    asked = "import os; print(os.environ['AIRFLOW_CONN_CLIENT360'].split(':')[1])"
    assert stack.compose("exec", "-T", "api-server", "python", "-c", asked).strip() == "//client360_reader"


def test_the_dashboard_joins_the_stack_and_shows_what_was_published(stack: Stack, page: Page, days: list[str]) -> None:
    address = stack.make("dashboard").splitlines()[-1].removeprefix("The dashboard is at ")
    page.goto(address)
    expect(page.get_by_role("combobox", name="Fecha de corte")).to_have_value(re.compile(r"\d\d/\d\d/\d{4}"))
    unfold(page, "Fecha de corte")
    expect(page.get_by_role("option", name="/".join(reversed(days[2].split("-"))))).to_be_visible()


def test_who_may_not_download_the_files_does_not_get_into_the_dashboard(stack: Stack) -> None:
    address = f"http://{stack.compose('port', 'dashboard', '8501').strip()}"
    assert refusal(urllib.request.Request(address)) == 401
    name = ("--firstname", "V", "--lastname", "V", "--email", "vera@client360.example")
    create = ("airflow", "users", "create", "--username", "vera", "--password", "of the test", "--role", "Viewer")
    stack.compose("exec", "-T", "scheduler", *create, *name)
    token = Api(stack.address, "of the test", "vera").token
    bearer = {"Authorization": f"Bearer {token}"}
    asked = urllib.request.Request(f"{stack.address}/client360/dashboard", headers=bearer)  # noqa: S310
    assert refusal(asked) == 403


def test_the_dashboard_reaches_the_warehouse_and_nothing_of_airflow(stack: Stack) -> None:
    connect = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 5)"
    inside = ("exec", "-T", "dashboard", "python", "-c", connect)
    stack.compose(*inside, "postgres", "5432")
    for service, port in (("api-server", "8080"), ("scheduler", "8974")):
        assert "not known" in stack.compose(*inside, service, port, check=False)


def refusal(asked: urllib.request.Request) -> int:
    """The status of an answer that refuses."""
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(asked)  # noqa: S310 (on this machine)
    refused.value.close()
    return refused.value.code


def test_the_notebooks_join_the_stack_and_read_what_was_published(stack: Stack, page: Page) -> None:
    (address,) = re.findall(r"JupyterLab is at (http://\S+)/lab,", stack.make("notebook"))
    page.goto(f"{address}/lab/tree/exploracion_ecommerce.ipynb?token=wrong")
    expect(page.get_by_role("textbox", name="Password or token")).to_be_visible()
    page.goto(f"{address}/lab/tree/exploracion_ecommerce.ipynb?token={stack.settings()['NOTEBOOK_PASSWORD']}")
    expect(page.get_by_role("heading", name="Exploración del comercio")).to_be_visible()
    inside = ("exec", "-T", "notebook")
    convert = ("python", "-m", "nbconvert", "--execute", "--to", "html", "--stdout")
    shown = stack.compose(*inside, *convert, "notebooks/exploracion_ecommerce.ipynb")
    assert "leídos del almacén" in shown
    stack.compose(*inside, "touch", "notebooks/work/mine.ipynb")
    assert "Read-only file system" in stack.compose(*inside, "touch", "data/mine.csv", check=False)


def open_the_form(stack: Stack, page: Page) -> None:
    page.goto(f"{stack.address}/dags/client360")
    page.get_by_role("button", name="Trigger Dag").click()
    page.get_by_role("button", name="Mundo").click()
    expect(page.locator("[name=element_clientes]")).to_be_visible()


def trigger(stack: Stack, page: Page) -> str:
    """Trigger a run with the open form; return its id."""
    before = set(stack.api().runs())
    page.get_by_role("dialog").get_by_role("button", name="Trigger").click()
    expect(page.get_by_text("Dag run has been successfully triggered.").first).to_be_visible()
    (run,) = {name for name, found in stack.api().runs().items() if found["run_type"] == "manual"} - before
    return run


def watch_it_turn_green(page: Page) -> None:
    badge = page.get_by_test_id("state-badge").first
    deadline = time.monotonic() + RUN
    while time.monotonic() < deadline and badge.text_content() != "Success":
        page.wait_for_timeout(30_000)
        page.reload()  # as people do, should the page no longer follow the run
    expect(badge).to_have_text("Success")


def show_the_graph(page: Page) -> None:
    page.get_by_role("button", name="Show Graph").click()


def show_the_grid(page: Page) -> None:
    page.get_by_role("button", name="Show Grid").click()


def picture(page: Page, name: str) -> None:
    IMAGES.mkdir(exist_ok=True)
    page.wait_for_timeout(1000)  # until nothing moves
    page.screenshot(path=IMAGES / f"{name}.png")
