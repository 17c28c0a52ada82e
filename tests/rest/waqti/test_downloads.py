"""The PDF of an order, as it is downloaded (W-50)."""

from io import BytesIO

import httpx
import pytest
from pypdf import PdfReader

from tests import make
from tests.conftest import Save, World
from tests.rest.waqti.samples import created, data, error, submitted


def words(response: httpx.Response) -> str:
    pages = PdfReader(BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


async def test_w50_the_file_is_named_like_the_order(
    buyer: httpx.AsyncClient, approver: httpx.AsyncClient, save: Save, world: World
) -> None:
    await save(make.approval_workflow(make.step(world.approver.id, "Department Head")))
    await buyer.put("/vendors/1", json={"payment_terms": 30, "vat_number": "300000000000003"})
    order = await submitted(buyer, world)
    data(await approver.post(f"/purchase-orders/{order['id']}/approve"))

    response = await buyer.get(f"/purchase-orders/{order['id']}/pdf")

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/pdf"
    disposition = f'attachment; filename="{order["po_number"]}.pdf"'
    assert response.headers["content-disposition"] == disposition
    assert response.content.startswith(b"%PDF-")
    text = words(response)
    for said in [
        f"Purchase order {order['po_number']} Approved",
        "Test Trading",
        "Office Supplies Co. VAT number 300000000000003",
        "1 Printer Paper A4 100 ream 25.00 15% 375.00 2,875.00",
        "Subtotal 5,500.00 VAT 825.00 Total SAR 6,325.00",
        "1 Abe Approver Department Head",
        "Quarterly office supplies",
        "Payment within 30 days of the invoice date.",
    ]:
        assert said in text


async def test_w50_any_status_can_be_printed(buyer: httpx.AsyncClient, world: World) -> None:
    draft = (await created(buyer, world))["id"]
    assert "This document is not a valid order." in words(
        await buyer.get(f"/purchase-orders/{draft}/pdf")
    )

    data(await buyer.post(f"/purchase-orders/{draft}/cancel"))
    assert "CANCELLED" in words(await buyer.get(f"/purchase-orders/{draft}/pdf"))


async def test_w50_arabic_by_accept_language(buyer: httpx.AsyncClient, world: World) -> None:
    id = (await created(buyer, world))["id"]

    response = await buyer.get(f"/purchase-orders/{id}/pdf", headers={"Accept-Language": "ar"})

    text = words(response)
    assert "Purchase order" not in text
    assert set("أمر شراء") <= set(text)
    assert "6,325.00" in text


@pytest.mark.parametrize("id", ["999", "x"])
async def test_w50_an_unknown_order_is_404(buyer: httpx.AsyncClient, id: str) -> None:
    response = await buyer.get(f"/purchase-orders/{id}/pdf")

    error(response, 404, "NOT_FOUND")
    assert response.headers["content-type"] == "application/json"
