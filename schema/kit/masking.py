"""Top-level errors: what a client may know of them. A bug shows only its request id."""

import logging
from typing import Any

from graphql import GraphQLError

from domain.callers import Caller
from domain.kit.errors import DomainError
from schema.kit.errors import as_extensions
from usecases.messages import translate

log = logging.getLogger("backoffice.graphql")


def seen(error: GraphQLError, by: Caller) -> GraphQLError:
    """The error as the client sees it; what only we can correct goes to the log."""
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    extensions: dict[str, Any]
    if cause is None:  # the document's fault, in graphql-core's words
        message, extensions = error.message, {"code": "BAD_REQUEST"} | (error.extensions or {})
    elif isinstance(cause, RecursionError):
        message = translate("this operation is nested too deeply", by.locale)
        extensions = {"code": "TOO_LARGE"}
    elif isinstance(cause, DomainError):
        message = translate(cause.template, by.locale, cause.params)
        extensions = as_extensions(cause)
    else:
        log.error("a field failed", exc_info=cause, extra={"request_id": by.request_id})
        message = translate("something went wrong on our side", by.locale)
        extensions = {"code": "INTERNAL", "requestId": by.request_id}
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )
