"""The server that the browser tests explore: the real page over a graph of three fields."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server import graphiql


@dataclass(frozen=True)
class Site:
    """A server to explore, and what it is known to answer there."""

    url: str
    token: str
    user: str
    organization: str
    mutation: str
    variables: dict[str, Any]
    answer: dict[str, Any]


@contextmanager
def small_site() -> Iterator[Site]:
    both = Route("/graphql", _graphql, methods=["GET", "POST"])
    with _serving(Starlette(routes=[*graphiql.routes(), both])) as url:
        yield Site(
            url=f"{url}/graphql",
            token="a-token-of-the-tests",
            user="Example Buyer",
            organization="Example Trading",
            mutation="mutation Rename($name: String!) { rename(name: $name) { user { name } } }",
            variables={"name": "Renamed"},
            answer={"data": {"rename": {"user": {"name": "Renamed"}}}},
        )


@contextmanager
def _serving(app: Starlette) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@strawberry.type
class Named:
    name: str


@strawberry.type
class Viewer:
    user: Named
    organization: Named

    @strawberry.field
    def language(self, info: strawberry.Info) -> str:
        return str(info.context["language"])


def _viewer(name: str = "Example Buyer") -> Viewer:
    return Viewer(user=Named(name=name), organization=Named(name="Example Trading"))


@strawberry.type
class Query:
    @strawberry.field
    def viewer(self) -> Viewer:
        return _viewer()


@strawberry.type
class Mutation:
    @strawberry.mutation
    def rename(self, name: str) -> Viewer:
        return _viewer(name)


GRAPH = strawberry.Schema(query=Query, mutation=Mutation)


async def _graphql(request: Request) -> Response:
    if request.method == "GET":
        return graphiql.page(request)
    if request.headers.get("Authorization") != "Bearer a-token-of-the-tests":
        return JSONResponse({"errors": [{"message": "This token is not known."}]}, status_code=401)
    asked = await request.json()
    result = await GRAPH.execute(
        asked["query"],
        variable_values=asked.get("variables"),
        operation_name=asked.get("operationName"),
        context_value={"language": request.headers["Accept-Language"]},
    )
    errors = [{"message": error.message} for error in result.errors or []]
    return JSONResponse({"data": result.data} | ({"errors": errors} if errors else {}))
