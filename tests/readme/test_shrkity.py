"""docs/shrkity.md says what the dialect does: its endpoints, scopes, errors and limits."""

import re

from domain.organizations import MONTHLY_ORDERS, ServicePlan
from rest.shrkity import ENDPOINTS
from rest.shrkity.refusals import KINDS, SCOPE
from rest.shrkity.wire.inputs import MOST_PER_PAGE
from server.limits import SHRKITY, STRANGERS
from tests.readme.documents import PROJECT, section

TEXT = (PROJECT / "docs" / "shrkity.md").read_text()


def rows(heading: str) -> list[list[str]]:
    """The table of a section, without its head and backticks."""
    lines = re.findall(r"^\| (.+) \|$", section(TEXT, heading), re.MULTILINE)
    return [line.replace("`", "").split(" | ") for line in lines][1:]


def test_the_endpoints_are_all_there_are_with_their_scopes() -> None:
    told = [(each, scope) for paths, scope in rows("Endpoints") for each in paths.split(", ")]

    assert sorted(told) == sorted((f"{e.method} {e.path}", f"{e.needs}") for e in ENDPOINTS)


def test_the_errors_are_all_there_are() -> None:
    told = {(int(status), code) for status, code, _ in rows("Errors")}

    assert told == {(kind.status, kind.code or "none") for kind in (SCOPE, *KINDS.values())}


def test_the_numbers_are_those_of_the_code() -> None:
    limits = section(TEXT, "Rate limits")
    [allowance] = [row[1] for row in rows("Orders") if row[0] == "the month's orders"]
    starter, scale, enterprise = (MONTHLY_ORDERS[plan] for plan in ServicePlan)

    assert f"{SHRKITY} requests a minute for each key" in limits
    assert f"counted by address, {STRANGERS} a minute" in limits
    assert enterprise is None
    assert allowance.startswith(
        f"{starter} with STARTER, {scale} with SCALE, any number with ENTERPRISE"
    )
    assert f"per_page over {MOST_PER_PAGE}" in [row[0] for row in rows("Requests")]
