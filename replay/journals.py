"""The state file: one line for every step done, safe on disk before the next one begins.

Killed between a step and its line, the next run sends the step again under the same idempotency
key, and the server answers what it answered before.
"""

import asyncio
import fcntl
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self
from uuid import uuid4

from replay.errors import UnusableState

_FORMAT: Final = 2
_OWNER_ONLY: Final = 0o600


@dataclass(frozen=True, kw_only=True)
class Done:
    """A step that the server has carried out, and what it made or changed.

    `record` is an order, an invoice or a receipt; `line` is that of a new order.
    """

    case: str
    step: str
    record: str
    line: str | None = None


@dataclass(frozen=True, kw_only=True)
class Secret:
    """The token of a role; shown once, so it is kept here (the file is its owner's only)."""

    role: str
    token: str


@dataclass
class Journal:
    """What has been done so far, and the file that remembers it."""

    run: str
    _file: int
    done: dict[str, list[Done]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    _unwritten: list[bytes] = field(default_factory=list)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _writing: asyncio.Task[None] | None = None

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path, *, log: str, organization: str) -> AsyncIterator[Self]:
        """The journal of this log and organization, new or gone on with; UnusableState if not."""
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, _OWNER_ONLY)
        try:
            _lock(file, path)
            lines = _whole_lines(file, path)
            if not lines:
                header = {"format": _FORMAT, "run": uuid4().hex[:12]}
                header |= {"log": log, "organization": organization}
                lines = [header]
                _write(file, [_line(header)])
            journal = cls(run=_checked(lines[0], path, log, organization)["run"], _file=file)
            for entry in lines[1:]:
                journal._remember(_entry(entry, path))
            try:
                yield journal
            finally:
                await journal._settled()
        finally:
            os.close(file)

    async def write(self, entry: Done | Secret) -> None:
        """Returns when the entry is on disk. Entries that come together share one fsync."""
        self._unwritten.append(_line(_fields(entry)))
        async with self._turn:
            batch, self._unwritten = self._unwritten, []
            if batch:
                await self._settled()
                self._writing = asyncio.create_task(asyncio.to_thread(_write, self._file, batch))
                await asyncio.shield(self._writing)
        self._remember(entry)

    async def _settled(self) -> None:
        """Waits for a write that a cancelled caller has left behind: threads cannot be stopped."""
        if self._writing is not None:
            await asyncio.wait({self._writing})

    def _remember(self, entry: Done | Secret) -> None:
        if isinstance(entry, Done):
            self.done.setdefault(entry.case, []).append(entry)
        else:
            self.tokens[entry.role] = entry.token


def _lock(file: int, path: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as taken:
        raise UnusableState(f"{path} is in use by another run") from taken


def _whole_lines(file: int, path: Path) -> list[dict[str, Any]]:
    """Every line that was written to its end; a torn last one is cut off."""
    content = b""
    while piece := os.read(file, 1 << 20):
        content += piece
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        os.ftruncate(file, len(whole))
    lines = []
    for number, line in enumerate(whole.splitlines(), start=1):
        try:
            read = json.loads(line)
        except ValueError as damaged:
            raise UnusableState(f"{path}, line {number} is damaged") from damaged
        if not isinstance(read, dict):
            raise UnusableState(f"{path}, line {number} is no entry")
        lines.append(read)
    return lines


def _checked(header: dict[str, Any], path: Path, log: str, organization: str) -> dict[str, Any]:
    if header.get("format") != _FORMAT or "run" not in header:
        raise UnusableState(f"{path} is no state file of a replay")
    if header.get("log") != log:
        raise UnusableState(f"{path} belongs to the replay of another log: give another --state")
    if header.get("organization") != organization:
        raise UnusableState(f"{path} belongs to another organization: give another --state")
    return header


def _entry(fields: dict[str, Any], path: Path) -> Done | Secret:
    try:
        return Done(**fields) if "case" in fields else Secret(**fields)
    except TypeError as odd:
        raise UnusableState(f"{path}: an entry that cannot be read") from odd


def _fields(entry: Done | Secret) -> dict[str, Any]:
    return dict(vars(entry))


def _line(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode() + b"\n"


def _write(file: int, lines: list[bytes]) -> None:
    remaining = memoryview(b"".join(lines))
    while remaining:
        remaining = remaining[os.write(file, remaining) :]
    os.fsync(file)
