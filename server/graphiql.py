"""The page at /graphql for a browser: GraphiQL from our own assets, under a policy that lets
nothing in from elsewhere.
"""

import html
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

ASSETS = "/graphql/assets"
BUILT = Path(__file__).parent / "static" / "graphiql"

GUARDS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class Manifest:
    """The hashed names that the last build gave to what the page starts from."""

    script: str
    style: str
    icon: str


def page(request: Request, *, built: Path = BUILT) -> Response:
    """Answers a browser's GET /graphql; without built assets, says how to build them."""
    root, nonce = request.scope.get("root_path", ""), secrets.token_urlsafe(16)
    manifest = _manifest(built)
    body = _UNBUILT if manifest is None else _explorer(f"{root}{ASSETS}", manifest)
    return HTMLResponse(
        _FRAME.format(body=body.replace(_NONCE, nonce)),
        headers=GUARDS
        | {
            "Cache-Control": "no-cache",
            "Content-Security-Policy": _policy(nonce),
            "Vary": "Accept",
        },
    )


def routes(*, built: Path = BUILT) -> list[Mount]:
    """The assets that the page asks for. They may be built after the server has started."""
    return [Mount(ASSETS, app=_Assets(directory=built, check_dir=False), name="graphiql-assets")]


class _Assets(StaticFiles):
    """Names carry a hash of the content, so browsers keep the files for good."""

    async def check_config(self) -> None:
        """A folder that is not there yet is no fault: its files are simply not found."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await self._smallest(path, scope)
        response.headers.update(
            GUARDS
            | {
                "Cache-Control": "public, max-age=31536000, immutable",
                # A worker lives under the policy of its own file, not of the page.
                "Content-Security-Policy": "default-src 'none'",
                "Vary": "Accept-Encoding",
            }
        )
        return response

    async def _smallest(self, path: str, scope: Scope) -> Response:
        if "gzip" in Headers(scope=scope).get("accept-encoding", ""):
            try:
                response = await super().get_response(f"{path}.gz", scope)
            except HTTPException:  # what is compressed already has no such twin
                return await super().get_response(path, scope)
            response.headers["Content-Encoding"] = "gzip"
            response.headers["Content-Type"] = _TYPES[Path(path).suffix]
            return response
        return await super().get_response(path, scope)


_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
}


def _policy(nonce: str) -> str:
    """Monaco sets the place of every line of text with a style attribute, which only
    'unsafe-inline' allows; the style elements that it writes carry the nonce.
    """
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' 'nonce-{nonce}'",
            "style-src-attr 'unsafe-inline'",
            "connect-src 'self'",
            "worker-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ]
    )


def _manifest(built: Path) -> Manifest | None:
    try:
        names: dict[str, Any] = json.loads((built / "manifest.json").read_bytes())
    except FileNotFoundError:
        return None
    return Manifest(script=names["script"], style=names["style"], icon=names["icon"])


def _explorer(assets: str, names: Manifest) -> str:
    at = html.escape(assets)
    return f"""<meta property="csp-nonce" nonce="{_NONCE}">
<link rel="icon" type="image/svg+xml" href="{at}/{names.icon}">
<link rel="stylesheet" href="{at}/{names.style}">
<script type="module" src="{at}/{names.script}"></script>
<div id="page"><noscript>GraphiQL needs JavaScript.</noscript></div>"""


_NONCE = "%nonce%"

_FRAME = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>GraphiQL · backoffice-graph</title>
{body}
</html>
"""

_UNBUILT = """<link rel="icon" href="data:,">
<style nonce="%nonce%">
body { color: #1e2433; font: 16px/1.6 system-ui, sans-serif; margin: 12vh auto; max-width: 44rem;
       padding: 0 1.5rem }
pre { background: #eef0f7; border-radius: 8px; overflow-x: auto; padding: 1rem }
</style>
<h1>GraphiQL is not built yet</h1>
<p>The server runs, and this address answers GraphQL. Only the page to explore it is missing.
Build it in the project's folder, then load this page again:</p>
<pre>.venv/bin/python graphiql/build.py</pre>
<p>It fetches GraphiQL from the npm registry with a Node.js that is already in
<code>.venv</code>, and takes about half a minute. Until then, for example:</p>
<pre>curl -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
     -d '{"query": "{ viewer { user { name } } }"}' $URL/graphql</pre>"""
