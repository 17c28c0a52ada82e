"""What is sold and billed, every exchange as in tests/rest/golden/shrkity."""

from typing import Any

import asyncpg
import httpx

from persistence.storage import SqlStorage
from tests import make
from tests.conftest import Save, World
from tests.domain.catalogue import package, service
from tests.rest.goldens import exchange
from tests.usecases.selling import buyer, invoiced


async def test_the_life_of_a_subscription(office: httpx.AsyncClient, save: Save) -> None:
    visa = service(code="VISA")
    await save(visa, make.company())
    await save(package(visa.id, code="STARTER"))
    bought = {"package_id": 1, "company_id": 1, "starts_at": "2100-01-01T00:00:00Z"}

    async def golden(name: str, *asked: Any) -> None:
        await exchange(office, f"shrkity/subscription-{name}", *asked)

    await golden("create-too-late", "POST", "/subscriptions", bought)
    await golden("create", "POST", "/subscriptions", {"package_id": 1, "company_id": 1})
    await golden("create-invalid", "POST", "/subscriptions", {"package_id": 42, "company_id": 1})
    await golden("create-nobody", "POST", "/subscriptions", {"package_id": 1})
    await golden("get", "GET", "/subscriptions/1")
    await golden("list", "GET", "/subscriptions?per_page=1")
    await golden("pause", "POST", "/subscriptions/1/pause")
    await golden("pause-again", "POST", "/subscriptions/1/pause")
    await golden("resume", "POST", "/subscriptions/1/resume")
    await golden("renew-refused", "POST", "/subscriptions/1/renew")
    await golden("cancel", "POST", "/subscriptions/1/cancel", {"reason": "Too dear"})
    await golden("cancel-again", "POST", "/subscriptions/1/cancel")
    await golden("get-unknown", "GET", "/subscriptions/42")


async def test_the_life_of_a_quotation(
    office: httpx.AsyncClient, world: World, storage: SqlStorage
) -> None:
    await buyer(world, storage)
    item = {"description": "Translation", "quantity": 1.5, "unit_price": 10.05}
    given = {"company_id": 1, "items": [item], "valid_until": "2100-12-31", "notes": "Soon"}

    async def golden(name: str, *asked: Any) -> None:
        await exchange(office, f"shrkity/quotation-{name}", *asked)

    await golden("create", "POST", "/quotations", given)
    await golden("create-invalid", "POST", "/quotations", {"company_id": 1, "items": []})
    await golden("get", "GET", "/quotations/1")
    await golden("list", "GET", "/quotations")
    await golden("withdraw-refused", "POST", "/quotations/1/withdraw")
    await golden("send", "POST", "/quotations/1/send")
    await golden("send-again", "POST", "/quotations/1/send")
    await golden("withdraw", "POST", "/quotations/1/withdraw")
    await golden("get-unknown", "GET", "/quotations/42")


async def test_invoices(
    office: httpx.AsyncClient, world: World, storage: SqlStorage, owner: asyncpg.Connection
) -> None:
    await invoiced(world, storage, await buyer(world, storage))
    days = "UPDATE sales_invoices SET issued_on = '2100-01-01', due_on = '2100-01-31'"
    await owner.execute(f"{days} WHERE organization_id = $1", world.organization.id)

    await exchange(office, "shrkity/invoice-get", "GET", "/invoices/1")
    await exchange(office, "shrkity/invoice-list", "GET", "/invoices?page=1")
    await exchange(office, "shrkity/invoice-get-unknown", "GET", "/invoices/42")
    await exchange(office, "shrkity/invoice-pdf-unknown", "GET", "/invoices/42/pdf")
