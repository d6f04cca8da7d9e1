"""``python -m mingjing.issuer``: the development issuer as a process of its own."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import Annotated

import typer
from granian.constants import Interfaces
from granian.server.embed import Server

from mingjing.issuer.app import make_issuer
from mingjing.issuer.refusals import NotOnLoopback
from mingjing_kernel import loop
from mingjing_kernel.identity.keys import is_loopback
from mingjing_kernel.listening import check_address
from mingjing_kernel.logging import configure_logging
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.refused import EXIT_REFUSED, say_refused

PORT = 8109


def run(
    directory: Annotated[Path, typer.Option(help="密钥目录 where the signing key lies; made at the first start")],
    host: Annotated[str, typer.Option(help="监听地址 loopback address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口 port to listen on")] = PORT,
    url: Annotated[str, typer.Option(help="签发方地址 what stands in iss; default http://HOST:PORT")] = "",
    audience: Annotated[str, typer.Option(help="受众 what stands in aud")] = "mingjing",
    console: Annotated[str, typer.Option(help="控制台地址 the console, whose people sign in here")] = "",
) -> None:
    """开发用身份签发服务，只供本机使用。A development issuer without passwords; it refuses to leave this machine."""
    configure_logging("issuer")
    try:
        if not is_loopback(host):
            raise NotOnLoopback(where=host)
        check_address(host, port)
        app = make_issuer(url or f"http://{host}:{port}", directory, audience=audience, console=console)
    except Refusal as refusal:
        say_refused(refusal)
        raise typer.Exit(EXIT_REFUSED) from None
    loop.run(_serve(Server(app, address=host, port=port, interface=Interfaces.ASGI, log_enabled=False)))


async def _serve(server: Server) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, server.stop)
    await server.serve()


if __name__ == "__main__":
    typer.run(run)
