"""The built web application: hashed assets for ever, everything else revalidated, pages fall back to index.html.

A missing asset is a 404 and never HTML, so that a browser with an old page notices that it must reload.
"""

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'{scripts}",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
_HEADERS = {
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_SCRIPT_IN_PAGE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def _policy(page: str) -> str:
    """The content security policy of a build whose `index.html` is `page`: scripts in the page itself by their hash."""
    digests = (sha256(script.encode()).digest() for script in _SCRIPT_IN_PAGE.findall(page))
    return _POLICY.format(scripts="".join(f" 'sha256-{b64encode(digest).decode()}'" for digest in digests))


class WebFiles(StaticFiles):
    """Static files with the security headers and cache rules of the web application."""

    def __init__(self, directory: Path) -> None:
        """Raises RuntimeError when `directory` is not there, and FileNotFoundError when no build is in it."""
        super().__init__(directory=directory, html=True)
        page = (directory / "index.html").read_text(encoding="utf-8")
        self._headers = _HEADERS | {"content-security-policy": _policy(page)}

    async def get_response(self, path: str, scope: Scope) -> Response:
        asset = path.startswith("assets/")
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or asset:
                raise
            response = await super().get_response("index.html", scope)
        response.headers.update(self._headers)
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if asset else "no-cache"
        return response


def web_route(directory: Path) -> Mount:
    """A route for `/` that serves the build in `directory`. Raises as `WebFiles` does when it is not there."""
    return Mount("/", WebFiles(directory), middleware=[Middleware(GZipMiddleware, minimum_size=1_024)], name="web")
