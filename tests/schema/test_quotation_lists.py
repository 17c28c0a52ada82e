"""Quotations in lists: found, counted, and kept from those whose they are not."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import asyncpg
import pytest

from domain.callers import Permission
from domain.customers import Company
from domain.quotations import Quotation
from persistence.storage import SqlStorage
from tests.conftest import World, new_world
from tests.make import NOON
from tests.persistence.contents import unchanged
from tests.schema.conftest import Ask, public
from tests.usecases.orders import done
from tests.usecases.selling import accepted, buyer, line, quoted
from tests.usecases.services import offered
from usecases.quotations import ConvertQuotation

LIST = """query ($filter: QuotationFilter, $orderBy: QuotationOrder, $first: Int, $after: String) {
  quotations(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    totalCount nodes { id } pageInfo { hasNextPage endCursor } } }"""
PAGE = """query ($first: Int) { quotations(first: $first) { totalCount nodes {
  number status total { formatted } transitions { name allowed blockers { message } }
  customer { name } createdBy { name } lines { description serviceDefinition { name } }
  orders { number steps { key } } invoices { number lines { description } }
  auditTrail { action } legacyIds { id } } } }"""
# The page and its count; customers, users, lines, services, orders, their steps, invoices and
# their lines, the audit trail.
OF_A_PAGE = 11
MOST = 20


class Three(NamedTuple):
    """A and C are for one customer, B for another; A was drafted first."""

    world: World
    one: Company
    other: Company
    quotations: dict[str, Quotation]


@pytest.fixture(scope="module")
async def three(storage: SqlStorage, owner: asyncpg.Connection) -> Three:
    world = await new_world(storage)
    one, other = [await buyer(world, storage) for _ in range(2)]
    made = {
        "A": await quoted(world, storage, one, line(), notes="100%", valid_until=date(2099, 1, 1)),
        "B": await quoted(world, storage, other, line(), line(), valid_until=date(2099, 2, 1)),
        "C": await accepted(world, storage, one, line(quantity=Decimal(1))),
    }
    for n, each in enumerate(made.values()):
        changed = "UPDATE quotations SET created_at = $2, updated_at = $3 WHERE id = $1"
        day = NOON + timedelta(days=n)
        await owner.execute(changed, each.id, day, NOON - timedelta(days=n))
    return Three(world, one, other, made)


async def found(ask: Ask, three: Three, filter: Any = None, **order: Any) -> str:
    """The letters of the quotations, as they are listed."""
    data = await ask(LIST, as_=three.world.caller(), filter=filter, orderBy=order or None)
    page, ids = data["quotations"], {public(each): it for it, each in three.quotations.items()}
    assert page["totalCount"] == len(page["nodes"])
    return "".join(ids[node["id"]] for node in page["nodes"])


async def test_a_list_is_filtered_and_searched(ask: Ask, three: Three) -> None:
    number = three.quotations["B"].number
    cases: list[tuple[dict[str, Any], str]] = [
        ({}, "CBA"),
        ({"status": ["DRAFT"]}, "BA"),
        ({"status": ["DRAFT", "ACCEPTED"]}, "CBA"),
        ({"status": []}, ""),
        ({"customerId": public(three.one)}, "CA"),
        ({"validUntilFrom": "2099-01-02"}, "B"),
        ({"validUntilTo": "2099-01-01"}, "A"),
        ({"search": number.lower()}, "B"),
        ({"search": "0%"}, "A"),
        ({"search": "nothing"}, ""),
        ({"customerId": public(three.one), "status": ["DRAFT"]}, "A"),
    ]

    assert [(asked, await found(ask, three, asked)) for asked, _ in cases] == cases


@pytest.mark.parametrize(
    ("field", "ascending"), [("CREATED_AT", "ABC"), ("UPDATED_AT", "CBA"), ("TOTAL", "CAB")]
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
        page = (await ask(LIST, as_=three.world.caller(), **asked))["quotations"]
        seen += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert seen == [public(three.quotations[letter]) for letter in ascending]
    assert page["pageInfo"]["hasNextPage"] is False


async def test_customers_show_what_they_were_offered(ask: Ask, three: Three) -> None:
    document = """query ($id: ID!) { customer(id: $id) {
      quotations(filter: {status: [DRAFT]}) { totalCount nodes { id } } } }"""

    data = await ask(document, as_=three.world.caller(), id=public(three.one))

    nodes = [{"id": public(three.quotations["A"])}]
    assert data["customer"]["quotations"] == {"totalCount": 1, "nodes": nodes}


@pytest.fixture(scope="module")
async def busy_world(storage: SqlStorage) -> World:
    """Twenty quotations, each for somebody else and converted into an order and an invoice."""
    world = await new_world(storage)
    for _ in range(MOST):
        service, customer = await offered(world, storage), await buyer(world, storage)
        made = await accepted(world, storage, customer, line(service, quantity=Decimal(1)), line())
        await done(ConvertQuotation(id=made.id), world, storage)
    return world


@pytest.mark.parametrize("first", [1, MOST])
async def test_a_page_costs_the_same_whatever_is_on_it(
    ask: Ask, busy_world: World, statements: list[str], first: int
) -> None:
    data = await ask(PAGE, as_=busy_world.caller(), first=first)

    page = data["quotations"]
    assert (page["totalCount"], len(page["nodes"])) == (MOST, first)
    for node in page["nodes"]:
        counted = [len(node[name]) for name in ("lines", "orders", "invoices", "auditTrail")]
        assert counted == [2, 1, 1, 4]
    assert len(statements) == OF_A_PAGE


async def test_what_is_shown_and_done_takes_its_own_permission(
    ask: Ask, do: Ask, refused: Ask, three: Three, owner: asyncpg.Connection
) -> None:
    id, asking = public(three.quotations["C"]), "query ($id: ID!) {{ quotation(id: $id) {{ {} }} }}"
    reader = three.world.caller(permissions=frozenset({Permission.QUOTATIONS_READ}))
    nobody = three.world.caller(permissions=frozenset(Permission) - {Permission.QUOTATIONS_READ})

    data = await ask(asking.format("number lines { description }"), as_=reader, id=id)
    assert len(data["quotation"]["lines"]) == 1
    for name in ("customer", "orders", "invoices", "createdBy"):
        [error] = await refused(asking.format(name + " { id }"), as_=reader, id=id)
        assert (error["extensions"]["code"], error["path"]) == ("FORBIDDEN", ["quotation", name])
    for document in (LIST, asking.format("id")):
        [error] = await refused(document, as_=nobody, id=id)
        assert error["extensions"]["code"] == "FORBIDDEN"
    new = {"customerId": public(three.one)}
    async with unchanged(owner, three.world):
        tried = [
            await do(f"quotation{verb}", {"id": id}, as_=reader)
            for verb in ("Update", "Delete", "Send", "Accept", "Decline", "Withdraw", "Convert")
        ]
        tried.append(await do("quotationCreate", new, as_=reader))
    assert [[e["code"] for e in payload["errors"]] for payload in tried] == [["FORBIDDEN"]] * 8


async def test_another_organizations_quotations_are_not_there(
    ask: Ask, do: Ask, three: Three, world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    theirs = {name: public(each) for name, each in three.quotations.items()}
    one = public(three.quotations["A"].lines[0])
    document = """query ($id: ID!, $line: ID!) { quotation(id: $id) { id } node(id: $line) { id }
      quotations { totalCount } }"""
    ours = await buyer(world, storage)
    own = {"id": public(await quoted(world, storage, ours))}

    async with unchanged(owner, world), unchanged(owner, three.world):
        data = await ask(document, id=theirs["A"], line=one)
        tried = [
            await do(f"quotation{verb}", {"id": theirs[letter]})
            for verb, letter in (("Update", "A"), ("Send", "A"), ("Delete", "B"), ("Convert", "C"))
        ]
        given = await do("quotationCreate", {"customerId": public(three.one)})
        moved = await do("quotationUpdate", own | {"customerId": public(three.one)})

    assert data == {"quotation": None, "node": None, "quotations": {"totalCount": 1}}
    assert [[e["code"] for e in payload["errors"]] for payload in tried] == [["NOT_FOUND"]] * 4
    for payload in (given, moved):
        [error] = payload["errors"]
        assert (error["message"], error["path"]) == ("no such customer", ["customerId"])
