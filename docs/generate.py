"""Writes what the code says about itself: OpenAPI and AsyncAPI documents of each service, and the event catalogue.

    python docs/generate.py            write them anew
    python docs/generate.py --check    end with 1 when a committed one is out of date

The one rule: nothing here is written by hand, and the same code always gives the same bytes. No server is needed.
"""

from __future__ import annotations

import dataclasses
import importlib
import importlib.util
import inspect
import json
import sys
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from mingjing.servers.nats_users import OPERATOR, users
from mingjing_contracts import contracts_by_subject
from mingjing_contracts.envelope import Contract
from mingjing_funds.domain.alerting.catalogue import COMPOSITE, COMPOSITE_VERSION, NAMES, RULES
from mingjing_funds.domain.alerting.rules_composite import KINDS, f32_v1
from mingjing_funds.policy.alert_thresholds import RULES as ALERT_POLICIES
from mingjing_kernel.broker.broker import inbox_prefix
from mingjing_kernel.broker.bulk_port import Carried, PortCommand, PortMessage
from mingjing_kernel.http.writing import DOCUMENTED, ON_BEHALF_OF_HEADER
from mingjing_kernel.log import Aggregate
from mingjing_kernel.service import Service
from mingjing_kernel.service.host import Host

SERVICES = ("registry", "inspection", "funds", "console")
DOCS = Path(__file__).parent
_HEADERS = {
    "type": "object",
    "properties": {
        "Nats-Msg-Id": {"type": "string", "description": "<service>-<position>: the broker drops repetitions by it."},
        "Mingjing-Position": {"type": "string", "description": "Position of the fact in the sender's log."},
        "Mingjing-Previous": {"type": "string", "description": "Position of the message published before: shows gaps."},
        "ce-id": {"type": "string"},
        "ce-type": {"type": "string"},
        "ce-source": {"type": "string"},
        "ce-time": {"type": "string", "format": "date-time"},
    },
}


def main(arguments: list[str]) -> int:
    """Write or compare; the number of the exit."""
    documents = dict(_documents([_service(name) for name in SERVICES]))
    if "--check" not in arguments:
        for path, text in documents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return 0
    stale = [path for path, text in documents.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        sys.stderr.write(f"过期 out of date: {path.relative_to(DOCS.parent)} (just docs)\n")
    return 1 if stale else 0


def _service(name: str) -> Service:
    found: Service = importlib.import_module(f"mingjing_{name}.service").SERVICE
    return found


def _documents(services: list[Service]) -> Iterator[tuple[Path, str]]:
    for service in services:
        yield DOCS / "api" / f"{service.name}.openapi.json", _json(openapi(service))
        yield DOCS / "api" / f"{service.name}.asyncapi.json", _json(asyncapi(service))
    yield DOCS / "events.md", catalogue(services)
    yield DOCS / "alerts.md", alert_rules()
    yield DOCS.parent / "deploy" / "nats" / "users.conf", nats_users()


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def nats_users() -> str:
    """The users of a NATS of one's own; their passwords come from its environment."""
    said = (
        "# Written by docs/generate.py from nats_users.py, which says who may what, and why. nats.conf includes it.\n"
        "# Each password is taken from the environment of the server: NATS_FUNDS_PASSWORD and so on; NATS_PASSWORD is\n"
        "# the operator's.\n"
    )
    return said + f"users: [\n{users(_nats_password)}]\n"


def _nats_password(user: str) -> str:
    return "$NATS_PASSWORD" if user == OPERATOR else f"$NATS_{user.upper()}_PASSWORD"


def openapi(service: Service) -> dict[str, Any]:
    """What the service answers over HTTP, as FastAPI describes it."""
    settings = service.settings(postgres_url="postgresql://nobody@127.0.0.1/nowhere")
    return Host(service, settings).app().openapi()


def asyncapi(service: Service) -> dict[str, Any]:
    """What the service tells, hears and takes in bulk over NATS (AsyncAPI 3.0)."""
    told = contracts(service.name)
    heard = sorted(service.inbound, key=lambda contract: str(contract.subject))
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for action, subjects in (("send", told), ("receive", heard)):
        for contract in subjects:
            channels[contract.subject] = _channel(contract)
            operations[f"{action}.{contract.subject}"] = _operation(action, contract.subject)
            _collect(
                schemas, contract.__name__, contract.model_json_schema(ref_template="#/components/schemas/{model}")
            )
    for name, command in sorted(service.commands.items()):
        subject = f"{service.name}.cmd.{name}.{{system}}"
        answer = command.answer if isinstance(command, PortMessage) else Carried
        channels[subject] = _port(subject, command, schemas)
        operations[f"receive.{subject}"] = _operation("receive", subject, f"{subject}.reply")
        channels[f"{subject}.reply"] = _reply(schemas, answer)
    return {
        "asyncapi": "3.0.0",
        "info": {"title": service.title, "version": service.version, "description": service.description},
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"schemas": schemas},
    }


def contracts(service: str) -> list[type[Contract]]:
    """Every released contract that the service publishes."""
    return [contract for contract in contracts_by_subject().values() if contract.service() == service]


def _channel(contract: Any) -> dict[str, Any]:
    message = {
        "name": contract.subject,
        "summary": _first_line(contract),
        "headers": _HEADERS,
        "payload": {"$ref": f"#/components/schemas/{contract.__name__}"},
    }
    return {"address": contract.subject, "messages": {contract.__name__: message}}


def _port(subject: str, entry: PortCommand | PortMessage, schemas: dict[str, Any]) -> dict[str, Any]:
    command = entry.body if isinstance(entry, PortMessage) else entry.command
    (schema,), parts = msgspec.json.schema_components([command], ref_template="#/components/schemas/{name}")
    schemas.update(parts)
    request = _sending(schema) if isinstance(entry, PortMessage) else _request(schema)
    said = {
        "Authorization": {"type": "string"},
        ON_BEHALF_OF_HEADER: {"type": "string", "description": DOCUMENTED[ON_BEHALF_OF_HEADER]},
    }
    headers = {"type": "object", "required": ["Authorization"], "properties": said}
    message = {"name": subject, "summary": _first_line(command), "headers": headers, "payload": request}
    system = {
        "description": "The user of NATS through which the caller comes; the server lets it name no other. "
        f"Answers reach it below {inbox_prefix('<system>')} alone: state that as the client's inbox prefix."
    }
    return {"address": subject, "parameters": {"system": system}, "messages": {command.__name__: message}}


def _sending(schema: dict[str, Any]) -> dict[str, Any]:
    """What is taken in whole: its content is its identity."""
    text = {"type": "string"}
    return {
        "type": "object",
        "required": ["command"],
        "properties": {"command": schema, "reason": text, "legal_basis": text},
    }


def _request(schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["id", "command_id", "command"],
        "properties": {
            "id": {"type": "string", "format": "uuid", "description": "Of the thing that the command is for."},
            "command_id": {
                "type": "string",
                "format": "uuid",
                "description": "Yours: send it again as often as needed.",
            },
            "command": schema,
            "occurred_at": {"type": "string", "format": "date-time"},
            "reason": {"type": "string"},
            "legal_basis": {"type": "string"},
        },
    }


def _reply(schemas: dict[str, Any], answer: type[Any]) -> dict[str, Any]:
    _, parts = msgspec.json.schema_components([answer], ref_template="#/components/schemas/{name}")
    schemas.update(parts)
    carried = {"name": "carried", "payload": {"$ref": f"#/components/schemas/{answer.__name__}"}}
    refused = {"name": "refused", "summary": "A problem document (RFC 9457).", "payload": {"type": "object"}}
    return {"address": None, "messages": {"carried": carried, "refused": refused}}


def _operation(action: str, channel: str, reply: str | None = None) -> dict[str, Any]:
    operation: dict[str, Any] = {"action": action, "channel": {"$ref": _pointer(channel)}}
    if reply is not None:
        operation["reply"] = {"channel": {"$ref": _pointer(reply)}}
    return operation


def _pointer(channel: str) -> str:
    return f"#/channels/{channel}"


def _collect(schemas: dict[str, Any], name: str, schema: dict[str, Any]) -> None:
    schemas.update(schema.pop("$defs", {}))
    schemas[name] = schema


def catalogue(services: list[Service]) -> str:
    """Every stored event of every service, in the order of its codec; the kernel's, which all have, once."""
    lines = [
        "# Event catalogue 事件目录",
        "",
        "Generated by `just docs`. Stored names are for ever: a released event never changes, a new form gets a new",
        "name and an upcaster. *Told as* is the contract that other services hear.",
    ]
    for service in services:
        lines += ["", f"## {service.title}", "", service.description]
        for aggregate in service.aggregates:
            lines += _chapter(service, aggregate)
    kernel = {aggregate.noun: (service, aggregate) for service in services for aggregate in _shared(service)}
    lines += ["", "## 每个服务 Every service", "", "内核写入每个日志的事件。What the kernel writes into each log."]
    for service, aggregate in kernel.values():
        lines += _chapter(service, aggregate)
    return "\n".join(lines) + "\n"


def alert_rules() -> str:
    """Every alert rule with what it looks at and why, and every number with its default."""
    lines = [
        "# Alert rules 预警规则",
        "",
        "Generated by `just docs`. A released version never changes; a changed rule is the next version. No alert",
        "punishes: it is told, and a named official decides. A rule always answers: it fires, it is quiet and says",
        "why, or it cannot tell and says what is missing. `mingjing alerts review` plays a county's files through",
        "them, `mingjing alerts replay` shows what each saw and what other numbers would have told; over HTTP and on",
        "an alert's page `GET /alerts/replay` and `/alerts/what-if` do the same of what was told here.",
        "",
        "| Version | 规则 | Rule | Kind of sign | What it says |",
        "|---|---|---|---|---|",
    ]
    rules: list[tuple[str, str, str, object]] = [(one.version, one.zh, one.en, one.says) for one in RULES.values()]
    for version, zh, en, says in (*rules, (COMPOSITE_VERSION, *NAMES[COMPOSITE], f32_v1)):
        said = " ".join((inspect.getdoc(says) or "").split()).replace("|", "\\|")
        lines.append(f"| {version} | {zh} | {en} | {KINDS.get(version.partition('/')[0], '')} | {said} |")
    lines += [
        "",
        "## Numbers 阈值",
        "",
        "Policies of the kernel: by region, category and dates, proposed by one person and approved by another. An",
        "account's agreed minimum goes before the regional one. Amounts are for a large institution, by the most that",
        "it ever owed to families; a medium one is held to a quarter of them, a small one to a twentieth.",
        "",
        "| Rule | Number | 参数 | Default | Unit |",
        "|---|---|---|---|---|",
    ]
    for policy in ALERT_POLICIES:
        lines += [
            f"| {policy.name} | {one.name} | {one.zh} {one.en} | {one.default:,} | {one.unit} |"
            for one in policy.numbers
        ]
    return "\n".join(lines) + "\n"


def _shared(service: Service) -> list[Aggregate]:
    return [aggregate for aggregate in service.streams if aggregate not in service.aggregates]


def _chapter(service: Service, aggregate: Aggregate) -> list[str]:
    head = ["", f"### `{aggregate.noun}`", "", "| Stored name | Meaning | Fields | Told as |", "|---|---|---|---|"]
    return [*head, *_rows(service, aggregate)]


def _rows(service: Service, aggregate: Aggregate) -> Iterator[str]:
    for name, event in aggregate.codec.types.items():
        fields = ", ".join(f"`{field.name}`" for field in dataclasses.fields(event))
        yield f"| `{name}` | {_first_line(event)} | {fields} | {_told_as(service, event)} |"
    for name in aggregate.codec.retired:
        yield f"| `{name}` | retired, read through its upcaster | | |"


def _told_as(service: Service, event: type[Any]) -> str:
    tell = service.outbound.get(event)
    if tell is None:
        return ""
    told = typing.get_type_hints(tell).get("return")
    names = [one.__name__ for one in typing.get_args(told) or (told,) if inspect.isclass(one) and one is not type(None)]
    return ", ".join(f"`{name}`" for name in names)


def _first_line(thing: Any) -> str:
    text = (inspect.getdoc(thing) or "").split("\n\n")[0]
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
