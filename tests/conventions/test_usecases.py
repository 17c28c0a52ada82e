"""Use cases: each says what it does, what it takes, and what permission it needs."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from types import ModuleType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pytest

import usecases
from domain.callers import Permission
from domain.kit.aggregate import Aggregate
from domain.kit.record import Record, given_fields
from usecases import budgets, purchase_invoices, purchase_orders, service_orders
from usecases.kit import UseCase

for _module in pkgutil.walk_packages(usecases.__path__, "usecases."):
    importlib.import_module(_module.name)


def below(kind: type[Any]) -> Iterator[type[Any]]:
    for child in kind.__subclasses__():
        yield child
        yield from below(child)


PRODUCT = [k for k in dict.fromkeys(below(UseCase)) if k.__module__.startswith("usecases.")]
USECASES = [kind for kind in PRODUCT if not inspect.isabstract(kind)]
# Not the input of records, which is described with the record, nor that of the command line.
OFFERED = [
    kind for kind in USECASES if kind.__module__ not in {"usecases.records", "usecases.operations"}
]
RECORDS = sorted((k for k in below(Record) if k.__module__.startswith("domain.")), key=str)
VERBS = (
    *("Accept", "Activate", "Add", "Advance", "Amend", "Apply", "Approve", "Archive", "Assign"),
    *("Cancel", "Choose", "Clone", "Close", "Complete", "Continue", "Convert", "Create"),
    *("Decline", "Delegate", "Delete", "Disable", "Escalate", "Expire", "Found", "Freeze"),
    *("Hold", "Limit", "Override", "Pause", "Pay", "Ping", "Place", "Post", "Publish"),
    *("Recall", "Reissue", "Reject", "Remove", "Renew", "Reopen", "Replay", "Request", "Restore"),
    *("Resume", "Reverse", "Revoke", "Rotate", "Send", "Set", "Skip", "Start"),
    *("Submit", "Tell", "Unfreeze", "Unpublish", "Update", "Void", "Wait", "Withdraw"),
)

UNOFFERED = {"metadata"}  # what only old clients send
DRAFTING = ("Add", "Clone", "Create", "Delete", "Place", "Update")


def inputs(kind: type[Any]) -> list[tuple[str, Any]]:
    hints = get_type_hints(kind, include_extras=True)
    return [(f.name, hints[f.name]) for f in fields(kind)]


def test_there_are_use_cases_to_look_at() -> None:
    assert len(USECASES) >= 18


@pytest.mark.parametrize("kind", USECASES)
def test_a_use_case_is_a_verb_and_a_noun(kind: type[Any]) -> None:
    assert kind.__name__.startswith(VERBS)


@pytest.mark.parametrize("kind", USECASES)
def test_a_use_case_says_what_it_requires(kind: type[Any]) -> None:
    required = inspect.getattr_static(kind, "requires", None)

    assert isinstance(required, Permission | property)


@pytest.mark.parametrize("kind", OFFERED)
def test_a_use_case_says_what_it_does_in_sentences(kind: type[Any]) -> None:
    said = kind.__dict__.get("__doc__") or ""

    assert said.rstrip().endswith(".")
    assert not said.startswith(f"{kind.__name__}(")  # what a dataclass says by itself


@pytest.mark.parametrize("kind", USECASES)
def test_a_use_case_is_a_frozen_value_given_by_name(kind: type[Any]) -> None:
    assert is_dataclass(kind)
    parameters = kind.__dataclass_params__  # type: ignore[attr-defined]
    assert parameters.frozen
    assert all(f.kw_only for f in fields(kind))


@pytest.mark.parametrize("kind", OFFERED)
def test_every_input_is_described(kind: type[Any]) -> None:
    undescribed = [
        name
        for name, hint in inputs(kind)
        if name not in UNOFFERED
        and (
            get_origin(hint) is not Annotated
            or not any(
                isinstance(m, str) and m.strip().endswith((".", "…")) for m in get_args(hint)[1:]
            )
        )
    ]

    assert undescribed == []


@pytest.mark.parametrize("kind", OFFERED)
def test_an_id_says_what_it_is_the_id_of(kind: type[Any]) -> None:
    """So that a public id with another prefix is refused at the edge."""
    unsaid = [
        name
        for name, hint in inputs(kind)
        if name == "id" or name.endswith("_id")
        if not any(isinstance(m, type) and hasattr(m, "prefix") for m in get_args(hint)[1:])
    ]

    assert unsaid == []


@pytest.mark.parametrize("kind", RECORDS)
def test_every_field_that_users_give_of_a_record_is_described(kind: type[Record]) -> None:
    hints = get_type_hints(kind, include_extras=True)

    assert given_fields(kind)
    for name in given_fields(kind):
        said = [m for m in get_args(hints[name])[1:] if isinstance(m, str)]
        assert len(said) == 1, name
        assert said[0].endswith((".", "…")), name


def test_public_ids_and_event_names_are_one_kinds_alone() -> None:
    ours = [k for k in below(Aggregate) if k.__module__.startswith("domain.")]
    kinds = [k for k in ours if hasattr(k, "kind")]

    assert len({k.prefix for k in kinds}) == len({k.kind for k in kinds}) == len(kinds)


@pytest.mark.parametrize("area", [budgets, purchase_invoices, purchase_orders, service_orders])
def test_what_follows_from_a_move_is_left_to_no_single_verb(area: ModuleType) -> None:
    """It follows in `execute`, which those who move a record share."""
    own = [kind for kind in USECASES if kind.__module__.startswith(area.__name__)]
    moving = [kind for kind in own if not kind.__name__.startswith(DRAFTING)]
    shared = {kind for kind in PRODUCT if inspect.isabstract(kind)}

    assert moving
    assert [kind for kind in moving if not shared & {*kind.__mro__}] == []
    assert [kind for kind in moving if "execute" in vars(kind)] == []


def test_only_run_and_rehearse_carry_use_cases_out() -> None:
    """Whoever calls `execute` leaves out permission, audit and commit."""
    calling = {
        function.name
        for function in ast.walk(
            ast.parse(inspect.getsource(importlib.import_module("usecases.kit")))
        )
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and node.attr == "execute"
    }

    assert calling == {"_perform"}
