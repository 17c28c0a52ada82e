"""Asking the schema in process, as a user of the test's organization."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from domain.callers import Caller, Locale
from persistence.storage import SqlStorage
from schema import schema
from schema.kit.ids import to_public
from schema.kit.session import GraphQLSession
from tests.conftest import World
from usecases.ports import Storage

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


@pytest.fixture
def do(ask: Ask) -> Ask:
    """The payload of a mutation, by its name; `record` says what of the record to select."""

    async def do(
        mutation: str,
        input: dict[str, Any],
        record: str = "{ id }",
        *,
        as_: Caller | None = None,
        **arguments: Any,
    ) -> Any:
        data = await ask(mutating(mutation, record), as_=as_, input=input, **arguments)
        return data[mutation]

    return do


def mutating(mutation: str, record: str = "{ id }") -> str:
    """A document that runs one mutation and selects `record` of its payload."""
    kind = schema._schema.mutation_type.fields[mutation].type.of_type.name  # type: ignore[union-attr]
    name = kind.removesuffix("Payload")
    return f"""mutation ($input: {mutation[0].upper()}{mutation[1:]}Input!, $dryRun: Boolean,
      $key: String) {{ {mutation}(input: $input, dryRun: $dryRun, idempotencyKey: $key) {{
        errors {{ code message path }} {name[0].lower()}{name[1:]} {record} }} }}"""


async def run_operation(
    storage: Storage, caller: Caller, document: str, variables: dict[str, Any]
) -> Any:
    session = GraphQLSession(caller, storage)
    return await schema.execute(document, variable_values=variables, context_value=session)


def public(record: Any) -> str:
    """The global id of a record."""
    return to_public(record.prefix, record.id)


def reading(caller: Caller, locale: Locale) -> Caller:
    """The same caller, with another Accept-Language."""
    return replace(caller, locale=locale)


def draft(world: World, **values: object) -> dict[str, object]:
    """The input of a purchase order: 100 x 25.00 and 15 % tax."""
    return {
        "supplierId": public(world.supplier),
        "departmentId": public(world.department),
        "lines": [
            {"description": "Paper", "quantity": "100", "unitPrice": "25.00", "vatRate": "15"}
        ],
    } | values
