"""How large an operation may be. One pass over the document; every fragment is measured once.

Limiters that walk into every fragment spread take 2ⁿ time on nested fragments; a measure that is
remembered per fragment takes linear time, whatever the nesting.
"""

from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    ValidationContext,
    ValidationRule,
)

from usecases.kit import unstorable

MOST_TOKENS = 10_000
DEEPEST = 20  # the introspection query of GraphiQL is 15 deep
MOST_FIELDS = 2_000
MOST_ROOT_FIELDS = 50
MOST_MUTATIONS = 10
MOST_NESTED_FRAGMENTS = 100


class Size(NamedTuple):
    """Of a selection set, with every fragment counted wherever it is spread."""

    depth: int
    fields: int
    roots: int  # fields of its own level


NOTHING = Size(0, 0, 0)


class SizeLimit(ValidationRule):
    """Refuses operations that are too deep, or ask for too much in one go."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._fragments: dict[str, FragmentDefinitionNode] = {}
        self._measured: dict[str, Size] = {}
        self._under_way: dict[str, None] = {}
        self._nested = 0

    def enter_document(self, document: DocumentNode, *_args: Any) -> None:
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }

    def enter_operation_definition(self, operation: OperationDefinitionNode, *_args: Any) -> None:
        size = self._size(operation.selection_set)
        most = MOST_MUTATIONS if operation.operation.value == "mutation" else MOST_ROOT_FIELDS
        measures = (
            (self._nested, MOST_NESTED_FRAGMENTS, "it nests fragments {n} deep"),
            (size.depth, DEEPEST, "it is {n} levels deep"),
            (size.fields, MOST_FIELDS, "it selects {n} fields"),
            (size.roots, most, "it has {n} root fields"),
        )
        for measured, allowed, reason in measures:
            if measured > allowed:
                said = reason.format(n=measured if measured < 10**6 else "millions of")
                self._refuse(
                    f"This operation is too large: {said}; {allowed} are allowed.",
                    operation,
                    "TOO_LARGE",
                )

    def enter_string_value(self, node: StringValueNode, *_args: Any) -> None:
        if unstorable(node.value):
            self._refuse("This text holds characters that cannot be stored.", node, "VALIDATION")

    def _refuse(self, reason: str, node: Any, code: str) -> None:
        self.report_error(GraphQLError(reason, node, extensions={"code": code}))

    def _size(self, selections: SelectionSetNode | None) -> Size:
        if selections is None:
            return NOTHING
        total = NOTHING
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                below = self._size(selection.selection_set)
                size = Size(below.depth + 1, below.fields + 1, 1)
            elif isinstance(selection, InlineFragmentNode):
                size = self._size(selection.selection_set)
            else:
                size = self._fragment(selection)
            total = Size(
                max(total.depth, size.depth), total.fields + size.fields, total.roots + size.roots
            )
        return total

    def _fragment(self, spread: Any) -> Size:
        name = spread.name.value
        if name not in self._fragments or name in self._under_way:
            return NOTHING  # unknown or circular: other rules say so
        if name not in self._measured:
            self._nested = max(self._nested, len(self._under_way) + 1)
            if self._nested > MOST_NESTED_FRAGMENTS:
                return NOTHING  # refused, and never measured to the end
            self._under_way[name] = None
            self._measured[name] = self._size(self._fragments[name].selection_set)
            del self._under_way[name]
        return self._measured[name]
