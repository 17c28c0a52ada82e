"""`/metrics`: how it goes, for Prometheus. Numbers alone: nothing of any record."""

from collections.abc import Mapping

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Scope

from server.streams import Streams

OTHER = "other"  # whatever is no API: pages, checks, guesses of scanners
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Of one application: `apis` says which paths, and those below them, belong to which API."""

    def __init__(self, engine: AsyncEngine, streams: Streams, apis: Mapping[str, str]) -> None:
        self._apis = apis
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "backoffice_requests",
            "Requests answered; of a WebSocket, the status is the code that closed it.",
            ["api", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "backoffice_request_seconds",
            "How long requests took, event streams to their end.",
            ["api"],
            buckets=BUCKETS,
            registry=registry,
        )
        gauges = {
            "backoffice_streams": ("Event streams and sockets that are open.", streams.count),
            "backoffice_database_connections_in_use": (
                "Connections of the pool that are taken.",
                engine.pool.checkedout,  # type: ignore[attr-defined]
            ),
        }
        for name, (said, value) in gauges.items():
            Gauge(name, said, registry=registry).set_function(value)
        ProcessCollector(registry=registry)

    def count(self, scope: Scope, status: int, seconds: float) -> None:
        """One more request is over."""
        api = self._api(scope["path"])
        self._requests.labels(api, str(status)).inc()
        if scope["type"] == "http":
            self._seconds.labels(api).observe(seconds)

    def routes(self) -> list[Route]:
        return [Route("/metrics", self._answer)]

    def _api(self, path: str) -> str:
        found = (api for base, api in self._apis.items() if f"{path}/".startswith(f"{base}/"))
        return next(found, OTHER)

    async def _answer(self, _request: Request) -> Response:
        headers = {"Cache-Control": "no-store"}
        return Response(
            generate_latest(self._registry), headers=headers, media_type=CONTENT_TYPE_LATEST
        )
