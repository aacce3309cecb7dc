"""The installed Chromium, without a window, and what a person does in it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserType, Locator, Page, sync_playwright
from playwright.sync_api import TimeoutError as TookTooLong

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


def unfold(page: Page, label: str) -> Locator:
    """Open a list of choices: again, as a person does, if the page was drawn anew meanwhile and closed it."""
    box = page.get_by_role("combobox", name=label)
    for _ in range(6):
        box.click()
        try:
            page.get_by_role("option").first.wait_for(timeout=5000)
        except TookTooLong:
            page.keyboard.press("Escape")
        else:
            return box
    raise AssertionError(f"the choices of {label} do not open")
