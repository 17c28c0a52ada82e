"""Workflows that orders take."""

import pytest

from domain.users import User
from tests import make
from tests.conftest import Save, World


@pytest.fixture
async def one_step(save: Save, world: World) -> None:
    await save(make.approval_workflow(make.step(world.approver.id, "Department Head")))


@pytest.fixture
async def second(save: Save, world: World) -> User:
    """Who decides after the approver."""
    user = make.user("Cleo Chief", role_ids=[world.role.id])
    await save(user)
    await save(
        make.approval_workflow(make.step(world.approver.id, "Head"), make.step(user.id, "CFO"))
    )
    return user
