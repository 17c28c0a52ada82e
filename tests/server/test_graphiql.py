"""The page at /graphql as HTTP shows it, and the script that builds it."""

import gzip
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import httpx
import pytest
from graphql import GraphQLSchema, build_schema, parse, validate
from graphql.execution.values import get_variable_values
from graphql.language import OperationDefinitionNode
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server import graphiql

PROJECT = Path(__file__).parents[2]
EXAMPLES = sorted((PROJECT / "graphiql" / "examples").glob("*.graphql"))
SCRIPT = b"console.log('the page');"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """What a build leaves behind, in small."""
    names = {"script": "main-A1.js", "style": "main-B2.css", "icon": "icon-C3.svg"}
    for name, content in zip(names.values(), [SCRIPT, b"body {}", b"<svg/>"], strict=True):
        (tmp_path / name).write_bytes(content)
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(content))
    (tmp_path / "font-D4.woff2").write_bytes(b"a font")
    (tmp_path / "manifest.json").write_text(json.dumps(names | {"inputs": "any"}))
    return tmp_path


def browser(built: Path, *, root_path: str = "") -> httpx.AsyncClient:
    def page(request: Request) -> Response:
        return graphiql.page(request, built=built)

    app = Starlette(routes=[Route("/graphql", page), *graphiql.routes(built=built)])
    transport = httpx.ASGITransport(app, root_path=root_path)
    return httpx.AsyncClient(transport=transport, base_url="http://page.test")


async def test_the_page_loads_nothing_but_the_built_assets(built: Path) -> None:
    async with browser(built) as client:
        answer = await client.get("/graphql")
        addresses = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
        assets = [await client.get(address) for address in addresses]

    assert (answer.status_code, answer.headers["content-type"]) == (
        200,
        "text/html; charset=utf-8",
    )
    assert addresses == [
        "/graphql/assets/icon-C3.svg",
        "/graphql/assets/main-B2.css",
        "/graphql/assets/main-A1.js",
    ]
    assert [asset.status_code for asset in assets] == [200, 200, 200]
    assert "<script>" not in answer.text


async def test_behind_a_prefix_the_assets_are_asked_for_there(built: Path) -> None:
    async with browser(built, root_path="/office") as client:
        answer = await client.get("/office/graphql")

    assert 'src="/office/graphql/assets/main-A1.js"' in answer.text


async def test_the_policy_lets_in_nothing_from_elsewhere(built: Path) -> None:
    async with browser(built) as client:
        first, second = await client.get("/graphql"), await client.get("/graphql")

    [nonce] = re.findall(r'nonce="([^"]+)"', first.text)
    assert first.headers["content-security-policy"].split("; ") == [
        "default-src 'none'",
        "script-src 'self'",
        f"style-src 'self' 'nonce-{nonce}'",
        "style-src-attr 'unsafe-inline'",
        "connect-src 'self'",
        "worker-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
    assert nonce not in second.text
    assert first.headers["x-content-type-options"] == "nosniff"
    assert first.headers["referrer-policy"] == "no-referrer"
    assert first.headers["cache-control"] == "no-cache"


async def test_assets_are_kept_for_good_and_sent_compressed(built: Path) -> None:
    async with browser(built) as client:
        zipped = await client.get("/graphql/assets/main-A1.js")
        plain = await client.get(
            "/graphql/assets/main-A1.js", headers={"Accept-Encoding": "identity"}
        )
        font = await client.get("/graphql/assets/font-D4.woff2")

    assert zipped.content == plain.content == SCRIPT
    assert zipped.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert (font.status_code, font.content) == (200, b"a font")
    assert zipped.headers["content-type"] == plain.headers["content-type"]
    assert zipped.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert zipped.headers["vary"] == "Accept-Encoding"
    assert zipped.headers["content-security-policy"] == "default-src 'none'"


@pytest.mark.parametrize("path", ["", "other.js", "../server/graphiql.py", "%2e%2e/conftest.py"])
async def test_other_files_are_not_found(built: Path, path: str) -> None:
    async with browser(built) as client:
        answer = await client.get(f"/graphql/assets/{path}")

    assert answer.status_code == 404


async def test_without_built_assets_the_page_says_what_to_run(tmp_path: Path) -> None:
    async with browser(tmp_path / "nowhere") as client:
        page = await client.get("/graphql")
        asset = await client.get("/graphql/assets/main-A1.js")

    assert page.status_code == 200
    assert "<pre>.venv/bin/python graphiql/build.py</pre>" in page.text
    assert "<script" not in page.text
    assert asset.status_code == 404


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build_schema((PROJECT / "schema" / "schema.graphql").read_text())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_fits_the_schema(example: Path, schema: GraphQLSchema) -> None:
    document = parse(example.read_text())
    assert validate(schema, document) == []

    [operation] = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    variables = example.with_suffix(".json")
    given = json.loads(variables.read_text()) if variables.exists() else {}
    assert set(given) == {v.variable.name.value for v in operation.variable_definitions or ()}
    coerced = get_variable_values(schema, operation.variable_definitions or (), given)
    assert not isinstance(coerced, list), coerced


def test_every_example_is_in_the_menu() -> None:
    menu = (PROJECT / "graphiql" / "src" / "examples.js").read_text()

    imported = re.findall(r'from "\.\./examples/(\w+\.\w+)"', menu)

    assert len(EXAMPLES) > 10
    assert sorted(imported) == sorted(path.name for path in EXAMPLES[0].parent.iterdir())


def _sources(into: Path) -> Path:
    """A copy of the page's sources, so that no test touches the real build."""
    into.mkdir()
    shutil.copytree(
        PROJECT / "graphiql",
        into / "graphiql",
        ignore=shutil.ignore_patterns("node_modules", "__pycache__"),
    )
    return into / "graphiql" / "build.py"


def _run(script: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 (our own script)
        [sys.executable, script],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _module(script: Path) -> ModuleType:
    specification = importlib.util.spec_from_file_location("build_of_a_copy", script)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_a_build_of_the_same_sources_is_left_alone(tmp_path: Path) -> None:
    script = _sources(tmp_path / "copy")
    made = tmp_path / "copy" / "server" / "static" / "graphiql"
    made.mkdir(parents=True)
    (made / "manifest.json").write_text(json.dumps({"inputs": _module(script).digest()}))

    run = _run(script)

    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert [path.name for path in made.iterdir()] == ["manifest.json"]


def test_any_change_of_a_source_asks_for_a_new_build(tmp_path: Path) -> None:
    script = _sources(tmp_path / "copy")
    before = _module(script).digest()

    with (script.parent / "src" / "page.css").open("a") as source:
        source.write("\n")

    assert _module(script).digest() != before


def test_a_build_without_a_registry_fails_in_one_line_and_keeps_what_was_there(
    tmp_path: Path,
) -> None:
    script = _sources(tmp_path / "copy")
    made = tmp_path / "copy" / "server" / "static" / "graphiql"
    made.mkdir(parents=True)
    (made / "manifest.json").write_text('{"inputs": "of an older build"}')

    run = _run(
        script,
        npm_config_registry="http://127.0.0.1:9",
        npm_config_cache=str(tmp_path / "empty"),
        npm_config_fetch_retries="0",
    )

    assert run.returncode == 1
    [line] = run.stderr.splitlines()
    assert line.startswith("GraphiQL is not built: npm could not fetch the packages.")
    assert (made / "manifest.json").read_text() == '{"inputs": "of an older build"}'
    assert sorted(path.name for path in made.parent.iterdir()) == [".graphiql.lock", "graphiql"]
