"""The client's patience: what it waits for, tries again, gives up on, and hands on."""

import httpx
import pytest

from replay.errors import Diverged, Refused, Unreachable
from replay.graphs import Graph, JsonObject, Patience

GOOD = {"data": {"answer": {"role": {"id": "rol_1"}, "errors": []}}}
BUSY = {"data": {"answer": {"role": None, "errors": [{"code": "BUSY", "message": "wait"}]}}}


class Recorded:
    """What was sent and how long was waited, instead of waiting."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.pauses: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def graph(self, *answers: httpx.Response | Exception, waits: int = 3) -> Graph:
        """A graph whose server gives these answers, one after the other."""
        coming = iter(answers)

        def answer(request: httpx.Request) -> httpx.Response:
            self.requests.append(request)
            given = next(coming)
            if isinstance(given, Exception):
                raise given
            return given

        patience = Patience(pauses=(0.1, 0.2), waits=waits, wait=7.0, sleep=self.sleep)
        http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
        return Graph(http, "http://server/graphql", patience)


@pytest.fixture
def recorded() -> Recorded:
    return Recorded()


async def create(graph: Graph) -> JsonObject:
    return await graph.change("roleCreate", "role", {"code": "R"}, key="k", token="t")


async def test_a_mutation_carries_token_input_and_idempotency_key(recorded: Recorded) -> None:
    payload = await create(recorded.graph(httpx.Response(200, json=GOOD)))

    assert payload == {"role": {"id": "rol_1"}, "errors": []}
    [request] = recorded.requests
    assert request.headers["Authorization"] == "Bearer t"
    body = request.read().decode()
    assert '"variables":{"input":{"code":"R"},"key":"k"}' in body
    assert "answer: roleCreate(input: $input, idempotencyKey: $key)" in body


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("cut off"),
        httpx.Response(502),
        httpx.Response(503),
        httpx.Response(504),
        httpx.Response(200, json=BUSY),
    ],
)
async def test_what_passes_is_tried_again_after_a_pause(
    recorded: Recorded, failure: httpx.Response | Exception
) -> None:
    graph = recorded.graph(failure, failure, httpx.Response(200, json=GOOD))

    assert (await create(graph))["role"] == {"id": "rol_1"}
    assert recorded.pauses == [0.1, 0.2]
    assert (graph.traffic.requests, graph.traffic.retries, graph.traffic.waited) == (3, 2, 0)
    assert len({request.read() for request in recorded.requests}) == 1


async def test_a_server_that_stays_away_ends_the_run(recorded: Recorded) -> None:
    away = httpx.ConnectError("refused")

    with pytest.raises(Unreachable, match="ConnectError refused, again and again"):
        await create(recorded.graph(away, away, away))

    assert recorded.pauses == [0.1, 0.2]


LIMITED = {"errors": [{"message": "slow down", "extensions": {"code": "RATE_LIMITED"}}]}


@pytest.mark.parametrize(
    ("answer", "pause"),
    [
        (httpx.Response(429, headers={"Retry-After": "12"}), 12.0),
        (httpx.Response(429), 7.0),
        (httpx.Response(429, headers={"Retry-After": "soon"}), 7.0),
        (httpx.Response(200, json=LIMITED, headers={"Retry-After": "3"}), 3.0),
    ],
)
async def test_a_rate_limit_is_waited_for_as_long_as_it_asks(
    recorded: Recorded, answer: httpx.Response, pause: float
) -> None:
    graph = recorded.graph(answer, answer, answer, httpx.Response(200, json=GOOD))

    assert (await create(graph))["role"] == {"id": "rol_1"}
    assert recorded.pauses == [pause] * 3
    assert (graph.traffic.retries, graph.traffic.waited) == (0, 3)


async def test_a_rate_limit_without_end_ends_the_run(recorded: Recorded) -> None:
    limited = httpx.Response(429, headers={"Retry-After": "1"})

    with pytest.raises(Unreachable, match="HTTP 429"):
        await create(recorded.graph(*[limited] * 3, waits=2))

    assert recorded.pauses == [1.0, 1.0]


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(401),
        httpx.Response(
            200, json={"errors": [{"message": "who?", "extensions": {"code": "UNAUTHENTICATED"}}]}
        ),
    ],
)
async def test_a_refused_token_ends_the_run(recorded: Recorded, answer: httpx.Response) -> None:
    with pytest.raises(Refused, match="does not accept the token"):
        await create(recorded.graph(answer))

    assert recorded.pauses == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (
            httpx.Response(
                200,
                json={
                    "data": {
                        "answer": {
                            "role": None,
                            "errors": [
                                {"code": "VALIDATION", "message": "taken", "path": ["code"]},
                                {"code": "BUSY", "message": "wait", "path": None},
                            ],
                        }
                    }
                },
            ),
            "roleCreate: VALIDATION taken (code); BUSY wait",
        ),
        (
            httpx.Response(200, json={"errors": [{"message": "no such field"}]}),
            "HTTP 200: no such field",
        ),
        (
            httpx.Response(500, json={"errors": [{"message": "oh", "extensions": {"code": "X"}}]}),
            "HTTP 500: X oh",
        ),
        (httpx.Response(500, text="<html>"), "HTTP 500, and no GraphQL in it"),
        (httpx.Response(200, json=[]), "HTTP 200, and no GraphQL in it"),
        (httpx.Response(200, json={"data": None}), "HTTP 200, and no GraphQL in it"),
    ],
)
async def test_any_other_error_is_the_cases_own(
    recorded: Recorded, answer: httpx.Response, reason: str
) -> None:
    with pytest.raises(Diverged) as refused:
        await create(recorded.graph(answer))

    assert str(refused.value) == reason
    assert recorded.pauses == []
