"""Lists of the graph: filters, orderings, cursors, counts; of the organization or of a record."""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from domain.departments import Department
from domain.projects import Project
from domain.purchase_orders import PurchaseOrder
from domain.suppliers import Supplier
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.schema.conftest import Ask, public
from tests.usecases.orders import approved, done, drafted, pending
from usecases.purchase_orders import CreatePurchaseOrder

ORDERS = """query ($filter: PurchaseOrderFilter, $orderBy: PurchaseOrderOrder, $first: Int,
    $after: String) {
  purchaseOrders(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    totalCount nodes { id notes } edges { cursor node { id } }
    pageInfo { hasNextPage endCursor } } }"""


class Shelf(NamedTuple):
    """Four orders, told apart by their notes, and what the filters can ask for."""

    world: World
    supplier: Supplier
    department: Department
    project: Project
    orders: Mapping[str, PurchaseOrder]


@pytest.fixture
async def shelf(world: World, storage: SqlStorage, save: Save) -> Shelf:
    supplier, department, project = make.supplier(), make.department(), make.project()
    await save(supplier, department, project)
    twice = [make.line(quantity=Decimal(4), description="Toner for the printer")]
    theirs = CreatePurchaseOrder(
        **world.draft(notes="theirs", supplier_id=supplier.id, project_id=project.id)
    )
    orders = {
        "plain": await drafted(world, storage, notes="plain", department_id=department.id),
        "done": await approved(world, storage, notes="done", lines=twice),
        "theirs": await done(theirs, world, storage, world.approver),
        "waiting": await pending(world, storage),
    }
    return Shelf(world, supplier, department, project, orders)


ALL = ["waiting", "theirs", "done", "plain"]
FILTERS: list[tuple[Callable[[Shelf], dict[str, Any]], list[str]]] = [
    (lambda _: {}, ALL),
    (lambda _: {"status": ["DRAFT"]}, ["theirs", "plain"]),
    (lambda _: {"status": ["APPROVED", "PENDING_APPROVAL"]}, ["waiting", "done"]),
    (lambda _: {"status": []}, []),
    (lambda _: {"status": None}, ALL),
    (lambda s: {"supplierId": public(s.supplier)}, ["theirs"]),
    (lambda s: {"departmentId": public(s.department)}, ["plain"]),
    (lambda s: {"projectId": public(s.project)}, ["theirs"]),
    (lambda s: {"createdById": public(s.world.approver)}, ["theirs"]),
    (lambda s: {"awaitingUserId": public(s.world.approver)}, ["waiting"]),
    (lambda s: {"awaitingUserId": public(s.world.buyer)}, []),
    (lambda s: {"createdFrom": moment(s, "theirs")}, ["waiting", "theirs"]),
    (lambda s: {"createdBefore": moment(s, "theirs")}, ["done", "plain"]),
    (lambda _: {"createdFrom": "0001-01-01T00:00:00Z"}, ALL),
    (
        lambda _: {"createdBefore": "9999-12-31T23:59:59-00:00"},
        ALL,
    ),
    (lambda _: {"minTotal": "46.00"}, ["done"]),
    (lambda _: {"maxTotal": 23}, ["waiting", "theirs", "plain"]),
    (lambda _: {"maxTotal": "1" + "0" * 38}, ALL),
    (lambda _: {"search": "TON"}, ["done"]),
    (lambda _: {"search": "printer toner"}, ["done"]),
    (lambda _: {"search": "toner paper"}, []),
    (lambda s: {"search": s.orders["plain"].number}, ["plain"]),
    (lambda _: {"search": ""}, ALL),
    (lambda _: {"search": "' & | ! :* \\ ("}, []),
    (
        lambda s: {
            "status": ["DRAFT", "APPROVED"],
            "supplierId": public(s.supplier),
            "createdById": public(s.world.approver),
            "minTotal": 1,
            "search": "theirs",
        },
        ["theirs"],
    ),
    (lambda s: {"supplierId": public(s.supplier), "status": ["APPROVED"]}, []),
]


def moment(shelf: Shelf, name: str) -> str:
    return shelf.orders[name].created_at.isoformat()


@pytest.mark.parametrize(("filter", "names"), FILTERS)
async def test_orders_are_filtered_and_counted(
    ask: Ask, shelf: Shelf, filter: Callable[[Shelf], dict[str, Any]], names: list[str]
) -> None:
    data = await ask(ORDERS, filter=filter(shelf))

    found = data["purchaseOrders"]
    wanted = [public(shelf.orders[name]) for name in names]
    assert [node["id"] for node in found["nodes"]] == wanted
    assert [edge["node"]["id"] for edge in found["edges"]] == wanted
    assert found["totalCount"] == len(names)
    assert found["pageInfo"]["hasNextPage"] is False


@pytest.mark.parametrize(
    ("order_by", "names"),
    [
        (None, ALL),
        ({}, ALL),
        ({"direction": "ASC"}, ["plain", "done", "theirs", "waiting"]),
        ({"field": "NUMBER", "direction": "ASC"}, ["plain", "done", "theirs", "waiting"]),
        ({"field": "NUMBER"}, ALL),
        ({"field": "UPDATED_AT", "direction": "ASC"}, ["plain", "done", "theirs", "waiting"]),
        ({"field": "TOTAL", "direction": "ASC"}, ["plain", "theirs", "waiting", "done"]),
        ({"field": "TOTAL", "direction": "DESC"}, ["done", "waiting", "theirs", "plain"]),
    ],
)
async def test_orders_are_sorted_and_paged_through(
    ask: Ask, shelf: Shelf, order_by: Any, names: list[str]
) -> None:
    """Three of the four totals are equal: a cursor still loses and repeats nothing."""
    pages, after = [], None
    for _ in range(4):
        data = await ask(ORDERS, orderBy=order_by, first=1, after=after)
        page = data["purchaseOrders"]
        [edge] = page["edges"]
        assert page["totalCount"] == 4
        assert edge["cursor"] == page["pageInfo"]["endCursor"]
        after = page["pageInfo"]["endCursor"]
        pages.append((edge["node"]["id"], page["pageInfo"]["hasNextPage"]))
    beyond = (await ask(ORDERS, orderBy=order_by, first=1, after=after))["purchaseOrders"]

    more = [True, True, True, False]
    assert pages == [(public(shelf.orders[n]), m) for n, m in zip(names, more, strict=True)]
    assert beyond["nodes"] == []
    assert beyond["pageInfo"] == {"hasNextPage": False, "endCursor": None}


@pytest.mark.parametrize("first", [0, -1, 101, 2**31 - 1])
async def test_pages_have_a_sensible_size(refused: Ask, first: int) -> None:
    [error] = await refused("query ($n: Int) { suppliers(first: $n) { totalCount } }", n=first)

    assert error["message"] == "first is between 1 and 100"
    assert error["path"] == ["suppliers"]
    assert error["extensions"] == {"code": "VALIDATION", "argument": ["first"]}


def cursor(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()


ID = "0190163d-8694-739b-aea5-966c26f8ad91"


@pytest.mark.parametrize(
    "after",
    [
        "",
        "x",
        "é",
        cursor("{}"),
        cursor("[]"),
        cursor("5"),
        cursor("[" * 5000),
        cursor(f'["name.id", "Office", "{ID}"]'),  # of another list
        cursor(f'["created_at.id", "2026-01-01T00:00:00", "{ID}"]'),
        cursor(f'["created_at.id", 5, "{ID}"]'),
        cursor('["created_at.id", "2026-01-01T00:00:00Z", 5]'),
        cursor('["created_at.id", "2026-01-01T00:00:00Z"]'),
        cursor('["created_at.id", "2026-01-01T00:00:00Z", null]'),
    ],
)
async def test_only_cursors_of_the_list_go_on(refused: Ask, after: str) -> None:
    [error] = await refused(ORDERS, after=after)

    assert error["message"] == "no cursor of this list"
    assert error["extensions"] == {"code": "VALIDATION", "argument": ["after"]}


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999999", "-1e999999", "x", ""])
async def test_cursors_hold_sensible_numbers(refused: Ask, number: str) -> None:
    by_total = {"field": "TOTAL"}
    after = cursor(f'["total_amount.id", "{number}", "{ID}"]')

    [error] = await refused(ORDERS, orderBy=by_total, after=after)

    assert error["message"] == "no cursor of this list"


async def test_a_cursor_may_stand_beyond_every_total(ask: Ask, shelf: Shelf) -> None:
    after = cursor(f'["total_amount.id", "{10**30}", "{ID}"]')

    data = await ask(ORDERS, orderBy={"field": "TOTAL"}, after=after)

    assert len(data["purchaseOrders"]["nodes"]) == len(shelf.orders)


@pytest.mark.parametrize("text", ["a\\u0000b", "\\ud800"])
async def test_cursors_hold_text_that_can_be_compared(refused: Ask, text: str) -> None:
    after = cursor(f'["number", "{text}"]')

    [error] = await refused(ORDERS, orderBy={"field": "NUMBER"}, after=after)

    assert error["message"] == "no cursor of this list"


@pytest.mark.parametrize(
    "root",
    [
        "suppliers",
        "departments",
        "projects",
        "users",
        "roles",
        "approvalWorkflows",
        "apiCredentials",
        "purchaseOrders",
    ],
)
async def test_every_list_is_paged_through(
    ask: Ask, world: World, storage: SqlStorage, save: Save, root: str
) -> None:
    await save(*(make.supplier(name=f"Supplier {n}") for n in range(4)))
    await save(*(make.department() for _ in range(4)), *(make.project() for _ in range(4)))
    await save(*(make.role() for _ in range(4)), *(make.user() for _ in range(3)))
    await save(*(make.approval_workflow(make.step(world.approver.id)) for _ in range(5)))
    for _ in range(5):
        await drafted(world, storage)
        await make_credential(ask, world)
    document = f"""query ($first: Int, $after: String) {{ {root}(first: $first, after: $after) {{
      totalCount nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }}"""

    found: list[str] = []
    after, sizes = None, []
    while True:
        page = (await ask(document, first=2, after=after))[root]
        assert page["totalCount"] == 5
        found += [node["id"] for node in page["nodes"]]
        sizes.append(len(page["nodes"]))
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    everything = (await ask(document))[root]
    assert sizes == [2, 2, 1]
    assert found == [node["id"] for node in everything["nodes"]]
    assert len({*found}) == 5


async def make_credential(ask: Ask, world: World) -> None:
    await ask(
        """mutation ($input: ApiCredentialCreateInput!) {
          apiCredentialCreate(input: $input) { errors { message } } }""",
        input={"userId": public(world.buyer), "name": "A program"},
    )
