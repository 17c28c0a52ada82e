"""Records by their global ids, or by the ids of older systems; who is asking."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from domain.callers import Permission
from domain.webhook_endpoints import WebhookEndpoint
from persistence.organizations import inside
from persistence.storage import SqlStorage
from persistence.subscriptions import expand
from schema.kit.ids import to_public
from schema.kit.views import KINDS
from schema.nodes import RESOURCES
from tests import make
from tests.conftest import Save, World, keep
from tests.domain import catalogue
from tests.schema.conftest import Ask, public, run_operation
from tests.usecases.customers import customers
from tests.usecases.invoices import entered
from tests.usecases.orders import drafted, pending
from tests.usecases.receipts import receipt
from tests.usecases.served import served
from usecases.api_credentials import CreateApiCredential
from usecases.kit import run
from usecases.purchase_orders import SubmitPurchaseOrder

NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
LEGACY = """query ($channel: Channel!, $resource: String!, $id: String!) {
  nodeByLegacyId(channel: $channel, resource: $resource, id: $id) { __typename id } }"""
TYPES = {
    "po": "PurchaseOrder",
    "pol": "PurchaseOrderLine",
    "sup": "Supplier",
    "dep": "Department",
    "prj": "Project",
    "usr": "User",
    "rol": "Role",
    "org": "Organization",
    "wfl": "ApprovalWorkflow",
    "dlg": "Delegation",
    "key": "ApiCredential",
    "prc": "Procurement",
    "gr": "GoodsReceipt",
    "pin": "PurchaseInvoice",
    "pil": "PurchaseInvoiceLine",
    "bud": "Budget",
    "svc": "ServiceDefinition",
    "pkg": "Package",
    "cpn": "Coupon",
    "whk": "WebhookEndpoint",
    "whd": "WebhookDelivery",
    "cli": "Client",
    "com": "Company",
    "wkr": "Worker",
    "con": "ConnectionRequest",
    "dty": "ComplianceDocumentType",
    "doc": "ComplianceDocument",
    "cal": "BusinessCalendar",
    "so": "ServiceOrder",
    "sos": "ServiceOrderStep",
    "sub": "PackageSubscription",
    "alo": "Allocation",
    "quo": "Quotation",
    "qol": "QuotationLine",
    "sin": "SalesInvoice",
}


@pytest.fixture
async def ids(world: World, storage: SqlStorage) -> dict[str, str]:
    """The global id of one record of every kind, by its prefix."""
    return await ids_of(world, storage)


async def ids_of(world: World, storage: SqlStorage) -> dict[str, str]:
    approved = await drafted(world, storage)
    await run(SubmitPurchaseOrder(id=approved.id), world.caller(), storage)
    received = await receipt(approved, world, storage)
    order = await pending(world, storage)
    workflow = make.approval_workflow(make.step(world.approver.id))
    delegation = make.delegation(world.approver, world.buyer)
    await keep(storage, world.caller(), workflow, delegation)
    issue = CreateApiCredential(user_id=world.buyer.id, name="A program")
    credential = (await run(issue, world.caller(), storage)).record
    records: list[Any] = [order, order.lines[0], world.supplier, world.department, world.project]
    records += [world.buyer, world.role, world.organization, workflow, credential, delegation]
    invoice = await entered(world, storage, approved)
    records += [received, invoice, invoice.lines[0]]
    budget, endpoint = make.budget(world.department.id), make.webhook_endpoint()
    await keep(storage, world.caller(), budget, endpoint)
    service, coupon = catalogue.service(), catalogue.coupon()
    package = catalogue.package(service.id)
    await keep(storage, world.caller(), service, package, coupon)
    records += [service, package, coupon]
    records += [budget, endpoint, *await customers(world, storage)]
    records += await served(world, storage, package)
    of_rows = {"prc": approved.id, "whd": await delivery_of(endpoint, world, storage)}
    return {prefix: to_public(prefix, id) for prefix, id in of_rows.items()} | {
        record.prefix: public(record) for record in records
    }


async def delivery_of(endpoint: WebhookEndpoint, world: World, storage: SqlStorage) -> UUID:
    """The first of an endpoint that hears of everything there was."""
    async with inside(storage._engine, world.organization.id) as connection:
        await expand(connection, datetime.now(UTC))
    reads = storage.reads(world.caller())
    page = (await reads.webhook_deliveries.by_endpoint_ids([endpoint.id], first=1))[endpoint.id]
    await reads.close()
    return page.nodes[0].id


def test_every_kind_is_covered() -> None:
    """Ids of customers are those of companies and clients, too."""
    assert TYPES.keys() == KINDS.keys() - {"cus"}


@pytest.mark.parametrize("prefix", TYPES)
async def test_a_node_of_every_kind_is_found(ask: Ask, ids: dict[str, str], prefix: str) -> None:
    data = await ask(NODE, id=ids[prefix])

    assert data["node"] == {"__typename": TYPES[prefix], "id": ids[prefix]}


async def test_several_nodes_come_in_the_order_asked_for(ask: Ask, ids: dict[str, str]) -> None:
    """One statement for each kind, however many ids of it there are."""
    unknown = "sup_" + "0" * 32
    wanted = [*ids.values(), unknown, *reversed(ids.values())]

    data = await ask(NODES, ids=wanted)

    found = [node and node["id"] for node in data["nodes"]]
    assert found == [id if id != unknown else None for id in wanted]


async def test_nodes_of_one_kind_cost_one_statement(
    ask: Ask, save: Save, statements: list[str]
) -> None:
    suppliers = [make.supplier() for _ in range(20)]
    await save(*suppliers)

    await ask(NODES, ids=[public(supplier) for supplier in suppliers])

    assert len(statements) == 1


MALFORMED = [
    "",
    "x",
    "sup",
    "sup_",
    "_",
    "sup_0",
    "sup_" + "g" * 32,
    "nope_" + "0" * 32,
    "sup_" + "0" * 33,
    "sup_" + "٣" * 32,
    "sup_{" + "0" * 30 + "}",
    "1" * 100_000,
]


@pytest.mark.parametrize("id", MALFORMED)
async def test_what_cannot_be_an_id_is_not_found(refused: Ask, id: str) -> None:
    for document in (NODE, "query ($id: ID!) { supplier(id: $id) { id } }"):
        [error] = await refused(document, id=id)

        assert error["message"] == f"no such id: {id[:64]}"
        assert error["extensions"] == {"code": "NOT_FOUND", "argument": ["id"]}
        assert len(error["path"]) == 1


async def test_an_id_of_another_kind_is_not_found(refused: Ask, world: World) -> None:
    id = public(world.supplier)

    [error] = await refused("query ($id: ID!) { purchaseOrder(id: $id) { id } }", id=id)

    assert error["message"] == f"no such id: {id}"
    assert error["path"] == ["purchaseOrder"]


async def test_one_bad_id_among_several_spoils_only_its_own_place(
    storage: SqlStorage, world: World
) -> None:
    id = public(world.supplier)
    without = world.caller(permissions=frozenset({Permission.SUPPLIERS_READ}))
    wanted = {"ids": [id, "x", public(world.buyer), id]}

    result = await run_operation(storage, without, NODES, wanted)

    here = {"__typename": "Supplier", "id": id}
    assert result.data == {"nodes": [here, None, None, here]}
    assert [(e.path, e.extensions["code"]) for e in result.errors] == [
        (["nodes", 1], "NOT_FOUND"),
        (["nodes", 2], "FORBIDDEN"),
    ]


async def test_no_more_nodes_than_a_hundred_at_once(refused: Ask) -> None:
    [error] = await refused(NODES, ids=["sup_" + "0" * 32] * 101)

    assert error["message"] == "at most 100 are possible"
    assert error["extensions"] == {"code": "VALIDATION", "argument": ["ids"]}


@pytest.mark.parametrize(("channel", "resource"), RESOURCES)
async def test_a_record_is_found_by_every_id_that_an_old_system_has_for_it(
    ask: Ask, ids: dict[str, str], channel: str, resource: str
) -> None:
    known = "query ($id: ID!) { node(id: $id) { ... on %s { legacyIds { channel id } } } }"
    _, prefix = RESOURCES[channel, resource]  # type: ignore[index]
    node = (await ask(known % TYPES[prefix], id=ids[prefix]))["node"]
    [old] = [each["id"] for each in node["legacyIds"] if each["channel"] == channel]

    data = await ask(LEGACY, channel=channel, resource=resource, id=old)

    assert data["nodeByLegacyId"] == {"__typename": TYPES[prefix], "id": ids[prefix]}


@pytest.mark.parametrize(
    "id", ["", "0", "-1", "x", "1.0", " 1", "٣", "999999999", str(2**63), "9" * 5000]
)
async def test_an_old_id_that_names_nothing_is_null(ask: Ask, id: str) -> None:
    data = await ask(LEGACY, channel="WAQTI", resource="vendors", id=id)

    assert data == {"nodeByLegacyId": None}


async def test_a_resource_that_no_old_system_has_is_refused(refused: Ask) -> None:
    [error] = await refused(LEGACY, channel="WISEDAT", resource="vendors", id="1")

    assert error["message"] == "WISEDAT knows these resources: suppliers"
    assert error["extensions"] == {"code": "VALIDATION", "argument": ["resource"]}


async def test_the_viewer_is_who_asks(ask: Ask, world: World) -> None:
    few = frozenset({Permission.SUPPLIERS_READ, Permission.PROJECTS_READ})

    data = await ask(
        """{ viewer { user { id name email roles { name } } permissions
             organization { id name plan baseCurrency timeZone vatRate } } }""",
        as_=world.caller(permissions=few | {Permission.USERS_READ}),
    )

    assert data["viewer"] == {
        "user": {
            "id": public(world.buyer),
            "name": "Bea Buyer",
            "email": world.buyer.email,
            "roles": [{"name": "Approver"}],
        },
        "permissions": ["PROJECTS_READ", "SUPPLIERS_READ", "USERS_READ"],
        "organization": {
            "id": public(world.organization),
            "name": "Test Trading",
            "plan": "ENTERPRISE",
            "baseCurrency": "SAR",
            "timeZone": "Asia/Riyadh",
            "vatRate": "15",
        },
    }


async def test_you_may_see_yourself_without_seeing_other_users(ask: Ask, world: World) -> None:
    nobody = world.caller(permissions=frozenset())

    data = await ask("{ viewer { user { name } organization { name } permissions } }", as_=nobody)

    assert data["viewer"] == {
        "user": {"name": "Bea Buyer"},
        "organization": {"name": "Test Trading"},
        "permissions": [],
    }


# Another organization's records


@pytest.mark.parametrize("prefix", TYPES)
async def test_another_organizations_ids_are_as_good_as_unknown(
    ask: Ask, other_world: World, storage: SqlStorage, prefix: str
) -> None:
    foreign = await ids_of(other_world, storage)
    roots = dict.fromkeys(
        ("pol", "pil", "org", "whd", "sos", "qol", "alo"), ""
    )  # found by node alone
    root = roots.get(prefix, TYPES[prefix][0].lower() + TYPES[prefix][1:])
    by_root = f"query ($id: ID!) {{ record: {root}(id: $id) {{ id }} }}" if root else NODE

    assert await ask(NODE, id=foreign[prefix]) == {"node": None}
    assert await ask(NODES, ids=[foreign[prefix]]) == {"nodes": [None]}
    assert [*(await ask(by_root, id=foreign[prefix])).values()] == [None]


async def test_another_organizations_old_ids_name_nothing(
    ask: Ask, world: World, other_world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    """Old ids count up in each organization: the other one must be ahead to show it."""
    for _ in range(3):
        await drafted(other_world, storage)
    query = "SELECT max(waqti_id) FROM purchase_orders WHERE organization_id = $1"
    theirs = await owner.fetchval(query, other_world.organization.id)

    data = await ask(LEGACY, channel="WAQTI", resource="purchase-orders", id=str(theirs))

    assert await owner.fetchval(query, world.organization.id) is None
    assert data == {"nodeByLegacyId": None}
