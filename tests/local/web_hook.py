"""A web server that takes the messages of alerts, at an address as Apprise writes it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple


class Message(NamedTuple):
    title: str
    body: str


@contextmanager
def taking_messages() -> Iterator[tuple[str, list[Message]]]:
    """The address of the server while it runs, and what it has taken so far."""
    messages: list[Message] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            messages.append(Message(sent["title"], sent["message"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"json://127.0.0.1:{server.server_port}/hook", messages
        server.shutdown()
        thread.join()
