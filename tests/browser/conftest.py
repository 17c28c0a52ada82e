"""A real server and a real browser for the page at /graphql."""

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest
from playwright.async_api import Browser, async_playwright

from tests.servers import live_server

PROJECT = Path(__file__).parents[2]
RENAME = """mutation Rename($id: ID!, $name: String!) {
  supplierUpdate(input: {id: $id, name: $name}) { supplier { name } }
}"""


@dataclass(frozen=True)
class Site:
    """A server to explore, and what it is known to answer there."""

    url: str
    token: str
    user: str
    organization: str
    mutation: str
    variables: dict[str, Any]
    answer: dict[str, Any]


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
async def site(
    built_assets: None, database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Site]:
    """The real server, and what it is known to answer."""
    del built_assets
    async with live_server(database_url, tmp_path_factory.mktemp("site")) as live:
        yield Site(
            url=live.graphql,
            token=live.token,
            user=live.world.buyer.name,
            organization=live.world.organization.name,
            mutation=RENAME,
            variables={"id": f"sup_{live.world.supplier.id.hex}", "name": "Renamed Supplies"},
            answer={"data": {"supplierUpdate": {"supplier": {"name": "Renamed Supplies"}}}},
        )


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
