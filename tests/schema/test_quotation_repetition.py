"""Mutations of quotations: tried, sent again, and sent by somebody who is behind."""

import asyncpg

from persistence.storage import SqlStorage
from tests.conftest import World
from tests.persistence.contents import unchanged
from tests.schema.conftest import Ask, public
from tests.usecases.selling import accepted, buyer, line, quoted
from tests.usecases.services import offered


async def test_a_dry_run_shows_what_would_be_and_leaves_nothing(
    do: Ask, world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    customer, service = await buyer(world, storage), await offered(world, storage)
    draft = await quoted(world, storage, customer)
    agreed = await accepted(world, storage, customer, line(service), line())
    new = {
        "customerId": public(customer),
        "lines": [{"description": "Stamp", "quantity": "3", "unitPrice": "10"}],
    }

    async with unchanged(owner, world):
        made = await do("quotationCreate", new, "{ number total { amount } }", dryRun=True)
        sent = await do("quotationSend", {"id": public(draft)}, "{ status }", dryRun=True)
        gone = await do("quotationDelete", {"id": public(draft)}, dryRun=True)
        become = "{ status orders { total { amount } } invoices { total { amount } } }"
        converted = await do("quotationConvert", {"id": public(agreed)}, become, dryRun=True)
        refused = await do("quotationConvert", {"id": public(draft)}, dryRun=True)

    assert made["quotation"]["total"] == {"amount": "34.50"}
    assert (sent["quotation"], gone) == ({"status": "SENT"}, {"errors": [], "quotation": None})
    assert converted["quotation"] == {
        "status": "CONVERTED",
        "orders": [{"total": {"amount": "92.00"}}] * 2,
        "invoices": [{"total": {"amount": "184.00"}}],
    }
    assert [error["code"] for error in refused["errors"]] == ["INVALID_TRANSITION"]


async def test_the_same_key_does_the_same_once(
    do: Ask, world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    customer, service = await buyer(world, storage), await offered(world, storage)
    agreed = await accepted(world, storage, customer, line(service))
    new, convert = {"customerId": public(customer)}, {"id": public(agreed)}
    become = "{ status orders { number } }"

    first = await do("quotationCreate", new, key="crm-1")
    done_first = await do("quotationConvert", convert, become, key="crm-2")
    async with unchanged(owner, world):
        again = await do("quotationCreate", new, key="crm-1")
        done_again = await do("quotationConvert", convert, become, key="crm-2")
        other = await do("quotationCreate", new | {"notes": "other"}, key="crm-1")

    assert (again, done_again) == (first, done_first)
    assert len(done_again["quotation"]["orders"]) == 2
    assert [error["code"] for error in other["errors"]] == ["IDEMPOTENCY_MISMATCH"]


async def test_whoever_is_behind_is_told_how_it_is_now(
    do: Ask, world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    quotation = await quoted(world, storage, await buyer(world, storage))
    await do("quotationSend", {"id": public(quotation), "expectedVersion": 1})

    async with unchanged(owner, world):
        for verb in ("Update", "Delete", "Accept", "Decline", "Withdraw", "Convert"):
            given = {"id": public(quotation), "expectedVersion": 1}
            late = await do(f"quotation{verb}", given, "{ status version }")
            assert [error["code"] for error in late["errors"]] == ["VERSION_CONFLICT"]
            assert late["quotation"] == {"status": "SENT", "version": 2}
