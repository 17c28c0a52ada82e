import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from server.logs import RequestLog, configure
from server.settings import Settings


@contextmanager
def json_log() -> Iterator[None]:
    """Within the test: its standard error is another one than that of its fixtures."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    configure(Settings(log_format="json"))
    try:
        yield
    finally:
        root.handlers, root.level = before, level
        structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


async def show(request: Request) -> JSONResponse:
    structlog.stdlib.get_logger("shown").info("asked", token="t0p", note="kept")
    logging.getLogger("library").warning("cannot reach postgresql://user:word@db/office")
    return JSONResponse({"request_id": request.state.request_id})


async def fail(_request: Request) -> JSONResponse:
    raise RuntimeError("refused: Bearer abc.def")


async def ask(path: str, **headers: str) -> httpx.Response:
    app = Starlette(
        routes=[Route("/show", show), Route("/fail", fail)], middleware=[Middleware(RequestLog)]
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.get(path, headers=headers)


async def test_every_line_of_a_request_carries_its_id(capsys: pytest.CaptureFixture[str]) -> None:
    with json_log():
        response = await ask("/show?token=hidden", **{"X-Request-ID": "from-client.1"})

    asked, library, request = lines(capsys)
    assert response.headers["x-request-id"] == "from-client.1"
    assert response.json() == {"request_id": "from-client.1"}
    assert {asked["request_id"], library["request_id"], request["request_id"]} == {"from-client.1"}
    assert request["event"] == "request"
    assert (request["method"], request["path"], request["status"]) == ("GET", "/show", 200)
    assert request["level"] == "info"


async def test_an_unfit_id_is_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    with json_log():
        response = await ask("/show", **{"X-Request-ID": "two words; " * 20})

    assert len(response.headers["x-request-id"]) == 32
    assert lines(capsys)[-1]["request_id"] == response.headers["x-request-id"]


async def test_no_line_carries_a_secret(capsys: pytest.CaptureFixture[str]) -> None:
    with json_log():
        await ask("/show?token=hidden")
        await ask("/fail")
        refused = RuntimeError("Authorization: Basic dTpw")
        logging.getLogger("library").error("failed", exc_info=refused)

    written = capsys.readouterr().err
    for secret in ("t0p", "word@", "hidden", "abc.def", "dTpw"):
        assert secret not in written
    assert '"token":"***"' in written
    assert "postgresql://user:***@db/office" in written
    assert '"note":"kept"' in written


async def test_a_failure_is_counted_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    with json_log():
        response = await ask("/fail")

    assert response.status_code == 500
    assert [line["status"] for line in lines(capsys) if line["event"] == "request"] == [500]
