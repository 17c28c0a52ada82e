"""New secrets for the people of the demo organizations, when the file with the old ones is lost."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from server.demo.credentials import wanted, write
from server.demo.people import DOMAIN, OTHER_DOMAIN, OTHER_TOKENS, TOKENS, address
from server.operators import Operations
from server.settings import Settings


async def reissue(operations: Operations, settings: Settings) -> Path:
    """Where the new file is. The old credentials stay good; OperatorProblem without the demo."""
    demo = await _issued(operations, TOKENS, DOMAIN)
    other = await _issued(operations, OTHER_TOKENS, OTHER_DOMAIN)
    return await asyncio.to_thread(write, settings, demo, other)


async def _issued(
    operations: Operations, keys: Iterable[str], domain: str
) -> dict[str, dict[str, str]]:
    users = {key: await operations.user(address(key, domain)) for key in keys}
    secrets: dict[str, dict[str, str]] = {}
    for dialect, key, usecase in wanted({key: user.id for key, (_, user) in users.items()}):
        organization, _ = users[key]
        credential = await operations.perform(usecase, organization.id)
        secrets.setdefault(dialect, {})[key] = credential.secret or ""
    return secrets
