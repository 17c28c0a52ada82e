"""The graph over HTTP, patiently: waits where the server asks for it, and tries again."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

import httpx

from replay.documents import mutation
from replay.errors import Diverged, Refused, Unreachable

JsonObject = dict[str, Any]

_TRY_AGAIN: Final = frozenset(
    {HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}
)
# Error codes that pass by themselves. Trying again is safe: every mutation carries a key.
_PASSING: Final = frozenset({"BUSY", "RATE_LIMITED"})


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long to insist, for one request.

    `pauses` between tries after a failure; `waits`: how often the server may ask to wait, `wait`
    seconds where it does not say how long.
    """

    pauses: Sequence[float] = (0.1, 0.2, 0.5, 1, 2, 4, 8, 15)
    waits: int = 100
    wait: float = 1.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


@dataclass
class Traffic:
    """Requests sent, operations that change something, second tries, and waits asked for."""

    requests: int = 0
    mutations: int = 0
    retries: int = 0
    waited: int = 0


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one try came to: `data`, or the reason why it has to be tried again."""

    data: JsonObject = field(default_factory=dict)
    again: str = ""
    after: float | None = None


class Graph:
    def __init__(self, http: httpx.AsyncClient, url: str, patience: Patience | None = None) -> None:
        self.url = url
        self.traffic = Traffic()
        self._http = http
        self._patience = patience or Patience()

    def count_anew(self) -> Traffic:
        """A fresh count of what is sent from here on."""
        self.traffic = Traffic()
        return self.traffic

    async def ask(
        self, document: str, variables: Mapping[str, object], *, token: str
    ) -> JsonObject:
        """The operation's data. Raises Diverged for an error, Refused, Unreachable."""
        pauses = iter(self._patience.pauses)
        waits = 0
        while True:
            answer = await self._try(document, variables, token)
            if not answer.again:
                return answer.data
            if answer.after is None:
                pause = next(pauses, None)
                self.traffic.retries += 1
            else:
                pause = answer.after if waits < self._patience.waits else None
                waits += 1
                self.traffic.waited += 1
            if pause is None:
                raise Unreachable(f"{self.url}: {answer.again}, again and again")
            await self._patience.sleep(pause)

    async def change(
        self, name: str, record: str, given: JsonObject, *, key: str, token: str
    ) -> JsonObject:
        """The payload of a mutation, or Diverged with the errors it holds."""
        self.traffic.mutations += 1
        data = await self.ask(mutation(name, record), {"input": given, "key": key}, token=token)
        payload: JsonObject = data["answer"]
        if payload["errors"]:
            raise Diverged(f"{name}: {_told(payload['errors'])}")
        return payload

    async def _try(self, document: str, variables: Mapping[str, object], token: str) -> Answer:
        self.traffic.requests += 1
        try:
            response = await self._http.post(
                self.url,
                json={"query": document, "variables": variables},
                headers={"Authorization": f"Bearer {token}"},
            )
        except httpx.TransportError as broken:
            return Answer(again=f"{type(broken).__name__} {broken}".strip())
        if response.status_code in _TRY_AGAIN:
            return Answer(again=f"HTTP {response.status_code}")
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            return Answer(again="HTTP 429", after=self._wait_of(response))
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            raise Refused(f"{self.url} does not accept the token")
        return self._read(response)

    def _read(self, response: httpx.Response) -> Answer:
        try:
            body = response.json()
        except ValueError:
            body = None
        if not isinstance(body, dict) or not (body.get("data") or body.get("errors")):
            raise Diverged(f"HTTP {response.status_code}, and no GraphQL in it")
        if errors := body.get("errors"):
            codes = {(error.get("extensions") or {}).get("code") for error in errors}
            if "UNAUTHENTICATED" in codes:
                raise Refused(f"{self.url} does not accept the token")
            return self._again_or_diverged(codes, errors, response)
        payload = body["data"].get("answer") or {}
        if errors := payload.get("errors"):
            codes = {error.get("code") for error in errors}
            if codes <= _PASSING:
                return self._again_or_diverged(codes, errors, response)
        return Answer(data=body["data"])

    def _again_or_diverged(
        self, codes: set[Any], errors: list[JsonObject], response: httpx.Response
    ) -> Answer:
        if "RATE_LIMITED" in codes:
            return Answer(again=_told(errors), after=self._wait_of(response))
        if codes <= _PASSING:
            return Answer(again=_told(errors))
        raise Diverged(f"HTTP {response.status_code}: {_told(errors)}")

    def _wait_of(self, response: httpx.Response) -> float:
        asked = response.headers.get("Retry-After", "")
        return float(asked) if asked.isdecimal() else self._patience.wait


def _told(errors: list[JsonObject]) -> str:
    """Codes, messages and paths in one line."""
    lines = []
    for error in errors:
        code = error.get("code") or (error.get("extensions") or {}).get("code")
        path = ".".join(str(part) for part in error.get("path") or ())
        lines.append(
            " ".join(filter(None, (code, str(error.get("message")), path and f"({path})")))
        )
    return "; ".join(lines)
