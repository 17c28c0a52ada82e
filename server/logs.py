"""One log on standard error, ours and every library's, for people or for machines.

Each line of a request carries its id. No line carries a secret.
"""

import logging
import re
import sys
import time
from collections.abc import Callable
from uuid import uuid4

import orjson
import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.processors import ExceptionRenderer
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

from server.settings import Settings

log = structlog.stdlib.get_logger("server.requests")

SECRET_NAMES = re.compile(r"authorization|cookie|password|secret|token|api_?key", re.IGNORECASE)
# Passwords in URLs and credentials in headers, wherever a library may quote them.
SECRET_TEXTS = re.compile(
    r"(?P<before>://[^\s:/@]*:|\bBearer\s+|\bBasic\s+|\bshk_live_)[^\s@\"',]+", re.IGNORECASE
)

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
Told = Callable[[Scope, int, float], None]

QUIET = {"/healthz", "/readyz", "/metrics"}  # asked every few seconds
_SPOKEN = {"http", "websocket"}


def configure(settings: Settings) -> None:
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        ScrubbedFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendering(settings),
            ],
        )
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level)
    for chatty in ("httpx", "httpcore", "alembic.runtime.plugins"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.error").addFilter(_is_no_address)


def _is_no_address(record: logging.LogRecord) -> bool:
    """Uvicorn says whom it lets open a WebSocket, with the query; we say that ourselves."""
    return '"WebSocket' not in str(record.msg)


def _rendering(settings: Settings) -> list[Processor]:
    """Tracebacks come without the values of variables, which may be anything."""
    if settings.log_format == "json":
        plain = ExceptionDictTransformer(show_locals=False)
        return [ExceptionRenderer(plain), structlog.processors.JSONRenderer(_json)]
    return [
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    ]


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Values whose name says that they are secret never reach a renderer."""
    for name in event:
        if SECRET_NAMES.search(name):
            event[name] = "***"
    return event


class ScrubbedFormatter(structlog.stdlib.ProcessorFormatter):
    """Takes a last look at the finished line, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return SECRET_TEXTS.sub(r"\g<before>***", super().format(record))


class RequestLog:
    """Gives every request an id, its client's where that is fit, and one line in the log.

    The id is in `scope["state"]["request_id"]`, in every log line written meanwhile, and in the
    answer's `X-Request-ID`. A WebSocket is one request, whose status is the code that closed it.
    `told` hears of each when it is over: its scope, its status, and how many seconds it took.
    """

    def __init__(self, app: ASGIApp, told: Told = lambda *_: None) -> None:
        self._app, self._told = app, told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in _SPOKEN:
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        status = 500 if scope["type"] == "http" else 1006
        began = time.perf_counter()

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])  # HTTPStatus, which reads differently
            elif message["type"] == "websocket.close":
                status = message.get("code", 1000)
            if message["type"] in {"http.response.start", "websocket.accept"}:
                message.setdefault("headers", [])
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        async def hear() -> Message:
            nonlocal status
            message = await receive()
            if message["type"] == "websocket.disconnect":
                status = message.get("code", 1006)
            return message

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, hear, answer)
            finally:
                seconds = time.perf_counter() - began
                self._told(scope, status, seconds)
                log.log(
                    logging.DEBUG if scope["path"] in QUIET else logging.INFO,
                    "request",
                    method=scope.get("method", "WEBSOCKET"),
                    path=scope["path"],  # without the query, which may hold anything
                    status=status,
                    milliseconds=round(seconds * 1000, 1),
                )


def _json(event: EventDict, **_options: object) -> str:
    return orjson.dumps(event, default=str).decode()
