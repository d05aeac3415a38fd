"""``equipoise serve``: the globe, in a browser."""

from __future__ import annotations

import ipaddress
import secrets
from pathlib import Path

import click

from equipoise.cli.output import say

LOOPBACK = "127.0.0.1"
WARM = ("seongju",)


@click.command(short_help="The globe, in a browser.")
@click.option("--host", default=LOOPBACK, show_default=True, help="Address to listen at; any but this machine's own "
              "loopback asks for a token.")  # fmt: skip
@click.option("--port", type=click.IntRange(0, 65_535), default=8600, show_default=True, help="0 takes a free one.")
@click.option("--runs", type=click.Path(path_type=Path, file_okay=False), default=Path("runs"), show_default=True,
              help="Directory whose runs may be read.")  # fmt: skip
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes that compute.")
def serve(host: str, port: int, runs: Path, workers: int) -> None:
    """Serve the globe until interrupted, and say where it is."""
    import socket

    import uvicorn

    from equipoise._jit import announce_compilation
    from equipoise.errors import InputError
    from equipoise.web import Limits, create_app

    token = None if _is_loopback(host) else secrets.token_urlsafe(24)
    # With its protocol named, each connection sends at once what it has: else small answers wait 40 ms.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(512)  # whoever opens the address at once is served as soon as there is a server
    except OSError as error:
        raise InputError(f"--host, --port: cannot listen at {host}, {port}: {error.strerror}") from error
    announce_compilation()
    address = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}/"
    say(f"open {address}{'' if token is None else f'?token={token}'} (Ctrl-C ends it)")
    app = create_app(limits=Limits(processes=workers), runs=runs, token=token, warm=WARM)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False))
    server.run(sockets=[listener])


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
