"""How large an operation may be. One pass over the document; every fragment is measured once.

Limiters that walk into every fragment spread take 2ⁿ time on nested fragments; a measure that is
remembered per fragment takes linear time, whatever the nesting.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    ValidationContext,
    ValidationRule,
    parse,
)

from usecases.kit import unstorable

MOST_TOKENS = 10_000
DEEPEST = 20  # the introspection query of GraphiQL is 15 deep
MOST_FIELDS = 2_000
MOST_ROOT_FIELDS = 50
MOST_MUTATIONS = 10
MOST_NESTED_FRAGMENTS = 100
FIELDS_PER_REQUEST = 100
MILLION = 10**6
MOST_RECORDS = 25_000  # more than two full pages within each other
MOST_FIRST = 100
USUAL_FIRST = 50
PAGED = {"nodes", "edges"}  # what a connection has and nothing else
# Plain lists of records that lead back to where they were asked for: each time round, there are
# as many times more of them.
LEADING_BACK = {
    "clocks",
    "goodsReceipts",
    "invoices",
    "orders",
    "possibleDuplicates",
}


class Size(NamedTuple):
    """Of a selection set, with every fragment counted wherever it is spread.

    `records` is how many the lists in it may hold; `paged` says that the set is a page of one.
    """

    depth: int
    fields: int
    roots: int  # fields of its own level
    records: int
    paged: bool

    def __or__(self, other: "Size") -> "Size":
        """Of both selections beside each other."""
        return Size(
            max(self.depth, other.depth),
            self.fields + other.fields,
            self.roots + other.roots,
            self.records + other.records,
            self.paged or other.paged,
        )


NOTHING = Size(0, 0, 0, 0, paged=False)


class Measure:
    """Measures the operations of one document. `nested` is how deep its fragments nest."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._measured: dict[str, Size] = {}
        self._under_way: set[str] = set()
        self.nested = 0

    def size(self, selections: SelectionSetNode | None) -> Size:
        if selections is None:
            return NOTHING
        total = NOTHING
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                total |= self._field(selection)
            elif isinstance(selection, InlineFragmentNode):
                total |= self.size(selection.selection_set)
            else:
                total |= self._fragment(selection)
        return total

    def _field(self, field: FieldNode) -> Size:
        below = self.size(field.selection_set)
        several = (
            below.paged
            or field.name.value in LEADING_BACK
            or any(given.name.value == "ids" for given in field.arguments or ())
        )
        records = _first(field) * (1 + below.records) if several else below.records
        paged = field.name.value in PAGED
        return Size(below.depth + 1, below.fields + 1, 1, records, paged=paged)

    def _fragment(self, spread: Any) -> Size:
        name = spread.name.value
        if name not in self._fragments or name in self._under_way:
            return NOTHING  # unknown or circular: other rules say so
        if name not in self._measured:
            self.nested = max(self.nested, len(self._under_way) + 1)
            if self.nested > MOST_NESTED_FRAGMENTS:
                return NOTHING  # it is refused anyway
            self._under_way.add(name)
            self._measured[name] = self.size(self._fragments[name].selection_set)
            self._under_way.discard(name)
        return self._measured[name]


def _first(field: FieldNode) -> int:
    """How many records a list may hold; a variable's value is not known yet."""
    for given in field.arguments or ():
        if given.name.value == "first" and isinstance(given.value, IntValueNode):
            digits = given.value.value
            return int(digits) if digits.isdigit() and len(digits) <= len(str(MOST_FIRST)) else 0
        if given.name.value in {"first", "ids"}:
            return MOST_FIRST
    return USUAL_FIRST


class SizeLimit(ValidationRule):
    """Refuses operations that are too deep, or ask for too much in one go."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._measure = Measure(context.document)

    def enter_operation_definition(self, operation: OperationDefinitionNode, *_args: Any) -> None:
        size = self._measure.size(operation.selection_set)
        most = MOST_MUTATIONS if operation.operation.value == "mutation" else MOST_ROOT_FIELDS
        measures = (
            (self._measure.nested, MOST_NESTED_FRAGMENTS, "its fragments nest {n} deep"),
            (size.depth, DEEPEST, "it is {n} levels deep"),
            (size.fields, MOST_FIELDS, "it selects {n} fields"),
            (size.roots, most, "it has {n} root fields"),
            (size.records, MOST_RECORDS, "its lists within lists may hold {n} records"),
        )
        for measured, allowed, reason in measures:
            if measured > allowed:
                said = reason.format(n=measured if measured < MILLION else "millions of")
                message = f"This operation is too large: {said}; {allowed} are allowed."
                self._refuse(message, operation, "TOO_LARGE")

    def enter_string_value(self, node: StringValueNode, *_args: Any) -> None:
        if unstorable(node.value):
            self._refuse("This text holds characters that cannot be stored.", node, "VALIDATION")

    def _refuse(self, reason: str, node: Any, code: str) -> None:
        self.report_error(GraphQLError(reason, node, extensions={"code": code}))


@lru_cache(maxsize=500)
def cost_of(query: str) -> int:
    """How many requests a document counts as: one for every hundred fields (fact W-25)."""
    try:
        document = parse(query, max_tokens=MOST_TOKENS, no_location=True)
    except (GraphQLError, RecursionError):
        return 1  # it will be refused, which costs no more
    measure = Measure(document)
    wanted = sum(
        measure.size(definition.selection_set).fields
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
    )
    fields = min(wanted, MOST_FIELDS)  # more is refused
    return max(1, -(-fields // FIELDS_PER_REQUEST))
