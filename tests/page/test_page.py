"""The page in Airflow over HTTP: permissions, the page of a day, and its messages where there is no day or no warehouse."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timezone
from decimal import Decimal
from functools import partial
from html import escape, unescape
from pathlib import Path
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, delete, insert, text

from client360.page import report
from client360.page.login_limit import FAILURES
from client360.warehouse.models import (
    EXPORTED,
    Cargas,
    Entradas,
    Entregas,
    Fuentes,
    Lecturas,
    Recuentos,
    Verificaciones,
)
from client360.warehouse.models.base import Base
from client360.warehouse.partitions import create_partitions
from client360.warehouse.redaction import DatabaseError
from reading import admission
from reading.questions import ANSWERS

DAY, EARLIER = date(2026, 11, 20), date(2026, 11, 19)
FILE = f"files/{EARLIER}/cliente_360.csv"
PERSON, MARKUP = "Zulema Nadie", "<b>a&b</b>"
ROLES = ("admin", "user", "viewer", "")
MOMENT = datetime(2026, 11, 21, tzinfo=timezone.utc)
SECRET = "of the tests, and long enough for the hash that signs with it " * 2
RUN = "manual__2026-11-21T03:04:05+00:00"


class Visitor:
    """A browser that follows no redirects."""

    def __init__(self, client, token: str | None) -> None:
        self.client, self.headers = client, {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str = "", **query: str):
        return self.client.get(f"/client360/{path}", params=query, headers=self.headers, follow_redirects=False)


@pytest.fixture(scope="module")
def airflow(airflow_database: Path):
    """Airflow's own API server with its plugins, and its simple auth manager."""
    from airflow.api_fastapi.app import create_app, purge_cached_app
    from starlette.testclient import TestClient

    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AIRFLOW__API_AUTH__JWT_SECRET", SECRET)
        yield TestClient(create_app(apps="core"))
    purge_cached_app()


@pytest.fixture
def visitors(airflow) -> dict[str, Visitor]:
    """By role; "" has no role, and anonymous is not logged in."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    def token(role: str) -> str:
        return get_auth_manager().generate_jwt(SimpleAuthManagerUser(username=role or "none", role=role or None))

    return {role: Visitor(airflow, token(role)) for role in ROLES} | {"anonymous": Visitor(airflow, None)}


@pytest.fixture
def runs(airflow_database: Path) -> Iterator[None]:
    """A run of the day, whose id needs quoting in a URL, one of EARLIER, and one whose fecha is no day."""
    from airflow.models import DagRun
    from airflow.utils.session import create_session
    from airflow.utils.types import DagRunType

    after = datetime(2026, 11, 21, 3, 4, 5, tzinfo=timezone.utc)
    with create_session() as session:
        for run, conf in ((RUN, {}), ("asked", {"fecha": EARLIER.isoformat()}), ("wrong", {"fecha": "2026-11-31"})):
            session.add(
                DagRun("client360", run, run_type=DagRunType.MANUAL, run_after=after, conf=conf, state="success")
            )
    yield
    with create_session() as session:
        session.query(DagRun).delete()


@pytest.fixture
def loaded(warehouse: Engine, data: Path) -> Engine:
    """Two days: EARLIER was published, with files, and DAY was not. The customer has a known name."""
    with warehouse.begin() as connection:
        create_partitions(connection, {DAY.replace(day=1)})
        for fecha, right in ((EARLIER, True), (DAY, False)):
            for model in EXPORTED.values():
                connection.execute(insert(model), row(model, fecha_corte=fecha))
            connection.execute(
                insert(Verificaciones),
                [
                    row(
                        Verificaciones,
                        fecha_corte=fecha,
                        verificacion=name,
                        correcta=found == 0,
                        hallazgos=found,
                        corrida=RUN if right else "of the day",
                        **more,
                    )
                    for name, found, more in (
                        ("venta_unica", 0, {"detiene": True}),
                        ("tarjeta_cuadra", 3, {"detiene": False, "ejemplo": "venta V1"}),
                        ("envio_cuadra", 0 if right else 1234, {"detiene": True, "ejemplo": "venta V2"}),
                    )
                ],
            )
            loads = {"entidad": "ventas", "filas": 5678, "capa": "dw", "capa_alcanzada": "dw"}
            connection.execute(insert(Cargas), row(Cargas, fecha=fecha, **loads))
            connection.execute(
                insert(Entregas),
                row(Entregas, archivo=f"ventas-{fecha}.csv", fecha_archivo=fecha, lineas=9, leidas=7, copia_de=None),
            )
            of_runs = [
                row(
                    Entradas,
                    corrida=f"{fecha} {hour}",
                    fecha_corte=fecha,
                    momento=datetime.combine(fecha, time(hour)),
                    **found,
                )
                for hour, found in (
                    (
                        2,
                        {
                            "sin_leer": 7 * right,
                            "sin_leer_primeros": "a_1.txt",
                            "tipos_sin_archivo": "envios (e_*.csv)" if right else None,
                            "archivos": 1234,
                            "nuevos": 3,
                            "cambiados": 2,
                            "retirados": 4,
                            "cargada": right,
                        },
                    ),
                    (1, {"sin_leer": 9, "sin_leer_primeros": "b_1.txt", "tipos_sin_archivo": "others"}),
                )
            ]
            connection.execute(insert(Entradas), of_runs)
            numbers = {"aceptadas": 21, "repetidas": 22, "rechazadas": 23, "aceptadas_en_total": 5021}
            for entidad, hour, found in (("ventas", 2, numbers), ("sin_mapear", 2, {}), ("envios", 1, {})):
                if right:
                    connection.execute(
                        insert(Recuentos), row(Recuentos, corrida=f"{fecha} {hour}", entidad=entidad, **found)
                    )
            connection.execute(
                insert(Lecturas), row(Lecturas, archivo=f"ventas-{fecha}.csv", entidad="ventas", filas=7, rechazadas=4)
            )
    for folder in (f"fecha={EARLIER}", f"anonimo/fecha={EARLIER}"):
        (data / "processed" / folder).mkdir(parents=True)
        (data / "processed" / folder / "cliente_360.csv").write_bytes(f"\ufeff{folder}\n{PERSON}\n".encode() * 1000)
    for folder in (data, data / "processed" / f"fecha={EARLIER}"):
        (folder / "secret.csv").write_text("secret")
    return warehouse


def row(model: type[Base], **known: object) -> dict[str, object]:
    """A value of the right type in each column."""
    samples = {
        str: MARKUP,
        int: 1,
        Decimal: Decimal("1234567.891"),
        date: DAY.replace(day=1),
        bool: True,
        datetime: MOMENT,
    }
    personal = {"cliente_id": PERSON, "nombre": PERSON} if model is EXPORTED["cliente_360"] else {}
    columns = [column for column in model.table().columns if column.server_default is None]
    return {column.name: samples[column.type.python_type] for column in columns} | personal | known


def seen(answer) -> str:
    """The text of a page, with single spaces."""
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return words_of(answer.text)


def words_of(page: str) -> str:
    body = re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(body).split())


@pytest.mark.parametrize(
    "path", ["", "?fecha=2026-11-20", FILE, "anonymous/2026-11-19/cliente_360.csv", "files/x/y.csv"]
)
def test_without_a_login_every_address_is_refused(visitors: dict[str, Visitor], loaded: Engine, path: str) -> None:
    answer = visitors["anonymous"].get(path)
    assert answer.status_code == 401
    assert seen(answer) == "Client 360 Client 360 Para ver esta página, inicie sesión en Airflow. Iniciar sesión"
    airflow = re.search(r'href="([./]+)"', answer.text)[1]
    assert urljoin(f"http://airflow/below/client360/{path}", airflow) == "http://airflow/below/"


@pytest.mark.parametrize("path", ["", FILE])
def test_a_user_who_may_not_see_the_runs_is_refused(visitors: dict[str, Visitor], loaded: Engine, path: str) -> None:
    answer = visitors[""].get(path)
    assert answer.status_code == 403
    assert "no tiene permiso" in seen(answer)


def test_a_user_who_may_see_the_runs_sees_the_page_and_no_file(visitors: dict[str, Visitor], loaded: Engine) -> None:
    page = visitors["viewer"].get()
    assert page.status_code == 200
    assert "cliente_360.csv" in page.text
    assert "quien también puede ejecutar el DAG" in seen(page)
    assert not [link for link in links(page.text) if link.endswith(".csv")]
    for path in (FILE, "anonymous/2026-11-19/cliente_360.csv", "files/2026-11-19/nothing.csv"):
        assert visitors["viewer"].get(path).status_code == 403


@pytest.mark.parametrize("role", ["user", "admin"])
def test_a_user_who_may_trigger_runs_downloads_files(
    visitors: dict[str, Visitor], loaded: Engine, data: Path, role: str
) -> None:
    files = [link for link in links(visitors[role].get().text) if link.endswith(".csv")]
    assert files == [FILE, "anonymous/2026-11-19/cliente_360.csv"]
    for link, folder in zip(files, ("", "anonimo/"), strict=True):
        answer = visitors[role].get(link)
        assert answer.content == (data / "processed" / f"{folder}fecha={EARLIER}" / "cliente_360.csv").read_bytes()
        assert answer.headers["content-disposition"] == 'attachment; filename="cliente_360_2026-11-19.csv"'
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("cliente_360_regional.csv", "text/csv; charset=utf-8"),
        ("cliente_360.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("cliente_360.parquet", "application/vnd.apache.parquet"),
    ],
)
def test_files_of_all_formats_are_offered_under_their_names(
    visitors: dict[str, Visitor], loaded: Engine, data: Path, name: str, kind: str
) -> None:
    (data / "processed" / f"fecha={EARLIER}" / name).write_bytes(b"of the " + name.encode())
    assert links(visitors["user"].get().text).count(f"files/{EARLIER}/{name}") == 1
    answer = visitors["user"].get(f"files/{EARLIER}/{name}")
    assert (answer.content, answer.headers["content-type"]) == (b"of the " + name.encode(), kind)
    stem, suffix = name.split(".")
    assert answer.headers["content-disposition"] == f'attachment; filename="{stem}_2026-11-19.{suffix}"'
    assert visitors["viewer"].get(f"files/{EARLIER}/{name}").status_code == 403
    assert f"{name}</a>" not in visitors["viewer"].get().text


@pytest.mark.parametrize(
    "path",
    [
        "files/2026-11-19/cliente_360.xlsx",
        "files/2026-11-19/manifiesto.json",
        "files/2026-11-19/cliente_360",
        "files/2026-11-19/productos_mas_vendidos.csv",
        "files/2026-11-18/cliente_360.csv",
        "files/2026-11-19/secret.csv",
        "files/2026-11-19/..%2F..%2Fsecret.csv",
        "files/2026-11-19/%2e%2e/%2e%2e/secret.csv",
        "files/..%2F..%2F/secret.csv",
        "processed/2026-11-19/cliente_360.csv",
        "files/soon/cliente_360.csv",
    ],
)
def test_only_files_that_runs_publish_are_served(visitors: dict[str, Visitor], loaded: Engine, path: str) -> None:
    answer = visitors["admin"].get(path)
    assert answer.status_code == 404
    assert "no tiene ese archivo" in seen(answer) or "no hay nada" in seen(answer)


def test_the_newest_day_that_was_published_comes_first(visitors: dict[str, Visitor], loaded: Engine) -> None:
    answer = visitors["viewer"].get()
    words = seen(answer)
    assert words.startswith("Client 360 Client 360 19/11/2026 Fecha de corte 20/11/2026, sin publicar 19/11/2026 Ver")
    assert "✓ El día está publicado." in words
    assert "Clientes 1 Filas del día 5.678 Verificaciones correctas 2 de 3 Filas rechazadas 6" in words
    found = "Lo que se paga con la tarjeta del banco es lo mismo para el banco y para el comercio."
    assert f"! advertencia {found} No se cumple 3 veces: venta V1. tarjeta_cuadra Comercio ✓ 2" in words
    assert "Ningún pedido está repetido. venta_unica" in words
    # only what found something is unfolded
    assert answer.text.index("tarjeta_cuadra") < answer.text.index("<details>") < answer.text.index("venta_unica")
    assert "<details open" not in answer.text
    assert "ventas 7 1 4" in words
    assert "lineas ilegibles 2 0 2" in words
    assert (
        "Carpeta de entrada Corrida 2026-11-19 2 Nuevos Cambiados Sin cambio Retirados Sin leer ¿Se cargó? 3 2 1.229 4 7 sí "
        "Entidad Aceptadas Repetidas Rechazadas Aceptadas en total Repetidas en total Rechazadas en total "
        "ventas 21 22 23 5.021 1 1 sin mapear 1 1 1 1 1 1 "
        "Aviso Detalle archivos sin leer 7: a_1.txt tipos sin archivo envios (e_*.csv)"
    ) in words
    for name, question in ANSWERS.items():
        assert f"{question.title} {name}" in words
    assert "1.234.568" in words
    assert "Sin filas." not in words


def test_amounts_are_headed_by_the_currency_of_the_source(visitors: dict[str, Visitor], loaded: Engine) -> None:
    headings = []
    for currency in ("UYU", "ARS"):
        with loaded.begin() as connection:
            connection.execute(delete(Fuentes))
            connection.execute(insert(Fuentes).values(mundo="x", zona="UTC", moneda=currency))
        headings.append(set(re.findall(r"\(([A-Z]{3}|\$)\)", visitors["user"].get().text)))
    assert headings == [{"UYU"}, {"$"}]


def test_a_day_that_failed_its_checks_lists_them_and_has_no_answers(
    visitors: dict[str, Visitor], loaded: Engine
) -> None:
    words = seen(visitors["viewer"].get(fecha=DAY.isoformat()))
    assert "✗ El día no se publicó: verificaciones fallidas, 1." in words
    found = "Los envíos tienen la entrega que la fuente dice. No se cumple 1.234 veces: venta V2. envio_cuadra"
    assert f"✗ fallida {found}" in words
    assert "Las respuestas Las hay cuando el día se publica." in words
    assert "Este día no tiene archivos" in words
    of_files = "Nuevos Cambiados Sin cambio Retirados Sin leer ¿Se cargó? 3 2 1.229 4 0 no"
    assert words.endswith(f"Carpeta de entrada Corrida 2026-11-20 2 {of_files}")


def test_a_day_without_rows_has_a_message_in_every_section(visitors: dict[str, Visitor], loaded: Engine) -> None:
    words = seen(visitors["viewer"].get(fecha="2026-11-01"))
    assert "01/11/2026" in words
    assert "El día no tiene verificaciones" in words
    assert "El día no se cargó." in words
    assert "Carpeta de entrada" not in words


@pytest.mark.parametrize("fecha", ["soon", "2026-11-31", "20261120", "<b>x</b>"])
def test_text_that_is_no_day_is_refused(visitors: dict[str, Visitor], loaded: Engine, fecha: str) -> None:
    answer = visitors["viewer"].get(fecha=fecha)
    assert answer.status_code == 400
    assert f"{fecha} no es un día que se pueda ver." in seen(answer)


def test_no_customer_is_named_and_values_are_escaped(visitors: dict[str, Visitor], loaded: Engine) -> None:
    for visitor in ("viewer", "admin"):
        page = visitors[visitor].get().text
        assert PERSON not in page
        assert MARKUP not in page
        assert escape(MARKUP) in page


def test_the_page_of_a_run_shows_its_day(visitors: dict[str, Visitor], loaded: Engine, runs: None) -> None:
    words = seen(visitors["viewer"].get(dag_id="client360", run_id=RUN))
    assert f"La corrida {RUN} está terminada y es de este día." in words
    assert "20/11/2026" in words
    assert "El día no se publicó" in words
    words = seen(visitors["viewer"].get(dag_id="client360", run_id="asked"))
    assert "Client 360 19/11/2026 La corrida asked está terminada" in words
    assert f"calculó el día por última vez, {RUN} ." in words
    answer = visitors["viewer"].get(dag_id="client360", run_id="wrong")
    assert answer.status_code == 400
    assert "2026-11-31 no es un día que se pueda ver." in seen(answer)


def test_an_unknown_run_and_another_dag_get_a_message(visitors: dict[str, Visitor], loaded: Engine) -> None:
    answer = visitors["viewer"].get(dag_id="other", run_id=RUN)
    assert answer.status_code == 200
    assert seen(answer).endswith("Esta pestaña es del DAG client360: de las corridas de other no hay nada que mostrar.")
    answer = visitors["viewer"].get(dag_id="client360", run_id="gone")
    assert answer.status_code == 404
    assert seen(answer).endswith("El DAG client360 no tiene la corrida gone.")


def test_an_empty_warehouse_gets_instructions(visitors: dict[str, Visitor], warehouse: Engine) -> None:
    assert "Todavía no hay ningún día: active el DAG client360" in seen(visitors["viewer"].get())
    with warehouse.begin() as connection:
        connection.execute(text("drop schema control cascade"))
    answer = visitors["viewer"].get()
    assert answer.status_code == 200
    assert "Todavía no hay ningún día: active el DAG client360" in seen(answer)


@pytest.mark.parametrize("connection", ["unreachable", "missing", "slow"])
def test_a_warehouse_that_does_not_answer_is_reported_without_details(
    visitors: dict[str, Visitor], loaded: Engine, monkeypatch: pytest.MonkeyPatch, connection: str
) -> None:
    with loaded.begin() as somebody:
        if connection == "unreachable":
            monkeypatch.setenv("AIRFLOW_CONN_CLIENT360", json.dumps({"conn_type": "postgres", "host": "/nonexistent"}))
        elif connection == "missing":
            monkeypatch.delenv("AIRFLOW_CONN_CLIENT360")
        else:
            monkeypatch.setattr(report.warehouse, "connect", partial(report.warehouse.connect, seconds=0.2))
            somebody.execute(text("lock table control.verificaciones in access exclusive mode"))
        answer = visitors["viewer"].get()
    assert answer.status_code == 503
    assert "El almacén no responde." in seen(answer)
    assert "Traceback" not in answer.text
    assert "nonexistent" not in answer.text


def metrics(visitors: dict[str, Visitor], monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """What Prometheus would read, by metric and labels."""
    monkeypatch.setenv("CLIENT360_METRICS_TOKEN", SECRET)
    answer = Visitor(visitors["anonymous"].client, SECRET).get("metrics")
    assert answer.status_code == 200
    assert PERSON not in answer.text
    lines = [line.rpartition(" ") for line in answer.text.splitlines() if not line.startswith("#")]
    return {name.removeprefix("client360_"): float(value) for name, _, value in lines}


def test_metrics_tell_of_the_newest_days(
    visitors: dict[str, Visitor], loaded: Engine, runs: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = metrics(visitors, monkeypatch)
    assert said.pop("behind_seconds") > 0
    assert said.pop("warehouse_bytes") > 1_000_000
    assert said == {
        'runs{state="success"}': 3,
        "warehouse_up": 1,
        "checked_day_timestamp_seconds": datetime(2026, 11, 20, tzinfo=timezone.utc).timestamp(),
        'rows{entity="ventas"}': 5678,
        'check_findings{check="envio_cuadra",outcome="fallida"}': 1234,
        'check_findings{check="tarjeta_cuadra",outcome="advertencia"}': 3,
        'check_findings{check="venta_unica",outcome="correcta"}': 0,
        **{
            f'delivered_files{{arrival="{arrival}"}}': count
            for arrival, count in {
                "nuevos": 3,
                "cambiados": 2,
                "sin_cambio": 1229,
                "retirados": 4,
                "sin_leer": 0,
            }.items()
        },
        "published_day_timestamp_seconds": datetime(2026, 11, 19, tzinfo=timezone.utc).timestamp(),
        "customers": 1,
        'published_bytes{file="cliente_360.csv",kind="files"}': 1000
        * len(f"\ufefffecha={EARLIER}\n{PERSON}\n".encode()),
        'published_bytes{file="cliente_360.csv",kind="anonymous"}': 1000
        * len(f"\ufeffanonimo/fecha={EARLIER}\n{PERSON}\n".encode()),
    }


def test_metrics_of_age_go_by_the_time_zone_of_the_source(
    visitors: dict[str, Visitor], loaded: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    zone = "Pacific/Kiritimati"  # where it is tomorrow first
    with loaded.begin() as connection:
        connection.execute(insert(Fuentes), row(Fuentes, mundo="simulador", zona=zone))
        connection.execute(text("update control.verificaciones set correcta = true"))
    expected = (datetime.now(ZoneInfo(zone)).date() - DAY).days - 1
    assert metrics(visitors, monkeypatch)["behind_seconds"] in (
        expected * 86_400,
        (expected + 1) * 86_400,
    )  # midnight may pass meanwhile


def test_metrics_without_days_or_warehouse_leave_out_what_is_unknown(
    visitors: dict[str, Visitor], warehouse: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(metrics(visitors, monkeypatch)) == {"warehouse_up", "warehouse_bytes"}
    monkeypatch.setenv("AIRFLOW_CONN_CLIENT360", json.dumps({"conn_type": "postgres", "host": "/nonexistent"}))
    assert metrics(visitors, monkeypatch) == {"warehouse_up": 0}


def test_metrics_are_for_who_has_the_token(
    visitors: dict[str, Visitor], loaded: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for token in ("", SECRET):
        monkeypatch.setenv("CLIENT360_METRICS_TOKEN", token)
        for role in (*ROLES, "anonymous"):
            answer = visitors[role].get("metrics")
            assert answer.status_code == (401 if token else 404)
            assert "client360_" not in answer.text


@pytest.mark.parametrize(
    "statement", ["select * from control.rechazos", "select * from staging.clientes", "delete from control.cargas"]
)
def test_it_reads_only_what_people_may(loaded: Engine, statement: str) -> None:
    with pytest.raises(DatabaseError, match=r"permission denied|read-only"), report.connect() as connection:
        connection.execute(statement)


def test_links_are_relative(visitors: dict[str, Visitor], loaded: Engine, runs: None) -> None:
    for query in ({}, {"dag_id": "client360", "run_id": RUN}):
        page = visitors["admin"].get(**query).text
        assert not re.findall(r"<(?:script|img|iframe|link)|target=| on\w+=", page)
        assert [link for link in links(page) if link.startswith(("/", "http"))] == []


def test_the_dashboard_is_linked_where_its_address_is_configured(
    visitors: dict[str, Visitor], loaded: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "make dashboard lo inicia y dice dónde está." in seen(visitors["viewer"].get())
    monkeypatch.setenv("CLIENT360_DASHBOARD_URL", "http://127.0.0.1:8501/")
    assert links(visitors["viewer"].get().text) == ["http://127.0.0.1:8501/?fecha=19%2F11%2F2026"]


def test_who_may_download_gets_a_ticket_to_the_dashboard_and_nobody_else_does(
    visitors: dict[str, Visitor], loaded: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert visitors["admin"].get("dashboard").status_code == 404
    monkeypatch.setenv("CLIENT360_DASHBOARD_URL", "https://data.example/tablero/")
    monkeypatch.setenv(admission.VARIABLE, SECRET)
    assert links(visitors["viewer"].get().text) == ["dashboard?to=%2F%3Ffecha%3D19%252F11%252F2026"]
    for role, to, address in (
        ("admin", "/banca?fecha=19%2F11%2F2026", "https://data.example/tablero/banca?fecha=19%2F11%2F2026&ticket="),
        ("user", "/", "https://data.example/tablero/?ticket="),
    ):
        led = visitors[role].get("dashboard", to=to)
        assert led.status_code == 303
        place, ticket = led.headers["Location"].split("ticket=")
        assert place == address.removesuffix("ticket=")
        assert admission.holder(SECRET, ticket) == role
    for role in ("viewer", ""):
        refused = visitors[role].get("dashboard", to="/")
        assert refused.status_code == 403
        assert "no tiene permiso" in seen(refused)
    led = visitors["anonymous"].get("dashboard", to="/banca")
    assert (led.status_code, led.headers["Location"]) == (
        303,
        "../api/v2/auth/login?next=%2Fclient360%2Fdashboard%3Fto%3D%252Fbanca",
    )
    for elsewhere in ("@evil.example", ".evil.example/", "", "\\evil.example"):
        assert visitors["admin"].get("dashboard", to=elsewhere).status_code == 404


def test_a_run_that_is_at_work_is_named_by_its_step(visitors: dict[str, Visitor], loaded: Engine, runs: None) -> None:
    from airflow.models import DagRun
    from airflow.utils.session import create_session

    assert "en curso" not in seen(visitors["viewer"].get())
    with create_session() as session:
        session.query(DagRun).filter(DagRun.run_id == RUN).update({"state": "running"})
    assert "⟳ Una corrida está en curso: entre dos pasos." in seen(visitors["viewer"].get())


@pytest.mark.parametrize(
    "query", [{"run_id": "a\0b"}, {"fecha": "\0"}, {"dag_id": "\0"}, {"run_id": "\0", "dag_id": "\0"}]
)
def test_an_address_with_a_character_that_no_text_has_is_no_error_of_the_server(
    visitors: dict[str, Visitor], loaded: Engine, query: dict[str, str]
) -> None:
    assert visitors["admin"].get(**query).status_code in (200, 400, 404)


def test_every_answer_tells_browsers_to_store_guess_and_pass_on_nothing(
    visitors: dict[str, Visitor], loaded: Engine
) -> None:
    for visitor, path in (("admin", ""), ("admin", FILE), ("admin", "nowhere"), ("anonymous", ""), ("", FILE)):
        headers = visitors[visitor].get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]


def test_whoever_guesses_passwords_has_to_wait(airflow) -> None:
    def log_in(path: str = "/auth/token") -> int:
        return airflow.post(path, json={"username": "admin", "password": "guessed"}).status_code

    assert [log_in() for _ in range(FAILURES)] == [401] * FAILURES
    refused = airflow.post("/auth/token", json={"username": "admin", "password": "guessed"})
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "60"
    assert log_in("/auth/token/cli") == 429
    # what needs no login is there for all
    assert airflow.get("/api/v2/monitor/health").status_code == 200


def test_processes_that_serve_no_page_do_not_load_it() -> None:
    program = (
        "import sys, airflow.plugins_manager as manager\n"
        "(plugin,) = [plugin for plugin in manager._get_plugins()[0] if plugin.name == 'client360']\n"
        "manager._get_ui_plugins()\n"
        "assert not {'fastapi', 'client360.page.app', 'reading.warehouse', 'babel'} & set(sys.modules)\n"
        "assert plugin.fastapi_apps[0]['url_prefix'] == '/client360'\n"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", program], check=True)


def test_the_roles_of_the_stack_in_docker_see_and_download_what_they_may(
    airflow_homes: Callable[[], Path], loaded: Engine
) -> None:
    """Its auth manager is another one, and one process has room for one."""
    program = f"""
import json
from airflow.providers.fab.auth_manager.models.db import FABDBManager
from airflow.utils.session import create_session
with create_session() as session:
    FABDBManager(session).upgradedb()
from airflow.api_fastapi.app import create_app, get_auth_manager
from airflow.providers.fab.www.app import create_app as create_fab
from starlette.testclient import TestClient
client, fab = TestClient(create_app(apps="core")), create_fab(enable_plugins=False)
seen = {{}}
with fab.app_context():
    users = fab.appbuilder.sm
    for role in ("Admin", "Op", "User", "Viewer", "Public"):
        user = users.add_user(role, role, role, f"{{role}}@client360.example", users.find_role(role), password="x")
        headers = {{"Authorization": "Bearer " + get_auth_manager().generate_jwt(user)}}
        seen[role] = [client.get("/client360/" + path, headers=headers).status_code for path in ("", {FILE!r})]
print(json.dumps(seen))
"""
    environment = {
        "AIRFLOW_HOME": str(airflow_homes()),
        "AIRFLOW__CORE__AUTH_MANAGER": "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager",
        "AIRFLOW__API_AUTH__JWT_SECRET": SECRET,
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        env=os.environ | environment,
        check=True,
        stdout=subprocess.PIPE,
    )
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "Admin": [200, 200],
        "Op": [200, 200],
        "User": [200, 200],
        "Viewer": [200, 403],
        "Public": [403, 403],
    }


def test_in_english_all_is_english_but_for_the_data(airflow_homes: Callable[[], Path], loaded: Engine) -> None:
    """The language is that of a process."""
    queries = {
        "newest": "",
        "failed": f"?fecha={DAY}",
        "without rows": "?fecha=2026-11-01",
        "no day": "?fecha=soon",
        "no run": "?run_id=gone",
        "other": "?dag_id=other",
        "nowhere": "nowhere",
        "no file": "files/2026-11-18/cliente_360.csv",
    }
    program = f"""
import json
from airflow.api_fastapi.app import create_app, get_auth_manager
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
from starlette.testclient import TestClient
client = TestClient(create_app(apps="core"))
token = get_auth_manager().generate_jwt(SimpleAuthManagerUser(username="admin", role="admin"))
headers = {{"Authorization": "Bearer " + token}}
pages = {{name: client.get("/client360/" + query, headers=headers).text for name, query in {queries!r}.items()}}
print(json.dumps(pages | {{"anonymous": client.get("/client360/").text}}))
"""
    environment = {
        "AIRFLOW_HOME": str(airflow_homes()),
        "AIRFLOW__API_AUTH__JWT_SECRET": SECRET,
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        "CLIENT360_LANGUAGE": "en",
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        env=os.environ | environment,
        check=True,
        stdout=subprocess.PIPE,
    )
    pages = json.loads(done.stdout.splitlines()[-1])
    assert {'<html lang="en">' in page for page in pages.values()} == {True}
    words = {name: words_of(page) for name, page in pages.items()}
    newest = words["newest"]
    assert newest.startswith(
        "Client 360 Client 360 19 Nov 2026 Business day 20 Nov 2026, not published 19 Nov 2026 Show ✓ The day is published. "
        "Customers 1 Rows of the day 5,678 Passed checks 2 of 3 Rejected rows 6 Files"
    )
    found = "What is paid by the bank's card is the same to the bank and to the shop."
    assert f"! warning {found} It fails 3 times: venta V1. tarjeta_cuadra Shop ✓ 2" in newest
    assert "Notice Detail files not read 7: a_1.txt kinds without a file envios (e_*.csv)" in newest
    assert "✗ failed Shipments have the delivery that the source says. It fails 1,234 times" in words["failed"]
    assert words["no day"].endswith("soon is not a day that can be shown.")
    assert words["no run"].endswith("The DAG client360 has no run gone.")
    assert words["no file"].endswith("18 Nov 2026 has no such file: run the day and try again.")
    assert words["anonymous"].endswith("To see this page, log in to Airflow. Log in")
    spanish = re.compile(r"\w*[áéíóúñ¿]\w*|\b(?:de|del|el|la|las|los|por|que|se|un|una|y)\b")
    assert [(name, text) for name in words for text in spanish.findall(words[name])] == []


def links(page: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'(?:href|src|action)="([^"]*)"', page)]
