"""What stands before every answer: the headers of safety, the token, the longest request, and refusals in one line."""

from __future__ import annotations

import secrets

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from equipoise.errors import EquipoiseError, UnknownIdError
from equipoise.web.pool import BusyError, DeadlineError

# Nothing but this server's own files, and no code in them but its own. Cesium draws with blobs and data URLs, compiles
# WebAssembly, and starts workers from blobs; it sets styles of elements.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Turns away what is too long or has no token, and sends the headers of safety with every answer.

    Parameters
    ----------
    app : ASGI application
        What answers.
    body_bytes : int
        Longest request.
    token : str or None
        Asked for with every request.
    """

    def __init__(self, app: ASGIApp, body_bytes: int, token: str | None) -> None:
        self._app = app
        self._body_bytes = body_bytes
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on, one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        visits = self._token is not None and request.query_params.get("token") is not None

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if visits and message["status"] < 400:
                    headers.append("Set-Cookie", f"equipoise-token={self._token}; HttpOnly; Path=/; SameSite=Strict")
            await send(message)

        await (self._refused(request) or self._app)(scope, receive, send_safely)

    def _refused(self, request: Request) -> Response | None:
        length = request.headers.get("content-length", "0")
        if request.method not in ("GET", "HEAD") and "transfer-encoding" in request.headers:
            return _refusal(411, "body: its length is missing; send Content-Length")
        if not length.isdecimal() or int(length) > self._body_bytes:
            return _refusal(413, f"body: {length[:20]} bytes; allowed: up to {self._body_bytes}")
        if self._token is not None and not _let_in(request, self._token):
            return _refusal(401, "token: missing or wrong; open the address that the server printed")
        return None


def _let_in(request: Request, token: str) -> bool:
    given = (
        request.headers.get("authorization", "").removeprefix("Bearer "),
        request.query_params.get("token", ""),
        request.cookies.get("equipoise-token", ""),
    )
    return any(secrets.compare_digest(one.encode(), token.encode()) for one in given)


def _refusal(status: int, message: str) -> JSONResponse:
    return JSONResponse({"error": message}, status_code=status)


def refuse_in_one_line(app: FastAPI) -> None:
    """Answer every error with one line, as the command line does."""

    @app.exception_handler(EquipoiseError)
    async def refused(_request: Request, error: EquipoiseError) -> JSONResponse:
        return _refusal(404 if isinstance(error, UnknownIdError) else 422, str(error))

    @app.exception_handler(RequestValidationError)
    async def not_understood(_request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path"))
        more = len(error.errors()) - 1
        return _refusal(422, f"{field or 'body'}: {first['msg']}" + (f" ({more} more)" if more else ""))

    @app.exception_handler(AnyHTTPException)
    async def known(_request: Request, error: AnyHTTPException) -> JSONResponse:
        return _refusal(error.status_code, str(error.detail))

    @app.exception_handler(Exception)
    async def ours(_request: Request, error: Exception) -> JSONResponse:
        return _refusal(500, f"unexpected {type(error).__name__}: a fault of ours, please report it with the question")

    @app.exception_handler(BusyError)
    async def busy(_request: Request, _error: BusyError) -> JSONResponse:
        return _refusal(503, "the server is busy; ask again in a moment")

    @app.exception_handler(DeadlineError)
    async def late(_request: Request, _error: DeadlineError) -> JSONResponse:
        return _refusal(503, "the answer took too long and was given up; ask for less")
