"""Messages in the reader's language, and which language that is."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kit.errors import IllegalMove
from domain.purchase_orders import PurchaseOrderStatus
from usecases.messages import OFFERED, negotiate, term, translate

MOVE = "cannot {action} while {status}"


@pytest.mark.parametrize(
    ("locale", "message"),
    [
        ("en", "cannot approve while draft"),
        ("ar", "لا يمكن الاعتماد والحالة «مسودة»"),
        ("pt", "não é possível aprovar no estado «rascunho»"),
        ("fr", "cannot approve while draft"),
        ("../ar", "cannot approve while draft"),
    ],
)
def test_a_message_and_the_words_in_it_are_translated(locale: str, message: str) -> None:
    error = IllegalMove(MOVE, action="approve", status=PurchaseOrderStatus.DRAFT)

    assert translate(error.template, locale, error.params) == message


def test_a_message_without_a_translation_stays_english() -> None:
    assert translate("never said: {status}", "ar", {"status": "DRAFT"}) == "never said: مسودة"


def test_a_word_is_translated_only_where_its_parameter_says_what_it_is() -> None:
    assert translate("{id} {status}", "pt", {"id": "DRAFT", "status": "x"}) == "DRAFT x"


def test_a_value_is_never_read_as_a_template() -> None:
    assert translate("{id}", "en", {"id": "{status}", "status": "DRAFT"}) == "{status}"


@pytest.mark.parametrize(
    "template", ["{missing}", "{", "}", "{}", "{0}", "{status.name}", "{status!r}", "{status:>9}"]
)
def test_what_cannot_be_filled_in_stays_as_it_is(template: str) -> None:
    assert translate(template, "ar", {"status": "DRAFT"}) == template


def test_numbers_and_lists_read_well() -> None:
    values = {"most": Decimal("1E+12"), "status": ["DRAFT", "APPROVED"], "step": None}

    assert (
        translate("{most}; {status}; {step}", "pt", values)
        == "1000000000000; rascunho, aprovado; None"
    )


def test_labels_are_looked_up_in_their_context() -> None:
    assert term("document", "Vendor", "ar") == "المورّد"
    assert term("elsewhere", "Vendor", "ar") == "Vendor"
    assert term("document", "Vendor", "en") == "Vendor"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("ar", "ar"),
        ("AR", "ar"),
        ("ar-SA", "ar"),
        ("pt-BR,pt;q=0.9,en;q=0.8", "pt"),
        ("fr", "en"),
        ("fr, pt;q=0.3", "pt"),
        ("en;q=0.2, ar;q=0.8", "ar"),
        ("en;q=0.2, ar ; q=0.8", "ar"),
        ("pt, ar", "pt"),
        ("ar, pt", "ar"),
        ("*", "en"),
        ("fr, *;q=0.1", "en"),
        ("en;q=0, *", "ar"),
        ("ar;q=0, en;q=0, *;q=0.5", "pt"),
        ("ar;q=0", "en"),
        ("en;q=0", "en"),
        ("ar,,", "ar"),
        ("ar;q=1.5", "en"),
        ("ar;q=x", "en"),
        ("ar, \N{SNOWMAN}", "en"),
        ("ar;level=1", "en"),
        ("arabic-language-of-the-gulf", "en"),
    ],
)
def test_the_language_is_the_one_that_the_header_prefers(header: str | None, language: str) -> None:
    assert negotiate(header) == language


def test_only_what_is_offered_is_answered() -> None:
    assert negotiate("pt, ar;q=0.5", ("en", "ar")) == "ar"
    assert negotiate("pt", ("en", "ar")) == "en"
    assert negotiate("fr", ("ar", "en")) == "ar"


@given(st.text())
def test_no_header_breaks_the_negotiation(header: str) -> None:
    assert negotiate(header) in OFFERED


@given(st.text(), st.dictionaries(st.text(), st.text()), st.text())
def test_no_template_breaks_the_translation(
    template: str, params: dict[str, str], locale: str
) -> None:
    assert isinstance(translate(template, locale, params), str)
