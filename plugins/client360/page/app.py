"""The routes of the page, which all require Airflow's login and the permission to see the DAG's runs, and that of the metrics."""

import logging
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.common.db.common import SessionDep
from airflow.api_fastapi.core_api.security import GetUserDep, requires_access_dag
from airflow.models import DagRun, TaskInstance
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from fastapi.templating import Jinja2Templates
from sqlalchemy import select
from starlette.exceptions import HTTPException as AnyHTTPException

from client360.days import parse_day
from client360.page import metrics, report
from client360.run import parameters
from client360.run.request import business_day
from client360.warehouse.redaction import DatabaseError
from reading import admission, formats, warehouse
from reading.language import LANGUAGE, TRANSLATIONS, _
from reading.money import show_in
from reading.questions import ANSWERS

log = logging.getLogger(__name__)

DAG_ID = "client360"
DASHBOARD = "/dashboard"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'self'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""Of every response: the browser stores nothing that the login protects, and no other site frames the page or learns of it."""
SEES_RUNS = requires_access_dag("GET", DagAccessEntity.RUN, DAG_ID)
TRIGGERS_RUNS = requires_access_dag("POST", DagAccessEntity.RUN, DAG_ID)
MEDIA_TYPES = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".parquet": "application/vnd.apache.parquet",
}
"""Of published files, by suffix."""
REFUSED = {
    401: _("Para ver esta página, inicie sesión en Airflow."),
    403: _("Su usuario de Airflow no tiene permiso para esto: pídalo a quien administra Airflow."),
    404: _("Aquí no hay nada."),
}
STEPS = {
    "generate": _("prepara los archivos (generate)"),
    "load": _("carga los archivos (load)"),
    "transform": _("arma el modelo de datos (transform)"),
    "build_view": _("calcula cliente_360 y las respuestas (build_view)"),
    "export": _("publica los archivos (export)"),
}
"""What a run does at each step."""
STATES = {"queued": _("en espera"), "running": _("en curso"), "success": _("terminada"), "failed": _("fallida")}

app = FastAPI(title="Client 360", openapi_url=None)
router = APIRouter(dependencies=[Depends(SEES_RUNS)])
pages = Jinja2Templates(Path(__file__).with_name("templates"))
pages.env.filters |= {"cell": formats.cell, "day": formats.day, "heading": formats.heading, "number": formats.number}
pages.env.globals["language"] = LANGUAGE
pages.env.policies["ext.i18n.trimmed"] = True
pages.env.add_extension("jinja2.ext.i18n")
pages.env.install_gettext_translations(TRANSLATIONS, newstyle=True)  # type: ignore[attr-defined]


@router.get("/")
def show(
    request: Request,
    *,
    user: GetUserDep,
    session: SessionDep,
    fecha: str = "",
    dag_id: str = DAG_ID,
    run_id: str = "",
) -> Response:
    """The page of a day: the day of a run, or `fecha`, or the newest published one."""
    if dag_id != DAG_ID:
        said = _("Esta pestaña es del DAG {dag}: de las corridas de {other} no hay nada que mostrar.")
        return _message(request, said.format(dag=DAG_ID, other=dag_id))
    run = None
    if run_id:
        # PostgreSQL takes no text with such a character
        if "\0" not in run_id:
            run = session.scalar(select(DagRun).where(DagRun.dag_id == DAG_ID, DagRun.run_id == run_id))
        if run is None:
            return _message(request, _("El DAG {dag} no tiene la corrida {run}.").format(dag=DAG_ID, run=run_id), 404)
    asked = None
    try:
        if run is not None:
            given = run.conf or {}
            zone = parameters.timezone(os.environ, given)
            asked = business_day(given.get("fecha"), run.logical_date, run.run_after, zone)
        elif fecha:
            asked = parse_day("fecha", fecha)
    except ValueError:
        wrong = (run.conf or {}).get("fecha") if run else fecha
        return _message(request, _("{day} no es un día que se pueda ver.").format(day=wrong), 400)
    try:
        days, found = _read(asked)
    except warehouse.Empty:
        return _message(
            request,
            _(
                "Todavía no hay ningún día: active el DAG client360, o ejecute make run, y vuelva a cargar esta página "
                "cuando la corrida termine."
            ),
        )
    except (warehouse.Unreachable, DatabaseError) as error:
        log.warning("The warehouse can not be read: %s", error)
        return _message(
            request,
            _(
                "El almacén no responde. Compruebe que PostgreSQL esté en marcha y que la conexión client360 de Airflow "
                "lleve a él; el registro del servidor dice qué pasó."
            ),
            503,
        )
    return _page(
        request,
        "page.html",
        {
            "report": found,
            "days": days,
            "run": run,
            "state": STATES.get(str(run.state), str(run.state)) if run else None,
            "under_way": _under_way(session),
            "questions": ANSWERS,
            "files": {
                kind: report.files(found.fecha, anonymous=kind == "anonymous") for kind in ("files", "anonymous")
            },
            "may_download": _allowed(request, user),
            "dashboard": _dashboard(found.fecha),
        },
    )


@warehouse.again
def _read(asked: date | None) -> tuple[list[warehouse.Day], report.Report]:
    """The days that there are, and the report of the one asked for or the newest. Raises warehouse.Empty."""
    with report.connect() as connection:
        days = warehouse.days(connection)
        show_in(warehouse.currency(connection))
        published = [day.fecha for day in days if day.published]
        chosen = asked or next(iter([*published, *(day.fecha for day in days)]), None)
        if chosen is None:
            raise warehouse.Empty
        return days, report.report(connection, chosen, published=chosen in published)


@router.get("/{kind}/{fecha}/{name}", dependencies=[Depends(TRIGGERS_RUNS)])
def download(request: Request, kind: Literal["files", "anonymous"], fecha: date, name: str) -> Response:
    """A file of a day."""
    found = report.path(fecha, name, anonymous=kind == "anonymous")
    if found is None:
        said = _("El {day} no tiene ese archivo: ejecute el día y vuelva a intentarlo.")
        return _message(request, said.format(day=formats.day(fecha)), 404)
    return FileResponse(
        found, headers=HEADERS, media_type=MEDIA_TYPES[found.suffix], filename=f"{found.stem}_{fecha}{found.suffix}"
    )


@router.get(DASHBOARD, dependencies=[Depends(TRIGGERS_RUNS)])
def enter_dashboard(request: Request, user: GetUserDep, to: str = "/") -> Response:
    """Lead who may download what the dashboard shows into it, to one of its pages."""
    address, secret = _dashboard_address(), os.environ.get(admission.VARIABLE)
    if not (address and secret and to.startswith("/")):
        return _message(request, REFUSED[404], 404)
    ticket = urlencode({"ticket": admission.ticket(secret, user.get_name())})
    return RedirectResponse(f"{address}{to}{'&' if '?' in to else '?'}{ticket}", 303, HEADERS)


@app.exception_handler(AnyHTTPException)
def refuse(request: Request, error: HTTPException) -> Response:
    """A refusal as a page, because people meet it in a browser. Who wants to enter the dashboard is led to the login."""
    if error.status_code == 401 and _own_path(request) == DASHBOARD:
        back = urlencode({"next": f"{request.url.path}?{request.url.query}"})
        return RedirectResponse(f"../api/v2/auth/login?{back}", 303, HEADERS)
    return _message(request, REFUSED.get(error.status_code, str(error.detail)), error.status_code)


@app.exception_handler(RequestValidationError)
def refuse_nonsense(request: Request, _: RequestValidationError) -> Response:
    return _message(request, REFUSED[404], 404)


def _under_way(session: SessionDep) -> str | None:
    """What the oldest run that is at work does now, in words; None while none is."""
    oldest = select(DagRun.run_id).where(DagRun.dag_id == DAG_ID, DagRun.state == "running")
    run_id = session.scalar(oldest.order_by(DagRun.start_date).limit(1))
    if run_id is None:
        return None
    tasks = select(TaskInstance.task_id).where(
        TaskInstance.dag_id == DAG_ID, TaskInstance.run_id == run_id, TaskInstance.state == "running"
    )
    steps = {task.partition(".")[0] for task in session.scalars(tasks)}
    return next((said for step, said in STEPS.items() if step in steps), _("entre dos pasos"))


def _allowed(request: Request, user: GetUserDep) -> bool:
    try:
        TRIGGERS_RUNS(request, user)
    except HTTPException:
        return False
    return True


def _dashboard(fecha: date) -> str | None:
    """A link to the dashboard on that day, if CLIENT360_DASHBOARD_URL names one; with a ticket, if both share a key."""
    page = f"/?{urlencode({'fecha': formats.day(fecha)})}"
    if os.environ.get(admission.VARIABLE):
        page = f"{DASHBOARD.removeprefix('/')}?{urlencode({'to': page})}"
        return page if _dashboard_address() else None
    return f"{_dashboard_address()}{page}" if _dashboard_address() else None


def _dashboard_address() -> str:
    return os.environ.get("CLIENT360_DASHBOARD_URL", "").rstrip("/")


def _message(request: Request, message: str, status: int = 200) -> HTMLResponse:
    return _page(request, "message.html", {"message": message, "login": status == 401}, status)


def _page(request: Request, template: str, context: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    airflow = "../" * _own_path(request).count("/")
    return pages.TemplateResponse(request, template, {"airflow": airflow, **context}, status, HEADERS)


def _own_path(request: Request) -> str:
    """The path below that of the page."""
    return str(request.scope["path"].removeprefix(request.scope["root_path"]))


app.include_router(metrics.router)
app.include_router(router)
