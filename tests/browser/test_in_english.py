"""The form, the page and the dashboard in English, on the same small world: nothing is Spanish but names of things and values."""

import re
from collections.abc import Iterator

import airflow_ui
import pytest
from browser import unfold
from checkout import Checkout
from conftest import EARLIER, LATER, Served, serve
from playwright.sync_api import Browser, Page, expect
from test_dashboard import best_customer, figure, fits_a_phone, pick, settled
from test_page_in_airflow import logged_in

from reading.questions import ANSWERS

LANGUAGE = "CLIENT360_LANGUAGE=en"
FORMS = {
    "client360": {
        "Run Parameters": "Business day",
        "World": "Corrupted rows, share",
        "Source": "Folder of the files",
        "Warehouse": "Replace what the warehouse holds",
        "Export": "Publish anonymous files",
        "Retention": "Months in which every published day is kept",
    },
    "client360_housekeeping": {
        "Run Parameters": "Remove, and not only say what would be removed",
        "Ages": "Days of landing files",
    },
}
"""By section, a title of a field."""
PAGES = ("Customers", "Bank", "Shop", "Quality")
SPANISH = re.compile(
    r"\w*[áéíóúñÁÉÍÓÚÑ¿¡]\w*|\b(?:al|con|de|del|el|en|es|esta|este|la|las|los|para|por|que|se|sin|su|un|una|y)\b"
)
WORDS = """
    select distinct unnest(array[nombre, ocupacion, tipo_comprador]) from mart.cliente_360
    union select unnest(array[provincia, region]) from dw.dim_provincia union select ciudad from dw.dim_cliente
    union select unnest(array[nombre, categoria]) from dw.dim_producto
    union select nombre from dw.dim_campania union select estado from mart.tiempos_pedidos
"""
"""Values of the warehouse that stand in texts."""
READ = """() => {
    document.querySelectorAll('td').forEach(cell => cell.textContent = '')
    const labelled = [...document.querySelectorAll('[aria-label], [placeholder]')].filter(e => e.checkVisibility())
    return document.body.innerText + ' ' + labelled.map(e => `${e.ariaLabel} ${e.placeholder}`).join(' ')
}"""
"""What is to be read on a page, but for cells of tables, which hold values."""


@pytest.fixture(scope="module")
def airflow(world: Checkout) -> Iterator[airflow_ui.Served]:
    with airflow_ui.serve(world, LANGUAGE) as served:
        yield served


@pytest.fixture(scope="module")
def english(world: Checkout) -> Iterator[Served]:
    with serve(world, LANGUAGE) as served:
        yield served


@pytest.fixture(scope="module")
def values(english: Served) -> list[str]:
    """The longest first, for what is a part of another."""
    found = {value for (value,) in english.rows(WORDS) if value}
    return sorted(found | {value.replace("_", " ") for value in found}, key=len, reverse=True)


def spanish(page: Page, values: list[str]) -> list[str]:
    text = page.evaluate(READ)
    assert len(text) > 100
    for value in values:
        text = text.replace(value, "")
    return SPANISH.findall(text)


def visit(page: Page, served: Served, name: str) -> None:
    page.goto(f"{served.address}/?token={served.token}&fecha={LATER:%-d %b %Y}")
    expect(page.get_by_role("combobox", name="Business day")).to_have_value(f"{LATER:%-d %b %Y}")
    if name != "Customers":
        expect(page.get_by_test_id("stMetric").first).to_be_visible()
        settled(page)
        page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(page.get_by_test_id("stMetric").first).to_be_visible()
    settled(page)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_dashboard_is_english(english: Served, page: Page, values: list[str], name: str) -> None:
    visit(page, english, name)
    assert spanish(page, values) == []
    page.set_viewport_size({"width": 390, "height": 844})
    settled(page)
    fits_a_phone(page)
    assert spanish(page, values) == []


def test_numbers_and_days_of_the_dashboard_are_english(english: Served, page: Page) -> None:
    visit(page, english, "Quality")
    (rows,) = english.row("select sum(filas) from control.cargas")
    expect(figure(page, "Loaded rows")).to_have_text(f"{rows:,}")
    expect(figure(page, "Last published day")).to_have_text("20 Nov 2026")
    pick(page, "Business day", f"{EARLIER:%-d %b %Y}")
    expect(figure(page, "Last published day")).to_have_text("31 Oct 2026")


def test_a_customer_and_where_a_fact_comes_from_are_english(english: Served, page: Page, values: list[str]) -> None:
    customer = best_customer(english)
    visit(page, english, "Customers")
    page.get_by_label("Find a customer").fill(customer)
    page.keyboard.press("Enter")
    page.get_by_text("Where a fact comes from").click()
    settled(page)
    pick(page, "Fact", "Amount bought 12m")
    page.get_by_role("button", name="Explain").click()
    expect(page.get_by_text("The rows below come to the same.")).to_be_visible()
    settled(page)
    assert spanish(page, values) == []
    for tab in ("Purchases", "Deliveries", "Campaigns", "Movements"):
        page.get_by_role("tab", name=tab).click()
        settled(page)
        assert spanish(page, values) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").first.click()
    # files are for programs: their columns are those of the warehouse
    assert "importe" in download.value.path().read_text(encoding="utf-8-sig").partition("\n")[0].split(",")


@pytest.mark.parametrize("place", range(len(ANSWERS)), ids=list(ANSWERS))
def test_an_answer_is_english(english: Served, page: Page, values: list[str], place: int) -> None:
    visit(page, english, "Shop")
    unfold(page, "Question")
    page.get_by_role("option").nth(place).click()
    expect(page.locator(f".st-key-csv-{list(ANSWERS)[place]}").first).to_be_visible()
    settled(page)
    assert spanish(page, values) == []


def test_the_page_in_airflow_is_english(
    browser: Browser, airflow: airflow_ui.Served, english: Served, values: list[str]
) -> None:
    (customers,) = english.row("select count(*) from mart.cliente_360")
    for width in (1200, 390):
        with logged_in(browser, airflow.address, airflow.password, viewport={"width": width, "height": 900}) as page:
            page.goto(f"{airflow.address}/client360/")
            expect(page.get_by_role("heading", name="Client 360 20 Nov 2026")).to_be_visible()
            expect(page.locator("dl div").filter(has_text="Customers").locator("dd")).to_have_text(f"{customers:,}")
            for folded in page.locator("summary").all():
                folded.click()
            assert spanish(page, values) == []
            assert page.evaluate("document.documentElement.scrollWidth") == width
            page.get_by_label("Business day").select_option(f"{EARLIER:%-d %b %Y}")
            page.get_by_role("button", name="Show").click()
            expect(page.get_by_role("heading", name="Client 360 31 Oct 2026")).to_be_visible()


def test_both_forms_are_english(browser: Browser, airflow: airflow_ui.Served) -> None:
    with logged_in(browser, airflow.address, airflow.password) as page:
        for dag, sections in FORMS.items():
            page.goto(f"{airflow.address}/dags/{dag}")
            page.get_by_role("button", name="Trigger Dag").click()
            dialog = page.get_by_role("dialog")
            for section, title in sections.items():
                dialog.get_by_role("button", name=section, exact=True).click()
                expect(dialog.get_by_text(title).first).to_be_visible()
                assert SPANISH.findall(dialog.inner_text()) == []


def test_who_has_no_token_is_told_so_in_english(browser: Browser, english: Served) -> None:
    page = browser.new_page()
    assert page.goto(english.address).status == 401
    expect(page.get_by_text("open the whole address that make dashboard prints")).to_be_visible()
    page.context.close()
