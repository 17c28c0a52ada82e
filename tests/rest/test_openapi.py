"""The documents that each dialect serves of itself: fact S-18."""

import re
from typing import Any

import httpx
import pytest
import schemathesis
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.applications import Starlette

from rest import shoplazza, shrkity, waqti
from rest.kit import Dialect, Endpoint
from rest.kit.openapi import document
from tests.server.statements import sent_by

DIALECTS: dict[str, tuple[Dialect, list[Endpoint[Any]]]] = {
    "shrkity": (shrkity.SHRKITY, shrkity.ENDPOINTS),
    "shoplazza": (shoplazza.SHOPLAZZA, shoplazza.ENDPOINTS),
    "waqti": (waqti.WAQTI, waqti.ENDPOINTS),
}
READ_AND_WRITTEN = ("orders", "clients", "companies", "subscriptions", "coupons", "quotations")
SCOPES = {
    *(f"{noun}:{how}" for noun in (*READ_AND_WRITTEN, "connections") for how in ("read", "write")),
    *(f"{noun}:read" for noun in ("services", "packages", "invoices", "documents")),
}


@pytest.mark.parametrize("name", DIALECTS)
async def test_s18_it_is_served_to_everybody_at_every_base(
    app: Starlette, engine: AsyncEngine, name: str
) -> None:
    dialect, endpoints = DIALECTS[name]
    transport = httpx.ASGITransport(app)
    for base in dialect.bases:
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            with sent_by(engine) as sent:
                answer = await client.get(f"{base}/openapi.json")

        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        assert answer.json() == document(dialect, endpoints)
        assert sent == []


@pytest.mark.parametrize("name", DIALECTS)
def test_s18_it_lists_every_endpoint_once(name: str) -> None:
    dialect, endpoints = DIALECTS[name]
    paths = document(dialect, endpoints)["paths"]

    listed = {(method.upper(), path) for path, item in paths.items() for method in item}
    assert listed == {(each.method, each.path) for each in endpoints} | {("GET", "/openapi.json")}
    operations = [operation for item in paths.values() for operation in item.values()]
    assert len({each["operationId"] for each in operations}) == len(operations)


@pytest.mark.parametrize("name", DIALECTS)
def test_it_is_valid(name: str) -> None:
    schemathesis.openapi.from_dict(document(*DIALECTS[name])).validate()


@pytest.mark.parametrize("name", DIALECTS)
def test_every_reference_leads_somewhere_and_every_schema_is_referred_to(name: str) -> None:
    whole = document(*DIALECTS[name])
    found = {*re.findall(r"'\$ref': '#/components/schemas/([^']+)'", str(whole))}

    assert found == whole["components"]["schemas"].keys()


@pytest.mark.parametrize("name", DIALECTS)
def test_where_our_rules_come_from_is_our_business(name: str) -> None:
    assert re.findall(r"(?:[Ff]acts?|[Dd]ecision) [A-Z]-\S+", str(document(*DIALECTS[name]))) == []


def test_s19_every_endpoint_of_shrkity_names_its_scope() -> None:
    needs = [each.needs for each in shrkity.ENDPOINTS]

    assert None not in needs
    assert {*needs} <= SCOPES
    for endpoint in shrkity.ENDPOINTS:
        wanted = "read" if endpoint.method == "GET" else "write"
        assert endpoint.needs is not None
        assert endpoint.needs.endswith(f":{wanted}"), endpoint


def test_s19_the_document_says_which_scope_an_operation_takes() -> None:
    operation = document(*DIALECTS["shrkity"])["paths"]["/coupons"]["post"]

    assert operation["security"] == [{"bearer": ["coupons:write"]}, {"apiKey": ["coupons:write"]}]
    assert operation["description"] == "Scope: `coupons:write`."
    assert operation["requestBody"]["required"] is True
    [key] = operation["parameters"]
    assert (key["name"], key["in"], key["required"]) == ("Idempotency-Key", "header", False)
    assert [*operation["responses"]] == ["201", "401", "403", "409", "422", "429", "500"]
    assert "Idempotency-Replayed" in operation["responses"]["201"]["headers"]


def test_annotations_become_schemas() -> None:
    """Decimals are numbers, words are listed, null is where the type says so and nowhere else."""
    whole = document(*DIALECTS["shrkity"])
    coupon = whole["components"]["schemas"]["ShownCoupon"]
    shown = coupon["properties"]

    assert coupon["required"] == [*shown]
    assert shown["discount_value"] == {"type": "number"}
    assert shown["min_order_amount"] == {"anyOf": [{"type": "number"}, {"type": "null"}]}
    assert shown["discount_type"] == {"type": "string", "enum": ["fixed", "percentage"]}
    assert shown["created_at"] == {"type": "string", "format": "date-time"}
    given = whole["components"]["schemas"]["Coupon"]
    assert given["required"] == ["code", "name", "discount_type", "discount_value"]
    assert given["properties"]["discount_type"] == shown["discount_type"]


def test_parameters_are_never_null() -> None:
    [page, per_page, search] = document(*DIALECTS["shrkity"])["paths"]["/services"]["get"][
        "parameters"
    ]

    assert page["schema"] == {"type": "integer", "default": 1, "minimum": 1, "maximum": 2**63 - 1}
    assert (per_page["name"], per_page["schema"]["default"]) == ("per_page", 10)
    assert search == {
        "name": "search",
        "in": "query",
        "required": False,
        "schema": {"type": "string", "maxLength": 500},
    }


def test_a_list_is_in_its_envelope_and_a_single_resource_in_none() -> None:
    paths = document(*DIALECTS["shrkity"])["paths"]

    def schema(path: str) -> Any:
        return paths[path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]

    assert schema("/coupons")["properties"]["data"]["items"] == schema("/coupons/{id}")
    assert schema("/coupons/{id}") == {"$ref": "#/components/schemas/ShownCoupon"}
