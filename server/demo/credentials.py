"""Credentials for the people of the demo organizations, and the file that tells them."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from domain.callers import Ability, Channel
from domain.users import User
from server.demo.stages import Stage
from server.settings import Settings
from usecases.api_credentials import CreateApiCredential

FILE = "credentials.json"


class App(NamedTuple):
    """What an app has of a dialect."""

    dialect: str
    secret: str
    abilities: list[Ability] | None


# Which dialects there are, and where each is served. In some, people have tokens; in others an
# app has a single one, under this name and with these abilities of the administrator.
PEOPLE = {Channel.WAQTI: "waqti", Channel.GRAPHQL: "graphql"}
APPS = {
    Channel.SHRKITY: App("shrkity", "api_key", None),
    Channel.SHOPLAZZA: App("shoplazza", "access_token", [Ability.READ]),
}
SECRETS = {app.dialect: app.secret for app in APPS.values()}
ADMINISTRATOR = "admin"
ADDRESSES = {
    "graphql": ("url", "/graphql"),
    "waqti": ("base_url", "/v1"),
    "shrkity": ("base_url", "/api/v1"),
    "shoplazza": ("base_url", "/openapi/2022-01"),
}

Tokens = Mapping[str, Mapping[str, str]]


class Wanted(NamedTuple):
    """A credential to be issued."""

    dialect: str
    key: str
    usecase: CreateApiCredential


def wanted(users: Mapping[str, UUID]) -> Iterator[Wanted]:
    """The credentials of these people and their apps; Waqti's first: its numbers begin with 1."""
    for channel, dialect in PEOPLE.items():
        for key, id in users.items():
            usecase = CreateApiCredential(user_id=id, name=f"Demo, {dialect}", dialect=channel)
            yield Wanted(dialect, key, usecase)
    for channel, app in APPS.items():
        usecase = CreateApiCredential(
            user_id=users[ADMINISTRATOR],
            name=f"Demo, {app.dialect}",
            dialect=channel,
            abilities=app.abilities,
        )
        yield Wanted(app.dialect, ADMINISTRATOR, usecase)


async def issue(
    stage: Stage, users: Mapping[str, User], keys: Iterable[str], at: datetime
) -> Tokens:
    """A credential for each dialect and each of these people: secrets by dialect and key."""
    secrets: dict[str, dict[str, str]] = {}
    for dialect, key, usecase in wanted({key: users[key].id for key in keys}):
        credential = await stage.do(usecase, None, at)
        secrets.setdefault(dialect, {})[key] = credential.secret or ""
    return secrets


def write(settings: Settings, demo: Tokens, other: Tokens) -> Path:
    """`credentials.json`, readable by its owner alone, whole or not at all."""
    told: dict[str, Any] = {
        dialect: {name: f"{settings.base_url}{path}"} | _secrets(dialect, demo)
        for dialect, (name, path) in ADDRESSES.items()
    }
    told["other_organization"] = {dialect: _secrets(dialect, other) for dialect in ADDRESSES}
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


def _secrets(dialect: str, tokens: Tokens) -> dict[str, Any]:
    if dialect in SECRETS:
        return {SECRETS[dialect]: tokens[dialect][ADMINISTRATOR]}
    return {"tokens": tokens[dialect]}
