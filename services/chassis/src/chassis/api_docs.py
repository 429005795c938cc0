"""The interactive API documentation, served from this process: plants have no internet, and the CSP allows no CDN."""

from pathlib import Path

import fastapi_offline
from fastapi import FastAPI
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

# Swagger UI sets inline styles while it draws; scripts still come from this origin only.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'"
)
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="{prefix}/docs/assets/swagger-ui.css"></head>
<body><div id="swagger-ui"></div>
<script src="{prefix}/docs/assets/swagger-ui-bundle.js"></script>
<script src="{prefix}/docs/start.js"></script></body></html>
"""
_START = 'SwaggerUIBundle({{ url: "{prefix}/openapi.json", dom_id: "#swagger-ui", deepLinking: true }});\n'


def add_docs(app: FastAPI, prefix: str) -> None:
    """Serve Swagger UI for the application's OpenAPI document at `{prefix}/docs`."""
    assets = Path(fastapi_offline.__file__).parent / "static"

    @app.get(f"{prefix}/docs", include_in_schema=False)
    async def docs() -> Response:
        return HTMLResponse(_PAGE.format(title=app.title, prefix=prefix), headers={"content-security-policy": _POLICY})

    @app.get(f"{prefix}/docs/start.js", include_in_schema=False)
    async def start() -> Response:
        return Response(_START.format(prefix=prefix), media_type="text/javascript")

    app.mount(f"{prefix}/docs/assets", StaticFiles(directory=assets), name="api docs assets")
