"""Purchase orders through the graph."""

from schema.kit.ids import to_public
from tests import make
from tests.conftest import Save, World
from tests.schema.conftest import Ask

CREATE = """mutation ($input: PurchaseOrderCreateInput!, $dryRun: Boolean = false) {
  purchaseOrderCreate(input: $input, dryRun: $dryRun) {
    errors { code message path }
    purchaseOrder { id number status version total { amount currency formatted }
      supplier { name } lines { description total { amount } } auditTrail { action } } } }"""
SUBMIT = """mutation ($id: ID!) { purchaseOrderSubmit(input: {id: $id}) {
  errors { code message path } purchaseOrder { status
    approvals { round step name status approver { name } } } } }"""


def draft(world: World, **values: object) -> dict[str, object]:
    return {
        "supplierId": to_public("sup", world.supplier.id),
        "departmentId": to_public("dep", world.department.id),
        "lines": [
            {"description": "Paper", "quantity": "100", "unitPrice": "25.00", "vatRate": "15"}
        ],
    } | values


async def test_an_order_is_created_and_read_back(ask: Ask, world: World) -> None:
    data = await ask(CREATE, input=draft(world))

    payload = data["purchaseOrderCreate"]
    order = payload["purchaseOrder"]
    assert payload["errors"] == []
    assert order["status"] == "DRAFT"
    assert order["total"] == {
        "amount": "2875.00",
        "currency": "SAR",
        "formatted": "SAR\N{NO-BREAK SPACE}2,875.00",
    }
    assert order["supplier"] == {"name": "Office Supplies Co."}
    assert order["lines"] == [{"description": "Paper", "total": {"amount": "2875.00"}}]
    assert order["auditTrail"] == [{"action": "purchase_order.created"}]


async def test_a_dry_run_shows_what_would_be_and_keeps_nothing(ask: Ask, world: World) -> None:
    data = await ask(CREATE, input=draft(world), dryRun=True)
    left = await ask("{ purchaseOrders { totalCount nodes { id } } }")

    assert data["purchaseOrderCreate"]["purchaseOrder"]["total"]["amount"] == "2875.00"
    assert left["purchaseOrders"] == {"totalCount": 0, "nodes": []}


async def test_submitting_asks_the_approvers(ask: Ask, world: World, save: Save) -> None:
    await save(make.approval_workflow(make.step(world.approver.id, "Head")))
    created = await ask(CREATE, input=draft(world))
    id = created["purchaseOrderCreate"]["purchaseOrder"]["id"]

    data = await ask(SUBMIT, id=id)

    assert data["purchaseOrderSubmit"] == {
        "errors": [],
        "purchaseOrder": {
            "status": "PENDING_APPROVAL",
            "approvals": [
                {
                    "round": 1,
                    "step": 1,
                    "name": "Head",
                    "status": "PENDING",
                    "approver": {"name": "Abe Approver"},
                }
            ],
        },
    }
