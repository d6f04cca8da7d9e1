"""Who may say and hear what over NATS: one user a service, the operator's, and one for callers from outside.

The one rule: a service publishes under its own name only, is answered on subjects that nobody else can read, and takes
messages from the consumers that were made for it. It makes and changes no stream and no consumer: a stream may be told
to republish under any name, and whoever makes a consumer chooses where its messages go.

The users of the all-in-one and those of ``deploy/nats`` come from here; ``docs/generate.py`` writes the latter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

OPERATOR = "mingjing"
"""Makes streams and consumers; the audit and people at a terminal use it too."""
CALLER = "caller"
"""Sends commands to the bulk ports (a bank's or a vendor's system), under its own name only: by it the ports limit and
lock. Who it is says the token in each request. A system that shall be counted for itself gets a user of its own, the
same but for the name."""
SERVICES = ("registry", "inspection", "funds", "console")
REPLY_SECONDS_MAX = 120
"""A command that waits longer for its commit is answered to nobody; its caller sends it again."""


def users(password: Callable[[str], str]) -> str:
    """The ``users`` of a server's configuration; ``password(user)`` is what stands there as the password."""
    everybody = [_user(OPERATOR, password(OPERATOR), ("publish", [">"]), ("subscribe", [">"]))]
    for service in SERVICES:
        everybody.append(
            _user(service, password(service), ("publish", _said_by(service)), ("subscribe", _heard_by(service)), True)
        )
    inbox = f"_INBOX.{CALLER}.>"
    everybody.append(_user(CALLER, password(CALLER), ("publish", [f"*.cmd.*.{CALLER}"]), ("subscribe", [inbox])))
    return "".join(everybody)


def _said_by(service: str) -> list[str]:
    own = service.upper()
    said = [f"{service}.evt.>", f"{service}.checkpoint", f"$JS.API.STREAM.INFO.{own}"]
    for source in SERVICES:
        if source != service:
            stream, consumer = source.upper(), f"{service}-react-to-{source}"
            said += [
                f"$JS.API.STREAM.INFO.{stream}",
                f"$JS.API.CONSUMER.INFO.{stream}.{consumer}",
                f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}",
                f"$JS.ACK.{stream}.{consumer}.>",
            ]
    return said


def _heard_by(service: str) -> list[str]:
    return [f"_INBOX.mingjing-{service}.>", f"{service}.cmd.>", "*.checkpoint"]


def _user(
    name: str, password: str, said: tuple[str, list[str]], heard: tuple[str, list[str]], replies: bool = False
) -> str:
    lines = [f'  {{ user: "{name}", password: {password}, permissions: {{']
    lines += [f"      {kind}: [{_quoted(subjects)}]" for kind, subjects in (said, heard)]
    if replies:  # to the one request, once
        lines.append(f'      allow_responses: {{ max: 1, expires: "{REPLY_SECONDS_MAX}s" }}')
    return "\n".join([*lines, "  } }", ""])


def _quoted(subjects: Iterable[str]) -> str:
    return ", ".join(f'"{subject}"' for subject in subjects)
