"""A PostgreSQL of our own in a folder: no installation, no port, nobody else gets in.

Reached through a socket in a private folder with a short path, with a random password. A start
heals what a crash left behind; a stop is always a fast, clean one.
"""

import fcntl
import logging
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

import psutil

from server.accounts import Account, Programs, last_words
from server.problems import OperatorProblem

log = logging.getLogger(__name__)

NAME = "backoffice"  # of the database, and of the role that owns it
PORT = 5432  # only part of the socket's name

START_SECONDS = 120  # a crash recovery takes its time
STOP_SECONDS = 60
LOG_BYTES = 10_000_000

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Errors of single statements are the application's to report; the log is about the server.
    "log_min_messages": "log",
    "log_checkpoints": "off",
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
}
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """`data_dir` is a folder of its own. `durable=False` is for data that may be lost: tests."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.data_dir = data_dir.absolute()
        self.log_file = self.data_dir / "log"
        self._cluster = self.data_dir / "cluster"
        self._settings = SETTINGS if durable else SETTINGS | THROWAWAY
        self._durable = durable
        self._lock: int | None = None
        self._scratch: Path | None = None
        self._scratch_hold: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """The URL of the running server, as the owner of its database; or OperatorProblem."""
        try:
            self._take_lock()
            self._heal()
            return self._launch()
        except OSError as error:
            self.stop()
            raise OperatorProblem(
                f"cannot run PostgreSQL in {self.data_dir}: {error.strerror or error}"
                f" ({error.filename})"
            ) from error
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends the server in order. Harmless when there is none."""
        if self._process is not None:
            if self._process.poll() is None:
                _end(psutil.Process(self._process.pid))
                self._process.wait()
            self._process = None
        if self._scratch is not None:
            shutil.rmtree(self._scratch)
            (self.data_dir / "scratch").unlink(missing_ok=True)
            self._scratch = None
        if self._scratch_hold is not None:
            os.close(self._scratch_hold)
            self._scratch_hold = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> str:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _take_lock(self) -> None:
        if self._lock is not None:
            raise RuntimeError("already started")
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.data_dir.chmod(0o700)
        lock = os.open(self.data_dir / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise OperatorProblem(
                f"another server is running on {self.data_dir}: stop it, or choose another DATA_DIR"
            ) from None
        self._lock = lock

    def _heal(self) -> None:
        """Removes what a killed server left: its PostgreSQL, its scratch folder."""
        leftover = _postmaster(self._cluster)
        if leftover is not None:
            log.warning("stopping the PostgreSQL of a server that was killed: %s", leftover.pid)
            _end(leftover)
        noted = self.data_dir / "scratch"
        if noted.exists():
            scratch = Path(noted.read_text())
            # The note is ours, but what has that name may meanwhile be somebody else's.
            if scratch.is_dir() and scratch.lstat().st_uid == os.geteuid():
                shutil.rmtree(scratch)
            noted.unlink()

    def _launch(self) -> str:
        account = Account.for_folder(self._cluster)
        scratch = self._make_scratch(traversable=account is not None)
        programs = Programs.within_reach(account, scratch)
        private = scratch / "private"
        private.mkdir(mode=0o700)
        if account is not None:
            account.own(private)
        if not self._cluster.exists():
            self._create(programs, private)
        self._refuse_other_version(programs)
        settings = self._settings | {"unix_socket_directories": str(private)}
        self._serve(programs, settings)
        return _url(self.data_dir, private)

    def _make_scratch(self, *, traversable: bool) -> Path:
        # A short path: a socket's may have 107 bytes. mkdtemp makes the folder private.
        shared = Path("/tmp")  # noqa: S108
        parent = shared if os.access(shared, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())
        scratch = Path(tempfile.mkdtemp(prefix=f"{NAME}-", dir=parent))
        self._scratch = scratch
        (self.data_dir / "scratch").write_text(str(scratch))
        # Cleaners of /tmp leave alone what is locked.
        self._scratch_hold = os.open(scratch, os.O_RDONLY)
        fcntl.flock(self._scratch_hold, fcntl.LOCK_SH)
        if traversable:
            scratch.chmod(0o711)
        return scratch

    def _create(self, programs: Programs, private: Path) -> None:
        """A new cluster, under its final name only once it is complete."""
        unfinished = self.data_dir / "unfinished"
        if unfinished.exists():
            shutil.rmtree(unfinished)
        unfinished.mkdir(mode=0o700)
        password = secrets.token_urlsafe(32)
        note = private / "password"
        note.touch(mode=0o600)
        note.write_text(password)
        if programs.account is not None:
            programs.account.own(unfinished)
            programs.account.own(note)
        programs.run(
            "initdb",
            f"--username={NAME}",
            f"--pwfile={note}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--no-instructions",
            *([] if self._durable else ["--no-sync"]),
            data=unfinished,
        )
        note.unlink()
        create = f"CREATE DATABASE {NAME}\n"
        programs.run("postgres", "--single", "postgres", data=unfinished, told=create)
        kept = self.data_dir / "password"
        kept.touch(mode=0o600)
        kept.write_text(password)
        unfinished.rename(self._cluster)

    def _refuse_other_version(self, programs: Programs) -> None:
        found = (self._cluster / "PG_VERSION").read_text().strip()
        ours = programs.version()
        if found != ours:
            raise OperatorProblem(
                f"{self.data_dir} holds data of PostgreSQL {found}, but this is PostgreSQL {ours}:"
                " dump it with the release that wrote it and load it into a new DATA_DIR"
            )

    def _serve(self, programs: Programs, settings: dict[str, str]) -> None:
        options = [f"--{name}={value}" for name, value in settings.items()]
        if self.log_file.exists() and self.log_file.stat().st_size > LOG_BYTES:
            self.log_file.replace(self.log_file.with_name("log.old"))
        output = os.open(self.log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            began = os.fstat(output).st_size
            process = programs.spawn("postgres", *options, data=self._cluster, output=output)
        finally:
            os.close(output)
        self._process = process
        deadline = time.monotonic() + START_SECONDS
        while not _is_ready(self._cluster, process.pid):
            if process.poll() is not None or time.monotonic() > deadline:
                with self.log_file.open("rb") as written:
                    written.seek(began)
                    said = written.read().decode(errors="replace")
                raise OperatorProblem(
                    f"PostgreSQL does not start: {last_words(said)} (see {self.log_file})"
                )
            time.sleep(0.01)


def url_of_running(data_dir: Path) -> str | None:
    """The URL of the server that another process runs on `data_dir`; None when none does."""
    if not _postmaster_file(data_dir / "cluster") or not _is_locked(data_dir / "lock"):
        return None
    return _url(data_dir, Path((data_dir / "scratch").read_text()) / "private")


def _is_locked(path: Path) -> bool:
    with path.open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _url(data_dir: Path, private: Path) -> str:
    password = quote((data_dir / "password").read_text())
    return f"postgresql://{NAME}:{password}@/{NAME}?host={quote(str(private))}&port={PORT}"


def _postmaster_file(cluster: Path) -> list[str]:
    try:
        return (cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _is_ready(cluster: Path, pid: int) -> bool:
    lines = _postmaster_file(cluster)
    return len(lines) > 7 and int(lines[0]) == pid and lines[7].strip() == "ready"  # noqa: PLR2004


def _postmaster(cluster: Path) -> psutil.Process | None:
    """The server that still runs on `cluster`."""
    lines = _postmaster_file(cluster)
    if not lines:
        return None
    try:
        process = psutil.Process(int(lines[0]))
        if Path(process.cwd()) == cluster.resolve():
            return process
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return None
    # After a crash its number may go to another process, which PostgreSQL would take for itself.
    (cluster / "postmaster.pid").unlink()
    return None


def _end(process: psutil.Process) -> None:
    """A fast shutdown: open transactions are rolled back, everything else is kept."""
    try:
        process.send_signal(signal.SIGINT)
        process.wait(STOP_SECONDS)
    except psutil.NoSuchProcess:
        return
    except psutil.TimeoutExpired:
        log.warning("PostgreSQL did not stop within %s s: stopping it at once", STOP_SECONDS)
        process.send_signal(signal.SIGQUIT)
        process.wait(STOP_SECONDS)
