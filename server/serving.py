"""The life of a server process: port, database, migration, serving, and all of it backwards.

The port comes first, so that a second server fails before it touches anything.
"""

import asyncio
import errno
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn

import uvicorn
from starlette.types import ASGIApp

from server.databases import check, database
from server.operations import LARGEST_BODY
from server.problems import OperatorProblem
from server.settings import Settings
from server.streams import STREAMS

# A closed terminal ends the server as Ctrl-C does.
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, kw_only=True)
class Product:
    """What is served: every step gets the settings with the real port, and the database's URL."""

    migrate: Callable[[str], object]
    seed: Callable[[Settings, str], Awaitable[object]]
    create_app: Callable[[Settings, str], ASGIApp]
    announce: Callable[[Settings], object]


def serve(settings: Settings, product: Product) -> None:
    """Returns after an orderly stop."""
    with ended_by(_leave), _listener(settings) as listener:
        settings = settings.model_copy(update={"port": listener.getsockname()[1]})
        with database(settings) as url:
            asyncio.run(check(url))
            product.migrate(url)
            asyncio.run(_seed(product, settings, url))
            app = product.create_app(settings, url)
            _Server(app, settings, ready=lambda: product.announce(settings)).run([listener])
            _hear_no_more()


async def _seed(product: Product, settings: Settings, url: str) -> None:
    await product.seed(settings, url)


def trusted(proxies: Iterable[str]) -> Iterator[str]:
    """Each network of proxies, and as a socket that takes both protocols sees those of IPv4."""
    for each in proxies:
        yield each
        address, _, length = each.partition("/")
        if ":" not in address:
            yield f"::ffff:{address}/{96 + int(length)}"


class _Server(uvicorn.Server):
    """uvicorn that says when it serves, and leaves the rest of the process in one piece."""

    def __init__(self, app: ASGIApp, settings: Settings, ready: Callable[[], object]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                loop="uvloop",
                http="httptools",
                ws="websockets-sansio",
                ws_max_size=LARGEST_BODY,
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=bool(settings.trusted_proxies),
                forwarded_allow_ips=[*trusted(settings.trusted_proxies)],
                # Without it an open stream would keep the process for ever.
                timeout_graceful_shutdown=settings.shutdown_timeout,
            )
        )
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        except OSError as error:
            raise OperatorProblem(f"PORT: cannot listen: {error.strerror}") from error
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # It waits for every stream, and closes every socket as if it were soon back: they say
        # good-bye themselves.
        streams = self.lifespan.state.get(STREAMS)
        if streams is not None:
            await streams.end()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn's own raises the signal again at the end, which would cut the rest short.
        with ended_by(self.handle_exit):
            yield


@contextmanager
def ended_by(handler: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    endings = set(ENDINGS)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # nohup: the terminal may go
        endings.remove(signal.SIGHUP)
    before = {ending: signal.signal(ending, handler) for ending in endings}
    try:
        yield
    finally:
        for ending, former in before.items():
            signal.signal(ending, former)


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    _hear_no_more()
    raise SystemExit(128 + number)


def _hear_no_more() -> None:
    """Once is enough: nothing may interrupt the clean-up."""
    for ending in ENDINGS:
        signal.signal(ending, signal.SIG_IGN)


@contextmanager
def _listener(settings: Settings) -> Iterator[socket.socket]:
    """The socket to serve on, taken but not yet open: clients are refused until we serve."""
    try:
        found = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except socket.gaierror as error:
        raise OperatorProblem(f"HOST: {settings.host}: {error.strerror}") from error
    family, kind, protocol, _, address = min(found, key=lambda it: it[0] != socket.AF_INET)
    with socket.socket(family, kind, protocol) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
        except OSError as error:
            raise OperatorProblem(_why_not(settings, error)) from error
        yield listener


def _why_not(settings: Settings, error: OSError) -> str:
    where = f"{settings.host}:{settings.port}"
    if error.errno == errno.EADDRINUSE:
        return f"PORT: {where} is taken: stop what runs there, or set another PORT"
    if error.errno == errno.EACCES:
        return f"PORT: {where} needs a privilege that this user has not: set a PORT above 1023"
    return f"HOST: cannot serve on {where}: {os.strerror(error.errno or 0)}"
