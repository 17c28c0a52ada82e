"""The delta feed's pages: whatever happened, they add up to what is there."""

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from tests import make
from usecases.changes import Changed, ChangeKind, coalesced
from usecases.reads.events import EventMark, Marked, RecordKind

KIND = RecordKind.SUPPLIER
PAST = {1: "supplier.created"}
SUBJECTS = [uuid4() for _ in range(4)]
CREATED, UPDATED, DELETED = ChangeKind.CREATED, ChangeKind.UPDATED, ChangeKind.DELETED


@st.composite
def histories(draw: st.DrawFn) -> list[EventMark]:
    """What happens to a few records, in any order that can be; some positions are of others."""
    steps = draw(st.lists(st.tuples(st.sampled_from(SUBJECTS), st.booleans(), st.booleans())))
    marks: list[EventMark] = []
    position, sequences, gone = 0, dict.fromkeys(SUBJECTS, 0), set[UUID]()
    for subject, ends, skips in steps:
        position += 2 if skips else 1
        if subject in gone:
            continue
        sequences[subject] += 1
        past = PAST.get(sequences[subject], "supplier.deleted" if ends else "supplier.updated")
        if past.endswith("deleted"):
            gone.add(subject)
        marks.append(
            EventMark(
                position=position,
                type=past,
                kind=KIND,
                subject_id=subject,
                version=sequences[subject],
                at=make.NOON,
                sequence=sequences[subject],
            )
        )
    return marks


def page(history: list[EventMark], after: int, first: int, most: int) -> Changed:
    """As the database would give it: at most so many events, and how far that is."""
    newest = history[-1].position if history else 0
    rows = [mark for mark in history if mark.position > after][:most]
    return coalesced(
        Marked(rows, rows[-1].position if len(rows) == most else newest, newest), first
    )


@given(histories(), st.integers(1, 5), st.integers(1, 6))
def test_pages_add_up_to_what_is_there(history: list[EventMark], first: int, most: int) -> None:
    copy: dict[UUID, int] = {}
    after, pages = 0, 0
    while True:
        got = page(history, after, first, most)
        assert len(got.edges) <= first
        assert len({edge.subject_id for edge in got.edges}) == len(got.edges)
        assert [edge.position for edge in got.edges] == sorted(e.position for e in got.edges)
        for edge in got.edges:
            if edge.change is DELETED:
                copy.pop(edge.subject_id, None)
            else:
                assert (edge.change is CREATED) == (edge.subject_id not in copy)
                copy[edge.subject_id] = edge.version
        assert got.position > after or not got.has_next_page
        after, pages = got.position, pages + 1
        if not got.has_next_page:
            break

    last = {mark.subject_id: mark for mark in history}
    assert copy == {
        id: mark.version for id, mark in last.items() if not mark.type.endswith(".deleted")
    }
    assert after == (history[-1].position if history else 0)


@given(histories(), st.integers(1, 5), st.data())
def test_nothing_is_missed_from_any_place_on(
    history: list[EventMark], first: int, data: st.DataObject
) -> None:
    """Also after an edge in the middle of a page, by its own cursor."""
    got = page(history, 0, first, 1000)
    after = data.draw(st.sampled_from([0, *(edge.position for edge in got.edges)]))
    seen = {edge.subject_id: edge for edge in got.edges if edge.position <= after}
    while True:
        got = page(history, after, first, 1000)
        seen |= {edge.subject_id: edge for edge in got.edges}
        after = got.position
        if not got.has_next_page:
            break

    assert {id: edge.position for id, edge in seen.items()} == {
        mark.subject_id: mark.position for mark in history
    }


def test_what_was_created_and_deleted_on_one_page_is_deleted() -> None:
    marks = [
        EventMark(n, f"supplier.{past}", KIND, SUBJECTS[0], n, make.NOON, n)
        for n, past in enumerate(("created", "updated", "deleted"), start=1)
    ]

    got = coalesced(Marked(marks, 3, 3), first=50)

    [edge] = got.edges
    assert (edge.change, edge.type, edge.position, edge.version) == (
        DELETED,
        "supplier.deleted",
        3,
        3,
    )
    assert not got.has_next_page
