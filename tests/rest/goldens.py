"""Golden exchanges: requests with their answers, kept as files, digits and order included.

GOLDEN=write in the environment writes them anew; look at the difference before you commit it.
"""

import json
import os
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import orjson

FOLDER = Path(__file__).parent / "golden"
_VOLATILE = [
    (re.compile(r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"'), '"<time>"'),
    (re.compile(r"req_[0-9a-f]{32}"), "req_<id>"),
    (re.compile(r"\b([PS]O|QUO|SINV)-\d{4}-"), r"\1-<year>-"),
    (re.compile(r"whsec_[A-Za-z0-9+/=]+"), "whsec_<secret>"),
    (re.compile(r'"fiscal_year": \d{4}'), '"fiscal_year": "<year>"'),
    (re.compile(r'"month": "\d{4}-\d\d"'), '"month": "<month>"'),
]
_HEADERS = ("content-type", "content-disposition")


async def exchange(
    client: httpx.AsyncClient,
    name: str,
    method: str,
    path: str,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Sends the request; the exchange must be the one in the file of this name."""
    response = await client.request(method, path, json=body, headers=headers)
    request = {"method": method, "path": path, "headers": headers, "body": body}
    text = _normal(
        {
            "request": {part: value for part, value in request.items() if value is not None},
            "response": {
                "status": response.status_code,
                "headers": {n: response.headers[n] for n in _HEADERS if n in response.headers},
                "body": _body(response),
            },
        }
    )
    file = FOLDER / f"{name}.json"
    if os.environ.get("GOLDEN") == "write":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8")
    return response


def _body(response: httpx.Response) -> Any:
    if response.headers.get("content-type") == "application/json":
        return json.loads(response.text, parse_float=Decimal)
    return response.content[:5].decode() or None


def _normal(shape: Any) -> str:
    text = orjson.dumps(shape, default=_literal, option=orjson.OPT_INDENT_2).decode() + "\n"
    for pattern, stand_in in _VOLATILE:
        text = pattern.sub(stand_in, text)
    return text


def _literal(value: Any) -> orjson.Fragment:
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value).encode())
    raise TypeError(type(value))
