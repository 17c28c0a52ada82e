"""Customers and their workers: what makes sense of them."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from babel import Locale

from domain.customers import MOST_ADDRESSES, AddressKind, Client, Company, Customer, CustomerAddress
from domain.kit.countries import COUNTRIES
from domain.kit.errors import IllegalMove, RuleBroken
from domain.kit.extras import LONGEST
from domain.kit.ids import new_id
from domain.kit.record import Mention
from tests import make
from tests.make import NOON

ELSEWHERE = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK"}
LATER = NOON + timedelta(hours=1)


def address(**values: Any) -> CustomerAddress:
    given = {"kind": AddressKind.BILLING, "street": "1 King Rd", "city": "Riyadh"}
    return CustomerAddress(**(given | values))


WRONG: list[tuple[dict[str, Any], list[tuple[str | int, ...]]]] = [
    ({"name": " "}, [("name",)]),
    ({"name": "x" * 201}, [("name",)]),
    ({"registration_number": "123456789"}, [("registration_number",)]),
    ({"registration_number": "123456789a"}, [("registration_number",)]),
    ({"unified_number": "٣" * 10}, [("unified_number",)]),
    ({"tax_id": "300000000000004"}, [("tax_id",)]),
    ({"tax_id": "3" * 16}, [("tax_id",)]),
    ({"tax_id": "x" * 33}, [("tax_id",)]),
    ({"country": "XX"}, [("country",)]),
    ({"currency": "SAD"}, [("currency",)]),
    ({"email": "nobody"}, [("email",)]),
    ({"metadata": {"x": "y" * LONGEST}}, [()]),
    ({"addresses": [address(street="")]}, [("addresses", 0, "street")]),
    ({"addresses": [address(country="sa")]}, [("addresses", 0, "country")]),
    ({"addresses": [address(kind=AddressKind.OTHER)]}, [("addresses", 0, "label")]),
    ({"addresses": [address(), address(label="again")]}, [("addresses", 1)]),
    ({"addresses": [address()] * (MOST_ADDRESSES + 1)}, [("addresses",)]),
]


@pytest.mark.parametrize(("values", "paths"), WRONG)
def test_what_makes_no_sense_of_a_company_is_said_where_it_is(
    values: dict[str, Any], paths: list[tuple[str | int, ...]]
) -> None:
    with pytest.raises(RuleBroken) as caught:
        make.company(**values)

    assert [problem.path for problem in caught.value.problems] == paths


def test_a_vat_number_of_saudi_arabia_has_its_form_there_alone() -> None:
    assert make.company(country="SA", tax_id="310122393500003").tax_id == "310122393500003"
    assert make.company(country="PT", tax_id="509442013").tax_id == "509442013"
    assert make.client(country=None, tax_id="509442013").tax_id == "509442013"


def test_whoever_moves_to_saudi_arabia_needs_its_form() -> None:
    company = make.company(country="PT", tax_id="509442013")

    with pytest.raises(RuleBroken, match="15 digits"):
        company.update({"country": "SA"}, LATER)


def test_there_can_be_other_addresses_by_their_labels() -> None:
    others = [address(kind=AddressKind.OTHER, label=label) for label in ("Port", "Yard")]

    assert len(make.company(addresses=[address(), *others]).addresses) == 3


def test_a_company_is_a_clients() -> None:
    client_id = new_id()

    assert make.company().mentions() == []
    assert make.company(client_id=client_id).mentions() == [
        Mention(Client, client_id, ("client_id",))
    ]


def test_nobody_is_born_after_they_are_known() -> None:
    with pytest.raises(RuleBroken, match="still to come"):
        make.client(birthday=NOON.date() + timedelta(days=2))
    tomorrow = NOON.date() + timedelta(days=1)  # which it is already, in Kiribati
    assert make.client(birthday=tomorrow).birthday == tomorrow


def test_what_old_clients_send_replaces_what_has_the_same_name() -> None:
    company = make.company(metadata={"tier": "gold", "branch": 1})

    company.update({"metadata": {"branch": 2, "fax": None}}, LATER)

    assert company.metadata == {"tier": "gold", "branch": 2, "fax": None}


def test_what_changes_nothing_is_not_told() -> None:
    company = make.company(metadata={"tier": "gold"})
    company.pull_events()

    company.update({"name": company.name, "metadata": {"tier": "gold"}}, LATER)

    assert company.pull_events() == []


@pytest.mark.parametrize("kind", [Company, Client])
def test_both_kinds_are_customers(kind: type[Customer]) -> None:
    assert issubclass(kind, Customer)
    assert kind.prefix != Customer.prefix


def test_countries_are_those_of_iso_3166() -> None:
    codes = map(str, Locale("en").territories)
    known = {code for code in codes if len(code) == 2 and code.isalpha()}

    assert known - ELSEWHERE - {"ZZ"} == COUNTRIES
    assert len(COUNTRIES) == 249


WRONG_OF_WORKERS: list[tuple[dict[str, Any], str]] = [
    ({"name": ""}, "name"),
    ({"iqama_number": "12345678901"}, "iqama_number"),
    ({"passport_number": "x" * 33}, "passport_number"),
    ({"nationality": "Saudi"}, "nationality"),
    ({"birth_date": date(2026, 2, 1)}, "birth_date"),
    ({"email": "@"}, "email"),
]


@pytest.mark.parametrize(("values", "field"), WRONG_OF_WORKERS)
def test_what_makes_no_sense_of_a_worker_is_said_where_it_is(
    values: dict[str, Any], field: str
) -> None:
    with pytest.raises(RuleBroken) as caught:
        make.worker(new_id(), **values)

    assert [problem.path for problem in caught.value.problems] == [(field,)]


def test_a_worker_stays_with_their_company() -> None:
    worker = make.worker(new_id())

    with pytest.raises(RuleBroken, match="stay with their company"):
        worker.update({"company_id": new_id()}, LATER)
    worker.update({"company_id": worker.company_id, "name": "B"}, LATER)

    assert worker.name == "B"


def test_a_worker_is_removed_once() -> None:
    worker = make.worker(new_id())
    worker.pull_events()

    worker.remove(LATER)

    [event] = worker.pull_events()
    assert (event.action, event.changes) == ("worker.removed", {"removed_at": (None, LATER)})
    removed_at: datetime | None = worker.removed_at
    assert removed_at == LATER
    with pytest.raises(IllegalMove, match="this worker was removed"):
        worker.remove(LATER)
    with pytest.raises(IllegalMove, match="this worker was removed"):
        worker.update({"name": "C"}, LATER)
    assert worker.pull_events() == []
