"""Documents, parsed and validated once. How large one is comes first: the rest takes longer."""

from collections.abc import Iterator
from functools import lru_cache

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    specified_rules,
    validate,
)
from graphql.validation.validate import ValidationAbortedError
from strawberry.extensions import SchemaExtension

from schema.kit.limits import MOST_TOKENS, SizeLimit

CACHED = 500
WHICH = "Must provide operation name if query contains multiple operations."


class Documents(SchemaExtension):
    """Refuses documents that are too large or wrong before they are executed."""

    def on_operation(self) -> Iterator[None]:
        self.execution_context.parse_options["max_tokens"] = MOST_TOKENS
        yield

    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        document = context.graphql_document
        if document is not None:
            context.pre_execution_errors = validated(context.schema._schema, document)  # noqa: SLF001
            if context._provided_operation_name is None and _several(document):  # noqa: SLF001
                # Strawberry would run the first.
                context.pre_execution_errors = [GraphQLError(WHICH)]
        yield


@lru_cache(maxsize=CACHED)
def validated(schema: GraphQLSchema, document: DocumentNode) -> list[GraphQLError]:
    """What is wrong with a document; equal errors for equal documents."""
    errors = validate(schema, document, [SizeLimit]) or validate(schema, document, specified_rules)
    return [_explained(error) for error in errors]


def _several(document: DocumentNode) -> bool:
    operations = (isinstance(each, OperationDefinitionNode) for each in document.definitions)
    return sum(operations) > 1


def _explained(error: GraphQLError) -> GraphQLError:
    """The library stops at limits of its own, on nesting and on repetition: it says less."""
    if isinstance(error, ValidationAbortedError) and error.message == "Validation aborted.":
        return GraphQLError(
            "This operation is too large to check: it nests too deep or repeats itself too often.",
            extensions={"code": "TOO_LARGE"},
        )
    return error
