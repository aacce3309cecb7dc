"""The installed Chromium, without a window."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserType, sync_playwright

OPTIONS = (
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright, launched(playwright.chromium) as browser:
        yield browser


@contextmanager
def launched(kind: BrowserType, *options: str) -> Iterator[Browser]:
    installed = [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")]
    browser = kind.launch(executable_path=next(filter(None, installed), None), args=[*OPTIONS, *options])
    yield browser
    browser.close()
