"""Sales invoices in lists, and mutations of them that are tried, sent again, or come too late."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import asyncpg
import pytest

from domain.customers import Company
from persistence.storage import SqlStorage
from schema.kit.ids import to_public
from tests.conftest import World, new_world
from tests.make import NOON
from tests.persistence.contents import unchanged
from tests.schema.conftest import Ask, public
from tests.usecases.orders import done
from tests.usecases.selling import accepted, buyer, invoiced, line
from tests.usecases.services import offered
from usecases.quotations import ConvertQuotation
from usecases.reads.sales_invoices import SalesInvoiceRow
from usecases.sales_invoices import PaySalesInvoice

LIST = """query ($filter: SalesInvoiceFilter, $orderBy: SalesInvoiceOrder, $first: Int,
  $after: String) { salesInvoices(filter: $filter, orderBy: $orderBy, first: $first,
  after: $after) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }"""
PAGE = """query ($first: Int) { salesInvoices(first: $first) { totalCount nodes {
  number status overdue pdfUrl total { formatted } transitions { name allowed }
  customer { name } lines { description } quotation { number lines { position } }
  serviceOrder { number steps { key } priceLines { label } }
  auditTrail { action } legacyIds { id } } } }"""
# The page and its count; customers, lines, quotations and their lines, orders, their steps and
# price lines, the audit trail; for the links, the organization's key and which invoices there are.
OF_A_PAGE = 12
MOST = 20
TODAY = datetime.now(UTC).date()
DAY = timedelta(days=1)


class Three(NamedTuple):
    """A and C are one customer's, B is another's; A was issued first, and should be paid by now."""

    world: World
    one: Company
    invoices: dict[str, SalesInvoiceRow]


@pytest.fixture(scope="module")
async def three(storage: SqlStorage, owner: asyncpg.Connection) -> Three:
    world = await new_world(storage)
    one, other = [await buyer(world, storage) for _ in range(2)]
    dear = await offered(world, storage, price=Decimal(900))
    made = {
        "A": await invoiced(world, storage, one, options=["express"]),
        "B": await invoiced(world, storage, other),
        "C": await invoiced(world, storage, one, of=dear),
    }
    await done(PaySalesInvoice(id=made["B"].id), world, storage)
    changed = """UPDATE sales_invoices SET created_at = $2, issued_on = $3, due_on = $4
      WHERE id = $1"""
    for n, each in enumerate(made.values()):
        due = TODAY + (n * 2 - 2 or -3) * DAY
        await owner.execute(changed, each.id, NOON + n * DAY, (NOON + n * DAY).date(), due)
    return Three(world, one, made)


def id_of(invoice: SalesInvoiceRow) -> str:
    return to_public("sin", invoice.id)


async def found(ask: Ask, three: Three, filter: Any = None, **order: Any) -> str:
    """The letters of the invoices, as they are listed."""
    data = await ask(LIST, as_=three.world.caller(), filter=filter, orderBy=order or None)
    page, ids = data["salesInvoices"], {id_of(each): it for it, each in three.invoices.items()}
    assert page["totalCount"] == len(page["nodes"])
    return "".join(ids[node["id"]] for node in page["nodes"])


async def test_a_list_is_filtered_and_searched(ask: Ask, three: Three) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({}, "CBA"),
        ({"status": ["ISSUED"]}, "CA"),
        ({"status": ["ISSUED", "PAID"]}, "CBA"),
        ({"status": []}, ""),
        ({"overdue": True}, "A"),
        ({"overdue": False}, "CB"),
        ({"customerId": public(three.one)}, "CA"),
        ({"issuedFrom": "2026-01-03"}, "CB"),
        ({"issuedTo": "2026-01-03"}, "BA"),
        ({"search": three.invoices["B"].number.lower()}, "B"),
        ({"search": "%"}, ""),
        ({"customerId": public(three.one), "overdue": False}, "C"),
    ]

    assert [(asked, await found(ask, three, asked)) for asked, _ in cases] == cases


@pytest.mark.parametrize(
    ("field", "ascending"),
    [("CREATED_AT", "ABC"), ("ISSUED_ON", "ABC"), ("DUE_ON", "BAC"), ("TOTAL", "BAC")],
)
async def test_a_list_is_sorted_and_goes_on_where_a_page_ends(
    ask: Ask, three: Three, field: str, ascending: str
) -> None:
    assert await found(ask, three, field=field, direction="ASC") == ascending
    assert await found(ask, three, field=field, direction="DESC") == ascending[::-1]
    seen, after = [], None
    for _ in range(3):
        order = {"field": field, "direction": "ASC"}
        asked = {"orderBy": order, "first": 1, "after": after}
        page = (await ask(LIST, as_=three.world.caller(), **asked))["salesInvoices"]
        seen += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert seen == [id_of(three.invoices[letter]) for letter in ascending]
    assert page["pageInfo"]["hasNextPage"] is False


async def test_customers_show_what_they_owe(ask: Ask, three: Three) -> None:
    document = """query ($id: ID!) { customer(id: $id) {
      invoices(filter: {overdue: true}) { totalCount nodes { id } } } }"""

    data = await ask(document, as_=three.world.caller(), id=public(three.one))

    nodes = [{"id": id_of(three.invoices["A"])}]
    assert data["customer"]["invoices"] == {"totalCount": 1, "nodes": nodes}


@pytest.fixture(scope="module")
async def busy_world(storage: SqlStorage) -> World:
    """Twenty invoices: of orders and of quotations, each somebody else's."""
    world = await new_world(storage)
    for _ in range(MOST // 2):
        customer = await buyer(world, storage)
        quotation = await accepted(world, storage, customer, line())
        await done(ConvertQuotation(id=quotation.id), world, storage)
        await invoiced(world, storage, customer)
    return world


@pytest.mark.parametrize("first", [2, MOST])
async def test_a_page_costs_the_same_whatever_is_on_it(
    ask: Ask, busy_world: World, statements: list[str], first: int
) -> None:
    data = await ask(PAGE, as_=busy_world.caller(), first=first)

    page = data["salesInvoices"]
    assert (page["totalCount"], len(page["nodes"])) == (MOST, first)
    named = [(bool(node["serviceOrder"]), bool(node["quotation"])) for node in page["nodes"]]
    assert named == [(True, False), (False, True)] * (first // 2)
    assert all(len(node["lines"]) == 1 for node in page["nodes"])
    assert len(statements) == OF_A_PAGE


async def test_a_dry_run_shows_what_would_be_and_leaves_nothing(
    do: Ask, world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    customer = await buyer(world, storage)
    first, second = [await invoiced(world, storage, customer) for _ in range(2)]
    one, other = {"id": id_of(first)}, {"id": id_of(second)}
    await do("salesInvoiceVoid", other | {"reason": "mistake"})
    shown = "{ number status paidOn voidReason }"

    async with unchanged(owner, world):
        paid = await do("salesInvoicePay", one | {"paidOn": "2026-01-02"}, shown, dryRun=True)
        void = await do("salesInvoiceVoid", one | {"reason": "name"}, shown, dryRun=True)
        again = await do("salesInvoiceReissue", other, shown, dryRun=True)
        refused = await do("salesInvoiceReissue", one, dryRun=True)

    assert paid["salesInvoice"] == {
        "number": first.number,
        "status": "PAID",
        "paidOn": "2026-01-02",
        "voidReason": None,
    }
    assert (void["salesInvoice"]["status"], void["salesInvoice"]["voidReason"]) == ("VOID", "name")
    assert again["salesInvoice"]["number"].endswith("-0003")
    assert [error["code"] for error in refused["errors"]] == ["INVALID_TRANSITION"]


async def test_the_same_key_does_the_same_once(
    do: Ask, world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    invoice = await invoiced(world, storage, await buyer(world, storage))
    id = {"id": id_of(invoice)}
    await do("salesInvoiceVoid", id | {"reason": "mistake"})

    first = await do("salesInvoiceReissue", id, "{ id number }", key="books-1")
    async with unchanged(owner, world):
        again = await do("salesInvoiceReissue", id, "{ id number }", key="books-1")
        other = await do("salesInvoiceReissue", {"id": first["salesInvoice"]["id"]}, key="books-1")

    assert again == first
    assert [error["code"] for error in other["errors"]] == ["IDEMPOTENCY_MISMATCH"]


async def test_whoever_is_behind_is_told_how_it_is_now(
    do: Ask, world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    invoice = await invoiced(world, storage, await buyer(world, storage))
    id = {"id": id_of(invoice), "expectedVersion": 1}
    await do("salesInvoicePay", id)

    async with unchanged(owner, world):
        tried = [
            await do("salesInvoicePay", id, "{ status version }"),
            await do("salesInvoiceVoid", id | {"reason": "mistake"}, "{ status version }"),
            await do("salesInvoiceReissue", id, "{ status version }"),
        ]

    for payload in tried:
        assert [error["code"] for error in payload["errors"]] == ["VERSION_CONFLICT"]
        assert payload["salesInvoice"] == {"status": "PAID", "version": 2}
