"""Slows down who guesses passwords over the REST API, as Airflow's login page does by itself."""

from collections import Counter

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FAILURES = 10
"""In a minute, of one address."""
LOGINS = ("/auth/token", "/auth/token/cli")
REFUSED = {"detail": "Too many failed logins from this address: try again in a minute"}


class LoginLimit:
    """ASGI middleware of the API server: after so many failures an address gets 429, with whatever password."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.failures = RateLimitItemPerMinute(FAILURES)
        self.limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self.under_way = Counter[str]()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].endswith(LOGINS):
            await self.app(scope, receive, send)
            return
        client = Request(scope).client
        address = client.host if client else ""

        async def send_counting(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 401:
                self.limiter.hit(self.failures, address)
            await send(message)

        # each of those that are not answered yet may be a failure
        if not self.limiter.test(self.failures, address, cost=1 + self.under_way[address]):
            await JSONResponse(REFUSED, 429, {"Retry-After": "60"})(scope, receive, send)
            return
        self.under_way[address] += 1
        try:
            await self.app(scope, receive, send_counting)
        finally:
            self.under_way[address] -= 1
            self.under_way += Counter()  # which keeps no zeros
