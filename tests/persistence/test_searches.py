"""Searches: by words and their beginnings, in any script, whatever characters people type."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.kit.errors import RuleBroken
from persistence.reads import SqlReads
from persistence.reads.purchase_orders import words
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World, keep, new_world
from usecases.kit import run
from usecases.purchase_orders import CreatePurchaseOrder
from usecases.reads.kit import Whole
from usecases.reads.purchase_orders import PurchaseOrderFilter
from usecases.reads.suppliers import SupplierFilter

W = Whole.ORGANIZATION
ODD = [*list("'&|!():*\\%_\"<>-+.,;?{}[]$^~`/@#=\n\t"), "''", "\\'", "a'b", "'; --", "((", "a & !b"]

ORDERS: dict[str, dict[str, Any]] = {
    "paper": {"lines": [make.line(description="Printer paper A4, 80g/m²")], "notes": "Urgent!"},
    "arabic": {"lines": [make.line(description="ورق طابعة، حبر أسود")]},
    "vowels": {"lines": [make.line(description="مُحَرِّك كهربائي")]},
    "cable": {"lines": [make.line(description="Cable 1.5mm, 10m/roll, user@example.com")]},
    "address": {"lines": [make.line()], "delivery_address": "Äußere Straße 7\N{EN DASH}9 (gate B)"},
    "symbols": {"lines": [make.line(description='a\'b\\c "50%" & snake_case <tag>')]},
    "long": {"lines": [make.line(description="x" * 1000)]},
}


@pytest.fixture(scope="module")
async def found_by_name(storage: SqlStorage) -> tuple[World, dict[Any, str]]:
    world = await new_world(storage)
    names: dict[Any, str] = {}
    for name, values in ORDERS.items():
        create = CreatePurchaseOrder(**world.draft(**values))
        names[(await run(create, world.caller(), storage)).id] = name
    suppliers = {
        "percent": make.supplier(name="100% Cotton", code="C_1"),
        "underscore": make.supplier(name="under_score", email="Sales@Paper.example"),
        "backslash": make.supplier(name="back\\slash", name_ar="شركة الورق"),
        "accent": make.supplier(name="ÉCLAIR Ltd", tax_id="300000000000003"),
    }
    await keep(storage, world.caller(), *suppliers.values())
    names |= {supplier.id: name for name, supplier in suppliers.items()}
    names[world.supplier.id] = "usual"
    return world, names


@pytest.fixture
async def reads(
    storage: SqlStorage, found_by_name: tuple[World, dict[Any, str]]
) -> AsyncIterator[SqlReads]:
    reads = storage.reads(found_by_name[0].caller())
    yield reads
    await reads.close()


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("printer", {"paper", "address"}),
        ("PRINTER Pap", {"paper", "address"}),
        ("pap a4", {"paper"}),
        ("a4,", {"paper"}),
        ("80g/m²", {"paper"}),
        ("urgent!", {"paper"}),
        ("rinter", set()),
        ("paper toner", set()),
        ("ورق", {"arabic"}),
        ("طابعة، حبر", {"arabic"}),
        ("مُحَرِّك", {"vowels"}),
        ("1.5mm", {"cable"}),
        ("1.5", {"cable"}),
        ("10m/roll", {"cable"}),
        ("user@example.com", {"cable"}),
        ("example", {"cable"}),
        ("äußere straße", {"address"}),
        ("ÄUSSERE", set()),
        ("ÄUßERE", {"address"}),
        ("7-9", {"address"}),
        ("(gate b)", {"address"}),
        ("a'b", {"symbols"}),
        ("b\\c", {"symbols"}),
        ('"50%"', {"symbols"}),
        ("snake_case", {"symbols"}),
        ("snake_", {"symbols"}),
        ("<tag>", {"symbols"}),
        ("x" * 1000, {"long"}),
        ("ﷺ" * 1000, set()),
        ("x " * 500, {"long"}),
    ],
)
async def test_orders_are_found_by_the_beginnings_of_their_words(
    reads: SqlReads,
    found_by_name: tuple[World, dict[Any, str]],
    search: str,
    expected: set[str],
) -> None:
    page = (await reads.purchase_orders.all([W], filter=PurchaseOrderFilter(search=search)))[W]

    assert {found_by_name[1][row.id] for row in page.nodes} == expected


async def test_an_order_is_found_by_its_number_and_parts_of_it(
    reads: SqlReads, found_by_name: tuple[World, dict[Any, str]]
) -> None:
    _, names = found_by_name
    for search in ("{number}", "{lower}", "{year} 0003", "0003", "PO-{year}-00"):
        first = (await reads.purchase_orders.all([W]))[W].nodes[-1].number
        year = first.split("-")[1]
        text = search.format(number=f"PO-{year}-0003", lower=f"po-{year}-0003", year=year)
        page = (await reads.purchase_orders.all([W], filter=PurchaseOrderFilter(search=text)))[W]
        found = {names[row.id] for row in page.nodes}
        assert found == (set(ORDERS) if text.endswith("-00") else {"vowels"})


@pytest.mark.parametrize("search", ODD)
async def test_odd_characters_alone_find_nothing_and_break_nothing(
    reads: SqlReads, search: str
) -> None:
    page = (await reads.purchase_orders.all([W], filter=PurchaseOrderFilter(search=search)))[W]

    said = {"a'b": 1, "a & !b": 1, "_": 0}
    assert len(page.nodes) == said.get(search, 0)


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("%", {"percent"}),
        ("100%", {"percent"}),
        ("_", {"percent", "underscore"}),
        ("r_s", {"underscore"}),
        ("\\", {"backslash"}),
        ("ack\\sla", {"backslash"}),
        ("الورق", {"backslash"}),
        ("éclair", {"accent"}),
        ("ÉCLAIR", {"accent"}),
        ("0000003", {"accent"}),
        ("SALES@paper", {"underscore"}),
        ("supplies", {"usual"}),
        ("'; DROP TABLE suppliers; --", set()),
    ],
)
async def test_suppliers_are_found_by_any_part(
    reads: SqlReads,
    found_by_name: tuple[World, dict[Any, str]],
    search: str,
    expected: set[str],
) -> None:
    page = (await reads.suppliers.all([W], filter=SupplierFilter(search=search)))[W]

    assert {found_by_name[1][row.id] for row in page.nodes} == expected


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    search=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
)
async def test_no_text_breaks_a_search(storage: SqlStorage, search: str) -> None:
    world = make.caller()
    reads = storage.reads(world)

    orders = await reads.purchase_orders.all([W], filter=PurchaseOrderFilter(search=search))
    suppliers = await reads.suppliers.all([W], filter=SupplierFilter(search=search))
    users = await reads.users.all([W], search=search)
    await reads.close()

    assert [*orders[W].nodes, *suppliers[W].nodes, *users[W].nodes] == []


@pytest.mark.parametrize(
    ("search", "message"),
    [
        ("x" * 1001, "this is longer than 1000 characters"),
        ("x " * 100_000, "this is longer than 1000 characters"),
    ],
)
async def test_a_search_that_cannot_be_asked_is_refused(
    reads: SqlReads, search: str, message: str
) -> None:
    with pytest.raises(RuleBroken) as caught:
        await reads.purchase_orders.all([W], filter=PurchaseOrderFilter(search=search))
    assert (caught.value.path, caught.value.message) == (("search",), message)
    with pytest.raises(RuleBroken, match=message):
        await reads.suppliers.all([W], filter=SupplierFilter(search=search))
    with pytest.raises(RuleBroken, match=message):
        await reads.departments.all([W], search=search)


@pytest.mark.parametrize("amount", ["1E+100000", "-1E+100000", "NaN", "sNaN", "Infinity"])
async def test_amounts_that_are_out_of_range_are_refused(reads: SqlReads, amount: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        await reads.purchase_orders.all([W], filter=PurchaseOrderFilter(min_total=Decimal(amount)))

    assert caught.value.path == ("min_total",)


def test_words_are_asked_for_by_their_beginning() -> None:
    assert words("PO-2026 it's") == "'PO':* & '2026':* & 'it':* & 's':*"
    assert words(" & ") == ""
