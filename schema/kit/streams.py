"""Subscriptions: opened once, then executed for every event, each time in a session of its own."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from functools import lru_cache
from inspect import isawaitable
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationType,
    create_source_event_stream,
    execute_subscription_event,
    get_operation_ast,
    parse,
)
from graphql.execution import Executor

from schema.kit.documents import CACHED, validated
from schema.kit.limits import MOST_TOKENS
from schema.kit.masking import seen
from schema.kit.session import GraphQLSession
from usecases.following import Follower

Results = AsyncIterator[ExecutionResult]


@lru_cache(maxsize=CACHED)
def _parsed(document: str) -> DocumentNode:
    return parse(document, max_tokens=MOST_TOKENS)


def subscribes(document: str, operation_name: str | None) -> bool:
    """Whether the operation that is to run is a subscription; what is wrong is no operation."""
    try:
        operation = get_operation_ast(_parsed(document), operation_name)
    except (GraphQLError, RecursionError):
        return False
    return operation is not None and operation.operation is OperationType.SUBSCRIPTION


async def opened(
    schema: GraphQLSchema,
    document: str,
    variables: dict[str, Any] | None,
    operation_name: str | None,
    session: GraphQLSession,
) -> Results | list[GraphQLError]:
    """The results of a subscription as they come, or why there will be none.

    The document is one that `subscribes`. The results end by raising what ends them: a caller
    whom the gate lets in no longer is Unauthenticated.
    """
    parsed = _parsed(document)
    errors = validated(schema, parsed)
    if not errors:
        executor = Executor.build(
            schema,
            parsed,
            context_value=session,
            raw_variable_values=variables,
            operation_name=operation_name,
        )
        if isinstance(executor, Executor):
            source: Any = create_source_event_stream(executor)
            source = await source if isawaitable(source) else source
            if not isinstance(source, ExecutionResult):
                return _results(executor, source, session.follower)
            errors = source.errors or []
        else:
            errors = executor
    return [seen(error, session.caller) for error in errors]


async def _results(executor: Executor[Any], source: Any, follower: Follower | None) -> Results:
    if follower is None:
        raise RuntimeError("this session cannot subscribe")
    async with aclosing(source):
        async for caller, event in source:
            session = GraphQLSession(caller, follower.storage)
            each = executor.build_per_event_executor(event)
            each.context_value = session
            try:
                result: Any = execute_subscription_event(each)
                result = await result if isawaitable(result) else result
            finally:
                await session.end_reads()
            errors = [seen(error, caller) for error in result.errors or ()]
            yield ExecutionResult(result.data, errors or None)
