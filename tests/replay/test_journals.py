"""The state file: nothing that was written is lost, and nothing foreign is read."""

import asyncio
import json
import stat
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from replay.errors import UnusableState
from replay.journals import Done, Journal, Secret

FIRST = Done(case="c1", step="c1:0.0", record="po_1", line="pol_1")
SECOND = Done(case="c1", step="c1:0.1", record="po_1")
SECRET = Secret(role="DIRECTOR", token="s3cret")


def opened(path: Path) -> AbstractAsyncContextManager[Journal]:
    return Journal.open(path, log="log", organization="org")


async def written(path: Path) -> str:
    """A journal with three entries; its run."""
    async with opened(path) as journal:
        for entry in (FIRST, SECRET, SECOND):
            await journal.write(entry)
        return journal.run


async def test_what_was_written_is_there_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "new" / "state.jsonl"
    run = await written(path)

    async with opened(path) as journal:
        assert journal.run == run
        assert journal.done == {"c1": [FIRST, SECOND]}
        assert journal.tokens == {"DIRECTOR": "s3cret"}


async def test_a_state_file_is_its_owners_only(tmp_path: Path) -> None:
    await written(tmp_path / "state.jsonl")

    assert stat.S_IMODE((tmp_path / "state.jsonl").stat().st_mode) == 0o600


async def test_two_state_files_are_two_runs(tmp_path: Path) -> None:
    assert await written(tmp_path / "one.jsonl") != await written(tmp_path / "two.jsonl")


async def test_entries_that_come_together_are_all_written(tmp_path: Path) -> None:
    path = tmp_path / "state.jsonl"
    entries = [Done(case=f"c{n}", step="s", record="po_1") for n in range(200)]

    async with opened(path) as journal:
        await asyncio.gather(*(journal.write(entry) for entry in entries))

    async with opened(path) as journal:
        assert journal.done == {entry.case: [entry] for entry in entries}


@pytest.mark.parametrize("torn", range(1, 70, 7))
async def test_a_line_torn_by_a_kill_is_as_if_never_written(tmp_path: Path, torn: int) -> None:
    path = tmp_path / "state.jsonl"
    await written(path)
    path.write_bytes(path.read_bytes()[:-torn])

    async with opened(path) as journal:
        assert journal.done == {"c1": [FIRST]}
        await journal.write(SECOND)

    async with opened(path) as journal:
        assert journal.done == {"c1": [FIRST, SECOND]}


async def test_a_header_torn_by_a_kill_begins_a_new_run(tmp_path: Path) -> None:
    path = tmp_path / "state.jsonl"
    path.write_text('{"format":2,"run":"abc"')

    async with opened(path) as journal:
        assert journal.run != "abc"
        assert journal.done == {}

    assert len(path.read_text().splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"format":9,"run":"abc","log":"log","organization":"org"}\n', "no state file"),
        ('{"format":2,"run":"abc","log":"other","organization":"org"}\n', "of another log"),
        ('{"format":2,"run":"abc","log":"log","organization":"other"}\n', "another organization"),
        ("case_id,timestamp\n", "line 1 is damaged"),
        ("[1]\n", "line 1 is no entry"),
    ],
)
async def test_a_file_of_something_else_is_refused_and_left_alone(
    tmp_path: Path, content: str, reason: str
) -> None:
    path = tmp_path / "state.jsonl"
    path.write_text(content)

    with pytest.raises(UnusableState, match=reason):
        async with opened(path):
            pass

    assert path.read_text() == content


async def test_an_entry_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state.jsonl"
    await written(path)
    with path.open("a") as file:
        file.write(json.dumps({"case": "c1", "colour": "red"}) + "\n")

    with pytest.raises(UnusableState, match="an entry that cannot be read"):
        async with opened(path):
            pass


async def test_two_runs_cannot_share_a_state_file(tmp_path: Path) -> None:
    path = tmp_path / "state.jsonl"

    async with opened(path) as journal:
        with pytest.raises(UnusableState, match="is in use by another run"):
            async with opened(path):
                pass
        await journal.write(FIRST)

    async with opened(path) as journal:
        assert journal.done == {"c1": [FIRST]}


async def test_a_write_given_up_is_finished_before_the_file_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "state.jsonl"

    async with opened(path) as journal:
        writing = asyncio.create_task(journal.write(FIRST))
        await asyncio.sleep(0)
        assert journal._writing is not None
        writing.cancel()

    async with opened(path) as journal:
        assert journal.done == {"c1": [FIRST]}
