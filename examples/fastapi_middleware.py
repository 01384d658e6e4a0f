"""A FastAPI service whose middleware judges the field `text` of every JSON body before a handler sees it.

pip install fastapi uvicorn && uvicorn fastapi_middleware:app --app-dir examples
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse

from contentfilter import Action, ContentFilter

app = FastAPI()
moderation = ContentFilter()  # once, when the service starts


@app.middleware("http")
async def moderate(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Refuse what is blocked; tell handlers what was found of the rest."""
    if request.method in ("POST", "PUT", "PATCH"):
        try:
            body = json.loads(await request.body())
        except ValueError:
            body = None  # the handler will say that it is no JSON
        text = body.get("text") if isinstance(body, dict) else None
        if isinstance(text, str):
            result = moderation.classify(text)
            if result.action is Action.BLOCK:
                found = sorted({match.category for match in result.matches})
                return JSONResponse({"detail": "Nội dung không phù hợp.", "categories": found}, status_code=422)
            request.state.moderation = result
    return await call_next(request)


@app.post("/comments")
async def comment(request: Request) -> dict[str, Any]:
    """Keep a comment: at once, masked, or after a person has looked."""
    result = getattr(request.state, "moderation", None)
    if result is None:
        raise HTTPException(422, "expected a JSON object with the key text")
    return {"shown": result.masked if result.action is Action.MASK else result.text, "waits": result.action is Action.REVIEW}
