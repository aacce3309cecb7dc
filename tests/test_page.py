"""The page in Airflow over HTTP: who may see what, and what it says of a day, of none, and of a warehouse that is not there."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, text

from client360 import folders
from client360.models import EXPORTED, Cargas, Entregas, Lecturas, Verificaciones
from client360.models.base import Base

DAY, EARLIER = date(2026, 11, 20), date(2026, 11, 19)
ROLES = ("admin", "user", "viewer", "")
RUN = "manual__2026-11-21T03:04:05+00:00"


class Visitor:
    """Somebody's browser, without following where it is sent."""

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
        environment.setenv("AIRFLOW__API_AUTH__JWT_SECRET", "of the tests, and long enough for the hash that signs with it " * 2)
        yield TestClient(create_app(apps="core"))
    purge_cached_app()


@pytest.fixture
def visitors(airflow) -> dict[str, Visitor]:
    """By role; "" has none, and nobody is not logged in."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    def token(role: str) -> str:
        return get_auth_manager().generate_jwt(SimpleAuthManagerUser(username=role or "none", role=role or None))

    return {role: Visitor(airflow, token(role)) for role in ROLES} | {"nobody": Visitor(airflow, None)}


def test_x(visitors, warehouse, data):
    for n, v in visitors.items():
        r = v.get()
        print(n, r.status_code, re.sub("<style>.*</style>", "", r.text, flags=re.S))
        r = v.get("files/2026-11-20/cliente_360.csv")
        print(n, r.status_code)
    assert 0
