"""How large an operation may be: what is too large is refused for little work, and says why."""

import sys
from typing import Any

import pytest
from graphql import get_introspection_query

from persistence.storage import SqlStorage
from schema.kit.limits import FIELDS_PER_REQUEST, MOST_TOKENS, cost_of
from tests.conftest import World
from tests.schema.conftest import Ask, run_operation

SPREAD = "fragment f%d on Viewer { ...f%d ...f%d }"


def bomb(depth: int) -> str:
    """Every fragment spreads the next one twice: 2^depth fields, in a few lines."""
    fragments = [SPREAD % (n, n + 1, n + 1) for n in range(depth)]
    last = f"fragment f{depth} on Viewer {{ permissions }}"
    return "\n".join(["{ viewer { ...f0 } }", *fragments, last])


def wide(count: int, selection: str = "permissions") -> str:
    """As many aliases of one field."""
    return f"{{ viewer {{ {' '.join(f'a{n}: {selection}' for n in range(count))} }} }}"


async def work_of(storage: SqlStorage, world: World, document: str) -> tuple[int, Any]:
    """How many functions are called to answer, which no other process can slow down."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        result = await run_operation(storage, world.caller(), document, {})
    finally:
        sys.setprofile(None)
    return calls, result


@pytest.mark.parametrize("depth", [20, 21, 60, 99])
async def test_nested_fragments_are_measured_once_each(
    storage: SqlStorage, world: World, depth: int
) -> None:
    """851 characters spread over a million fields; each further line must cost like a line."""
    await work_of(storage, world, bomb(depth - 10))  # whatever is done only the first time
    some, _ = await work_of(storage, world, bomb(depth - 9))

    calls, result = await work_of(storage, world, bomb(depth))

    [error] = result.errors
    assert error.message == (
        "This operation is too large: it selects millions of fields; 2000 are allowed."
    )
    assert error.extensions == {"code": "TOO_LARGE"}
    assert calls < 3 * some


async def test_longer_chains_of_fragments_are_refused_too(refused: Ask) -> None:
    for depth in (101, 500, 800):
        [error] = await refused(bomb(depth))

        assert error["extensions"]["code"] == "TOO_LARGE"


ELEVEN = " ".join(
    f'm{n}: purchaseOrderDelete(input: {{id: "po_{n:032}"}}) {{ errors {{ code }} }}'
    for n in range(11)
)
DEEP = "suppliers { nodes {" + " purchaseOrders { nodes { supplier {" * 6 + " name" + " }" * 20
TOO_LARGE = [
    (wide(2001), "it selects 2002 fields; 2000 are allowed"),
    (f"{{ {' '.join(f'a{n}: __typename' for n in range(51))} }}", "it has 51 root fields; 50"),
    (f"mutation {{ {ELEVEN} }}", "it has 11 root fields; 10 are allowed"),
    (
        f"mutation {{ ...many }} fragment many on Mutation {{ {ELEVEN} }}",
        "it has 11 root fields; 10 are allowed",
    ),
    (f"{{ {DEEP} }}", "it is 21 levels deep; 20 are allowed"),
]


@pytest.mark.parametrize(("document", "reason"), TOO_LARGE)
async def test_an_operation_that_is_too_large_is_told_why(
    storage: SqlStorage, world: World, statements: list[str], document: str, reason: str
) -> None:
    result = await run_operation(storage, world.caller(), document, {})

    error = result.errors[0]
    assert error.message.startswith(f"This operation is too large: {reason}")
    assert error.extensions == {"code": "TOO_LARGE"}
    assert statements == []


def orders(first: object, selection: str) -> str:
    return f"purchaseOrders(first: {first}) {{ nodes {{ {selection} }} }}"


def of_supplier(selection: str) -> str:
    return f"supplier {{ {selection} }}"


def back(records: str, selection: str) -> str:
    """Records of an order, and their order again."""
    return f"{records} {{ purchaseOrder {{ {selection} }} }}"


NESTED = [
    ("{ %s }", orders(100, of_supplier(orders(100, "number"))), None),
    ("query ($n: Int = 9) { %s }", orders("$n", of_supplier(orders("$n", "id"))), None),
    (
        "{ %s } fragment f on PurchaseOrder { supplier { purchaseOrders { edges { cursor } } } }",
        "suppliers { edges { node { purchaseOrders { nodes { ...f } } } } }",
        127_550,
    ),
    ("{ %s }", orders(30, of_supplier(orders(30, of_supplier(orders(30, "id"))))), 27_930),
    (
        '{ nodes(ids: ["sup_1"]) { ... on Supplier { %s } } }',
        orders(20, of_supplier(orders(20, "id"))),
        42_100,
    ),
    ("{ %s }", orders(99999, of_supplier(orders(100, "id"))), None),  # refused for its own sake
    ("{ %s }", orders(100, "goodsReceipts { lines { id } } invoices { lines { id } }"), None),
    ("{ %s }", orders(9, back("goodsReceipts", back("invoices", "id"))), None),
    ("{ %s }", orders(10, back("goodsReceipts", back("invoices", "id"))), 25_510),
    (
        '{ purchaseOrder(id: "po_1") { %s } }',
        back("goodsReceipts", back("goodsReceipts", back("goodsReceipts", "id"))),
        127_550,
    ),
]


@pytest.mark.parametrize(("document", "selection", "records"), NESTED)
async def test_lists_within_lists_may_not_multiply_for_ever(
    storage: SqlStorage, world: World, document: str, selection: str, records: int | None
) -> None:
    """100 orders of 100 orders' suppliers are 10,100 records: that much may be asked for."""
    result = await run_operation(storage, world.caller(), document % selection, {})

    told = f"its lists within lists may hold {records} records; 25000 are allowed."
    large = [e.message for e in result.errors or () if e.extensions["code"] == "TOO_LARGE"]
    assert large == ([f"This operation is too large: {told}"] if records else [])


REPEATED = [
    "{ viewer { organization {" + " name" * 1900 + " } } }",
    "{ __typename } fragment unused on Organization {" + " name" * 9000 + " }",
    "{ viewer {"
    + " ".join(f"...f{n}" for n in range(600))
    + "} }"
    + " ".join(f"fragment f{n} on Viewer {{ permissions }}" for n in range(600)),
]


@pytest.mark.parametrize("document", REPEATED)
async def test_repetition_is_not_compared_for_ever(
    storage: SqlStorage, world: World, document: str
) -> None:
    """Fields of one name are compared in pairs: 9,000 of them would be 40 million."""
    calls, result = await work_of(storage, world, document)

    [error] = result.errors
    assert error.message.startswith("This operation is too large to check")
    assert error.extensions == {"code": "TOO_LARGE"}
    assert calls < 5_000_000


TOO_NESTED = "Document is nested too deeply."


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{" + " a" * MOST_TOKENS + " }", "Document contains more than 10000 tokens."),
        ("{ a" * 3000 + " }" * 3000, TOO_NESTED),
        ("{" + "...{" * 2000 + "a" + "}" * 2001, TOO_NESTED),
        (
            "{ nodes(ids: " + "[" * 4000 + "]" * 4000 + ") { id } }",
            "Document is nested too deeply.",
        ),
        (
            "query ($a: " + "[" * 3000 + "ID" + "]" * 3000 + ") { a }",
            "Document is nested too deeply.",
        ),
        ("{ suppliers(", "Expected Name, found <EOF>."),
        ("}", "Unexpected '}'."),
        ('{ a(b: "\\uD800") }', "Invalid Unicode escape sequence"),
    ],
)
async def test_what_cannot_be_parsed_says_so_and_nothing_else(
    refused: Ask, document: str, message: str
) -> None:
    [error] = await refused(document)

    assert error["message"].startswith(f"Syntax Error: {message}")
    assert error["extensions"] == {"code": "BAD_REQUEST"}
    assert error["locations"]


async def test_circular_fragments_are_refused(refused: Ask) -> None:
    document = "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }"

    [error] = await refused(document)

    assert error["message"] == "Cannot spread fragment 'a' within itself via 'b'."
    assert error["extensions"] == {"code": "BAD_REQUEST"}


@pytest.mark.parametrize("literal", ['"a\\u0000b"', '"""a\0b"""'])
async def test_text_in_the_document_must_be_storable(
    storage: SqlStorage, world: World, literal: str
) -> None:
    document = f"mutation {{ supplierCreate(input: {{name: {literal}}}) {{ errors {{ code }} }} }}"

    result = await run_operation(storage, world.caller(), document, {})

    assert result.data is None
    assert result.errors[0].extensions["code"] in {"VALIDATION", "BAD_REQUEST"}


async def test_what_is_large_but_allowed_is_answered(ask: Ask) -> None:
    data = await ask(wide(1999))

    assert len(data["viewer"]) == 1999


async def test_the_introspection_of_graphiql_passes(ask: Ask) -> None:
    document = get_introspection_query(
        specified_by_url=True, directive_is_repeatable=True, input_value_deprecation=True
    )

    data = await ask(document)

    types = {type["name"] for type in data["__schema"]["types"]}
    assert types >= {"PurchaseOrder", "Money", "ErrorCode"}


@pytest.mark.parametrize(
    ("document", "cost"),
    [
        ("{ __typename }", 1),
        (wide(98), 1),
        (wide(99), 1),
        (wide(100), 2),
        (wide(1999), 20),
        (wide(3000), 20),
        (bomb(50), 20),
        ("{ viewer {", 1),
        ("", 1),
    ],
)
def test_large_documents_count_as_several_requests(document: str, cost: int) -> None:
    assert FIELDS_PER_REQUEST == 100
    assert cost_of(document) == cost
