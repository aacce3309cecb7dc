"""The limit of failed logins, around an application that knows no password."""

import asyncio
from collections import Counter

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from client360.page.login_limit import FAILURES, LoginLimit


def login(client: str) -> Scope:
    return {"type": "http", "method": "POST", "path": "/auth/token", "headers": [], "client": (client, 1)}


def test_passwords_that_are_guessed_at_once_are_counted_too() -> None:
    statuses: list[int] = []

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.05)
        await Response(status_code=401)(scope, receive, send)

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def guess() -> None:
        limit = LoginLimit(slow)
        await asyncio.gather(*(limit(login("192.0.2.1"), receive, send) for _ in range(3 * FAILURES)))
        assert Counter(statuses) == {401: FAILURES, 429: 2 * FAILURES}
        await limit(login("192.0.2.2"), receive, send)
        assert statuses[-1] == 401
        assert not limit.under_way

    asyncio.run(guess())
