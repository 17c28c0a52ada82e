"""graphql-transport-ws, to the letter: what is answered, and which mistake closes with what."""

from typing import Any

import pytest

from domain.callers import Channel
from persistence.storage import SqlStorage
from tests.conftest import World
from tests.events.conftest import EVENTS, key, rename, socket
from tests.servers import Live
from usecases.api_credentials import RevokeApiCredential
from usecases.kit import run

VIEWER = "{ viewer { user { name } } }"
BEA = {"data": {"viewer": {"user": {"name": "Bea Buyer"}}}}
RENAME = """mutation ($id: ID!, $name: String!) {
  supplierUpdate(input: {id: $id, name: $name}) { supplier { name } errors { code } } }"""


async def test_queries_mutations_and_subscriptions_share_a_connection(live: Live) -> None:
    id = f"sup_{live.world.supplier.id.hex}"
    async with socket(live, live.token) as client:
        await client.subscribe("events", EVENTS)
        await client.subscribe("who", VIEWER)
        assert await client.hear() == {"type": "next", "id": "who", "payload": BEA}
        assert await client.hear() == {"type": "complete", "id": "who"}

        rename = {"query": RENAME, "variables": {"id": id, "name": "Renamed"}}
        await client.say("subscribe", id="rename", payload=rename)
        said = [await client.hear() for _ in range(3)]

    done = {"supplierUpdate": {"supplier": {"name": "Renamed"}, "errors": []}}
    assert [each for each in said if each["id"] == "rename"] == [
        {"type": "next", "id": "rename", "payload": {"data": done}},
        {"type": "complete", "id": "rename"},
    ]
    [event] = [each["payload"]["data"]["events"] for each in said if each["id"] == "events"]
    assert (event["type"], event["kind"], event["subjectId"]) == (
        "supplier.updated",
        "SUPPLIER",
        id,
    )


async def test_the_header_of_the_handshake_opens_it_as_well(live: Live) -> None:
    headers = {"Authorization": f"Bearer {live.token}"}
    async with socket(live, additional_headers=headers) as client:
        await client.say("connection_init")

        assert await client.hear() == {"type": "connection_ack"}


async def test_a_ping_is_answered_even_before_the_greeting(live: Live) -> None:
    async with socket(live) as client:
        await client.say("ping")
        await client.say("ping", payload={"sent": 1})
        await client.say("pong")

        assert await client.hear() == {"type": "pong"}
        assert await client.hear() == {"type": "pong", "payload": {"sent": 1}}


async def test_an_operation_that_was_completed_says_nothing_more_and_its_id_is_free(
    live: Live, storage: SqlStorage
) -> None:
    async with socket(live, live.token) as client:
        await client.subscribe("1", EVENTS)
        await client.say("complete", id="1")
        await client.say("complete", id="unknown")
        await rename(storage, live.world, live.world.supplier, "Unheard of")
        await client.subscribe("1", VIEWER)

        assert await client.hear() == {"type": "next", "id": "1", "payload": BEA}
        assert await client.hear() == {"type": "complete", "id": "1"}


@pytest.mark.parametrize(
    ("query", "variables", "message", "code"),
    [
        ("{ nope }", {}, "Cannot query field 'nope' on type 'Query'.", "BAD_REQUEST"),
        ("{", {}, "Syntax Error: Expected Name, found <EOF>.", "BAD_REQUEST"),
        ("", {}, "Say which operation to run: ", "BAD_REQUEST"),
        ("subscription { events { nope } }", {}, "Cannot query field 'nope'", "BAD_REQUEST"),
        (
            "subscription { events { id } more: events { id } }",
            {},
            "Anonymous Subscription must select only one top level field.",
            "BAD_REQUEST",
        ),
        (EVENTS, {"after": 5}, "Variable '$after' has invalid value", "BAD_REQUEST"),
        (EVENTS, {"after": "nope"}, "no cursor of this list", "VALIDATION"),
        (
            EVENTS,
            {"after": "WyJwb3NpdGlvbiIsICI5OTk5OTk5OTki" + "XQ=="},
            "no cursor of this organization's events",
            "VALIDATION",
        ),
        ('subscription { events(ids: ["x"]) { id } }', {}, "no such id: x", "NOT_FOUND"),
        (
            'subscription { events(types: ["nope.done"]) { id } }',
            {},
            "no such type of event: nope.done",
            "VALIDATION",
        ),
        ("{ viewer { user { name } } }" + " " * 100_001, {}, "`query` is longer than", "TOO_LARGE"),
    ],
)
async def test_an_operation_that_never_ran_is_an_error_and_nothing_else(
    live: Live, query: str, variables: dict[str, Any], message: str, code: str
) -> None:
    async with socket(live, live.token) as client:
        await client.subscribe("1", query, **variables)
        heard = await client.hear()
        await client.subscribe("1", VIEWER)

        assert (heard["type"], heard["id"]) == ("error", "1")
        assert message in heard["payload"][0]["message"]
        assert heard["payload"][0]["extensions"]["code"] == code
        assert await client.hear() == {"type": "next", "id": "1", "payload": BEA}


async def test_errors_are_in_the_language_of_the_greeting(live: Live) -> None:
    async with socket(live) as client:
        await client.greet(live.token, **{"Accept-Language": "pt"})
        await client.subscribe("1", '{ node(id: "x") { id } }')
        heard = await client.hear()

    [error] = heard["payload"]["errors"]
    assert error["extensions"]["code"] == "NOT_FOUND"
    assert error["message"] != "no such id: x"


@pytest.mark.parametrize(
    ("said", "code", "reason"),
    [
        ("{", 4400, "Invalid message: not JSON"),
        (b"\x00", 4400, "Invalid message: not JSON"),
        ("[]", 4400, "Invalid message: not an object"),
        ("{}", 4400, "Invalid message: unknown type"),
        ('{"type": "start"}', 4400, "Invalid message: unknown type"),
        ('{"type": ["ping"]}', 4400, "Invalid message: unknown type"),
        ('{"type": "subscribe", "payload": {}}', 4400, "Invalid message: an id is missing"),
        ('{"type": "subscribe", "id": "1"}', 4401, "Unauthorized"),
        ('{"type": "complete"}', 4400, "Invalid message: an id is missing"),
        (
            '{"type": "connection_init", "payload": 1}',
            4400,
            "Invalid message: payload must be an object",
        ),
        ('{"type": "connection_init"}', 4403, "Forbidden"),
        (
            '{"type": "connection_init", "payload": {"Authorization": "Bearer nope"}}',
            4403,
            "Forbidden",
        ),
    ],
)
async def test_a_mistake_before_the_greeting_closes_the_connection(
    live: Live, said: str | bytes, code: int, reason: str
) -> None:
    async with socket(live) as client:
        await client.connection.send(said)

        assert await client.closed() == (code, reason)


@pytest.mark.parametrize(
    ("said", "code", "reason"),
    [
        ({"type": "connection_init"}, 4429, "Too many initialisation requests"),
        (
            {"type": "subscribe", "id": "1", "payload": {"query": VIEWER}},
            4409,
            "Subscriber for 1 already exists",
        ),
        (
            {"type": "subscribe", "id": "2", "payload": {"query": 1}},
            4400,
            "Invalid message: `query` must be a string.",
        ),
        (
            {"type": "subscribe", "id": "2"},
            4400,
            "Invalid message: Send a JSON object with a `query` in it.",
        ),
    ],
)
async def test_a_mistake_after_the_greeting_closes_the_connection(
    live: Live, said: dict[str, Any], code: int, reason: str
) -> None:
    async with socket(live, live.token) as client:
        await client.subscribe("1", EVENTS)
        await client.say(**said)

        assert await client.closed() == (code, reason)


async def test_a_reason_is_cut_to_what_a_closing_frame_holds(live: Live) -> None:
    async with socket(live, live.token) as client:
        await client.subscribe("م" * 100, EVENTS)
        await client.subscribe("م" * 100, EVENTS)

        code, reason = await client.closed()
        assert (code, reason) == (4409, "Subscriber for " + "م" * 54)


async def test_whoever_does_not_greet_in_time_is_let_go(live: Live) -> None:
    async with socket(live) as client:
        await client.say("ping")

        assert await client.hear() == {"type": "pong"}
        assert await client.closed() == (4408, "Connection initialisation timeout")


@pytest.mark.parametrize("protocols", [None, ["graphql-ws"]])
async def test_another_protocol_is_not_spoken(live: Live, protocols: Any) -> None:
    async with socket(live, subprotocols=protocols) as client:
        assert await client.closed() == (4406, "Subprotocol not acceptable")


async def test_a_connection_runs_so_many_operations_at_once(live: Live) -> None:
    async with socket(live, live.token) as client:
        for number in range(101):
            await client.subscribe(str(number), EVENTS)

        assert await client.closed() == (4429, "Too many operations at once")


async def test_what_is_too_large_for_a_message_closes_the_connection(live: Live) -> None:
    async with socket(live, live.token) as client:
        await client.connection.send("x" * (2 * 1024 * 1024 + 1))

        code, _ = await client.closed()
        assert code == 1009


async def test_a_revoked_credential_ends_its_connections_at_once(
    live: Live, storage: SqlStorage, world: World
) -> None:
    credential = await key(storage, live, world)
    assert credential.secret is not None
    async with socket(live, credential.secret) as idle, socket(live, credential.secret) as client:
        await client.subscribe("1", EVENTS)

        await run(RevokeApiCredential(id=credential.id), world.caller(), storage)

        assert await idle.closed() == (4403, "Forbidden")
        assert (await client.closed())[0] == 4403


async def test_a_waqti_credential_may_subscribe_too(
    live: Live, storage: SqlStorage, world: World
) -> None:
    credential = await key(storage, live, world, dialect=Channel.WAQTI)
    assert credential.secret is not None

    async with socket(live, credential.secret) as client:
        await client.subscribe("1", VIEWER)
        assert await client.hear() == {"type": "next", "id": "1", "payload": BEA}
