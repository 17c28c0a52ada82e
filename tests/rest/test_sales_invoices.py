"""The sales invoice document, as a PDF reader sees it."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from pypdf import PdfReader

from domain.organizations import Plan, ServicePlan
from domain.sales_invoices import SalesInvoiceStatus
from rest.documents.sales_invoices import SalesInvoiceDocument, render
from usecases.reads.customers import ClientRow
from usecases.reads.organizations import OrganizationRow
from usecases.reads.sales_invoices import (
    InvoiceLanguage,
    SalesInvoiceLineRow,
    SalesInvoiceRow,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SELLER = OrganizationRow(
    id=uuid4(),
    version=1,
    name="Najd Services",
    name_ar="نجد للخدمات",
    plan=Plan.BASIC,
    service_plan=ServicePlan.STARTER,
    monthly_order_limit=None,
    calendar_id=None,
    base_currency="SAR",
    vat_rate=Decimal(15),
    tax_id="300000000000003",
    address=None,
    time_zone="Asia/Riyadh",
    own_approval=False,
    over_receipt_tolerance=Decimal(0),
    amendment_tolerance=Decimal(0),
    match_quantity_tolerance=Decimal(0),
    match_price_tolerance=Decimal(0),
    match_tax_tolerance=Decimal(0),
    sandbox=None,
    reset_on=None,
    created_at=NOON,
)
BUYER = ClientRow(
    id=uuid4(),
    version=1,
    code=None,
    name="Falcon Trading",
    name_ar="الصقر للتجارة",
    tax_id=None,
    email=None,
    phone=None,
    website=None,
    country=None,
    city=None,
    currency=None,
    notes=None,
    addresses=[],
    active=True,
    birthday=None,
    connected=False,
    metadata={},
    shrkity_id=1,
    wisedat_id=1,
    created_at=NOON,
    updated_at=NOON,
)
INVOICE = SalesInvoiceRow(
    id=uuid4(),
    version=1,
    number="INV-2026-0001",
    status=SalesInvoiceStatus.ISSUED,
    overdue=False,
    replaced=False,
    customer_id=BUYER.id,
    order_id=uuid4(),
    period_id=None,
    subscription_id=None,
    quotation_id=None,
    currency="SAR",
    issued_on=date(2026, 3, 1),
    due_on=date(2026, 3, 31),
    net_amount=Decimal("-8.50"),
    vat_amount=Decimal("-1.28"),
    total_amount=Decimal("-9.78"),
    paid_on=None,
    payment_reference=None,
    voided_at=None,
    void_reason=None,
    shrkity_id=1,
    created_at=NOON,
    updated_at=NOON,
)


def line(
    position: int, amount: str, description: str = "Licence", description_ar: str | None = None
) -> SalesInvoiceLineRow:
    net, vat = Decimal(amount), Decimal(amount) * Decimal("0.15")
    return SalesInvoiceLineRow(
        id=uuid4(),
        invoice_id=INVOICE.id,
        position=position,
        description=description,
        description_ar=description_ar,
        quantity=Decimal(1),
        unit_price_amount=net,
        vat_rate=Decimal(15),
        net_amount=net,
        vat_amount=vat,
        total_amount=net + vat,
        currency="SAR",
    )


def document(
    language: InvoiceLanguage, *lines: SalesInvoiceLineRow, invoice: SalesInvoiceRow = INVOICE
) -> SalesInvoiceDocument:
    return SalesInvoiceDocument(language, SELLER, BUYER, invoice, lines, "2026-0007")


def pages(made: SalesInvoiceDocument) -> list[str]:
    """What each page says, in single spaces."""
    read = PdfReader(BytesIO(render(made)))
    return [" ".join(page.extract_text().split()) for page in read.pages]


def seen(made: SalesInvoiceDocument) -> str:
    """What is on the first page from left to right, whichever way it is read."""
    [page, *_] = PdfReader(BytesIO(render(made))).pages
    return page.extract_text(extraction_mode="layout")


def test_an_invoice_says_who_owes_what_for_which_order_until_when() -> None:
    [page] = pages(document(InvoiceLanguage.EN, line(1, "100"), line(2, "-8.50", "Coupon WELCOME")))

    for said in [
        "Invoice INV-2026-0001 Issued",
        "Customer Falcon Trading",
        "Date 1 March 2026 Due on 31 March 2026 Service order 2026-0007",
        "1 Licence 1 100.00 15% 15.00 115.00",
        "2 Coupon WELCOME 1 -8.50 15% -1.28 -9.78",
        "Subtotal -8.50 VAT -1.28 Total -SAR 9.78",
        "Please quote the invoice number with your payment. Page 1 of 1",
    ]:
        assert said in page


def test_what_was_quoted_is_referred_to_as_a_quotation() -> None:
    quoted = INVOICE._replace(order_id=None, quotation_id=uuid4())

    [page] = pages(document(InvoiceLanguage.EN, line(1, "100"), invoice=quoted))

    assert "Quotation 2026-0007" in page
    assert "Service order" not in page


def test_numbers_have_their_sign_in_front_among_words_that_read_from_the_right() -> None:
    text = seen(document(InvoiceLanguage.AR, line(1, "-8.50", "Coupon", "قسيمة WELCOME")))

    assert re.findall(r"-?\d+\.\d\d-?", text) == [
        *("-9.78", "-1.28", "-8.50"),  # the line, from its end
        *("-8.50", "-1.28", "-9.78"),  # the totals
    ]
    assert "15%" in text


def test_nothing_on_an_arabic_invoice_is_left_in_english() -> None:
    arabic = line(1, "100", "Licence", "رخصة")

    [page] = pages(document(InvoiceLanguage.AR, arabic))

    assert re.findall(r"[A-Za-z]{2,}", page) == ["INV", "SAR"]


@pytest.mark.parametrize("language", InvoiceLanguage)
def test_a_long_invoice_goes_on_under_the_same_headings(language: InvoiceLanguage) -> None:
    long = "Renewal of a registration, with its translation and its attestation. " * 6
    lines = [line(1, "100", long, long), *(line(n, "100") for n in range(2, 41))]

    first, second = pages(document(language, *lines))

    assert (first.count("#"), second.count("#")) == (1, 1)
    assert "INV-2026-0001" in second
    assert first.count("115.00") + second.count("115.00") == 40


def test_a_void_invoice_says_so_everywhere() -> None:
    void = INVOICE._replace(status=SalesInvoiceStatus.VOID)

    [page] = pages(document(InvoiceLanguage.EN, line(1, "100"), invoice=void))

    assert "This invoice is void: nothing is owed." in page
    assert page.count("VOID") == 2
