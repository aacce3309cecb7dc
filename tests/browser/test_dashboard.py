"""What a person sees of the dashboard, beside what SQL says. The pictures it takes are the README's."""

import csv
import io
import re
import urllib.error
import urllib.request
from datetime import date, timedelta
from urllib.parse import quote

import psycopg
import pytest
from browser import unfold
from conftest import EARLIER, LATER, Served
from playwright.sync_api import Browser, Locator, Page, expect

from client360 import folders
from reading.questions import ANSWERS

IMAGES = folders.ROOT / "docs" / "images"
PAGES = ("Clientes", "Banca", "Comercio", "Calidad")
QUESTIONS = {question.title: relation for relation, question in ANSWERS.items()}


def visit(page: Page, served: Served, name: str, fecha: date = LATER) -> None:
    """Open a page as of a day, the way a person does."""
    page.goto(f"{served.address}/?token={served.token}&fecha={quote(f'{fecha:%d/%m/%Y}')}")
    expect(page.get_by_role("heading", name="Clientes", exact=True)).to_be_visible()
    day = page.get_by_role("combobox", name="Fecha de corte")
    expect(day).to_have_value(f"{fecha:%d/%m/%Y}")
    if name != "Clientes":
        # a page that is left before it is whole forgets the day in its address
        expect(page.get_by_test_id("stMetric").first).to_be_visible()
        settled(page)
        page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(day).to_have_value(f"{fecha:%d/%m/%Y}")


def enter(page: Page, empty: Served) -> None:
    """Open the dashboard of a warehouse without a day to choose."""
    page.goto(f"{empty.address}/?token={empty.token}")
    expect(page.get_by_text("Todavía no hay ningún día publicado.")).to_be_visible()


def ask(page: Page, served: Served, question: str, fecha: date = LATER) -> None:
    visit(page, served, "Comercio", fecha)
    pick(page, "Pregunta", question)
    # until then the page still shows the answer to another question
    answer = page.locator(f".st-key-csv-{QUESTIONS[question]}").or_(page.get_by_text("No hay datos para esta pregunta"))
    expect(answer.first).to_be_visible()


def figure(page: Page, name: str) -> Locator:
    label = page.get_by_test_id("stMetricLabel").get_by_text(name, exact=True)
    return page.get_by_test_id("stMetric").filter(has=label).get_by_test_id("stMetricValue")


def pick(page: Page, label: str, *options: str) -> None:
    for option in options:
        box = unfold(page, label)
        if page.get_by_role("option", name=option, exact=True).count() == 0:
            box.fill(option)  # of a long list only what is in sight is there
        page.get_by_role("option", name=option, exact=True).click()
    page.keyboard.press("Escape")


def search(page: Page, text: str) -> None:
    page.get_by_label("Buscar un cliente").fill(text)
    page.keyboard.press("Enter")


def downloaded(page: Page, position: int = 0) -> list[dict[str, str]]:
    """The rows of one of the CSV files that the page offers."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Descargar CSV").nth(position).click()
    return list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))


def number(value: object, decimals: int = 0) -> str:
    """1.234,56, worked out in another way than the dashboard does."""
    whole, _, rest = f"{value:.{decimals}f}".partition(".")
    grouped = re.sub(r"(?<=\d)(?=(\d{3})+$)", ".", whole)
    return f"{grouped},{rest}" if rest else grouped


def pesos(value: object) -> str:
    return f"$ {number(value)}" if value < 100_000_000 else f"$ {number(value / 1_000_000, 1)} M"


def settled(page: Page) -> None:
    """Until nothing moves any more."""
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    page.wait_for_timeout(1000)


def picture(page: Page, name: str) -> None:
    """Save what there is to see, in a window as high as makes a picture."""
    before = page.viewport_size
    page.set_viewport_size({"width": before["width"], "height": 1180})
    settled(page)
    path = IMAGES / f"dashboard-{name}.png"
    page.screenshot(path=path)
    assert path.stat().st_size < 200_000
    page.set_viewport_size(before)


def best_customer(served: Served) -> str:
    return served.row(
        """select cliente_id from mart.cliente_360 where entregas_demoradas_pct > 0 and contactos_campania_12m > 0
        order by compras_12m desc, cliente_id limit 1"""
    )[0]


def test_who_has_no_token_sees_nobody_and_downloads_nothing(browser: Browser, dashboard: Served) -> None:
    page = browser.new_page()
    answer = page.goto(f"{dashboard.address}/?cliente={best_customer(dashboard)}")
    assert answer.status == 401
    expect(page.get_by_text("abra la dirección completa que muestra make dashboard")).to_be_visible()
    visit(page, dashboard, "Clientes")
    assert dashboard.token not in page.url
    search(page, best_customer(dashboard))
    page.reload()
    expect(page.get_by_role("combobox", name="Fecha de corte")).to_have_value(f"{LATER:%d/%m/%Y}")
    # what the page has loaded is for nobody else either: scripts, data, the connection that carries it
    loaded = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    loaded = [url for url in loaded if url.startswith(dashboard.address) and not url.endswith("/_stcore/health")]
    assert [url for url in loaded if "/static/" in url]
    for url in [*loaded, f"{dashboard.address}/_stcore/stream", f"{dashboard.address}/media/x.csv"]:
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(url)  # noqa: S310 (on this machine)
        assert refused.value.code == 401, url
        refused.value.close()
    page.context.close()


def test_the_first_page_says_how_many_customers_there_are_and_what_changed(dashboard: Served, page: Page) -> None:
    count = "select count(*) from mart.cliente_360_historico where fecha_corte = %(fecha)s"
    (now,), (then,) = (dashboard.row(count, fecha=fecha) for fecha in (LATER, EARLIER))
    both = "select cliente_id from mart.cliente_360_historico where fecha_corte = %(fecha)s"
    customers, earlier = ({key for (key,) in dashboard.rows(both, fecha=fecha)} for fecha in (LATER, EARLIER))
    visit(page, dashboard, "Clientes")
    expect(figure(page, "Clientes")).to_have_text(number(now))
    box = page.get_by_test_id("stMetric").filter(has_text="Clientes").first
    expect(box.get_by_test_id("stMetricDelta")).to_have_text([f"{now - then:+d}"] if now != then else [])
    mean = "select avg(ingresos_mensuales) from mart.cliente_360_historico where fecha_corte = %(fecha)s"
    (income,), (before,) = (dashboard.row(mean, fecha=fecha) for fecha in (LATER, EARLIER))
    expect(figure(page, "Ingreso medio")).to_have_text(pesos(income))
    box = page.get_by_test_id("stMetric").filter(has_text="Ingreso medio")
    share = (income / before - 1) * 100
    expect(box.get_by_test_id("stMetricDelta")).to_have_text(f"{'-' if share < 0 else '+'}{number(abs(share), 1)} %")
    joined, left = number(len(customers - earlier)), number(len(earlier - customers))
    moved = f"Desde el {EARLIER:%d/%m/%Y}: altas, {joined}; bajas, {left}."
    expect(page.get_by_text(moved)).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    settled(page)
    fits_a_phone(page)
    page.get_by_role("link", name="las preguntas del comercio").click()
    expect(page.get_by_role("heading", name="Comercio", exact=True)).to_be_visible()
    visit(page, dashboard, "Clientes", EARLIER)
    expect(page.get_by_text("No hay un día publicado del mes anterior")).to_be_visible()


def test_one_customer_is_shown_whole(dashboard: Served, page: Page) -> None:
    cliente_id = best_customer(dashboard)
    nombre, ingresos, gasto, score, compras, monto, tipo = dashboard.row(
        """select nombre, ingresos_mensuales, gasto_mensual_promedio, score_endeudamiento, compras_12m, monto_compras_12m,
            tipo_comprador from mart.cliente_360_historico where fecha_corte = %(fecha)s and cliente_id = %(cliente_id)s""",
        fecha=LATER,
        cliente_id=cliente_id,
    )
    visit(page, dashboard, "Clientes")
    search(page, cliente_id.lower())
    expect(page.get_by_role("heading", name=nombre)).to_be_visible()
    expect(figure(page, "Ingresos mensuales")).to_have_text(pesos(ingresos))
    expect(figure(page, "Gasto mensual")).to_have_text(pesos(gasto))
    expect(figure(page, "Endeudamiento")).to_have_text(f"{number(score * 100, 1)} %")
    expect(figure(page, "Compras en 12 meses")).to_have_text(number(compras))
    expect(figure(page, "Monto comprado")).to_have_text(pesos(monto))
    expect(figure(page, "Tipo de comprador")).to_have_text(tipo.replace("_", " "))
    picture(page, "clientes")


def test_a_figure_of_a_customer_is_explained_by_rows_that_add_up_to_it(dashboard: Served, page: Page) -> None:
    cliente_id = best_customer(dashboard)
    (amount,) = dashboard.row(
        """select monto_compras_12m from mart.cliente_360_historico
        where cliente_id = %(cliente_id)s and fecha_corte = %(fecha)s""",
        cliente_id=cliente_id,
        fecha=EARLIER,
    )
    visit(page, dashboard, "Clientes", EARLIER)
    search(page, cliente_id)
    page.get_by_text("De dónde sale un dato").click()
    pick(page, "Dato", "Monto compras 12m")
    page.get_by_role("button", name="Explicar").click()
    expect(page.get_by_text(f"Publicado: {number(amount, 2)}. Las filas de abajo dan lo mismo.")).to_be_visible()
    settled(page)
    orders, lines = downloaded(page, 0), downloaded(page, 1)
    assert sum(round(100 * float(row["importe"])) for row in orders) == 100 * amount > 0
    assert sum(round(100 * float(row["importe"])) for row in lines) == 100 * amount
    assert {row["venta_id"] for row in lines} == {row["venta_id"] for row in orders}
    assert all(row["origen"].startswith("raw/detalle_ventas/") for row in lines)


def test_months_orders_shipments_campaigns_and_movements_of_a_customer_are_those_known_on_the_day(
    dashboard: Served, page: Page
) -> None:
    cliente_id = best_customer(dashboard)
    known = {
        "Compras": """select count(distinct venta_id) from dw.hecho_ventas
            where cliente_id = %(cliente_id)s and fecha > %(fecha)s::date - 365 and fecha <= %(fecha)s""",
        "Entregas": """select count(*) from dw.hecho_envios
            where cliente_id = %(cliente_id)s and fecha > %(fecha)s::date - 365 and fecha <= %(fecha)s""",
        "Campañas": """select count(*) from dw.hecho_contactos
            where cliente_id = %(cliente_id)s and fecha > %(fecha)s::date - 365 and fecha <= %(fecha)s""",
        "Movimientos": """select count(*) from dw.hecho_transacciones
            where cliente_id = %(cliente_id)s and fecha > %(fecha)s::date - 90 and fecha <= %(fecha)s""",
    }
    visit(page, dashboard, "Clientes", EARLIER)
    search(page, cliente_id)
    expect(page.get_by_role("tab", name="Compras")).to_be_visible()
    months = {
        row[0].isoformat(): row[1]
        for row in dashboard.rows(
            """select mes, compra_tarjeta from mart.gasto_mensual
            where cliente_id = %(cliente_id)s and mes between '2025-11-01' and '2026-10-01'""",
            cliente_id=cliente_id,
        )
    }
    settled(page)
    assert {row["mes"]: float(row["compra_tarjeta"]) for row in downloaded(page)} == {
        mes: float(amount) for mes, amount in months.items()
    }
    for tab, query in known.items():
        page.get_by_role("tab", name=tab).click()
        settled(page)
        (expected,) = dashboard.row(query, fecha=EARLIER, cliente_id=cliente_id)
        rows = downloaded(page)
        assert len(rows) == expected > 0, tab
        assert all(value <= EARLIER.isoformat() for row in rows for name, value in row.items() if name == "fecha")
    delivered = dashboard.row(
        """select count(*) from dw.hecho_envios where cliente_id = %(cliente_id)s and fecha > %(fecha)s::date - 365
            and fecha <= %(fecha)s and entrega_conocida <= %(fecha)s""",
        fecha=EARLIER,
        cliente_id=cliente_id,
    )
    page.get_by_role("tab", name="Entregas").click()
    settled(page)
    assert (sum(row["estado"] == "entregado" for row in downloaded(page)),) == delivered


def test_a_part_of_a_name_finds_several_customers_to_choose_from(dashboard: Served, page: Page) -> None:
    apellido, count = dashboard.row(
        """select split_part(nombre, ' ', -1), count(*) from mart.cliente_360 group by 1 order by 2 desc, 1 limit 1"""
    )
    assert count > 1
    (found,) = dashboard.row(
        "select count(*) from mart.cliente_360 where nombre ilike '%%' || %(apellido)s || '%%'", apellido=apellido
    )
    nombre, provincia, cliente_id = dashboard.rows(
        """select nombre, provincia, cliente_id from mart.cliente_360 where nombre ilike '%%' || %(apellido)s || '%%'
            order by cliente_id""",
        apellido=apellido,
    )[1]
    visit(page, dashboard, "Clientes")
    search(page, apellido.upper())
    pick(page, f"Coinciden {found}: elija uno", f"{nombre} · {provincia} · {cliente_id}")
    expect(page.get_by_text(f"{cliente_id} · ")).to_be_visible()


def test_a_customer_who_does_not_exist_gets_a_message_that_says_what_to_do(dashboard: Served, page: Page) -> None:
    visit(page, dashboard, "Clientes")
    expect(page.get_by_text("Escriba un identificador o una parte del nombre")).to_be_visible()
    for text in ("C999999999", "100%_nadie", "'; drop table dw.dim_cliente; --"):
        search(page, text)
        expect(page.get_by_text(f"No hay ningún cliente «{text}» al 20/11/2026.")).to_be_visible()
        expect(page.get_by_text("elija otra fecha de corte")).to_be_visible()
    assert dashboard.row("select count(*) > 0 from dw.dim_cliente") == (True,)


def test_a_customer_of_another_day_is_said_to_be_one(dashboard: Served, page: Page) -> None:
    cliente_id, alta = dashboard.rows(
        "select cliente_id, fecha_alta from dw.dim_cliente where fecha_alta > %(fecha)s or fecha_baja <= %(fecha)s order by 1",
        fecha=EARLIER,
    )[0]
    visit(page, dashboard, "Clientes", EARLIER)
    search(page, cliente_id)
    expect(page.get_by_text(f"No hay ningún cliente «{cliente_id}» al 31/10/2026.")).to_be_visible()
    expect(page.get_by_text(f"es cliente en otras fechas: alta el {alta:%d/%m/%Y}")).to_be_visible()


BANK = """select count(*), avg(ingresos_mensuales), avg(gasto_mensual_promedio), avg(score_endeudamiento)
    from mart.cliente_360_historico where fecha_corte = %(fecha)s"""


def expect_bank(page: Page, row: tuple) -> None:
    clientes, ingresos, gasto, score = row
    expect(figure(page, "Clientes")).to_have_text(number(clientes))
    expect(figure(page, "Ingreso medio")).to_have_text(pesos(ingresos))
    expect(figure(page, "Gasto medio")).to_have_text(pesos(gasto))
    expect(figure(page, "Endeudamiento medio")).to_have_text(f"{number(score * 100, 1)} %")


def test_the_bank_follows_the_day_and_the_filters(dashboard: Served, page: Page) -> None:
    visit(page, dashboard, "Banca")
    expect_bank(page, dashboard.row(BANK, fecha=LATER))
    expect(page.locator("canvas.marks, svg.marks").first).to_be_visible()
    picture(page, "banca")
    pick(page, "Fecha de corte", "31/10/2026")
    earlier = dashboard.row(BANK, fecha=EARLIER)
    assert earlier != dashboard.row(BANK, fecha=LATER)
    expect_bank(page, earlier)
    pick(page, "Provincias", "Buenos Aires", "Córdoba")
    there = f"{BANK} and provincia in ('Buenos Aires', 'Córdoba')"
    expect_bank(page, dashboard.row(there, fecha=EARLIER))
    pick(page, "Segmentos de ingresos", "5")
    expect_bank(page, dashboard.row(f"{there} and segmento_ingresos = 5", fecha=EARLIER))
    settled(page)
    assert {row["provincia"]: int(row["clientes"]) for row in downloaded(page)} == dict(
        dashboard.rows(
            """select provincia, count(*) from mart.cliente_360_historico where fecha_corte = %(fecha)s
            and provincia in ('Buenos Aires', 'Córdoba') and segmento_ingresos = 5 group by provincia""",
            fecha=EARLIER,
        )
    )


def test_debt_and_arrears_are_shown_by_province_and_by_segment(dashboard: Served, page: Page) -> None:
    query = """select avg(deuda_total), count(*) filter (where dias_mora_max > 0) * 100.0 / nullif(count(situacion), 0)
        from mart.cliente_360_historico where fecha_corte = %(fecha)s"""
    visit(page, dashboard, "Banca")
    debt, late = dashboard.row(query, fecha=LATER)
    assert debt > 0
    assert late > 0
    expect(figure(page, "Deuda media")).to_have_text(pesos(debt))
    expect(figure(page, "En mora")).to_have_text(f"{number(late, 1)} %")
    for name, title in (("Deuda", "Deuda media, en pesos"), ("Mora", "Clientes en mora, % de los que tienen crédito")):
        page.get_by_test_id("stMainBlockContainer").get_by_text(name, exact=True).first.click()
        expect(page.get_by_label(f"{title}, por provincia", exact=True)).to_be_visible()
    settled(page)
    for position, key in enumerate(("provincia", "segmento_ingresos")):
        shown = {
            row[key]: (float(row["deuda_media"]), float(row["mora_pct"]) if row["mora_pct"] else None)
            for row in downloaded(page, position)
        }
        expected = dashboard.rows(f"{query.replace('select', f'select {key}::text,', 1)} group by {key}", fecha=LATER)
        assert len(shown) == len(expected) > 1
        assert shown == {
            group: (pytest.approx(float(owed)), pytest.approx(float(late)) if late is not None else None)
            for group, owed, late in expected
        }


def test_what_is_held_and_owed_follows_the_published_days_and_the_filters(dashboard: Served, page: Page) -> None:
    query = """select fecha_corte::text, sum(saldo_total), sum(deuda_total) from mart.cliente_360_historico
        where true {} group by fecha_corte order by fecha_corte"""
    chart = page.get_by_label("Saldo y deuda por fecha", exact=True)

    def shown(position: int, *names: str) -> list[tuple]:
        settled(page)
        return [(row["fecha_corte"], *(float(row[name]) for name in names)) for row in downloaded(page, position)]

    def known(where: str = "") -> list[tuple]:
        return [(day, float(held), float(owed)) for day, held, owed in dashboard.rows(query.format(where))]

    visit(page, dashboard, "Banca")
    expect(chart).to_be_visible()
    assert shown(3, "saldo", "deuda") == known()
    assert [row[0] for row in known()] == [EARLIER.isoformat(), LATER.isoformat()]
    visit(page, dashboard, "Banca")
    settled(page)
    pick(page, "Provincias", "Buenos Aires")
    expect(figure(page, "Clientes")).not_to_have_text(number(dashboard.row("select count(*) from mart.cliente_360")[0]))
    assert shown(3, "saldo", "deuda") == known("and provincia = 'Buenos Aires'")
    cliente_id = best_customer(dashboard)
    visit(page, dashboard, "Clientes")
    search(page, cliente_id)
    expect(chart).to_be_visible()
    assert shown(1, "saldo_total", "deuda_total") == known(f"and cliente_id = '{cliente_id}'")


@pytest.mark.parametrize(("question", "relation"), QUESTIONS.items())
def test_each_answer_is_there_whole_with_its_chart(dashboard: Served, page: Page, question: str, relation: str) -> None:
    ask(page, dashboard, question)
    expect(page.locator("canvas.marks, svg.marks").first).to_be_visible()
    settled(page)
    rows = downloaded(page)
    columns = list(rows[0])
    expected = dashboard.rows(
        f"select {', '.join(columns)} from mart.{relation}_historico where fecha_corte = %(fecha)s", fecha=LATER
    )

    def cell(value: object) -> object:
        if value in (None, ""):
            return None
        if isinstance(value, str) and value in ("True", "False"):
            return value == "True"
        try:
            return round(float(value), 4)
        except (TypeError, ValueError):
            return str(value)

    assert sorted([repr([cell(value) for value in row.values()]) for row in rows]) == sorted(
        repr([value if isinstance(value, bool) else cell(value) for value in row]) for row in expected
    )


def test_the_period_and_the_category_change_what_is_earned(dashboard: Served, page: Page) -> None:
    query = """select sum(ingresos), sum(costo), sum(margen) from mart.rentabilidad_mensual_historico
        where fecha_corte = %(fecha)s"""

    def expect_sums(row: tuple) -> None:
        ingresos, costo, margen = row
        expect(figure(page, "Ingresos")).to_have_text(pesos(ingresos))
        expect(figure(page, "Costo")).to_have_text(pesos(costo))
        expect(figure(page, "Margen")).to_have_text(pesos(margen))
        expect(figure(page, "Margen, %")).to_have_text(f"{number(margen / (margen + costo) * 100, 1)} %")

    ask(page, dashboard, "¿Qué se gana por categoría y mes?")
    expect_sums(dashboard.row(query, fecha=LATER))
    pick(page, "Desde", "03/2026")
    expect_sums(dashboard.row(f"{query} and mes >= '2026-03-01'", fecha=LATER))
    pick(page, "Hasta", "06/2026")
    period = f"{query} and mes between '2026-03-01' and '2026-06-01'"
    expect_sums(dashboard.row(period, fecha=LATER))
    pick(page, "Categorías", "hogar")
    expect_sums(dashboard.row(f"{period} and categoria = 'hogar'", fecha=LATER))


def test_the_province_changes_the_delays(dashboard: Served, page: Page) -> None:
    query = """select sum(entregas), sum(con_promesa), sum(demoradas), sum(anticipadas),
        sum(dias_hasta_entrega * entregas) / sum(entregas) from mart.demoras_logisticas_historico
        where fecha_corte = %(fecha)s"""
    ask(page, dashboard, "¿Cuánto demoran las entregas?")
    for condition in ("", " and provincia = 'Mendoza'"):
        entregas, prometidas, demoradas, anticipadas, dias = dashboard.row(query + condition, fecha=LATER)
        expect(figure(page, "Entregas")).to_have_text(number(entregas))
        expect(figure(page, "Demoradas, %")).to_have_text(f"{number(demoradas / prometidas * 100, 1)} %")
        expect(figure(page, "Anticipadas, %")).to_have_text(f"{number(anticipadas / prometidas * 100, 1)} %")
        expect(figure(page, "Días de espera")).to_have_text(number(dias, 1))
        if not condition:
            picture(page, "comercio")
            pick(page, "Provincias", "Mendoza")


def test_the_campaign_changes_what_campaigns_added(dashboard: Served, page: Page) -> None:
    query = """select count(*), sum(ingresos_incrementales), sum(presupuesto) from mart.impacto_campanias_historico
        where fecha_corte = %(fecha)s"""
    campania_id, nombre = dashboard.rows(
        "select campania_id, nombre from mart.impacto_campanias where ingresos_incrementales > 0 order by 1"
    )[0]
    ask(page, dashboard, "¿Qué aportaron las campañas?")
    for condition in ("", " and campania_id = %(campania_id)s"):
        count, added, budget = dashboard.row(query + condition, fecha=LATER, campania_id=campania_id)
        expect(figure(page, "Campañas")).to_have_text(number(count))
        expect(figure(page, "Ingresos incrementales")).to_have_text(pesos(added))
        expect(figure(page, "Presupuesto")).to_have_text(pesos(budget))
        if not condition:
            pick(page, "Campañas", nombre.replace("_", " "))


def test_quality_tells_loads_and_checks(dashboard: Served, page: Page) -> None:
    visit(page, dashboard, "Calidad")
    (filas,) = dashboard.row("select sum(filas) from control.cargas")
    expect(figure(page, "Último día publicado")).to_have_text("20/11/2026")
    expect(figure(page, "Último día cargado")).to_have_text("20/11/2026")
    expect(figure(page, "Filas cargadas")).to_have_text(number(filas))
    expect(figure(page, "Filas rechazadas")).to_have_text("0")
    expect(page.get_by_text("no hay nada que rechazar")).to_be_visible()
    picture(page, "calidad")
    days, checks, loads = (downloaded(page, position) for position in range(3))
    assert len(days) == (LATER - date(2025, 9, 15) + timedelta(days=1)).days
    assert {row["verificacion"] for row in checks} == {path.stem for path in (folders.SQL / "check").rglob("*.sql")}
    assert (
        sum(int(row["filas"]) for row in loads)
        == dashboard.row("select sum(filas) from control.cargas where fecha = %(fecha)s", fecha=LATER)[0]
    )


def test_a_day_whose_checks_failed_is_not_offered_and_quality_says_so(dashboard: Served, page: Page) -> None:
    spoil = """update control.verificaciones set correcta = not correcta, hallazgos = 3
        where fecha_corte = %(fecha)s and verificacion = 'venta_cuadra'"""
    dashboard.owner.execute(spoil, {"fecha": EARLIER})
    try:
        visit(page, dashboard, "Calidad")
        expect(page.get_by_text("El 31/10/2026 no se publicó: verificaciones fallidas, 1.")).to_be_visible()
        unfold(page, "Fecha de corte")
        expect(page.get_by_role("option")).to_have_text(["20/11/2026"])
        page.keyboard.press("Escape")
        dashboard.owner.execute("update control.verificaciones set detiene = false where verificacion = 'venta_cuadra'")
        visit(page, dashboard, "Calidad")
        unfold(page, "Fecha de corte")
        expect(page.get_by_role("option")).to_have_text(["20/11/2026", "31/10/2026"])
    finally:
        dashboard.owner.execute("update control.verificaciones set detiene = true where verificacion = 'venta_cuadra'")
        dashboard.owner.execute(spoil, {"fecha": EARLIER})
        dashboard.owner.execute("update control.verificaciones set hallazgos = 0")


def test_quality_counts_the_rejected_rows_of_feeds(dashboard: Served, page: Page) -> None:
    dashboard.owner.execute(
        """insert into control.entregas (archivo, tabla, fecha_archivo, sha256, lineas, leidas, mundo, corrida)
            values ('banco/clientes_2026-11-19.csv', 'crudo.clientes', '2026-11-19', 'a', 1200, 1190, 'banco', 'run');
        insert into control.lecturas values ('banco/clientes_2026-11-19.csv', 'clientes', 1190, 1180, 2, 1, 0, 7)"""
    )
    try:
        visit(page, dashboard, "Calidad")
        expect(figure(page, "Filas rechazadas")).to_have_text("17")  # 10 unreadable, 7 refused
        settled(page)
        files = downloaded(page, 3)
        assert [(row["lineas"], row["ilegibles"], row["aceptadas"], row["rechazadas"]) for row in files] == [
            ("1200", "10", "1180", "7")
        ]
    finally:
        dashboard.owner.execute("delete from control.entregas; delete from control.lecturas")


def test_quality_tells_what_the_run_did_with_files_and_what_was_not_read(dashboard: Served, page: Page) -> None:
    dashboard.owner.execute(
        """insert into control.entradas
            (corrida, fecha_corte, momento, mundo, carpeta, archivos, nuevos, sin_leer, sin_leer_primeros, tipos_sin_archivo,
            cambiados, retirados, cargada)
            values ('run', '2026-11-20', '2026-11-21', 'banco', '/mine', 9, 3, 2, 'a.CSV, b.csv.gz', 'trans', 1, null, null);
        insert into control.recuentos values ('run', 'ventas', 10, 2, 3, 4000, 5, 6), ('run', 'copias', 0, 7, 0, 0, 8, 0)"""
    )
    try:
        visit(page, dashboard, "Calidad")
        expect(page.get_by_text("Carpeta de entrada", exact=True)).to_be_visible()
        settled(page)
        assert downloaded(page, 3) == [
            {
                "nuevos": "3",
                "cambiados": "1",
                "sin_cambio": "5",
                "retirados": "",
                "sin_leer": "2",
                "cargada": "",
                "corrida": "run",
            }
        ]
        assert [tuple(row.values()) for row in downloaded(page, 4)] == [
            ("ventas", "10", "2", "3", "4000", "5", "6"),
            ("copias", "0", "7", "0", "0", "8", "0"),
        ]
        assert [(row["aviso"], row["detalle"]) for row in downloaded(page, 5)] == [
            ("archivos_sin_leer", "2: a.CSV, b.csv.gz"),
            ("tipos_sin_archivo", "trans"),
        ]
    finally:
        dashboard.owner.execute("delete from control.entradas; delete from control.recuentos")


def test_what_is_computed_again_is_read_again(dashboard: Served, page: Page) -> None:
    visit(page, dashboard, "Banca")
    expect_bank(page, dashboard.row(BANK, fecha=LATER))
    change = "update mart.cliente_360_historico set ingresos_mensuales = ingresos_mensuales {} where fecha_corte = '2026-11-20'"
    checked = "update control.verificaciones set corrida = corrida where fecha_corte = '2026-11-20'"
    before = dashboard.row(BANK, fecha=LATER)
    for step in ("* 2", "/ 2"):
        dashboard.owner.execute(change.format(step))
        dashboard.owner.execute(checked)
        visit(page, dashboard, "Banca")
        expect_bank(page, dashboard.row(BANK, fecha=LATER))
    assert dashboard.row(BANK, fecha=LATER) == before


def test_amounts_are_in_the_currency_of_the_source(dashboard: Served, page: Page) -> None:
    note = "update control.fuentes set moneda = %(currency)s"
    checked = "update control.verificaciones set corrida = corrida where fecha_corte = '2026-11-20'"
    (income,) = dashboard.row("select avg(ingresos_mensuales) from mart.cliente_360")
    try:
        for currency, shown in (("UYU", f"UYU {number(income)}"), ("ARS", pesos(income))):
            dashboard.owner.execute(note, {"currency": currency})
            dashboard.owner.execute(checked)
            visit(page, dashboard, "Banca")
            expect(figure(page, "Ingreso medio")).to_have_text(shown)
            settled(page)
            said = page.locator("body").inner_text()
            # the axes of the charts are words of a picture; their descriptions are not
            charts = page.locator("svg.marks").all_text_contents()
            assert "Ingreso mensual medio, en UYU" in "".join(charts) or currency == "ARS"
            assert [word for word in ("pesos", "$ ") if word in said + "".join(charts)] == (
                ["pesos", "$ "] if currency == "ARS" else []
            )
    finally:
        dashboard.owner.execute(note, {"currency": "ARS"})
        dashboard.owner.execute(checked)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone(dashboard: Served, page: Page, name: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{dashboard.address}/?token={dashboard.token}&cliente={best_customer(dashboard)}")
    if name != "Clientes":
        page.get_by_test_id("stExpandSidebarButton").click()
        page.get_by_role("link", name=name, exact=True).first.click()
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(page.get_by_test_id("stMetric").first).to_be_visible()
    settled(page)
    fits_a_phone(page)
    if name == "Banca":
        picture(page, "phone")


def test_a_question_without_data_says_so(dashboard: Served, page: Page) -> None:
    moved = "update mart.riesgo_crediticio_historico set fecha_corte = %(to)s where fecha_corte = %(of)s"
    dashboard.owner.execute(moved, {"of": EARLIER, "to": date.min})
    try:
        ask(page, dashboard, "¿Cuánto se debe y con cuánta mora?", EARLIER)
        expect(page.get_by_text("No hay datos para esta pregunta")).to_be_visible()
    finally:
        dashboard.owner.execute(moved, {"of": date.min, "to": EARLIER})


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_fits_a_phone(dashboard: Served, page: Page, question: str) -> None:
    ask(page, dashboard, question)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.get_by_test_id("stMetric").first).to_be_visible()
    settled(page)
    fits_a_phone(page)


def fits_a_phone(page: Page) -> None:
    for element in ("document.documentElement", "document.querySelector('[data-testid=stMain]')"):
        assert page.evaluate(f"{element}.scrollWidth") <= 390
    # what reaches beyond the edge would be cut
    reaching = page.evaluate(
        """[...document.querySelectorAll('[data-testid=stMain] :is(canvas, svg, [data-testid=stMetric], button)')]
            .filter(e => e.closest('[role=tablist], [data-testid=stDataFrame]') === null)
            .filter(e => e.getBoundingClientRect().right > 391).map(e => e.outerHTML.slice(0, 200))"""
    )
    assert reaching == []


def test_an_empty_warehouse_says_what_to_do(empty: Served, page: Page) -> None:
    enter(page, empty)
    for name in PAGES[:3]:
        page.get_by_role("link", name=name, exact=True).first.click()
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        expect(page.get_by_text("Todavía no hay ningún día publicado. Ejecute make run")).to_be_visible()
    page.get_by_role("link", name="Calidad", exact=True).first.click()
    expect(page.get_by_text("Todavía no se cargó ningún día: ejecute make run")).to_be_visible()


def test_a_warehouse_that_is_gone_says_what_to_do(empty: Served, page: Page) -> None:
    enter(page, empty)
    empty.owner.execute("alter role client360_reader nologin")
    try:
        empty.owner.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'client360_reader'")
        page.goto(empty.address)
        expect(page.get_by_text("El almacén no responde.")).to_be_visible()
    finally:
        empty.owner.execute("alter role client360_reader login")
    page.reload()
    expect(page.get_by_text("Todavía no hay ningún día publicado.")).to_be_visible()


def test_the_reader_sees_what_is_published_and_changes_nothing(dashboard: Served) -> None:
    address = f"{dashboard.owner.info.dsn} user=client360_reader host={dashboard.owner.info.host}"
    with psycopg.connect(address, autocommit=True) as reader:
        assert reader.execute("select count(*) from mart.cliente_360").fetchone()[0] > 0
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            reader.execute("create temporary table mine ()")
        reader.execute("set default_transaction_read_only = off")
        for statement in (
            "delete from mart.cliente_360_historico",
            "update control.cargas set filas = 0",
            "select * from control.rechazos",
            "select * from staging.clientes",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute(statement)


def test_every_province_has_an_outline(dashboard: Served) -> None:
    outlines = (folders.ROOT / "dashboard" / "provincias.json").read_text(encoding="utf-8")
    assert set(re.findall(r'"id":"([^"]+)"', outlines)) == {
        name for (name,) in dashboard.rows("select provincia from dw.dim_provincia")
    }
