"""The page on which the API can be read and tried. Its script and style come from a package: no other host is asked."""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

PAGE: Final = "/docs"
ASSETS: Final = "/docs-assets"
EMPTY_ICON: Final = "data:,"


def add_to(app: FastAPI) -> None:
    """Serve the page and what it loads. RuntimeError when the package of the assets is not installed."""

    async def page() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title=f"{app.title}: API",
            swagger_js_url=f"{ASSETS}/swagger-ui-bundle.js",
            swagger_css_url=f"{ASSETS}/swagger-ui.css",
            swagger_favicon_url=EMPTY_ICON,
        )

    app.add_api_route(PAGE, page, include_in_schema=False)
    app.mount(ASSETS, StaticFiles(directory=_folder()), name="docs-assets")


def _folder() -> Path:
    found = find_spec("fastapi_offline")  # not imported: only its files are wanted
    if found is None or found.origin is None:
        msg = "The package fastapi-offline, which has the files of the API's page, is not installed: run `make setup`."
        raise RuntimeError(msg)
    return Path(found.origin).parent / "static"
