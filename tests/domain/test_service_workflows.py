"""Workflows of services: steps that fit together, their order, and what they ask for."""

from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kit.errors import Path
from domain.kit.ids import new_id
from domain.service_definitions import (
    RequiredDocument,
    ServiceStep,
    SlaKind,
    SlaTarget,
    StepType,
    in_order,
    required_documents,
)
from domain.service_definitions.workflows import workflow_problems
from tests.domain.catalogue import asking, step

PASSPORT, LICENCE, PHOTO = new_id(), new_id(), new_id()


def found(*steps: ServiceStep) -> list[tuple[Path, str]]:
    return [(broken.path, broken.message) for broken in workflow_problems(steps)]


def test_steps_may_depend_on_any_other_step_optional_or_further_down() -> None:
    assert found(step("a", "c"), step("b", "a", optional=True), step("c"), step("d", "b")) == []


@pytest.mark.parametrize("key", ["collect-documents", "2nd-visit", "a", "-"])
def test_keys_are_small_letters_digits_and_hyphens(key: str) -> None:
    assert found(step(key)) == []


@pytest.mark.parametrize("key", ["Collect", "collect documents", "collect_documents", "جمع", "a\n"])
def test_other_keys_are_refused(key: str) -> None:
    message = "this must be lower-case letters, digits and hyphens"
    assert found(step(key)) == [(("steps", 0, "key"), message)]


def test_a_key_is_there_and_not_too_long() -> None:
    assert found(step("", name="None"), step("k" * 65)) == [
        (("steps", 0, "key"), "this must not be empty"),
        (("steps", 1, "key"), "this is longer than 64 characters"),
    ]


def test_keys_are_unique() -> None:
    assert found(step("a"), step("b"), step("a")) == [(("steps", 2, "key"), "a is there twice")]


def test_a_step_depends_on_steps_that_there_are_each_once() -> None:
    assert found(step("a"), step("b", "x", "a", "a")) == [
        (("steps", 1, "depends_on", 0), "this service has no step x"),
        (("steps", 1, "depends_on", 2), "a is there twice"),
    ]


def test_steps_that_wait_for_each_other_are_named() -> None:
    steps = [step("a"), step("b", "a", "d"), step("c", "b"), step("d", "c"), step("e", "d")]

    assert found(*steps) == [
        (("steps", 1, "depends_on"), "these steps wait for each other: b → d → c → b")
    ]


def test_a_step_does_not_wait_for_itself() -> None:
    message = "these steps wait for each other: a → a"
    assert found(step("a", "a")) == [(("steps", 0, "depends_on"), message)]


def test_there_are_at_most_fifty_steps() -> None:
    assert found(*(step(f"s{n}") for n in range(50))) == []
    assert found(*(step(f"s{n}") for n in range(51))) == [(("steps",), "at most 50 are possible")]


def test_names_are_there_and_not_too_long() -> None:
    assert found(step("a", name=" ", name_ar="ج" * 201)) == [
        (("steps", 0, "name"), "this must not be empty"),
        (("steps", 0, "name_ar"), "this is longer than 200 characters"),
    ]


def test_targets_are_some_minutes_one_of_each_kind() -> None:
    targets = [
        SlaTarget(kind=SlaKind.RESOLUTION, minutes=0),
        SlaTarget(kind=SlaKind.FIRST_RESPONSE, minutes=1),
        SlaTarget(kind=SlaKind.RESOLUTION, minutes=600_000),
    ]

    assert found(step("a", targets=targets)) == [
        (("steps", 0, "targets", 0, "minutes"), "this must be greater than 0"),
        (("steps", 0, "targets", 2, "minutes"), "this must be 527040 or less"),
        (("steps", 0, "targets", 2, "kind"), "RESOLUTION is there twice"),
    ]


@pytest.mark.parametrize("type", [each for each in StepType if each is not StepType.DOCUMENT])
def test_only_steps_about_documents_ask_for_documents(type: StepType) -> None:
    documents = [RequiredDocument(type_id=PASSPORT)]

    assert found(step("a", type=type, documents=documents)) == [
        (("steps", 0, "documents"), "only a step of type DOCUMENT asks for documents")
    ]


def test_a_step_asks_for_a_document_once() -> None:
    documents = [RequiredDocument(type_id=PASSPORT), RequiredDocument(type_id=PASSPORT)]

    assert found(step("a", type=StepType.DOCUMENT, documents=documents)) == [
        (("steps", 0, "documents", 1, "type_id"), "this is there twice")
    ]


def test_steps_are_done_after_what_they_depend_on_and_otherwise_as_they_stand() -> None:
    steps = [step("a", "d"), step("b"), step("c", "b"), step("d"), step("e", "a", "c")]

    assert [each.key for each in in_order(steps)] == ["b", "c", "d", "a", "e"]


def test_documents_come_once_in_the_order_of_the_steps_and_required_wins() -> None:
    """Fact S-23."""
    steps = [
        asking("late", "early", passport=(PASSPORT, True), photo=(PHOTO, False)),
        asking("early", licence=(LICENCE, False), passport=(PASSPORT, False)),
    ]

    assert [tuple(each) for each in required_documents(steps)] == [
        ("early", LICENCE, False),
        ("early", PASSPORT, True),
        ("late", PHOTO, False),
    ]


def test_a_workflow_without_documents_asks_for_none() -> None:
    assert required_documents([step("a"), step("b", "a")]) == []
    assert required_documents([]) == []


KEYS = "abcdef"
GRAPHS = st.permutations(KEYS).flatmap(
    lambda keys: st.tuples(
        *(st.tuples(st.just(key), st.sets(st.sampled_from(KEYS))) for key in keys)
    )
)


@given(GRAPHS)
def test_either_a_real_cycle_is_named_or_an_order_is_found(graph: Any) -> None:
    steps = [step(key, *sorted(after)) for key, after in graph]
    before = {each.key: each.depends_on for each in steps}
    problems = workflow_problems(steps)
    ordered = [each.key for each in in_order(steps)]

    if problems:
        [cycle] = problems
        named = cycle.params["steps"].split(" → ")
        assert named[0] == named[-1]
        assert all(after in before[key] for key, after in pairwise(named))
        assert len(ordered) < len(steps)
    else:
        assert sorted(ordered) == sorted(KEYS)
        places = {key: n for n, key in enumerate(ordered)}
        assert all(places[each] < places[key] for key in KEYS for each in before[key])


def test_the_ids_of_documents_are_what_is_asked_for() -> None:
    [asked] = required_documents([asking("a", photo=(PHOTO, True))])

    assert isinstance(asked.type_id, UUID)
    assert (asked.step_key, asked.type_id, asked.required) == ("a", PHOTO, True)
