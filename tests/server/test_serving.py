"""Server processes, started, asked, signalled and killed from outside, as an operator would."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from server.embedded import EmbeddedPostgres

SMALL = [sys.executable, "tests/server/small_server.py", "small"]
PATIENCE = 60

# What a PostgreSQL 14 says up to the point where it waits for a query: no encryption, welcome.
GREETING_OF_14 = (
    b"N",
    b"".join(
        (
            b"R\0\0\0\x08\0\0\0\0",
            b"S\0\0\0\x18server_version\x0014.9\0",
            b"K\0\0\0\x0c\0\0\0\x01\0\0\0\x01",
            b"Z\0\0\0\x05I",
        )
    ),
)

Process = subprocess.Popen[str]
Start = Callable[..., Process]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a server on a folder of this test; keywords are environment variables."""
    with ExitStack() as running:

        def start(**environment: str) -> Process:
            process = subprocess.Popen(  # noqa: S603 - ourselves
                SMALL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=os.environ
                | {"PYTHONPATH": ".", "PORT": "0", "DATA_DIR": str(tmp_path / "data")}
                | environment,
            )
            running.enter_context(process)
            running.callback(process.terminate)
            return process

        yield start


def wait_for(process: Process, pattern: str) -> str:
    """The first match in what the process prints; its complaint, when it ends instead."""
    assert process.stdout is not None
    assert process.stderr is not None
    for line in process.stdout:
        if found := re.search(pattern, line):
            return found[0]
    pytest.fail(process.stderr.read())


def address(process: Process) -> str:
    return wait_for(process, r"http://127.0.0.1:\d+")


def ended(process: Process) -> tuple[int, str]:
    """Its exit code, and what it complained about."""
    _, complaint = process.communicate(timeout=PATIENCE)
    return process.returncode, complaint


def postmaster(data: Path) -> psutil.Process:
    note = data / "postgres" / "cluster" / "postmaster.pid"
    return psutil.Process(int(note.read_text().split()[0]))


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def terminal(handler: signal.Handlers) -> Iterator[None]:
    """What a child inherits for the end of its terminal, however the tests were started."""
    before = signal.signal(signal.SIGHUP, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_everything_and_the_next_start_finds_it(
    start: Start, tmp_path: Path, ending: signal.Signals
) -> None:
    with terminal(signal.SIG_DFL):
        first = start()
    assert httpx.get(f"{address(first)}/readyz").status_code == 200
    database = postmaster(tmp_path / "data")

    first.send_signal(ending)

    assert ended(first) == (0, "")
    assert not database.is_running()
    assert httpx.get(f"{address(start())}/starts").text == "2"


def test_a_server_without_a_terminal_outlives_it(start: Start) -> None:
    with terminal(signal.SIG_IGN):
        server = start()
    url = address(server)

    server.send_signal(signal.SIGHUP)

    assert httpx.get(f"{url}/readyz").status_code == 200
    server.terminate()
    assert ended(server) == (0, "")


def test_an_open_stream_does_not_hold_up_the_end(start: Start) -> None:
    server = start(SHUTDOWN_TIMEOUT="1")
    with httpx.stream("GET", f"{address(server)}/endless") as stream:
        assert next(stream.iter_text()) == "open\n"

        server.terminate()

        code, complaint = ended(server)
        assert code == 0
        assert "Traceback" not in complaint


def test_a_signal_while_starting_leaves_no_database_behind(start: Start, tmp_path: Path) -> None:
    server = start(STAY_IN_MIGRATION="1")
    wait_for(server, "migrating")
    database = postmaster(tmp_path / "data")

    server.terminate()

    assert ended(server) == (128 + signal.SIGTERM, "")
    assert not database.is_running()


def test_a_killed_server_starts_again(start: Start, tmp_path: Path) -> None:
    killed = start()
    address(killed)
    orphan = postmaster(tmp_path / "data")
    killed.kill()
    killed.wait()

    assert httpx.get(f"{address(start())}/starts").text == "2"
    assert not orphan.is_running()


def test_a_taken_port_is_a_clear_error_before_anything_happens(
    start: Start, tmp_path: Path
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]

        code, complaint = ended(start(PORT=str(port)))

        assert code == 1
        assert complaint == (
            f"backoffice: PORT: 127.0.0.1:{port} is taken: "
            "stop what runs there, or set another PORT\n"
        )

    assert not (tmp_path / "data").exists()


def test_an_address_of_another_machine_is_a_clear_error(start: Start) -> None:
    assert ended(start(HOST="192.0.2.1")) == (
        1,
        "backoffice: HOST: cannot serve on 192.0.2.1:0: Cannot assign requested address\n",
    )


def test_a_second_server_on_the_same_folder_is_a_clear_error(start: Start, tmp_path: Path) -> None:
    first = address(start())

    code, complaint = ended(start())

    folder = tmp_path / "data" / "postgres"
    assert code == 1
    assert complaint == (
        f"backoffice: another server is running on {folder}: stop it, or choose another DATA_DIR\n"
    )
    assert httpx.get(f"{first}/readyz").status_code == 200


def test_it_is_not_ready_without_its_database(start: Start, tmp_path: Path) -> None:
    server = address(start())

    postmaster(tmp_path / "data").kill()

    assert any(httpx.get(f"{server}/readyz").status_code == 503 for _ in range(1000))
    assert httpx.get(f"{server}/healthz").status_code == 200


def test_another_database_is_used_when_it_is_given(start: Start, tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "other", durable=False) as url:
        server = start(DATABASE_URL=url)
        assert httpx.get(f"{address(server)}/starts").text == "1"
        server.terminate()
        assert ended(server)[0] == 0

    assert not (tmp_path / "data").exists()


def test_a_database_that_is_down_is_a_clear_error(start: Start) -> None:
    port = free_port()

    code, complaint = ended(start(DATABASE_URL=f"postgresql://user:word@127.0.0.1:{port}/office"))

    assert code == 1
    assert complaint.startswith(f"backoffice: PostgreSQL at 127.0.0.1:{port}/office cannot be used")
    assert complaint.count("\n") == 1
    assert "word" not in complaint.replace("password", "")


def test_a_refused_password_is_a_clear_error(start: Start, tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "other", durable=False) as url:
        wrong = re.sub(r"(?<=backoffice:)[^@]+", "guess", url)

        code, complaint = ended(start(DATABASE_URL=wrong))

    assert code == 1
    assert complaint == (
        "backoffice: PostgreSQL at the embedded socket/backoffice"
        " refuses the user or the password of DATABASE_URL\n"
    )


def test_a_missing_database_is_a_clear_error(start: Start, tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "other", durable=False) as url:
        code, complaint = ended(start(DATABASE_URL=url.replace("/backoffice?", "/missing?")))

    assert code == 1
    assert 'database "missing" does not exist' in complaint
    assert complaint.count("\n") == 1


async def test_a_database_that_is_too_old_is_a_clear_error(start: Start) -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            for answer in GREETING_OF_14:
                await reader.read(4096)
                writer.write(answer)
            await reader.read()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as old:
        port = old.sockets[0].getsockname()[1]
        server = start(DATABASE_URL=f"postgresql://user:word@127.0.0.1:{port}/office")

        code, complaint = await asyncio.to_thread(ended, server)

    assert code == 1
    assert complaint == (
        f"backoffice: PostgreSQL at 127.0.0.1:{port}/office is version 14: 15 or later is needed\n"
    )


def test_a_wrong_setting_is_a_clear_error(start: Start) -> None:
    assert ended(start(PORT="eighty")) == (
        2,
        "backoffice: PORT: Input should be a valid integer, unable to parse string as an integer\n",
    )
