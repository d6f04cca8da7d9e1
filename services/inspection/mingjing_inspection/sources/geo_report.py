"""GeoReport v2 (Open311), as this service speaks it: its services, its answers in JSON and in XML, its errors.

One rule: both formats are written from the same values, so that neither says more than the other. Source: Open311
GeoReport v2 (http://wiki.open311.org/GeoReport_v2), frozen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from lxml import etree

from mingjing_inspection.domain.complaint import Track

Value: TypeAlias = str | int | bool | None
Record: TypeAlias = Mapping[str, Any]
FORMATS: Final = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
SPECIFICATION: Final = "http://wiki.open311.org/GeoReport_v2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One kind of request. ``track``: what it is here; ``None`` where the text decides."""

    code: str
    name: str
    description: str
    keywords: str
    track: Track | None


SERVICES: Final = (
    Service(
        code="dispute",
        name="消费纠纷 Dispute",
        description="退费、合同、停课等自己的纠纷，请求调解。Your own dispute with a training institution.",
        keywords="退费, 合同, 停课, refund",
        track=Track.DISPUTE,
    ),
    Service(
        code="report",
        name="违法违规举报 Report a breach",
        description="无证办学、违规收费、超时超纲、消防隐患等。A breach by a training institution.",
        keywords="无证, 收费, 消防, unlicensed",
        track=Track.REPORT,
    ),
    Service(
        code="question",
        name="咨询求助 Question",
        description="政策咨询、求助。A question, or a call for help.",
        keywords="咨询, 求助, question",
        track=Track.WORK_ORDER,
    ),
)
GROUP: Final = "校外培训 off-campus training"
RESPONDENT, SUM, IDENTITY, RELATION = "RESPONDENT", "SUM_YUAN", "IDENTITY", "RELATION"
IDENTITIES: Final = (("CONFIDENTIAL", "隐去身份"), ("NAMED", "实名"), ("ANONYMOUS", "匿名"))


def service_called(code: str) -> Service | None:
    """The service of a code."""
    return next((one for one in SERVICES if one.code == code), None)


def service_of(tracks: Sequence[str]) -> Service:
    """The service of a complaint, by the first of its tracks."""
    return next((one for one in SERVICES if one.track and one.track.value in tracks[:1]), SERVICES[-1])


def service_record(service: Service) -> Record:
    """As GET services lists it."""
    return {
        "service_code": service.code,
        "service_name": service.name,
        "description": service.description,
        "metadata": True,
        "type": "realtime",
        "keywords": service.keywords,
        "group": GROUP,
    }


def definition_of(service: Service) -> Record:
    """What a request of a service may say beside the usual."""
    return {
        "service_code": service.code,
        "attributes": [
            _attribute(1, RESPONDENT, "string", "被反映的机构名称 Name of the institution", required=True),
            _attribute(2, IDENTITY, "singlevaluelist", "身份方式 How you want to be known", values=IDENTITIES),
            _attribute(3, SUM, "number", "涉及金额（元） Sum in yuan"),
            _attribute(4, RELATION, "string", "代他人提出的，与其关系 Relation, if for somebody else"),
        ],
    }


def _attribute(
    order: int,
    code: str,
    datatype: str,
    description: str,
    *,
    required: bool = False,
    values: Sequence[tuple[str, str]] = (),
) -> Record:
    shown: dict[str, Any] = {
        "variable": True,
        "code": code,
        "datatype": datatype,
        "required": required,
        "datatype_description": None,
        "order": order,
        "description": description,
    }
    return shown | ({"values": [{"key": key, "name": name} for key, name in values]} if values else {})


def errors(code: int, description: str) -> list[Record]:
    """As every error is told."""
    return [{"code": code, "description": description}]


def rendered(value: Any, format_: str, root: str, names: Mapping[str, str]) -> bytes:
    """In JSON or in XML; ``root`` names the whole in XML, ``names`` the entries of each list by the list's name."""
    if format_ == "json":
        return json.dumps(value, ensure_ascii=False).encode()
    element = etree.Element(root)
    _fill(element, value, root, names)
    whole: bytes = etree.tostring(element, xml_declaration=True, encoding="utf-8")
    return whole


def _fill(element: Any, value: Any, name: str, names: Mapping[str, str]) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _fill(etree.SubElement(element, key), inner, key, names)
    elif isinstance(value, list | tuple):
        for inner in value:
            _fill(etree.SubElement(element, names[name]), inner, names[name], names)
    else:
        element.text = _text(value)


def _text(value: Value) -> str | None:
    """XML knows no characters below a space but three; nothing else is kept from it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return "".join(one for one in str(value) if one >= " " or one in "\t\n\r")
