"""Record ids: UUIDv7, in the order in which they were made."""

import time
from uuid import RFC_4122

from domain.kit.ids import new_id


def test_ids_of_later_milliseconds_sort_later() -> None:
    made = []
    for _ in range(5):
        made.append(new_id())
        stamp = time.time_ns() // 1_000_000
        while time.time_ns() // 1_000_000 == stamp:
            pass

    assert made == sorted(made)


def test_an_id_says_its_version_and_when_it_was_made() -> None:
    before = time.time_ns() // 1_000_000
    id = new_id()
    after = time.time_ns() // 1_000_000

    assert (id.version, id.variant) == (7, RFC_4122)
    assert before <= id.int >> 80 <= after


def test_ids_differ_within_a_millisecond() -> None:
    assert len({new_id() for _ in range(10_000)}) == 10_000
