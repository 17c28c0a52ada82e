"""A real server and a real browser for the page at /graphql."""

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.async_api import Browser, async_playwright

from tests.browser.sites import Site, small_site

PROJECT = Path(__file__).parents[2]

# Without these, Chromium looks up its maker's hosts at every start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="session")
def site(built_assets: None) -> Iterator[Site]:
    del built_assets
    with small_site() as serving:
        yield serving


@pytest.fixture(scope="session")
def built_assets() -> None:
    run = subprocess.run(  # noqa: S603 (our own script)
        [sys.executable, PROJECT / "graphiql" / "build.py"],
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode != 0:
        _do_without(run.stderr.strip())


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        _do_without("no Chromium on this machine (Debian's package is called chromium)")
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield launched
        await launched.close()


def _do_without(reason: str) -> NoReturn:
    """CI has a browser and a registry: there, a missing one is a failure."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
