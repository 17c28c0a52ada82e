"""What every type, argument and mutation of the graph has in common."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    introspection_types,
    is_specified_scalar_type,
)

from domain.budgets import LIFECYCLE as BUDGETS
from domain.connection_requests import LIFECYCLE as CONNECTION_REQUESTS
from domain.goods_receipts import LIFECYCLE as GOODS_RECEIPTS
from domain.kit.lifecycle import Lifecycle
from domain.package_subscriptions import LIFECYCLE as PACKAGE_SUBSCRIPTIONS
from domain.purchase_invoices import LIFECYCLE as PURCHASE_INVOICES
from domain.purchase_orders import LIFECYCLE as PURCHASE_ORDERS
from domain.quotations import LIFECYCLE as QUOTATIONS
from domain.sales_invoices import LIFECYCLE as SALES_INVOICES
from domain.service_definitions import LIFECYCLE as SERVICE_DEFINITIONS
from domain.service_orders import LIFECYCLE as SERVICE_ORDERS
from domain.service_orders import STEP_LIFECYCLE as SERVICE_ORDER_STEPS
from schema import schema
from schema.kit.limits import LEADING_BACK
from schema.kit.mutations import Verb
from schema.kit.relations import DECLARED
from server.generated import DOCS, LIFECYCLES, SCHEMA, write

BUILT = schema._schema
TYPES: Mapping[str, Any] = {
    name: type
    for name, type in BUILT.type_map.items()
    if name not in introspection_types and not is_specified_scalar_type(type)
}
MUTATIONS: Mapping[str, Any] = BUILT.type_map["Mutation"].fields  # type: ignore[attr-defined]
VERBS: Mapping[str, Verb] = {
    field.python_name: field.metadata[DECLARED]
    for field in schema.schema_converter.type_map["Mutation"].definition.fields  # type: ignore[union-attr]
}
# What each field of a type leads to, and whether that is a list; pages are counted anyway.
FIELDS: Mapping[str, Mapping[str, tuple[str, bool]]] = {
    name: {
        field: (get_named_type(found.type).name, "[" in str(found.type))
        for field, found in type.fields.items()
        if not get_named_type(found.type).name.endswith("Connection")
    }
    for name, type in TYPES.items()
    if isinstance(type, GraphQLObjectType | GraphQLInterfaceType)
}
OF_AGGREGATES: Mapping[str, Lifecycle[Any]] = {
    "purchase_order": PURCHASE_ORDERS,
    "goods_receipt": GOODS_RECEIPTS,
    "budget": BUDGETS,
    "purchase_invoice": PURCHASE_INVOICES,
    "sales_invoice": SALES_INVOICES,
    "quotation": QUOTATIONS,
    "service_definition": SERVICE_DEFINITIONS,
    "package_subscription": PACKAGE_SUBSCRIPTIONS,
    "service_order": SERVICE_ORDERS,
    "service_order_step": SERVICE_ORDER_STEPS,
    "connection_request": CONNECTION_REQUESTS,
}
MOVES = [
    (aggregate, move)
    for aggregate, lifecycle in OF_AGGREGATES.items()
    for move in lifecycle.moves.values()
    if move.needs is not None  # what the system does is nobody's to ask for
]


def described() -> Mapping[str, str | None]:
    """Everything that can have a description, by its full name."""
    found: dict[str, str | None] = {}
    for name, type in TYPES.items():
        found[name] = type.description
        for field_name, field in getattr(type, "fields", {}).items():
            found[f"{name}.{field_name}"] = field.description
            for argument_name, argument in getattr(field, "args", {}).items():
                found[f"{name}.{field_name}({argument_name})"] = argument.description
    return found


def test_everything_has_a_description() -> None:
    assert [name for name, description in described().items() if not description] == []


def test_descriptions_are_sentences() -> None:
    """They begin with a capital letter, a digit or code, and end with a full stop."""
    sentence = re.compile(r"[A-Z0-9`“].*[.…]", re.DOTALL)
    odd = [name for name, text in described().items() if not sentence.fullmatch(text or "")]

    assert odd == []


def test_enum_values_are_upper_case() -> None:
    values = [
        f"{name}.{value}"
        for name, type in TYPES.items()
        if isinstance(type, GraphQLEnumType)
        for value in type.values
    ]

    assert [value for value in values if value.split(".")[1] != value.split(".")[1].upper()] == []


def test_nothing_is_called_a_plain_order() -> None:
    assert not TYPES.keys() & {"Order", "OrderLine", "OrderConnection", "OrderStatus"}


@pytest.mark.parametrize("name", MUTATIONS)
def test_mutations_take_input_dry_run_and_idempotency_key(name: str) -> None:
    arguments = {argument: str(given.type) for argument, given in MUTATIONS[name].args.items()}

    assert arguments == {
        "input": f"{name[0].upper()}{name[1:]}Input!",
        "dryRun": "Boolean",
        "idempotencyKey": "String",
    }


@pytest.mark.parametrize("name", MUTATIONS)
def test_mutations_answer_with_a_payload_of_their_aggregate(name: str) -> None:
    payload = MUTATIONS[name].type.of_type
    record = payload.name.removesuffix("Payload")

    assert isinstance(payload, GraphQLObjectType)
    assert name.startswith(record[0].lower() + record[1:])
    assert str(payload.fields["errors"].type) == "[UserError!]!"
    assert str(payload.fields[record[0].lower() + record[1:]].type) == record


@pytest.mark.parametrize("name", MUTATIONS)
def test_mutations_of_a_record_take_the_version_that_is_expected(name: str) -> None:
    given = MUTATIONS[name].args["input"].type.of_type
    assert isinstance(given, GraphQLInputObjectType)

    changes_a_record = {"id", "orderId"} & given.fields.keys()

    assert bool(changes_a_record) == ("expectedVersion" in given.fields)


@pytest.mark.parametrize(
    ("aggregate", "move"), MOVES, ids=[f"{aggregate}.{move.action}" for aggregate, move in MOVES]
)
def test_every_move_is_a_mutation_that_needs_what_the_table_says(aggregate: str, move: Any) -> None:
    assert VERBS[f"{aggregate}_{move.action}"].requires == move.needs


def test_lists_that_lead_back_are_counted() -> None:
    """A list of records that can be asked for within itself multiplies, however it is said."""
    leading_back = {
        name
        for parent, fields in FIELDS.items()
        for name, (below, listed) in fields.items()
        if listed and parent in _reached(below)
    }

    assert leading_back == LEADING_BACK


def _reached(start: str) -> set[str]:
    """The types below a type, itself too, on this side of the next page."""
    found, ahead = set[str](), {start}
    while ahead:
        found |= ahead
        ahead = {below for each in ahead for below, _ in FIELDS.get(each, {}).values()} - found
    return found


def test_no_lifecycle_is_left_out() -> None:
    assert [*LIFECYCLES.values()] == [*OF_AGGREGATES.values()]


def test_what_is_generated_is_up_to_date() -> None:
    write(SCHEMA, check=True)
    write(DOCS, check=True)
