"""Credentials for the people of the demo organizations, and the file that tells them."""

import json
import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from domain.callers import Channel
from domain.users import User
from server.demo.stages import Stage
from server.settings import Settings
from usecases.api_credentials import CreateApiCredential

FILE = "credentials.json"

# Which dialects there are, and where each is served.
DIALECTS = {Channel.WAQTI: "waqti", Channel.GRAPHQL: "graphql"}
ADDRESSES = {"graphql": ("url", "/graphql"), "waqti": ("base_url", "/v1")}

Tokens = Mapping[str, Mapping[str, str]]


async def issue(
    stage: Stage, users: Mapping[str, User], keys: Iterable[str], at: datetime
) -> Tokens:
    """A credential for each dialect and each of these people: secrets by dialect and key."""
    keys = [*keys]
    secrets: dict[str, dict[str, str]] = {}
    for channel, dialect in DIALECTS.items():  # Waqti first: its numbers begin with 1
        for key in keys:
            usecase = CreateApiCredential(
                user_id=users[key].id, name=f"Demo, {dialect}", dialect=channel
            )
            credential = await stage.do(usecase, None, at)
            secrets.setdefault(dialect, {})[key] = credential.secret or ""
    return secrets


def write(settings: Settings, demo: Tokens, other: Tokens) -> Path:
    """`credentials.json`, readable by its owner alone, whole or not at all."""
    told: dict[str, Any] = {
        dialect: {name: f"{settings.base_url}{path}", "tokens": demo[dialect]}
        for dialect, (name, path) in ADDRESSES.items()
    }
    told["other_organization"] = {dialect: {"tokens": other[dialect]} for dialect in ADDRESSES}
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = settings.data_dir / FILE
    unfinished = path.with_name(f".{FILE}.{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(told, file, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    return path
