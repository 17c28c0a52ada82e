"""What makes one old API different from the others, as data, and what its endpoints are."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar

from starlette.requests import Request

from domain.callers import Channel, Locale, Permission
from rest.kit.calls import Asked, Call
from rest.kit.inputs import Input
from usecases.gate import Allowance

I = TypeVar("I", bound=Input)  # noqa: E741 - the input

READING = frozenset({"GET", "DELETE"})  # methods whose input is the query


class UnknownEndpoint(Exception):
    """No endpoint of the dialect has this method and path."""


class Refusal(NamedTuple):
    """How a dialect says no."""

    status: int
    body: Any
    headers: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Described:
    """What a dialect's OpenAPI document says beside its endpoints; schemas are JSON Schemas.

    `enveloped` wraps the schema of what is answered, or of the items of a page. `error` is the
    body of every refusal, `statuses` are all there are, `security` names the ways to show a
    credential.
    """

    title: str
    version: str
    security: Mapping[str, dict[str, Any]]
    enveloped: Callable[[dict[str, Any], bool], dict[str, Any]]
    error: dict[str, Any]
    statuses: Mapping[int, str]


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """`name` is the system in legacy ids; `bases` are the paths under which it is served.

    `secret` finds a request's credential. `succeeded` is the envelope of an answer, `refused`
    what is sent for an error: a DomainError, Unreadable, UnknownEndpoint, or a bug.
    `headers` tell what is left of the rate limit. `identified` is the header of every answer
    that tells its request's id, beside `X-Request-ID`. `tells` says that it tells why a known
    credential lets nobody in, and what is left of its limit. `answers_once` says that a POST
    with an Idempotency-Key gets the same answer for a day (fact S-16); else the key only keeps a
    change from being made twice.
    """

    name: str
    channel: Channel
    bases: tuple[str, ...]
    locales: tuple[Locale, ...]
    secret: Callable[[Request], str | None]
    succeeded: Callable[[Any, Asked], Any]
    refused: Callable[[Exception, Asked], Refusal]
    headers: Callable[[Allowance], Mapping[str, str]]
    described: Described
    identified: str | None = None
    tells: bool = False
    answers_once: bool = False


@dataclass(frozen=True)
class Endpoint(Generic[I]):
    """One method of one path, like `/purchase-orders/{id}`.

    `answer` returns the shape to send: a dataclass, a NumberedPage, a File, a Redirect, or
    None for a body that stays empty. `needs` guards what no use case does.
    """

    method: str
    path: str
    answer: Callable[[Call[I]], Awaitable[Any]]
    given: type[I]
    status: int = 200
    needs: Permission | None = None
