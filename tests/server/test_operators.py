"""Commands of operators, against a database that serves meanwhile."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner

from domain.callers import Channel
from persistence.engines import application_engine
from persistence.migrating import upgrade
from persistence.storage import SqlStorage
from server.cli import app
from server.demo.people import DOMAIN, OTHER_DOMAIN
from server.embedded import EmbeddedPostgres, url_of_running
from server.gate import CredentialGate
from server.problems import OperatorProblem
from tests import make
from tests.conftest import World, keep, new_world
from tests.server.gates import enter, issued, refused


@pytest.fixture
async def own_engine(
    fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AsyncEngine]:
    """A database of our own, which the commands are told to work on."""
    monkeypatch.setenv("DATABASE_URL", fresh_database)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    engine = application_engine(fresh_database, pool_size=3)
    yield engine
    await engine.dispose()


@pytest.fixture
def own_storage(own_engine: AsyncEngine) -> SqlStorage:
    return SqlStorage(own_engine)


@pytest.fixture
async def here(own_storage: SqlStorage) -> World:
    return await new_world(own_storage)


@pytest.fixture
def gate(own_engine: AsyncEngine, fresh_database: str) -> CredentialGate:
    return CredentialGate(own_engine, fresh_database)


async def told(*arguments: str, code: int = 0) -> str:
    """What a command prints; it ends with this code."""
    result = await asyncio.to_thread(CliRunner().invoke, app, arguments)
    if isinstance(result.exception, OperatorProblem):
        raise result.exception
    assert result.exit_code == code, result.output
    return str(result.output)


async def test_a_credential_is_issued_listed_and_revoked(here: World, gate: CredentialGate) -> None:
    who = ("--user", here.buyer.email)

    secret = (await told("credentials", "issue", *who, "--name", "Batch", "--channel", "WAQTI"))[
        :-1
    ]
    assert re.fullmatch(r"1\|[A-Za-z0-9]{40}", secret)
    caller = await enter(gate, secret, Channel.WAQTI)
    assert caller.user_id == here.buyer.id

    [line] = (await told("credentials", "list")).splitlines()
    id, *columns = line.split("\t")
    assert id == f"key_{caller.credential_id.hex}"
    assert columns == [
        here.organization.name,
        here.buyer.email,
        "WAQTI",
        f"…{secret[-4:]}",
        "active",
        "plan",
        "anywhere",
        "Batch",
    ]

    assert await told("credentials", "revoke", id) == f"{id} is revoked\n"
    gate.authenticator.forget()
    await refused(gate, secret, Channel.WAQTI)
    assert "\trevoked\t" in await told("credentials", "list")


async def test_limits_are_lifted_for_one_user_or_everybody(
    here: World, own_storage: SqlStorage, gate: CredentialGate
) -> None:
    buys = await issued(own_storage, here)
    approves = await issued(own_storage, here, here.approver)

    async def limits() -> list[int | None]:
        gate.authenticator.forget()
        return [(await enter(gate, each.secret)).budget.a_minute for each in (buys, approves)]

    limit = ("credentials", "limit", "--user")
    assert await limits() == [1000, 1000]
    assert await told(*limit, here.buyer.email, "--per-minute", "0") == "1 credentials changed\n"
    assert await limits() == [None, 1000]
    assert await told(*limit, "ALL", "--per-minute", "5000") == "2 credentials changed\n"
    assert await limits() == [5000, 5000]
    assert await told(*limit, "ALL", "--by-plan") == "2 credentials changed\n"
    assert await limits() == [1000, 1000]


async def test_sandboxes_are_founded_empty_or_with_the_demo(
    fresh_database: str, gate: CredentialGate
) -> None:
    found = ("organizations", "found", "--admin", "ada@example.com")
    empty = (await told(*found, "Blank", "--sandbox")).strip()
    demo = (await told(*found, "Playground", "--sandbox", "--demo")).strip()
    await told(*found, "Earnest")

    lines = [line.split("\t")[1:] for line in (await told("organizations", "list")).splitlines()]
    assert lines == [["Blank", "sandbox, empty"], ["Earnest"], ["Playground", "sandbox, demo"]]
    rows = await asyncpg.connect(fresh_database)
    orders = "SELECT count(*) FROM purchase_orders WHERE organization_id = $1"
    counts = [
        await rows.fetchval(orders, (await enter(gate, token)).organization_id)
        for token in (empty, demo)
    ]
    days = await rows.fetch("SELECT name FROM organizations WHERE reset_on IS NULL")
    await rows.close()
    assert counts == [0, 153]
    assert [row["name"] for row in days] == ["Earnest"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--demo",), "--demo is for sandboxes: add --sandbox"),
        (("--sandbox", "--demo", "--currency", "EUR"), "--currency: the demo's prices are in SAR"),
    ],
    ids=["no sandbox", "another currency"],
)
@pytest.mark.usefixtures("here")
async def test_a_demo_that_cannot_be_is_refused(arguments: tuple[str, ...], problem: str) -> None:
    with pytest.raises(OperatorProblem, match=f"^{re.escape(problem)}$"):
        await told("organizations", "found", "X", "--admin", "ada@example.com", *arguments)

    assert len((await told("organizations", "list")).splitlines()) == 1


async def test_what_operators_do_is_audited(
    here: World, own_storage: SqlStorage, fresh_database: str
) -> None:
    credential = await issued(own_storage, here)
    await told("credentials", "limit", "--user", "ALL", "--per-minute", "0")
    await told("credentials", "limit", "--user", "ALL", "--per-minute", "0")

    connection = await asyncpg.connect(fresh_database)
    entries = await connection.fetch(
        "SELECT action, channel, changes FROM audit_events WHERE subject_id = $1 ORDER BY sequence",
        credential.id,
    )
    await connection.close()
    assert [(e["action"], e["channel"]) for e in entries] == [
        ("api_credential.created", "GRAPHQL"),
        ("api_credential.limited", "SYSTEM"),
    ]
    assert json.loads(entries[1]["changes"]) == {"requests_per_minute": [None, 0]}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("issue", "--user", "no@example.com", "--name", "X"), "no user no@example.com"),
        (("limit", "--user", "no@example.com", "--by-plan"), "no user no@example.com"),
        (("limit", "--user", "ALL"), "give either --per-minute or --by-plan"),
        (
            ("limit", "--user", "ALL", "--per-minute", "9999999"),
            "this must be 1000000 or less",
        ),
        (("revoke", "key_0"), "no credential key_0: see `backoffice credentials list`"),
        (("list", "--organization", "Nobody"), "no organization Nobody: there is Test Trading"),
        (("demo",), f"no user admin@{DOMAIN}"),
    ],
    ids=range(7),
)
async def test_mistakes_are_said_in_a_line_and_change_nothing(
    here: World,
    own_storage: SqlStorage,
    fresh_database: str,
    arguments: tuple[str, ...],
    problem: str,
) -> None:
    await issued(own_storage, here)
    with pytest.raises(OperatorProblem, match=f"^{re.escape(problem)}$"):
        await told("credentials", *arguments)

    connection = await asyncpg.connect(fresh_database)
    count = "SELECT count(*) FROM audit_events WHERE subject_kind = 'api_credential'"
    assert await connection.fetchval(count) == 1
    await connection.close()


async def test_a_user_of_two_organizations_has_to_be_told_apart(
    here: World, own_storage: SqlStorage, gate: CredentialGate
) -> None:
    there = await new_world(own_storage)
    name = "Second Trading"
    async with own_storage.begin(there.caller()) as uow:
        organization = await uow.records(type(there.organization)).get(there.organization.id)
        organization.name = name
        uow.records(type(there.buyer)).add(
            twin := make.user(role_ids=[there.role.id], email=here.buyer.email)
        )
        await uow.flush()
        await uow.commit()
    issue = ("credentials", "issue", "--user", here.buyer.email, "--name", "X")

    with pytest.raises(OperatorProblem, match=f"is in {name}, Test Trading: say which"):
        await told(*issue)
    secret = (await told(*issue, "--organization", name)).strip()

    assert (await enter(gate, secret)).user_id == twin.id


async def test_the_audit_trail_is_verified(
    here: World, own_storage: SqlStorage, fresh_database: str
) -> None:
    await new_world(own_storage)
    each = "Test Trading: 6 entries, 0 broken\n"
    assert await told("audit", "verify") == each * 2

    connection = await asyncpg.connect(fresh_database)
    await connection.execute(
        "UPDATE audit_events SET action = 'supplier.blessed' WHERE subject_id = $1",
        here.supplier.id,
    )
    await connection.close()

    output = await told("audit", "verify", code=1)
    assert sorted(output.splitlines(keepends=True)) == sorted(
        [
            f"  {here.supplier.id} entry 1: it was changed\n",
            "Test Trading: 6 entries, 1 broken\n",
            each,
        ]
    )


async def test_lost_demo_credentials_are_issued_anew(
    own_storage: SqlStorage, gate: CredentialGate, tmp_path: Path
) -> None:
    for domain in (DOMAIN, OTHER_DOMAIN):
        world = await new_world(own_storage)
        for key in ("admin", "buyer", "department.head", "finance.manager", "cfo"):
            user = make.user(role_ids=[world.role.id], email=f"{key}@{domain}")
            await keep(own_storage, world.caller(), user)

    path = tmp_path / "data" / "credentials.json"
    assert await told("credentials", "demo") == f"wrote {path}\n"

    found = json.loads(path.read_text())
    assert [*found] == ["graphql", "waqti", "shrkity", "shoplazza", "other_organization"]
    ours = await enter(gate, found["waqti"]["tokens"]["cfo"], Channel.WAQTI)
    theirs = await enter(gate, found["other_organization"]["graphql"]["tokens"]["admin"])
    assert ours.organization_id != theirs.organization_id


def test_a_running_embedded_server_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    assert url_of_running(folder) is None
    with EmbeddedPostgres(folder, durable=False) as url:
        assert url_of_running(folder) == url
    assert url_of_running(folder) is None


async def test_commands_work_beside_a_running_embedded_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    with EmbeddedPostgres(tmp_path / "postgres", durable=False) as url:
        await asyncio.to_thread(upgrade, url)
        assert await told("audit", "verify") == ""
        engine = application_engine(url, pool_size=1)
        await new_world(SqlStorage(engine))
        await engine.dispose()
        assert await told("audit", "verify") == "Test Trading: 6 entries, 0 broken\n"
    # And without one they start it for as long as they need it.
    assert await told("audit", "verify") == "Test Trading: 6 entries, 0 broken\n"
    assert url_of_running(tmp_path / "postgres") is None


async def test_the_worker_of_an_embedded_database_is_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    with pytest.raises(OperatorProblem, match=r"^DATABASE_URL is not set"):
        await told("worker")
    assert not (tmp_path / "data").exists()
