"""Goods receipts through the graph: drafted, posted, reversed, and seen from their order."""

from typing import Any

import asyncpg
from strawberry.utils.str_converters import to_camel_case

from domain.callers import Permission
from domain.goods_receipts import LIFECYCLE
from persistence.storage import SqlStorage
from tests import make
from tests.conftest import World
from tests.persistence.contents import unchanged
from tests.schema.conftest import Ask, public
from tests.usecases.orders import approved, done, drafted
from tests.usecases.receipts import of, receipt
from usecases.purchase_orders import CancelPurchaseOrder

NOWHERE = "0" * 32
WHOLE = """{ number status version receivedOn deliveryNote notes
  purchaseOrder { receiptStatus } supplier { name } createdBy { name }
  lines { position accepted rejected rejectionReason qualityNote unit orderLine { open } }
  postedAt postedBy { name } reversedAt reversedBy { name } reversalReason
  auditTrail { action } }"""


def line(order: Any, at: int = 0, **values: Any) -> dict[str, Any]:
    return {"orderLineId": public(order.lines[at]), "accepted": "1"} | values


async def test_a_receipt_is_drafted_with_everything(
    do: Ask, world: World, storage: SqlStorage
) -> None:
    order = await approved(world, storage, lines=[make.line(unit="ream")])
    given = {
        "purchaseOrderId": public(order),
        "receivedOn": "2026-01-03",
        "deliveryNote": "DN-9",
        "notes": "Ramp 2.",
        "lines": [
            line(order, rejected="0.5", rejectionReason="wet", qualityNote="Torn boxes."),
        ],
    }

    payload = await do("goodsReceiptCreate", given, WHOLE)

    assert payload["errors"] == []
    assert payload["goodsReceipt"] == {
        "number": None,
        "status": "DRAFT",
        "version": 1,
        "receivedOn": "2026-01-03",
        "deliveryNote": "DN-9",
        "notes": "Ramp 2.",
        "purchaseOrder": {"receiptStatus": "NONE"},
        "supplier": {"name": "Office Supplies Co."},
        "createdBy": {"name": "Bea Buyer"},
        "lines": [
            {
                "position": 1,
                "accepted": "1",
                "rejected": "0.5",
                "rejectionReason": "wet",
                "qualityNote": "Torn boxes.",
                "unit": "ream",
                "orderLine": {"open": "2"},
            }
        ],
        "postedAt": None,
        "postedBy": None,
        "reversedAt": None,
        "reversedBy": None,
        "reversalReason": None,
        "auditTrail": [{"action": "goods_receipt.created"}],
    }


async def test_a_receipt_is_updated_posted_and_reversed(
    do: Ask, world: World, storage: SqlStorage
) -> None:
    order = await approved(world, storage)
    id = public(await receipt(order, world, storage))

    update = {"id": id, "expectedVersion": 1, "lines": [line(order, accepted="2")]}
    updated = await do("goodsReceiptUpdate", update, "{ version lines { accepted } }")
    assert updated["goodsReceipt"] == {"version": 2, "lines": [{"accepted": "2"}]}

    posted = await do("goodsReceiptPost", {"id": id}, WHOLE)
    assert posted["errors"] == []
    assert posted["goodsReceipt"]["number"].startswith("GR-")
    assert posted["goodsReceipt"]["postedBy"] == {"name": "Bea Buyer"}
    assert posted["goodsReceipt"]["purchaseOrder"] == {"receiptStatus": "COMPLETE"}
    assert posted["goodsReceipt"]["lines"][0]["orderLine"] == {"open": "0"}

    reverse = {"id": id, "reason": "Other lorry."}
    reversed = await do("goodsReceiptReverse", reverse, WHOLE, as_=world.caller(world.approver))
    assert reversed["goodsReceipt"]["reversalReason"] == "Other lorry."
    assert reversed["goodsReceipt"]["reversedBy"] == {"name": "Abe Approver"}
    assert reversed["goodsReceipt"]["purchaseOrder"] == {"receiptStatus": "NONE"}
    assert [entry["action"] for entry in reversed["goodsReceipt"]["auditTrail"]] == [
        *("goods_receipt.created", "goods_receipt.updated"),
        *("goods_receipt.posted", "goods_receipt.reversed"),
    ]


async def test_a_draft_is_deleted(ask: Ask, do: Ask, world: World, storage: SqlStorage) -> None:
    id = public(await receipt(await approved(world, storage), world, storage))

    payload = await do("goodsReceiptDelete", {"id": id})

    assert payload == {"errors": [], "goodsReceipt": None}
    data = await ask("query ($id: ID!) { goodsReceipt(id: $id) { id } }", id=id)
    assert data["goodsReceipt"] is None


async def test_a_dry_run_shows_what_posting_would_do_and_keeps_nothing(
    do: Ask, world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    order = await approved(world, storage)
    id = public(await receipt(order, world, storage))

    async with unchanged(owner, world):
        payload = await do(
            "goodsReceiptPost",
            {"id": id},
            "{ status purchaseOrder { receiptStatus } supplier { performanceScore } }",
            dryRun=True,
        )

    assert payload["goodsReceipt"] == {
        "status": "POSTED",
        "purchaseOrder": {"receiptStatus": "PARTIAL"},
        "supplier": {"performanceScore": "100"},
    }


async def test_p_14_what_was_received_and_rejected_can_be_said_in_one_go(
    do: Ask, world: World, storage: SqlStorage
) -> None:
    order = await approved(world, storage, lines=[make.line(), make.line()])
    lines = [line(order, accepted="2"), line(order, 1, rejected="1", rejectionReason="wet")]

    payload = await do(
        "goodsReceiptCreate",
        {"purchaseOrderId": public(order), "lines": lines, "post": True},
        "{ status purchaseOrder { receiptStatus lines { accepted rejected open } } }",
    )

    assert payload["errors"] == []
    assert payload["goodsReceipt"] == {
        "status": "POSTED",
        "purchaseOrder": {
            "receiptStatus": "PARTIAL",
            "lines": [
                {"accepted": "2", "rejected": "0", "open": "0"},
                {"accepted": "1", "rejected": "1", "open": "1"},
            ],
        },
    }


async def test_what_is_wrong_is_named_by_its_place(
    do: Ask, world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    order, other = await approved(world, storage), await approved(world, storage)
    id = public(order)

    async def errors(*lines: Any, **more: Any) -> list[tuple[str, str, Any]]:
        given = {"purchaseOrderId": id, "lines": lines} | more
        payload = await do("goodsReceiptCreate", given)
        return [(e["code"], e["message"], e["path"]) for e in payload["errors"]]

    async with unchanged(owner, world):
        assert await errors(line(order, rejected="1")) == [
            ("VALIDATION", "this must not be empty", ["lines", "0", "rejectionReason"])
        ]
        assert await errors(line(order), line(other), line(order)) == [
            ("VALIDATION", "this order has no such line", ["lines", "1", "orderLineId"]),
            ("VALIDATION", "this line is on the receipt already", ["lines", "2", "orderLineId"]),
        ]
        assert await errors(line(order, accepted="3"), post=True) == [
            (
                "VALIDATION",
                "line 1, Printer paper: 2 can still be delivered, not 3",
                ["lines", "0"],
            )
        ]


async def test_transitions_look_at_the_order_too(
    ask: Ask, world: World, storage: SqlStorage
) -> None:
    order = await approved(world, storage)
    draft = await receipt(order, world, storage)
    document = """query ($id: ID!) { goodsReceipt(id: $id) {
      transitions { name allowed requiredInput blockers { code message } } } }"""

    async def transitions(**asked: Any) -> dict[str, Any]:
        data = await ask(document, id=public(draft), **asked)
        return {t["name"]: t for t in data["goodsReceipt"]["transitions"]}

    shown = await transitions()
    assert [*shown] == [*map(to_camel_case, LIFECYCLE.moves)]
    assert {name for name, t in shown.items() if t["allowed"]} == {"update", "delete", "post"}
    assert shown["reverse"]["requiredInput"] == ["reason"]

    reader = world.caller(permissions=frozenset({Permission.GOODS_RECEIPTS_READ}))
    assert not any(t["allowed"] for t in (await transitions(as_=reader)).values())

    await done(CancelPurchaseOrder(id=order.id), world, storage)
    assert (await transitions())["post"]["blockers"] == [
        {
            "code": "INVALID_TRANSITION",
            "message": "only approved orders are received and billed: this one is cancelled",
        }
    ]


async def test_an_order_says_that_it_cannot_be_cancelled_any_more(
    ask: Ask, world: World, storage: SqlStorage
) -> None:
    order = await approved(world, storage)
    await receipt(order, world, storage, post=True)

    data = await ask(
        """query ($id: ID!) { purchaseOrder(id: $id) { goodsReceipts { status }
             lines { accepted open } transitions { name blockers { code message } } } }""",
        id=public(order),
    )

    shown = data["purchaseOrder"]
    assert shown["goodsReceipts"] == [{"status": "POSTED"}]
    assert shown["lines"] == [{"accepted": "1", "open": "1"}]
    [blockers] = [t["blockers"] for t in shown["transitions"] if t["name"] == "cancel"]
    assert blockers == [
        {
            "code": "INVALID_TRANSITION",
            "message": "goods were received for this order: reverse their receipts first",
        }
    ]


async def test_the_trail_of_the_order_names_receipts_and_lines_by_their_global_ids(
    ask: Ask, world: World, storage: SqlStorage
) -> None:
    order = await approved(world, storage)
    posted = await receipt(order, world, storage, of(order, 1, 1), post=True)

    data = await ask(
        "query ($id: ID!) { purchaseOrder(id: $id) { auditTrail { action details } } }",
        id=public(order),
    )

    [details] = [
        entry["details"]
        for entry in data["purchaseOrder"]["auditTrail"]
        if entry["action"] == "purchase_order.received"
    ]
    assert details == {
        "receipt": public(posted),
        "lines": [{"id": public(order.lines[0]), "accepted": "1", "rejected": "1"}],
    }


async def test_another_organizations_orders_and_receipts_are_not_there(
    do: Ask, world: World, other_world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    order = await approved(other_world, storage)
    theirs = await receipt(order, other_world, storage)
    create = {"purchaseOrderId": public(order), "lines": [line(order)]}

    async with unchanged(owner, world), unchanged(owner, other_world):
        tried = [
            await do("goodsReceiptCreate", create),
            await do("goodsReceiptUpdate", {"id": public(theirs), "notes": "x"}),
            await do("goodsReceiptDelete", {"id": public(theirs)}),
            await do("goodsReceiptPost", {"id": public(theirs)}),
            await do("goodsReceiptReverse", {"id": public(theirs), "reason": "x"}),
            await do("goodsReceiptPost", {"id": f"gr_{NOWHERE}"}),
        ]

    assert [[e["code"] for e in payload["errors"]] for payload in tried] == [["NOT_FOUND"]] * 6
    assert [payload["goodsReceipt"] for payload in tried] == [None] * 6


async def test_only_approved_orders_are_received(
    do: Ask, world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    order = await drafted(world, storage)
    given = {"purchaseOrderId": public(order), "lines": [line(order)]}

    async with unchanged(owner, world):
        payload = await do("goodsReceiptCreate", given)

    assert [error["code"] for error in payload["errors"]] == ["INVALID_TRANSITION"]
    assert payload["goodsReceipt"] is None
