"""The dashboard's door: nothing but its health is served to a browser that was not let in.

A visitor comes with the token that `make dashboard` prints, or with a ticket from the page in Airflow, to which others are
sent. A signed cookie then says who it is, for a day of work.
"""

import asyncio
import hmac
import secrets
import time
from html import escape
from urllib.parse import urlencode, urlsplit

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from reading import admission
from reading.language import LANGUAGE, _

HEALTH = "/_stcore/health"
COOKIE = "client360_dashboard"
SESSION_SECONDS = 8 * 60 * 60
POLICY_VIOLATION = 1008
REFUSED = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Client 360</title>
<body style="font-family: sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem">
<h1>Client 360</h1><p>{what}</p>"""
WITH_TOKEN = _("Para entrar, abra la dirección completa que muestra <code>make dashboard</code>: termina con un token.")
AT_AIRFLOW = _('Para entrar, <a href="{airflow}/client360/dashboard">inicie sesión en Airflow</a>.')


class Login:
    """ASGI middleware around the dashboard, whose addresses begin with `base`.

    `token` lets in whoever has it; tickets are signed with `secret`, and `airflow` is the address of who gives them. With neither
    token nor address nobody gets in.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        token: str = "",
        secret: str = "",
        airflow: str = "",
        base: str = "",
        secure: bool = False,
    ) -> None:
        self.app, self.token, self.airflow, self.base, self.secure = app, token, airflow, base, secure
        self.secret = secret or secrets.token_urlsafe(32)
        self.sessions = URLSafeTimedSerializer(self.secret, salt="client360 dashboard session")
        self.used: set[str] = set()
        self.headers = {  # of every response; the page in Airflow shows the dashboard in a frame
            "Content-Security-Policy": f"frame-ancestors 'self' {_origin(airflow)}".rstrip(),
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        left = self._seconds_left(HTTPConnection(scope))
        if scope["type"] == "websocket":
            await self._connect(left, scope, receive, send)
        elif left > 0 or scope["path"] == f"{self.base}{HEALTH}":
            await self.app(scope, receive, self._with_headers(send))
        else:
            await self._answer(Request(scope))(scope, receive, self._with_headers(send))

    def _seconds_left(self, visitor: HTTPConnection) -> float:
        """How long a visitor may stay, 0 for who is not in."""
        try:
            _, since = self.sessions.loads(
                visitor.cookies.get(COOKIE, ""), max_age=SESSION_SECONDS, return_timestamp=True
            )
        except BadData:
            return 0
        return since.timestamp() + SESSION_SECONDS - time.time()

    async def _connect(self, left: float, scope: Scope, receive: Receive, send: Send) -> None:
        """The connection by which a page gets all that it shows, which may be open for days, until the session ends."""
        if left > 0:
            try:
                await asyncio.wait_for(self.app(scope, receive, self._with_headers(send)), left)
                return
            except asyncio.TimeoutError:
                pass
        await WebSocket(scope, receive, send).close(POLICY_VIOLATION)

    def _answer(self, request: Request) -> Response:
        """What somebody gets who is not in yet."""
        kept = [(name, value) for name, value in request.query_params.multi_items() if name not in ("token", "ticket")]
        # two slashes would lead to another site
        path = "/" + request.scope["path"].removeprefix(self.base).lstrip("/")
        back = f"{path}?{urlencode(kept)}" if kept else path
        user = self._admitted(request)
        if user is not None:
            answer: Response = RedirectResponse(f"{self.base}{back}", 303)
            session = self.sessions.dumps(user)
            answer.set_cookie(COOKIE, session, path=self.base or "/", secure=self.secure, httponly=True, samesite="lax")
        elif self.airflow and "text/html" in request.headers.get("Accept", ""):
            answer = RedirectResponse(f"{self.airflow}/client360/dashboard?{urlencode({'to': back})}", 303)
        else:
            what = AT_AIRFLOW.format(airflow=escape(self.airflow)) if self.airflow else WITH_TOKEN
            answer = HTMLResponse(REFUSED.format(language=LANGUAGE, what=what), 401)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _admitted(self, request: Request) -> str | None:
        """Who comes with the token, or with a ticket that nobody has used."""
        token, ticket = (request.query_params.get(name, "") for name in ("token", "ticket"))
        if self.token and hmac.compare_digest(token.encode(), self.token.encode()):
            return "token"
        user = admission.holder(self.secret, ticket) if self.airflow and ticket not in self.used else None
        if user is not None:
            self.used.add(ticket)
        return user

    def _with_headers(self, send: Send) -> Send:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        return send_with_headers


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if address else ""
