"""The port of a service, looked at before the server takes it: the server's own words about it are for its makers."""

from __future__ import annotations

import errno
import socket

from mingjing_kernel.refusal import Refusal


class PortTaken(Refusal):
    """Another program listens on the port that this service was told."""

    sentence = "Port {port} on {host} is taken by another program."
    remedy = "Stop that program, or set MINGJING_HTTP_PORT to a free port; who is there: ss -ltnp 'sport = :{port}'"
    status = 503


class AddressUnusable(Refusal):
    """This machine has no such address, or we may not listen there."""

    sentence = "This service cannot listen on {host}, port {port}: {reason}."
    remedy = "Set MINGJING_HTTP_HOST to an address of this machine, and MINGJING_HTTP_PORT to one that you may use."
    status = 503


def check_address(host: str, port: int) -> None:
    """Raise ``PortTaken`` or ``AddressUnusable`` unless a server could listen there now; port 0 is always free."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            # As servers do: connections of a killed one linger in TIME_WAIT and do not matter.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as failure:
        if failure.errno == errno.EADDRINUSE:
            raise PortTaken(host=host, port=port) from None
        raise AddressUnusable(host=host, port=port, reason=failure.strerror or str(failure)) from None
