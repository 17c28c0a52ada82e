"""Top-level errors: what a client may know of them. A bug shows only its request id."""

import logging
from collections.abc import Iterator

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension

from domain.kit.errors import DomainError
from schema.kit.errors import as_extensions
from schema.kit.session import GraphQLSession
from usecases.messages import translate

log = logging.getLogger("backoffice.graphql")


class Masking(SchemaExtension):
    def on_operation(self) -> Iterator[None]:
        yield
        result = self.execution_context.result
        if result is not None and getattr(result, "errors", None):
            session: GraphQLSession = self.execution_context.context
            result.errors = [seen(error, session) for error in result.errors]  # type: ignore[union-attr]


def seen(error: GraphQLError, session: GraphQLSession) -> GraphQLError:
    """The error as the client sees it."""
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    if cause is None:  # the document's fault, in graphql-core's words
        error.extensions = {"code": "BAD_REQUEST"} | (error.extensions or {})
        return error
    if isinstance(cause, RecursionError):
        error.extensions = {"code": "TOO_LARGE"}
        error.message = translate("this operation is nested too deeply", session.caller.locale)
        return error
    if isinstance(cause, DomainError):
        message = translate(cause.template, session.caller.locale, cause.params)
        extensions = as_extensions(cause)
    else:
        log.error("a field failed", exc_info=cause, extra={"request_id": session.caller.request_id})
        message = translate("something went wrong on our side", session.caller.locale)
        extensions = {"code": "INTERNAL", "requestId": session.caller.request_id}
    return GraphQLError(
        message, nodes=error.nodes, source=error.source, path=error.path, extensions=extensions
    )
