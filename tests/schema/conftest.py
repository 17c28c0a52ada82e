"""Asking the schema in process, as a user of the test's organization."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from domain.callers import Caller
from persistence.storage import SqlStorage
from schema import schema
from schema.kit.session import GraphQLSession
from tests.conftest import World

Ask = Callable[..., Awaitable[Any]]


@pytest.fixture
def ask(storage: SqlStorage, world: World) -> Ask:
    """The data of an operation, which must have no top-level errors."""

    async def ask(document: str, *, as_: Caller | None = None, **variables: Any) -> Any:
        result = await run_operation(storage, as_ or world.caller(), document, variables)
        assert not result.errors, result.errors
        return result.data

    return ask


@pytest.fixture
def refused(storage: SqlStorage, world: World) -> Ask:
    """The top-level errors of an operation, as the client sees them."""

    async def refused(document: str, *, as_: Caller | None = None, **variables: Any) -> Any:
        result = await run_operation(storage, as_ or world.caller(), document, variables)
        return [error.formatted for error in result.errors or ()]

    return refused


async def run_operation(
    storage: SqlStorage, caller: Caller, document: str, variables: dict[str, Any]
) -> Any:
    session = GraphQLSession(caller, storage)
    return await schema.execute(document, variable_values=variables, context_value=session)
