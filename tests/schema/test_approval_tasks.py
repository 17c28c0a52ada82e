"""One inbox over everything that waits for an approver."""

from typing import Any

import pytest

from domain.approvals.conditions import DocumentType
from domain.approvals.steps import StepRule
from domain.callers import Permission
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.schema.conftest import Ask, public
from tests.usecases.invoices import submitted as submitted_invoice
from tests.usecases.orders import done, drafted, pending
from usecases.purchase_orders import ApprovePurchaseOrder, SubmitPurchaseOrder

INBOX = """query ($first: Int, $after: String, $filter: ApprovalTaskFilter) { viewer {
  approvals(first: $first, after: $after, filter: $filter) { totalCount
    nodes { documentType step name role round rule dueAt onBehalfOf { id }
      document { __typename id number total { amount } createdBy { id } } }
    pageInfo { hasNextPage endCursor } } } }"""


async def inbox(ask: Ask, world: World, **arguments: Any) -> Any:
    arguments = {"as_": world.caller(world.approver)} | arguments
    return (await ask(INBOX, **arguments))["viewer"]["approvals"]


def ids(page: Any) -> list[str]:
    return [task["document"]["id"] for task in page["nodes"]]


async def both(world: World, storage: SqlStorage, save: Save) -> list[Any]:
    """An order and an invoice that wait for the approver, the order for longer."""
    step = make.step(world.approver.id, "Check", rule=StepRule.ALL)
    kind = DocumentType.PURCHASE_INVOICE
    await save(make.approval_workflow(step, document_type=kind))
    order = await pending(world, storage)
    return [order, await submitted_invoice(world, storage)]


async def test_orders_and_invoices_wait_in_one_list(
    ask: Ask, world: World, storage: SqlStorage, save: Save
) -> None:
    order, invoice = await both(world, storage, save)

    page = await inbox(ask, world)

    assert page["totalCount"] == 2
    shown = {"step": 1, "round": 1, "dueAt": None, "onBehalfOf": None}
    creator = {"id": public(world.buyer)}
    assert page["nodes"] == [
        shown
        | {
            "documentType": "PURCHASE_ORDER",
            "name": "Decision",
            "role": "Decision",
            "rule": "ANY",
            "document": {
                "__typename": "PurchaseOrder",
                "id": public(order),
                "number": order.number,
                "total": {"amount": "23.00"},
                "createdBy": creator,
            },
        },
        shown
        | {
            "documentType": "PURCHASE_INVOICE",
            "name": "Check",
            "role": "Check",
            "rule": "ALL",
            "document": {
                "__typename": "PurchaseInvoice",
                "id": public(invoice),
                "number": invoice.number,
                "total": {"amount": "23.00"},
                "createdBy": creator,
            },
        },
    ]


async def test_it_is_filtered_by_kind(
    ask: Ask, world: World, storage: SqlStorage, save: Save
) -> None:
    order, invoice = await both(world, storage, save)

    for kind, document in (("PURCHASE_ORDER", order), ("PURCHASE_INVOICE", invoice)):
        page = await inbox(ask, world, filter={"documentTypes": [kind]})

        assert (page["totalCount"], ids(page)) == (1, [public(document)])


async def test_the_longest_waiting_comes_first_page_by_page(
    ask: Ask, world: World, storage: SqlStorage
) -> None:
    orders = [await pending(world, storage) for _ in range(5)]
    found: list[str] = []
    after: str | None = None
    for expected in (True, True, False):
        page = await inbox(ask, world, first=2, after=after)
        found += ids(page)
        after = page["pageInfo"]["endCursor"]
        assert page["pageInfo"]["hasNextPage"] is expected
        assert page["totalCount"] == 5

    assert found == [public(order) for order in orders]


async def test_only_what_waits_for_oneself_now_is_shown(
    ask: Ask, world: World, storage: SqlStorage, save: Save
) -> None:
    """Not what waits for an earlier step, nor what is decided, nor what is handed on."""
    chief, deputy = (make.user(role_ids=[world.role.id]) for _ in range(2))
    await save(chief, deputy)
    order = await pending(world, storage, world.approver.id, chief.id)

    assert ids(await inbox(ask, world)) == [public(order)]
    assert ids(await inbox(ask, world, as_=world.caller(chief))) == []
    await save(make.delegation(chief, deputy))
    await done(ApprovePurchaseOrder(id=order.id), world, storage, world.approver)

    assert ids(await inbox(ask, world)) == []
    assert ids(await inbox(ask, world, as_=world.caller(chief))) == []
    [task] = (await inbox(ask, world, as_=world.caller(deputy)))["nodes"]
    assert task["onBehalfOf"] == {"id": public(chief)}


async def test_nothing_of_another_organization_is_shown(
    ask: Ask, world: World, other_world: World, storage: SqlStorage
) -> None:
    await pending(other_world, storage)

    page = await inbox(ask, world, as_=make.caller(world.organization.id, other_world.approver.id))

    assert page == {
        "totalCount": 0,
        "nodes": [],
        "pageInfo": {"hasNextPage": False, "endCursor": None},
    }


async def test_documents_take_the_permission_to_read_their_kind(
    refused: Ask, world: World, storage: SqlStorage, save: Save
) -> None:
    await both(world, storage, save)
    no_invoices = frozenset(Permission) - {Permission.PURCHASE_INVOICES_READ}

    [error] = await refused(INBOX, as_=world.caller(world.approver, permissions=no_invoices))

    assert error["path"] == ["viewer", "approvals", "nodes", 1, "document"]
    assert error["extensions"] == {"code": "FORBIDDEN"}


@pytest.mark.parametrize("orders", [1, 6])
async def test_a_page_takes_the_same_statements_whatever_its_size(
    ask: Ask,
    world: World,
    storage: SqlStorage,
    save: Save,
    statements: list[str],
    orders: int,
) -> None:
    """The tasks, their number, the orders, the invoices, the creators."""
    await both(world, storage, save)
    for _ in range(orders - 1):
        order = await drafted(world, storage)
        await done(SubmitPurchaseOrder(id=order.id), world, storage)
    statements.clear()

    page = await inbox(ask, world)

    assert len(page["nodes"]) == orders + 1
    assert len(statements) == 5
