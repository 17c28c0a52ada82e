"""Operations, whichever way they came: what a request has to say, and how it is carried out."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NamedTuple

from graphql import ExecutionResult, GraphQLError
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError
from strawberry.types import ExecutionResult as StrawberryResult

from domain.callers import Caller
from schema import schema
from schema.kit.limits import cost_of
from schema.kit.session import GraphQLSession
from schema.kit.streams import Results, opened, subscribes
from usecases.following import Bell, Follower
from usecases.kit import unstorable
from usecases.ports import Storage

LARGEST_BODY = 2 * 1024 * 1024
LONGEST_DOCUMENT = 100_000  # documents are kept, parsed, for the next request


class Refused(Exception):
    """A request that never becomes an operation."""

    def __init__(self, status: HTTPStatus, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message

    @property
    def formatted(self) -> dict[str, Any]:
        return {"message": self.message, "extensions": {"code": self.code}}


class Answer(NamedTuple):
    """Of an operation; one that never ran, because of what it is, has no data."""

    data: Any
    errors: list[Any]

    @classmethod
    def of(cls, result: ExecutionResult | StrawberryResult) -> "Answer":
        return cls(result.data, [error.formatted for error in result.errors or ()])

    @property
    def never_ran(self) -> bool:
        return self.data is None and not any(error.get("path") for error in self.errors)

    @property
    def failed(self) -> bool:
        """Whether it is our fault."""
        return any(error["extensions"]["code"] == "INTERNAL" for error in self.errors)

    @property
    def body(self) -> dict[str, Any]:
        if not self.errors:
            return {"data": self.data}
        return {"errors": self.errors} | ({} if self.never_ran else {"data": self.data})


@dataclass(frozen=True)
class Operation:
    document: str
    variables: dict[str, Any] | None
    name: str | None

    @classmethod
    def of(cls, body: Any) -> "Operation":
        """What a request's JSON asks for; or Refused."""
        _check_shape(body)
        if len(body["query"]) > LONGEST_DOCUMENT:
            raise Refused(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                "TOO_LARGE",
                f"`query` is longer than {LONGEST_DOCUMENT} characters:"
                " send values as `variables`.",
            )
        if broken := unstorable(body):
            path = ".".join(map(str, broken[0].path))
            raise Refused(
                HTTPStatus.BAD_REQUEST,
                "VALIDATION",
                f"`{path}` holds characters that cannot be stored (NUL, or half a surrogate pair).",
            )
        return cls(body["query"], body.get("variables"), body.get("operationName"))

    @property
    def cost(self) -> int:
        """How many requests it counts as."""
        return cost_of(self.document)

    @property
    def subscribes(self) -> bool:
        return subscribes(self.document, self.name)


def _check_shape(body: Any) -> None:
    wanted: Mapping[str, tuple[type, ...]] = {
        "query": (str,),
        "variables": (dict, type(None)),
        "operationName": (str, type(None)),
        "extensions": (dict, type(None)),
    }
    if not isinstance(body, dict):
        raise Refused(
            HTTPStatus.BAD_REQUEST, "BAD_REQUEST", "Send a JSON object with a `query` in it."
        )
    for name, kinds in wanted.items():
        if not isinstance(body.get(name), kinds):
            words = {str: "a string", dict: "an object", type(None): "null"}
            said = " or ".join(words[kind] for kind in kinds)
            raise Refused(HTTPStatus.BAD_REQUEST, "BAD_REQUEST", f"`{name}` must be {said}.")


@dataclass(frozen=True)
class Operations:
    """Carries them out, for callers who came through the gate."""

    storage: Storage
    bell: Bell

    async def execute(self, operation: Operation, caller: Caller) -> Answer:
        """A query or mutation; or Refused."""
        try:
            result = await schema.execute(
                operation.document,
                variable_values=operation.variables,
                context_value=GraphQLSession(caller, self.storage),
                operation_name=operation.name,
            )
        except (MissingQueryError, CannotGetOperationTypeError) as error:
            message = "Say which operation to run: `query` holds none of that name, or several."
            raise Refused(HTTPStatus.BAD_REQUEST, "BAD_REQUEST", message) from error
        return Answer.of(result)

    async def subscribe(
        self, operation: Operation, caller: Caller, enter: Callable[[], Awaitable[Caller]]
    ) -> Results | Answer:
        """Of what `subscribes`: the results as they come, or why there will be none.

        `enter` lets the caller in again, with the rights of that moment; or Unauthenticated,
        which ends the results.
        """
        follower = Follower(storage=self.storage, bell=self.bell, enter=enter)
        results = await opened(
            schema._schema,  # noqa: SLF001 - Strawberry would run every event in one session
            operation.document,
            operation.variables,
            operation.name,
            GraphQLSession(caller, self.storage, follower),
        )
        if isinstance(results, list):
            return Answer(None, [_formatted(error) for error in results])
        return results


def _formatted(error: GraphQLError) -> Any:
    """Before it runs, a field has no place in an answer."""
    formatted = error.formatted
    formatted.pop("path", None)
    return formatted
