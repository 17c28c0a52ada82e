"""What is done in the graph shows in Waqti's answers (W-25, W-53, W-74, W-77)."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette
from starlette.middleware import Middleware

from domain.callers import Channel
from domain.users import User
from persistence.storage import SqlStorage
from rest.kit import mount
from rest.waqti import ENDPOINTS, WAQTI
from schema.kit.ids import to_public
from server.bells import EventBell
from server.gate import CredentialGate
from server.graphql import GraphQLEndpoint
from server.logs import RequestLog
from server.operations import Operations
from server.streams import Streams
from tests import make
from tests.conftest import Save, World
from tests.rest.conftest import HOST, new_client
from tests.rest.waqti.samples import INK, PAPER, actions, created, data, error, shown, submitted
from tests.schema.conftest import mutating
from tests.server.clocks import Clock
from tests.server.gates import issued

ORDER = """query ($id: String!) {
  nodeByLegacyId(channel: WAQTI, resource: "purchase-orders", id: $id) {
    ... on PurchaseOrder { id lines { id quantity } } } }"""
INVOICE = """query ($id: String!) {
  nodeByLegacyId(channel: WAQTI, resource: "invoices", id: $id) { id } }"""

SignIn = Callable[[User], Awaitable[httpx.AsyncClient]]


def served(storage: SqlStorage, engine: AsyncEngine, url: str, clock: Clock) -> Starlette:
    """Waqti and the graph behind one gate, as the server has them."""
    gate = CredentialGate(engine, url, clock=clock)
    operations = Operations(storage, EventBell(url))
    graph = GraphQLEndpoint(operations, gate, Streams(), explorer=False)
    routes = [*mount(WAQTI, ENDPOINTS, storage, gate), *graph.routes()]
    return Starlette(routes=routes, middleware=[Middleware(RequestLog)])


@pytest.fixture
async def sign_in(
    storage: SqlStorage, engine: AsyncEngine, database_url: str, world: World
) -> AsyncIterator[SignIn]:
    """A client with a Waqti token of this user, which opens the graph as well."""
    app = served(storage, engine, database_url, Clock(datetime(2030, 1, 15, 10, tzinfo=UTC)))
    clients: list[httpx.AsyncClient] = []

    async def sign_in(user: User) -> httpx.AsyncClient:
        credential = await issued(storage, world, user, dialect=Channel.WAQTI)
        clients.append(new_client(app, credential.secret))
        return clients[-1]

    yield sign_in
    for client in clients:
        await client.aclose()


@pytest.fixture
async def buyer(sign_in: SignIn, world: World) -> httpx.AsyncClient:
    return await sign_in(world.buyer)


@pytest.fixture
async def approver(sign_in: SignIn, world: World) -> httpx.AsyncClient:
    return await sign_in(world.approver)


async def graph(client: httpx.AsyncClient, document: str, **variables: Any) -> httpx.Response:
    body = {"query": document, "variables": variables}
    return await client.post(f"{HOST}/graphql", json=body)


async def found(client: httpx.AsyncClient, document: str, id: int) -> Any:
    answer = (await graph(client, document, id=str(id))).json()
    return answer["data"]["nodeByLegacyId"]


async def does(client: httpx.AsyncClient, mutation: str, **input: Any) -> None:
    """One mutation, which must go through."""
    answer = (await graph(client, mutating(mutation), input=input)).json()
    assert answer["data"][mutation]["errors"] == []


async def test_w25_the_graph_draws_on_the_same_budget(
    buyer: httpx.AsyncClient, world: World, owner: asyncpg.Connection
) -> None:
    statement = "UPDATE organizations SET plan = 'BASIC' WHERE id = $1"
    await owner.execute(statement, world.organization.id)
    small = "{ viewer { user { name } } }"
    large = " ".join(f"a{n}: viewer {{ user {{ id name email }} }}" for n in range(48))

    answers = [
        await buyer.get("/vendors"),
        await graph(buyer, small),
        await graph(buyer, f"{{ {large} }}"),  # 240 fields: as much as three requests
        await buyer.get("/vendors"),
    ]
    remaining = [answer.headers["x-ratelimit-remaining"] for answer in answers]
    rest = [await graph(buyer, small) for _ in range(54)]

    assert [answer.status_code for answer in answers] == [200] * 4
    assert remaining == ["59", "58", "55", "54"]
    assert {answer.status_code for answer in rest} == {200}
    error(await buyer.get("/vendors"), 429, "RATE_LIMITED")
    assert (await graph(buyer, small)).status_code == 429


async def invoiced(
    client: httpx.AsyncClient, approver: httpx.AsyncClient, world: World, order: Any
) -> int:
    """Received in full, invoiced, and the invoice approved; the invoice's id."""
    node = await found(client, ORDER, order["id"])
    lines = [{"orderLineId": x["id"], "accepted": x["quantity"]} for x in node["lines"]]
    items = [
        sample | {"po_item_id": item["id"]}
        for sample, item in zip([PAPER, INK], order["items"], strict=True)
    ]
    body = {
        "vendor_id": world.supplier.waqti_id,
        "purchase_order_id": order["id"],
        "vendor_invoice_number": "ABC-77",
        "invoice_date": "2026-01-31",
        "items": items,
    }
    await does(client, "goodsReceiptCreate", purchaseOrderId=node["id"], lines=lines, post=True)
    entered = data(await client.post("/invoices", json=body), 201)
    invoice = await found(client, INVOICE, entered["id"])
    await does(client, "purchaseInvoiceSubmit", id=invoice["id"])
    await does(approver, "purchaseInvoiceApprove", id=invoice["id"])
    return int(entered["id"])


async def test_w53_an_order_that_is_received_and_invoiced_in_full_is_completed(
    buyer: httpx.AsyncClient, approver: httpx.AsyncClient, world: World
) -> None:
    order = await submitted(buyer, world)
    before = await shown(buyer, order["id"])

    invoice_id = await invoiced(buyer, approver, world, order)

    after = await shown(buyer, order["id"])
    assert (before["status"], after["status"]) == ("approved", "completed")
    assert [action for action, _ in actions(after)][-3:] == ["received", "invoiced", "completed"]
    [listed] = data(await buyer.get("/purchase-orders?status=completed"))
    assert listed["id"] == order["id"]
    assert data(await buyer.get(f"/invoices/{invoice_id}"))["status"] == "approved"
    error(await buyer.post(f"/purchase-orders/{order['id']}/cancel"), 422, "INVALID_STATUS")


@pytest.mark.usefixtures("one_step")
async def test_w77_a_budget_is_reserved_committed_released_and_spent(
    buyer: httpx.AsyncClient, approver: httpx.AsyncClient, save: Save, world: World
) -> None:
    await save(make.budget(world.department.id, allocated_amount=Decimal(7000)))

    async def now() -> list[Any]:
        budget = data(await buyer.get("/budgets/1"))
        return [budget[f"{sum}_amount"] for sum in ("committed", "spent", "available")]

    rejected = await submitted(buyer, world)
    reserved = await now()
    second = await created(buyer, world)
    no_room = await buyer.post(f"/purchase-orders/{second['id']}/submit")
    path = f"/purchase-orders/{rejected['id']}"
    data(await approver.post(f"{path}/reject", json={"reason": "later"}))
    data(await buyer.post(f"/purchase-orders/{second['id']}/submit"))
    data(await approver.post(f"/purchase-orders/{second['id']}/approve"))
    committed = await now()
    data(await buyer.post(f"/purchase-orders/{second['id']}/cancel"))
    released = await now()
    third = await submitted(buyer, world)
    data(await approver.post(f"/purchase-orders/{third['id']}/approve"))
    await invoiced(buyer, approver, world, third)

    error(no_room, 422, "BUDGET_EXCEEDED")
    assert reserved == released == [0, 0, 7000]
    assert committed == [6325, 0, 675]
    assert await now() == [0, 6325, 675]


@pytest.mark.usefixtures("one_step")
async def test_w74_an_order_whose_changes_were_requested_is_a_draft_again(
    buyer: httpx.AsyncClient, approver: httpx.AsyncClient, world: World
) -> None:
    order = await submitted(buyer, world)
    id = (await found(approver, ORDER, order["id"]))["id"]

    await does(approver, "purchaseOrderRequestChanges", id=id, comment="Which colour?")

    seen = await shown(buyer, order["id"])
    assert seen["status"] == "draft"
    assert actions(seen)[-1] == ("changes_requested", "Abe Approver")
    path = f"/purchase-orders/{order['id']}"
    changed = data(await buyer.put(path, json={"notes": "Blue, please."}))
    again = data(await buyer.post(f"{path}/submit"))
    assert changed["notes"] == "Blue, please."
    assert (again["status"], again["current_approval_step"]) == ("pending_approval", 1)
    assert data(await approver.post(f"{path}/approve"))["status"] == "approved"


@pytest.mark.usefixtures("one_step")
async def test_w74_whom_a_decision_was_delegated_to_decides(
    buyer: httpx.AsyncClient,
    approver: httpx.AsyncClient,
    sign_in: SignIn,
    save: Save,
    world: World,
) -> None:
    deputy = make.user("Dee Deputy", role_ids=[world.role.id])
    await save(deputy)
    order = await submitted(buyer, world)
    id = (await found(approver, ORDER, order["id"]))["id"]

    await does(approver, "purchaseOrderDelegate", id=id, toUserId=to_public("usr", deputy.id))

    seen = await shown(buyer, order["id"])
    assert [(a["step"], a["approver"], a["status"]) for a in seen["approvals"]] == [
        (1, "Dee Deputy", "pending")
    ]
    path = f"/purchase-orders/{order['id']}/approve"
    refused = error(await approver.post(path), 403, "FORBIDDEN")
    assert refused["message"] == "The current step does not wait for you."
    assert data(await (await sign_in(deputy)).post(path))["status"] == "approved"


@pytest.mark.usefixtures("one_step")
@pytest.mark.parametrize("action", ["request-changes", "delegate"])
async def test_w74_waqti_itself_offers_approval_and_rejection_alone(
    buyer: httpx.AsyncClient, approver: httpx.AsyncClient, world: World, action: str
) -> None:
    order = await submitted(buyer, world)

    error(await approver.post(f"/purchase-orders/{order['id']}/{action}"), 404, "NOT_FOUND")

    assert (await shown(buyer, order["id"]))["status"] == "pending_approval"
