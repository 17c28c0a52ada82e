"""Who may do what."""

import pytest

from domain.callers import SERVING, Ability, Permission, permissions_of
from domain.kit.errors import Forbidden
from domain.users import DEFAULT_ROLES
from domain.users import permissions_of as permissions_of_roles
from tests import make

_P = Permission


def test_a_caller_may_do_what_is_permitted_and_nothing_else() -> None:
    caller = make.caller(permissions=frozenset({_P.SUPPLIERS_READ}))

    caller.require(_P.SUPPLIERS_READ)
    with pytest.raises(Forbidden, match="this takes the permission suppliers:write"):
        caller.require(_P.SUPPLIERS_WRITE)


def test_admin_is_everything() -> None:
    assert permissions_of([Ability.ADMIN]) == frozenset(_P)


def test_no_ability_is_nothing() -> None:
    assert permissions_of([]) == frozenset()


def test_reading_is_reading_everything_that_waqti_is_about() -> None:
    assert permissions_of([Ability.READ]) == {
        p for p in _P if p.endswith(":read") and p not in SERVING
    }
    assert len(SERVING) == 24


def test_writing_does_not_administer() -> None:
    assert permissions_of([Ability.WRITE]) == {
        _P.PURCHASE_ORDERS_WRITE,
        _P.GOODS_RECEIPTS_WRITE,
        _P.PURCHASE_INVOICES_WRITE,
        _P.BUDGETS_WRITE,
        _P.SUPPLIERS_WRITE,
        _P.DEPARTMENTS_WRITE,
        _P.PROJECTS_WRITE,
        _P.DELEGATIONS_WRITE,
        _P.WEBHOOK_ENDPOINTS_WRITE,
    }


def test_abilities_add_up() -> None:
    assert permissions_of([Ability.DELETE, Ability.APPROVE]) == {
        _P.PURCHASE_ORDERS_DELETE,
        _P.PURCHASE_ORDERS_APPROVE,
        _P.PURCHASE_INVOICES_APPROVE,
    }


def test_roles_add_up() -> None:
    roles = [[_P.SUPPLIERS_READ], [_P.SUPPLIERS_READ, _P.SUPPLIERS_WRITE]]

    assert permissions_of_roles(roles) == {_P.SUPPLIERS_READ, _P.SUPPLIERS_WRITE}


def test_who_may_approve_by_default() -> None:
    approving = {
        code for code, (_, given) in DEFAULT_ROLES.items() if _P.PURCHASE_ORDERS_APPROVE in given
    }

    assert approving == {
        "admin",
        "cfo",
        "finance_manager",
        "procurement_manager",
        "department_head",
    }


def test_viewers_change_nothing() -> None:
    _, given = DEFAULT_ROLES["finance_viewer"]

    assert {permission.rpartition(":")[2] for permission in given} == {"read"}
    assert _P.API_CREDENTIALS_READ not in given
