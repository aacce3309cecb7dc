"""Airflow and the dashboard behind docs/nginx.conf: below paths of a host with a name of its own, over TLS."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator

import airflow_ui
import pytest
from airflow_ui import free_port
from browser import launched
from checkout import Checkout
from conftest import EARLIER, PATIENCE, serve
from playwright.sync_api import Browser, expect
from test_page_in_airflow import SECRET, another

from client360 import folders

HOST = "data.example"


@pytest.fixture(scope="module")
def airflow(world: Checkout) -> Iterator[airflow_ui.Served]:
    with airflow_ui.serve(world) as served:
        yield served


@pytest.fixture(scope="module")
def proxied(airflow: airflow_ui.Served, world: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the proxy, with Airflow and the dashboard behind it."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        pytest.skip("nginx is not installed; CI installs it")
    folder = tmp_path_factory.mktemp("nginx")
    port, of_airflow, of_dashboard = (free_port() for _ in range(3))
    address = f"https://{HOST}:{port}"
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={HOST}")
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    site = (folders.ROOT / "docs" / "nginx.conf").read_text(encoding="utf-8")
    for example, own in {
        "listen 443": f"listen 127.0.0.1:{port}",
        "/etc/ssl/certs/data.example.pem": str(certificate),
        "/etc/ssl/private/data.example.key": str(key),
        "127.0.0.1:8080": f"127.0.0.1:{of_airflow}",
        "127.0.0.1:8501": f"127.0.0.1:{of_dashboard}",
        "Host $host": "Host $http_host",  # with a port that is not the standard one
    }.items():
        assert site.count(example) == 1, example
        site = site.replace(example, own)
    (folder / "site.conf").write_text(site)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/errors; events {{}}\n"
        f"http {{ access_log off; include {folder}/site.conf; }}\n"
    )
    passwords = folder / "passwords.json"
    passwords.write_text(json.dumps({"admin": airflow.password}))
    settings = {
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
        "AIRFLOW__API__BASE_URL": f"{address}/airflow",
        "CLIENT360_DASHBOARD_URL": f"{address}/tablero",
        "CLIENT360_DASHBOARD_SECRET": SECRET,
        "FORWARDED_ALLOW_IPS": "127.0.0.1",
    }
    of_the_dashboard = (
        *(f"CLIENT360_AIRFLOW_URL={address}/airflow", f"CLIENT360_DASHBOARD_URL={address}/tablero"),
        *(f"CLIENT360_DASHBOARD_SECRET={SECRET}", f"STREAMLIT_BROWSER_SERVER_ADDRESS={HOST}"),
        "STREAMLIT_SERVER_BASE_URL_PATH=tablero",
    )
    process = subprocess.Popen([nginx, "-c", folder / "nginx.conf"])
    try:
        with (
            another(airflow, "/airflow", of_airflow, "--proxy-headers", **settings),
            serve(world, *of_the_dashboard, port=of_dashboard, path="/tablero"),
        ):
            yield address
    finally:
        process.terminate()
        process.wait(30)


def test_behind_a_proxy_below_a_path_everything_works_over_tls(
    airflow: airflow_ui.Served, proxied: str, browser: Browser
) -> None:
    with launched(browser.browser_type, f"--host-resolver-rules=MAP {HOST} 127.0.0.1") as resolving:
        page = resolving.new_context(ignore_https_errors=True, locale="en-US").new_page()
        page.set_default_timeout(PATIENCE)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{proxied}/tablero/?fecha={EARLIER:%d/%m/%Y}")
        page.locator("input[name=username]").fill("admin")
        page.locator("input[name=password]").fill(airflow.password)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("combobox", name="Fecha de corte")).to_have_value(f"{EARLIER:%d/%m/%Y}")
        assert page.url.startswith(f"{proxied}/tablero/?fecha=")
        cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
        for name, path in (("client360_dashboard", "/tablero"), ("_token", "/airflow/")):
            assert (cookies[name]["path"], cookies[name]["secure"]) == (path, True)
        page.goto(f"{proxied}/airflow/client360/")
        with page.expect_download() as download:
            page.get_by_role("link", name="cliente_360.csv").click()
        assert download.value.path().stat().st_size > 1000
        page.get_by_role("link", name="tablero").click()
        expect(page.get_by_role("heading", name="Clientes", exact=True)).to_be_visible()
        elsewhere = re.compile(rf"(?!{re.escape(proxied)}/(airflow|tablero)/|data:|blob:)")
        assert [url for url in asked if elsewhere.match(url)] == []
