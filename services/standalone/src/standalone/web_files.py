"""The built web application: hashed assets for ever, everything else revalidated, pages fall back to index.html.

A missing asset is a 404 and never HTML, so that a browser with an old page notices that it must reload.
"""

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
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
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class WebFiles(StaticFiles):
    """Static files with the security headers and cache rules of the web application."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        asset = path.startswith("assets/")
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or asset:
                raise
            response = await super().get_response("index.html", scope)
        response.headers.update(_HEADERS)
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if asset else "no-cache"
        return response


def web_route(directory: Path) -> Mount:
    """A route for `/` that serves the build in `directory`. Raises RuntimeError when it is not there."""
    files = WebFiles(directory=directory, html=True)
    return Mount("/", files, middleware=[Middleware(GZipMiddleware, minimum_size=1_024)], name="web")
