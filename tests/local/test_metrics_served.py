"""Metrics of `make ui`: those of client360 as a real Prometheus reads them, and Airflow's own as OpenTelemetry sends them."""

import gzip
import json
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from airflow_ui import Served, free_port, serve
from api import Api
from checkout import Checkout
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from client360 import folders

TOKEN = "of-the-tests"  # noqa: S105
PATIENCE = 120
FECHA = "2026-10-01"


@contextmanager
def taking_metrics() -> Iterator[tuple[str, set[tuple[str, str, str]]]]:
    """The address of a server that takes OpenTelemetry's metrics, and name, DAG and task of each that has come."""
    taken: set[tuple[str, str, str]] = set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers["Content-Encoding"] == "gzip":
                body = gzip.decompress(body)
            for resource in ExportMetricsServiceRequest.FromString(body).resource_metrics:
                for scope in resource.scope_metrics:
                    for metric in scope.metrics:
                        for point in getattr(metric, metric.WhichOneof("data")).data_points:
                            labels = {label.key: label.value.string_value for label in point.attributes}
                            taken.add((metric.name, labels.get("dag_id", ""), labels.get("task_id", "")))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1/metrics", taken
        server.shutdown()
        thread.join()


@contextmanager
def prometheus(folder: Path, target: str) -> Iterator[str]:
    """The address of a Prometheus that is configured as in Docker, but for where client360 is."""
    program = shutil.which("prometheus")
    if program is None:
        pytest.skip("prometheus is not installed; CI installs it")
    compose = yaml.safe_load((folders.ROOT / "docker-compose.yaml").read_text(encoding="utf-8"))
    content = compose["configs"]["prometheus"]["content"].replace("${METRICS_PASSWORD}", TOKEN)
    config = yaml.safe_load(content)
    assert config["scrape_configs"][0]["static_configs"] == [{"targets": ["api-server:8080"]}]
    config["scrape_configs"][0]["static_configs"] = [{"targets": [target]}]
    config["global"] = {"scrape_interval": "1s"}
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    address = f"127.0.0.1:{free_port()}"
    process = subprocess.Popen(
        [
            program,
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'tsdb'}",
            f"--web.listen-address={address}",
            "--log.level=error",
        ]
    )
    try:
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(30)


def ask(address: str, query: str) -> list[dict[str, Any]]:
    """What Prometheus answers now; empty while it is not there yet."""
    try:
        with urllib.request.urlopen(f"{address}/api/v1/query?{urllib.parse.urlencode({'query': query})}") as response:  # noqa: S310
            return json.load(response)["data"]["result"]
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{query}: {error.read().decode()}") from None
    except urllib.error.URLError:
        return []


def wait_until(happened: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.5)


@pytest.fixture(scope="module")
def served(open_folders: Callable[[], Path]) -> Iterator[tuple[Served, Checkout, set[tuple[str, str, str]]]]:
    """Airflow after `make run`, which leaves its day to the schedule, that scheduled run, and one on demand."""
    checkout = Checkout(open_folders())
    with taking_metrics() as (address, taken):
        checkout.environment |= {
            "CLIENT360_METRICS": "1",
            "CLIENT360_METRICS_TOKEN": TOKEN,
            "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": address,
            "OTEL_METRIC_EXPORT_INTERVAL": "1000",
            "CLIENT360_CLIENTES": "50",
            "CLIENT360_INICIO": "2026-09-01",
        }
        code, output = checkout.make("run")
        assert code == 0, output
        with serve(checkout) as ui:
            airflow = Api(ui.address, ui.password)
            wait_until(lambda: airflow.call("GET", "/api/v2/dags")["total_entries"] == 2)
            airflow.call("POST", "/api/v2/dags/client360/dagRuns", {"logical_date": None, "conf": {"fecha": FECHA}})
            airflow.call("PATCH", "/api/v2/dags/client360", {"is_paused": False})
            airflow.wait_for("all runs", lambda runs: [run["state"] for run in runs.values()] == ["success"] * 3)
            yield ui, checkout, taken


def test_a_prometheus_reads_what_the_warehouse_says(served: tuple, tmp_path: Path) -> None:
    ui, checkout, _ = served
    with prometheus(tmp_path, ui.address.removeprefix("http://")) as address:
        wait_until(lambda: ask(address, "client360_customers"))
        assert [found["value"][1] for found in ask(address, 'up{job="client360"}')] == ["1"]
        assert [found["value"][1] for found in ask(address, "client360_behind_seconds")] == ["0"]
        rows = {found["metric"]["entity"]: int(found["value"][1]) for found in ask(address, "client360_rows")}
        said = checkout.sql(
            "select entidad || '=' || filas from control.cargas "
            "where fecha = (select max(fecha_corte) from control.verificaciones)"
        )
        assert rows == {entity: int(number) for entity, number in re.findall(r"(\w+)=(\d+)", said)}
        steps = {found["metric"]["step"] for found in ask(address, "client360_step_seconds > 0")}
        assert steps == {"generate", "load", "transform", "build_view", "export"}
        assert [found["value"][1] for found in ask(address, 'client360_runs{state="success"}')] == ["3"]
        assert 0 < float(ask(address, "client360_run_seconds")[0]["value"][1]) < 600
        size = sum(int(found["value"][1]) for found in ask(address, 'client360_published_bytes{kind="files"}'))
        newest = max((checkout.data / "processed").glob("fecha=*"))
        assert size == sum(path.stat().st_size for path in newest.iterdir() if path.name != "manifiesto.json")

        dashboard = json.loads((folders.ROOT / "docker" / "grafana.json").read_text(encoding="utf-8"))
        queries = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
        assert len(queries) > 8
        # a simulated world has no files of a feed
        empty = [query for query in queries if "delivered" not in query and not ask(address, query)]
        assert empty == []


def test_metrics_are_for_who_has_the_token(served: tuple) -> None:
    ui, _, _ = served
    for header in ({}, {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": "Bearer "}, {"Authorization": "é"}):
        request = urllib.request.Request(f"{ui.address}/client360/metrics", headers=header)  # noqa: S310
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request)  # noqa: S310
        assert refused.value.code == 401
        refused.value.close()


def test_the_format_is_what_prometheus_checks(served: tuple) -> None:
    ui, _, _ = served
    request = urllib.request.Request(  # noqa: S310
        f"{ui.address}/client360/metrics", headers={"Authorization": f"Bearer {TOKEN}"}
    )
    with urllib.request.urlopen(request) as response:  # noqa: S310
        text = response.read()
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("prometheus is not installed; CI installs it")
    done = subprocess.run([program, "check", "metrics"], input=text, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_airflows_own_metrics_are_sent_by_every_process(served: tuple) -> None:
    ui, _, taken = served
    wait_until(lambda: ("airflow.dagrun.duration.success", "client360") in {name[:2] for name in taken})
    names = {name for name, _, _ in taken}
    assert {"airflow.scheduler_heartbeat", "airflow.dag_processing.total_parse_time"} <= names
    run = next(iter(Api(ui.address, ui.password).call("GET", "/api/v2/dags/client360/dagRuns")["dag_runs"]))[
        "dag_run_id"
    ]
    tasks = Api(ui.address, ui.password).call("GET", f"/api/v2/dags/client360/dagRuns/{run}/taskInstances?limit=200")
    ran = {task["task_id"] for task in tasks["task_instances"] if task["state"] == "success"}
    timed = {task for name, dag, task in taken if (name, dag) == ("airflow.task.duration", "client360")}
    assert ran - timed == set()
