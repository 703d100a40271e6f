"""The agent's page: the built files of a folder, or a page that says how to build them."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

_NOT_BUILT = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>12345 坐席助手</title>
<body style="font:16px/1.7 sans-serif;max-width:40em;margin:4em auto">
<h1>页面尚未构建</h1><p>服务已启动，但找不到网页文件。
请在项目目录运行 <code>scripts/serve</code>，然后重新打开此页。</p>
<p>The server runs, but the page has not been built: run <code>scripts/serve</code> and reload.
The interface is described at <a href="/openapi.json">/openapi.json</a>.</p>"""


def mount_page(app: FastAPI, folder: Path) -> None:
    """Serve ``folder`` at ``/``. Call it last: it answers whatever no other route does."""
    if (folder / "index.html").is_file():
        app.mount("/", StaticFiles(directory=folder, html=True), name="page")
        return

    @app.get("/", include_in_schema=False)
    def not_built() -> HTMLResponse:
        """How to build the page."""
        return HTMLResponse(_NOT_BUILT, status_code=503)
