"""The purchase order document, as a PDF reader sees it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from rest.waqti.pdf import DocumentApproval, DocumentLine, Party, PurchaseOrderDocument, render

PAPER = DocumentLine(
    position=1,
    description="Printer Paper A4",
    quantity=Decimal("100.000000"),
    unit="ream",
    unit_price=Decimal("25.000000"),
    vat_rate=Decimal("15.00"),
    vat=Decimal("375.00"),
    total=Decimal("2875.00"),
)
INK = replace(
    PAPER,
    position=2,
    description="Ink Cartridges",
    quantity=Decimal(20),
    unit="piece",
    unit_price=Decimal(150),
    vat=Decimal("450.00"),
    total=Decimal("3450.00"),
)
ORDER = PurchaseOrderDocument(
    locale="en",
    buyer=Party(name="Demo Trading Co.", address="King Fahd Road\nRiyadh", vat_number="300111"),
    vendor=Party(name="ABC Supplies Co.", vat_number="310222", email="sales@abc.example"),
    number="PO-2025-0042",
    status="APPROVED",
    created_on=date(2025, 1, 15),
    approved_on=date(2025, 1, 16),
    expected_on=date(2025, 2, 1),
    department="Operations",
    project="Q1 Procurement",
    delivery_address="Riyadh, Main Office",
    notes="Quarterly office supplies",
    currency="SAR",
    minor_units=2,
    lines=(PAPER, INK),
    subtotal=Decimal("5500.00"),
    vat=Decimal("825.00"),
    total=Decimal("6325.00"),
    approvals=(
        DocumentApproval(
            step=1, name="A. Approver", role="Department Head", approved_on=date(2025, 1, 16)
        ),
        DocumentApproval(step=2, name="B. Approver"),
    ),
)
BARE = replace(
    ORDER,
    buyer=Party(name="Demo Trading Co."),
    vendor=Party(name="ABC Supplies Co."),
    approved_on=None,
    expected_on=None,
    department=None,
    project=None,
    delivery_address=None,
    notes=None,
    approvals=(),
)


def read(document: PurchaseOrderDocument) -> PdfReader:
    return PdfReader(BytesIO(render(document)))


def words(document: PurchaseOrderDocument) -> str:
    """Everything on every page, with single spaces."""
    return " ".join(" ".join(page.extract_text() for page in read(document).pages).split())


def families(document: PurchaseOrderDocument) -> set[str]:
    """The families of the embedded fonts; none may be left for the reader's machine to find."""
    [page] = read(document).pages
    embedded, left_out = page._get_fonts()
    assert left_out == set()
    return {name.split("+")[-1].split("-")[0] for name in embedded}


def test_an_order_is_a_pdf_of_one_a4_page() -> None:
    pdf = render(ORDER)

    [page] = PdfReader(BytesIO(pdf)).pages
    assert pdf.startswith(b"%PDF-")
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)


def test_everything_that_a_vendor_needs_is_on_it() -> None:
    text = words(ORDER)

    for said in [
        "Purchase order PO-2025-0042 Approved",
        "Demo Trading Co. King Fahd Road Riyadh VAT number 300111",
        "ABC Supplies Co. VAT number 310222 sales@abc.example",
        "Deliver to Riyadh, Main Office",
        "15 January 2025",
        "1 February 2025",
        "1 Printer Paper A4 100 ream 25.00 15% 375.00 2,875.00",
        "2 Ink Cartridges 20 piece 150.00 15% 450.00 3,450.00",
        "Subtotal 5,500.00 VAT 825.00 Total SAR 6,325.00",
        "All amounts in Saudi Riyal (SAR)",
        "1 A. Approver Department Head 16 January 2025",
        "2 B. Approver Pending",
        "Notes Quarterly office supplies",
        "Page 1 of 1",
    ]:
        assert said in text


def test_the_file_names_its_document() -> None:
    metadata = read(ORDER).metadata

    assert metadata is not None
    assert (metadata.title, metadata.author) == ("Purchase order PO-2025-0042", "Demo Trading Co.")
    assert metadata.creation_date == datetime(2025, 1, 16, tzinfo=UTC)


def test_what_is_not_known_is_not_mentioned() -> None:
    text = words(BARE)

    for label in [
        "VAT number",
        "Email",
        "Approved on",
        "Expected delivery",
        "Department",
        "Project",
        "Deliver to",
        "Approvals",
        "Notes",
        "Terms",
        "None",
    ]:
        assert label not in text


@pytest.mark.parametrize(
    ("status", "warning"),
    [
        ("DRAFT", "DRAFT"),
        ("PENDING_APPROVAL", "NOT APPROVED"),
        ("REJECTED", "REJECTED"),
        ("CANCELLED", "CANCELLED"),
        ("cancelled", "CANCELLED"),
        ("a status of tomorrow", "NOT APPROVED"),
    ],
)
def test_an_order_that_is_not_in_force_says_so_twice(status: str, warning: str) -> None:
    text = words(replace(ORDER, status=status))

    assert text.count(warning) == 2
    assert "This document is not a valid order." in text


@pytest.mark.parametrize("status", ["APPROVED", "COMPLETED"])
def test_an_order_in_force_carries_no_warning(status: str) -> None:
    assert "not a valid order" not in words(replace(ORDER, status=status))


def test_three_hundred_lines_fill_pages_that_repeat_the_header() -> None:
    lines = tuple(replace(PAPER, position=position) for position in range(1, 301))

    pages = [page.extract_text() for page in read(replace(ORDER, lines=lines)).pages]

    assert len(pages) == 8
    assert all("Unit price" in page for page in pages[:7])
    assert all("PO-2025-0042" in page for page in pages)
    assert sum(page.count("Printer Paper A4") for page in pages) == 300
    assert "Page 8 of 8" in pages[-1]
    assert "SAR 6,325.00" in pages[-1]


def test_arabic_is_set_in_the_arabic_font_with_western_digits() -> None:
    arabic = replace(
        ORDER,
        locale="ar",
        vendor=Party(name="شركة التوريد"),
        lines=(replace(PAPER, description="ورق طابعة", unit="علبة"),),
    )

    text = words(arabic)

    assert families(arabic) == {"NotoSansArabic"}
    # The font draws a letter and its dots apart, so extraction has the letters, not the words.
    assert set("أمر شراء شركة التوريد ورق طابعة علبة") <= set(text)
    assert all(said in text for said in ["PO-2025-0042", "15 ", "2,875.00", "6,325.00", "15%"])
    assert "Purchase order" not in text
    assert not set("٠١٢٣٤٥٦٧٨٩") & set(text)


def test_arabic_runs_from_right_to_left() -> None:
    def left_edge(document: PurchaseOrderDocument, wanted: str) -> float:
        found: list[float] = []

        def visit(text: str, matrix: list[float], position: list[float], *_: object) -> None:
            if wanted in text:
                found.append(position[4] * matrix[0] + matrix[4])

        read(document).pages[0].extract_text(visitor_text=visit)
        return found[0]

    assert left_edge(ORDER, "PO-2025-0042") > 300
    assert left_edge(replace(ORDER, locale="ar"), "PO-2025-0042") < 300


def test_what_people_wrote_is_never_markup() -> None:
    odd = r"#panic() *b* _i_ $x$ [a] <b> @c \ // no comment `raw`"

    text = words(
        replace(
            ORDER,
            notes=odd,
            vendor=Party(name=odd),
            lines=(replace(PAPER, description=odd),),
        )
    )

    assert text.count("#panic()") == 3
    assert f"Notes {odd}" in text


def test_a_word_wider_than_its_column_is_broken_and_stays_whole_for_a_copy() -> None:
    long = "X" * 200

    page = read(replace(ORDER, lines=(replace(PAPER, description=long),))).pages[0].extract_text()

    rows = [row for row in page.splitlines() if "XXXX" in row]
    assert len(rows) > 3
    assert sum(row.count("X") for row in rows) == 200
    assert "\N{ZERO WIDTH SPACE}" not in page


def test_the_largest_numbers_that_are_stored_fit() -> None:
    largest = replace(
        PAPER,
        quantity=Decimal("999999999999.123456"),
        unit_price=Decimal("99999999999999.123456"),
        vat=Decimal("99999999999999.99"),
        total=Decimal("99999999999999.99"),
    )

    text = words(replace(ORDER, lines=(largest,)))

    assert "999,999,999,999.123456" in text
    assert "99,999,999,999,999.123456" in text
    assert text.count("99,999,999,999,999.99") == 2


def test_currencies_have_their_own_digits() -> None:
    assert "KWD 6,325.000" in words(replace(ORDER, currency="KWD", minor_units=3))
    assert "JPY 6,325 " in words(replace(ORDER, currency="JPY", minor_units=0))


def test_equal_orders_give_equal_bytes() -> None:
    first = render(ORDER)
    render(BARE)

    assert render(ORDER) == first
