"""Webhook endpoints: names of events, retries, secrets, what makes no sense."""

import ast
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import domain
from domain.kit.aggregate import Aggregate
from domain.kit.errors import IllegalMove, RuleBroken
from domain.webhook_endpoints import RETRIES, WebhookDisabledReason, WebhookEndpoint, next_attempt
from domain.webhook_endpoints.events import EVENTS, read, sent_as
from persistence.mapping import AGGREGATES, KINDS_OF
from tests.make import NOON, webhook_endpoint

TELLING = {"_record": 0, "_note": 0, "_fulfilled": 0, "_move": 1}  # which argument says what


def told() -> set[str]:
    """What happens to records, as far as the domain writes it out."""
    found = set()
    for path in Path(domain.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                place = TELLING.get(node.func.attr)
                for argument in node.args[place : place + 1] if place is not None else ():
                    for part in ast.walk(argument):
                        if isinstance(part, ast.Constant) and isinstance(part.value, str):
                            found.add(part.value)
    return found


def test_every_event_has_a_name_that_can_be_asked_for() -> None:
    """A new aggregate, or a new thing that happens to one, is a line in EVENTS, too."""
    shown_as_their_kinds = {base for base, _ in KINDS_OF.values()}
    kinds: set[type[Aggregate]] = AGGREGATES.keys() - shown_as_their_kinds

    assert {kind.kind for kind in kinds} <= EVENTS.keys()
    assert told() - {past for pasts in EVENTS.values() for past in pasts} == set()


@pytest.mark.parametrize(
    ("names", "short", "event", "sent"),
    [
        (["purchase_order.approved"], False, "purchase_order.approved", "purchase_order.approved"),
        (["po.approved"], True, "purchase_order.approved", "po.approved"),
        (["po.approved"], False, "purchase_order.approved", "po.approved"),
        (["invoice.paid"], True, "purchase_invoice.paid", "invoice.paid"),
        (["vendor.updated"], True, "supplier.updated", "vendor.updated"),
        (["po.item_added"], True, "purchase_order.line_added", "po.item_added"),
        (["po.completed"], True, "purchase_order.closed_short", "po.completed"),
        (["po.*"], True, "purchase_order.line_added", "po.item_added"),
        (["purchase_order.*"], False, "purchase_order.line_added", "purchase_order.line_added"),
        (["*"], False, "purchase_order.line_added", "purchase_order.line_added"),
        (["*"], True, "purchase_order.line_added", "po.item_added"),
        (["*", "po.*", "purchase_order.approved"], True, "purchase_order.approved", None),
        (["po.approved"], True, "purchase_order.rejected", ""),
        (["supplier.*"], True, "purchase_order.approved", ""),
    ],
)
def test_events_are_sent_under_the_name_that_was_registered(
    names: list[str], *, short: bool, event: str, sent: str | None
) -> None:
    """An exact name goes before a pattern, and a kind's before the one for all."""
    assert sent_as(names, short=short).get(event, "") == (names[-1] if sent is None else sent)


@pytest.mark.parametrize("name", ["", "*.*", "po", "po.", ".approved", "po.lost", "dog.created"])
def test_what_names_no_events_is_refused(name: str) -> None:
    assert read(name) is None
    with pytest.raises(RuleBroken, match="there are no events called") as refused:
        webhook_endpoint(events=["po.approved", name])
    assert refused.value.path == ("events", 1)


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"name": " "}, ("name",)),
        ({"name": "x" * 101}, ("name",)),
        ({"events": []}, ("events",)),
        ({"events": ["*"] * 101}, ("events",)),
    ],
)
def test_what_makes_no_sense_is_refused(values: dict[str, Any], path: tuple[str]) -> None:
    endpoint = webhook_endpoint()

    for attempt in (
        lambda: webhook_endpoint(**values),
        lambda: endpoint.update(values, NOON, position=0),
    ):
        with pytest.raises(RuleBroken) as refused:
            attempt()
        assert refused.value.path == path
    assert (endpoint.name, endpoint.events) == ("Ledger", ["*"])


def test_pauses_grow_within_their_jitter_until_it_is_given_up() -> None:
    for attempts, pause in enumerate(RETRIES, start=1):
        soonest, latest = (next_attempt(attempts, NOON, chance=chance) for chance in (0, 1))
        assert soonest == NOON + pause * 0.8
        assert latest == NOON + pause * 1.2

    assert next_attempt(len(RETRIES) + 1, NOON, chance=0.5) is None
    assert timedelta(days=2, hours=23) < sum(RETRIES, start=timedelta()) < timedelta(days=3)


@pytest.mark.parametrize(
    ("wanted", "waits"),
    [
        (timedelta(0), timedelta(seconds=2)),
        (timedelta(hours=3), timedelta(hours=3)),
        (timedelta(days=30), timedelta(days=1)),
    ],
)
def test_receivers_can_ask_for_more_time_up_to_a_day(wanted: timedelta, waits: timedelta) -> None:
    assert next_attempt(1, NOON, chance=0.5, wanted=wanted) == NOON + waits


def test_a_secret_is_replaced_and_the_old_one_kept_for_a_while() -> None:
    endpoint = webhook_endpoint()
    old = endpoint.secret

    endpoint.rotate_secret(timedelta(hours=24), NOON)

    assert endpoint.secret == endpoint.shown_secret != old
    assert endpoint.previous_secret == old
    assert endpoint.previous_secret_until == NOON + timedelta(hours=24)
    endpoint.rotate_secret(timedelta(0), NOON)
    kept = vars(endpoint)
    assert (kept["previous_secret"], kept["previous_secret_until"]) == (None, None)


@pytest.mark.parametrize("hours", [-1, 169])
def test_an_overlap_is_a_week_at_most(hours: int) -> None:
    endpoint = webhook_endpoint()
    secret = endpoint.secret

    with pytest.raises(RuleBroken) as refused:
        endpoint.rotate_secret(timedelta(hours=hours), NOON)

    assert refused.value.path == ("overlap_hours",)
    assert endpoint.secret == secret


def test_events_never_hold_a_secret() -> None:
    endpoint = webhook_endpoint()
    endpoint.rotate_secret(timedelta(hours=1), NOON)
    endpoint.delete(NOON)

    assert "whsec_" not in repr(endpoint.pull_events())


def test_an_inactive_endpoint_is_neither_pinged_nor_replayed() -> None:
    endpoint = webhook_endpoint(is_active=False)
    endpoint.pull_events()

    with pytest.raises(IllegalMove):
        endpoint.ping(NOON)
    with pytest.raises(IllegalMove):
        endpoint.replay(NOON, NOON + timedelta(days=1), NOON, only_dead=True)
    assert endpoint.pull_events() == []


def test_a_replay_goes_forward() -> None:
    endpoint = webhook_endpoint()

    with pytest.raises(RuleBroken) as refused:
        endpoint.replay(NOON, NOON, NOON, only_dead=True)

    assert refused.value.path == ("until",)


def test_whoever_makes_it_active_again_starts_anew_from_now() -> None:
    endpoint = webhook_endpoint()
    endpoint.failure_count, endpoint.failing_since = 7, NOON
    endpoint.disable(WebhookDisabledReason.FAILING, NOON)
    endpoint.disable(WebhookDisabledReason.GONE, NOON)
    assert endpoint.disabled_reason is WebhookDisabledReason.FAILING

    endpoint.update({"is_active": True}, NOON, position=42)

    state = vars(endpoint)
    assert (state["position"], state["disabled_reason"]) == (42, None)
    assert (state["failure_count"], state["failing_since"]) == (0, None)


def test_its_representation_hides_secrets() -> None:
    endpoint: WebhookEndpoint = webhook_endpoint()

    assert "whsec_" not in repr(endpoint)
