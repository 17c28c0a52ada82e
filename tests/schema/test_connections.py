"""Lists that belong to a record, and the smaller lists: searched, filtered, counted in batches."""

from decimal import Decimal
from typing import Any

import pytest

from domain.suppliers import SupplierStatus
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.schema.conftest import Ask, draft, public
from tests.usecases.orders import approved, drafted, pending

OWNERS = ["supplier", "department", "project"]


@pytest.mark.parametrize("owner", OWNERS)
async def test_a_record_lists_its_own_orders(
    ask: Ask, world: World, storage: SqlStorage, save: Save, owner: str
) -> None:
    """Page by page, filtered and sorted, each record its own: the two lists run side by side."""
    others = {"supplier": make.supplier, "department": make.department, "project": make.project}
    other = others[owner]()
    await save(other)
    ours = [await drafted(world, storage, notes=f"{n}") for n in range(3)]
    await approved(world, storage)
    theirs = [await drafted(world, storage, **{f"{owner}_id": other.id}) for _ in range(2)]
    document = f"""query ($ids: [ID!]!, $after: String) {{ nodes(ids: $ids) {{
      ... on {owner.capitalize()} {{ purchaseOrders(first: 2, after: $after,
        filter: {{status: DRAFT}}, orderBy: {{field: NUMBER, direction: ASC}}) {{
          totalCount nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }} }} }}"""
    ids = [public(getattr(world, owner)), public(other)]

    [mine, his] = [n["purchaseOrders"] for n in (await ask(document, ids=ids))["nodes"]]
    after = mine["pageInfo"]["endCursor"]
    [rest] = (await ask(document, ids=ids[:1], after=after))["nodes"]

    assert (mine["totalCount"], his["totalCount"]) == (3, 2)
    assert [n["id"] for n in mine["nodes"]] == [public(order) for order in ours[:2]]
    assert [n["id"] for n in his["nodes"]] == [public(order) for order in theirs]
    assert (mine["pageInfo"]["hasNextPage"], his["pageInfo"]["hasNextPage"]) == (True, False)
    assert [n["id"] for n in rest["purchaseOrders"]["nodes"]] == [public(ours[2])]


async def test_counting_costs_a_statement_only_when_it_is_selected(
    ask: Ask, world: World, storage: SqlStorage, save: Save, statements: list[str]
) -> None:
    """One for the suppliers, one for all of their orders, and one for all the counts."""
    others = [make.supplier(name=f"Supplier {n}") for n in range(5)]
    await save(*others)
    for supplier in others:
        await drafted(world, storage, supplier_id=supplier.id)
    document = "{ suppliers { nodes { purchaseOrders { %s nodes { number } } } } }"

    statements.clear()
    uncounted = await ask(document % "")
    assert len(statements) == 2
    statements.clear()
    counted = await ask(document % "totalCount")

    assert len(statements) == 3
    assert [len(n["purchaseOrders"]["nodes"]) for n in uncounted["suppliers"]["nodes"]] == [
        n["purchaseOrders"]["totalCount"] for n in counted["suppliers"]["nodes"]
    ]


@pytest.mark.parametrize(
    ("filter", "names"),
    [
        (None, ["Alpha", "Beta", "Gamma", "Office Supplies Co."]),
        ({"status": ["BLOCKED"]}, ["Beta"]),
        ({"category": "Paper"}, ["Alpha"]),
        ({"search": "ALPH"}, ["Alpha"]),
        ({"search": "b-7"}, ["Beta"]),
        ({"search": "sales@gamma"}, ["Gamma"]),
        ({"search": "%"}, []),
        ({"minScore": "1" + "0" * 30}, []),
        ({"status": ["ACTIVE", "BLOCKED"], "search": "a", "category": "Paper"}, ["Alpha"]),
    ],
)
async def test_suppliers_are_filtered(ask: Ask, save: Save, filter: Any, names: list[str]) -> None:
    await save(
        make.supplier(name="Gamma", email="sales@gamma.example"),
        make.supplier(name="Alpha", category="Paper"),
        make.supplier(name="Beta", code="B-7", status=SupplierStatus.BLOCKED),
    )

    data = await ask(
        """query ($filter: SupplierFilter) {
          suppliers(filter: $filter) { totalCount nodes { name } } }""",
        filter=filter,
    )

    assert data["suppliers"] == {"totalCount": len(names), "nodes": [{"name": n} for n in names]}


async def test_suppliers_are_sorted_as_asked(ask: Ask, save: Save) -> None:
    await save(make.supplier(name="Alpha"))
    document = """query ($by: SupplierOrder) { suppliers(orderBy: $by) { nodes { name } } }"""

    descending = await ask(document, by={"direction": "DESC"})

    assert [n["name"] for n in descending["suppliers"]["nodes"]] == ["Office Supplies Co.", "Alpha"]


@pytest.mark.parametrize(
    ("root", "search", "field", "found"),
    [
        ("users", "BEA", "name", "Bea Buyer"),
        ("departments", "operat", "name", "Operations"),
        ("projects", "furbish", "name", "Refurbishment"),
        ("roles", "approv", "name", "Approver"),
    ],
)
async def test_small_lists_are_searched(
    ask: Ask, save: Save, root: str, search: str, field: str, found: str
) -> None:
    await save(make.user("Somebody"), make.department(name="Other"), make.project(name="Other"))
    document = f"query ($s: String) {{ {root}(search: $s) {{ totalCount nodes {{ {field} }} }} }}"

    matching = (await ask(document, s=search))[root]
    everything = (await ask(document, s=""))[root]

    assert matching == {"totalCount": 1, "nodes": [{field: found}]}
    assert everything == (await ask(document, s=None))[root]


async def test_what_waits_for_me_comes_in_the_order_it_was_sent(
    ask: Ask, do: Ask, world: World, storage: SqlStorage
) -> None:
    first = await pending(world, storage)
    second = await drafted(world, storage, lines=[make.line(quantity=Decimal(7))])
    await do("purchaseOrderSubmit", {"id": public(second)})
    document = """query ($after: String) { viewer { purchaseOrdersAwaitingMyApproval(
      first: 1, after: $after) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } } }"""
    approver = world.caller(world.approver)

    page = (await ask(document, as_=approver))["viewer"]["purchaseOrdersAwaitingMyApproval"]
    after = page["pageInfo"]["endCursor"]
    rest = (await ask(document, as_=approver, after=after))["viewer"]
    nothing = (await ask(document))["viewer"]

    assert page["totalCount"] == 2
    assert page["nodes"] == [{"id": public(first)}]
    assert rest["purchaseOrdersAwaitingMyApproval"]["nodes"] == [{"id": public(second)}]
    assert rest["purchaseOrdersAwaitingMyApproval"]["pageInfo"]["hasNextPage"] is False
    assert nothing["purchaseOrdersAwaitingMyApproval"]["totalCount"] == 0


async def test_lists_with_other_arguments_are_told_apart(ask: Ask, do: Ask, world: World) -> None:
    await do("purchaseOrderCreate", draft(world))

    data = await ask(
        """{ drafts: purchaseOrders(filter: {status: DRAFT}) { totalCount nodes { status } }
          approved: purchaseOrders(filter: {status: APPROVED}) { totalCount nodes { status } } }"""
    )

    assert data == {
        "drafts": {"totalCount": 1, "nodes": [{"status": "DRAFT"}]},
        "approved": {"totalCount": 0, "nodes": []},
    }
