"""The dashboard's door, around an application that says where it was asked."""

from collections.abc import Iterator
from typing import Any

import pytest
from itsdangerous import TimestampSigner
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from dashboard import login
from dashboard.login import COOKIE, HEALTH, SESSION_SECONDS, Login
from reading import admission

TOKEN, SECRET, AIRFLOW = "t" * 32, "s" * 64, "https://data.example/airflow"
PAGE = {"Accept": "text/html"}


async def where(request: Request) -> Response:
    return PlainTextResponse(f"{request.url.path}?{request.url.query}")


async def greet(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("in")
    await socket.close()


async def stay(socket: WebSocket) -> None:
    await socket.accept()
    await socket.receive_text()


def visitor(**options: Any) -> TestClient:
    streams = [WebSocketRoute("/_stcore/stream", greet), WebSocketRoute("/stay", stay)]
    inner = Starlette(routes=[*streams, Route("/{path:path}", where)])
    return TestClient(Login(inner, **options), follow_redirects=False)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Moves the clock of the signatures on."""
    now = TimestampSigner.get_timestamp

    def move(seconds: int) -> None:
        monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: now(self) + seconds)

    return move


def test_without_a_token_or_a_ticket_nothing_is_served_but_the_health() -> None:
    for options in ({}, {"token": TOKEN}, {"secret": SECRET}, {"secret": SECRET, "airflow": AIRFLOW}):
        client = visitor(**options)
        for path in (
            "/",
            "/banca?token=",
            "/media/x.csv",
            "/static/main.js",
            "/_stcore/health/",
            f"/?token={TOKEN[1:]}",
        ):
            answer = client.get(path)
            assert answer.status_code == 401, (options, path)
            assert COOKIE not in answer.cookies
        for method in ("POST", "PUT", "DELETE", "HEAD"):
            assert client.request(method, "/_stcore/upload_file/x").status_code == 401
        with pytest.raises(WebSocketDisconnect), client.websocket_connect("/_stcore/stream"):
            pass
        assert client.get(HEALTH).status_code == 200


def test_the_token_opens_all_and_leaves_the_address() -> None:
    client = visitor(token=TOKEN)
    answer = client.get(f"/banca?token={TOKEN}&fecha=20%2F11%2F2026", headers=PAGE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/banca?fecha=20%2F11%2F2026")
    assert "httponly" in answer.headers["Set-Cookie"].lower()
    assert "samesite=lax" in answer.headers["Set-Cookie"].lower()
    assert client.get("/banca?fecha=20%2F11%2F2026").text == "/banca?fecha=20%2F11%2F2026"
    with client.websocket_connect("/_stcore/stream") as socket:
        assert socket.receive_text() == "in"


def test_a_cookie_of_another_key_or_of_yesterday_opens_nothing(later: Any) -> None:
    client, other = visitor(token=TOKEN), visitor(token=TOKEN)
    client.get(f"/?token={TOKEN}")
    cookie = client.cookies[COOKIE]
    assert other.get("/", headers={"Cookie": f"{COOKIE}={cookie}"}).status_code == 401
    assert client.get("/", headers={"Cookie": f"{COOKIE}={cookie[:-1]}"}).status_code == 401
    later(SESSION_SECONDS - 1)
    assert client.get("/").status_code == 200
    later(SESSION_SECONDS + 2)
    assert client.get("/").status_code == 401


def test_a_page_that_stays_open_ends_with_its_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "SESSION_SECONDS", 2)
    client = visitor(token=TOKEN)
    client.get(f"/?token={TOKEN}")
    with client.websocket_connect("/stay") as socket, pytest.raises(WebSocketDisconnect) as ended:
        socket.receive_text()
    assert ended.value.code == login.POLICY_VIOLATION


def test_people_are_sent_to_airflow_and_come_back_with_a_ticket_that_is_good_once() -> None:
    client = visitor(secret=SECRET, airflow=AIRFLOW)
    sent = client.get("/banca?fecha=20%2F11%2F2026", headers=PAGE)
    assert sent.status_code == 303
    assert sent.headers["Location"] == f"{AIRFLOW}/client360/dashboard?to=%2Fbanca%3Ffecha%3D20%252F11%252F2026"
    ticket = admission.ticket(SECRET, "ana")
    assert client.get(f"/banca?ticket={ticket}", headers=PAGE).headers["Location"] == "/banca"
    assert client.get("/banca").status_code == 200
    client.cookies.clear()
    again = client.get(f"/banca?ticket={ticket}", headers=PAGE)
    assert again.headers["Location"] == f"{AIRFLOW}/client360/dashboard?to=%2Fbanca"
    assert client.get(f"/?ticket={ticket}").status_code == 401


def test_a_ticket_that_is_old_forged_or_of_no_airflow_opens_nothing(later: Any) -> None:
    client = visitor(secret=SECRET, airflow=AIRFLOW)
    assert client.get(f"/?ticket={admission.ticket('x' * 64, 'ana')}").status_code == 401
    assert visitor(secret=SECRET).get(f"/?ticket={admission.ticket(SECRET, 'ana')}").status_code == 401
    # a session is no ticket
    session = client.get(f"/?ticket={admission.ticket(SECRET, 'ana')}").cookies[COOKIE]
    client.cookies.clear()
    assert client.get(f"/?ticket={session}").status_code == 401
    ticket = admission.ticket(SECRET, "ana")
    assert admission.holder(SECRET, ticket) == "ana"
    later(admission.SECONDS + 2)
    assert admission.holder(SECRET, ticket) is None
    assert client.get(f"/?ticket={ticket}").status_code == 401


def test_below_a_path_addresses_and_cookie_are_those_of_the_path() -> None:
    client = visitor(secret=SECRET, airflow=AIRFLOW, base="/tablero", secure=True)
    sent = client.get("/tablero/banca", headers=PAGE)
    assert sent.headers["Location"].endswith("?to=%2Fbanca")
    answer = client.get(f"/tablero/banca?ticket={admission.ticket(SECRET, 'ana')}")
    assert answer.headers["Location"] == "/tablero/banca"
    assert "Path=/tablero;" in answer.headers["Set-Cookie"]
    assert "Secure" in answer.headers["Set-Cookie"]
    assert client.get(f"/tablero{HEALTH}").status_code == 200
    assert client.get(HEALTH).status_code == 401


@pytest.mark.parametrize("base", ["", "/tablero"])
@pytest.mark.parametrize("path", ["//other.example/x", "///other.example/x", "/%2Fother.example/x"])
def test_no_address_leads_to_another_site(base: str, path: str) -> None:
    answer = visitor(token=TOKEN, base=base).get(f"http://testserver{base}{path}?token={TOKEN}")
    assert answer.headers["Location"] == f"{base}/other.example/x"


def test_every_answer_has_headers_that_protect_it() -> None:
    client = visitor(token=TOKEN, airflow=AIRFLOW)
    for path in ("/", HEALTH, f"/?token={TOKEN}", "/banca"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Content-Security-Policy"] == "frame-ancestors 'self' https://data.example"
