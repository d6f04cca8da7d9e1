"""What may be acted on 办理对象: the things that have forms, and the forms with which a thing begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from mingjing_console.deeds import Deed, text
from mingjing_console.deeds_funds import ACCOUNT, ALERT, BREAK, CONTRACT, CUSTODIAN
from mingjing_console.deeds_inspection import FINDING, OPERATION, OVERDUE, RECTIFICATION
from mingjing_console.deeds_licence import LICENCE
from mingjing_console.deeds_lists import LIKENESS, LISTING, PROPOSAL
from mingjing_console.deeds_people import (
    BREACH,
    ENROL,
    FILE,
    FILING,
    FIND,
    PROPOSE_PROVIDER,
    PROPOSE_SITE,
    PROVIDER,
    SITE,
    STAFF,
    STATE_SESSIONS,
)
from mingjing_console.deeds_routing import VERSION
from mingjing_console.deeds_supervision import CHECKING, OPERATING
from mingjing_console.deeds_tasks import TASK
from mingjing_console.deeds_tracks import COMPLAINT, GROUP, PHONE, RATING, TRACKS, VOICE


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """A kind of thing: where the service keeps it, which page shows it, what may be done to it."""

    address: str
    page: str
    deeds: Mapping[str, Deed]
    service: str = "registry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """A form of a thing that is not there yet: where it is sent, and which page shows what came of it."""

    title: tuple[str, str]
    address: str
    deed: Deed
    page: str
    back: str


NOUNS: Mapping[str, Noun] = MappingProxyType(
    {
        "institution": Noun(
            address="/institutions/{id}",
            page="/institutions/{id}",
            deeds=MappingProxyType({**LICENCE, **CHECKING, **OPERATING}),
        ),
        "listing": Noun(address="/blacklist/files/{id}", page="/listings/{id}", deeds=LISTING),
        "likeness": Noun(address="/likenesses/{id}", page="/likenesses", deeds=LIKENESS),
        "staff": Noun(address="/staff/{id}", page="/staff/{id}", deeds=STAFF),
        "filing": Noun(address="/filings/{id}", page="/filings/{id}", deeds=FILING),
        "breach": Noun(address="/breaches/{id}", page="/breaches/{id}", deeds=BREACH),
        "site": Noun(address="/sites/{id}", page="/sites/{id}", deeds=SITE),
        "provider": Noun(address="/providers/{id}", page="/providers/{id}", deeds=PROVIDER),
        "finding": Noun(address="/findings/{id}", page="/findings/{id}", deeds=FINDING, service="inspection"),
        "rectification": Noun(
            address="/rectifications/{id}", page="/rectifications/{id}", deeds=RECTIFICATION, service="inspection"
        ),
        "task": Noun(address="/tasks/{id}", page="/tasks/{id}", deeds=TASK, service="inspection"),
        "overdue-notice": Noun(
            address="/overdue-notices/{id}", page="/overdue-notices", deeds=OVERDUE, service="inspection"
        ),
        "complaint-track": Noun(
            address="/complaint-tracks/{id}", page="/complaint-tracks/{id}", deeds=TRACKS, service="inspection"
        ),
        "complaint": Noun(address="/complaints/{id}", page="/complaints/{id}", deeds=COMPLAINT, service="inspection"),
        "complaint-group": Noun(
            address="/complaint-groups/{id}", page="/complaint-groups/{id}", deeds=GROUP, service="inspection"
        ),
        "complaint-voice": Noun(
            address="/complaints/{id}/voice", page="/complaint-voices", deeds=VOICE, service="inspection"
        ),
        "supervision-phone": Noun(
            address="/supervision-phones/{id}", page="/supervision-phones", deeds=PHONE, service="inspection"
        ),
        "complaint-routing": Noun(
            address="/policies/complaint-routing/versions/{id}",
            page="/complaint-routing/versions/{id}",
            deeds=VERSION,
            service="inspection",
        ),
        "complaint-competent-department": Noun(
            address="/policies/complaint-competent-department/versions/{id}",
            page="/complaint-routing/versions/{id}",
            deeds=VERSION,
            service="inspection",
        ),
        "rating": Noun(address="/ratings/{id}", page="/ratings", deeds=RATING, service="funds"),
        "operation": Noun(address="/operations/{id}", page="/operations/{id}", deeds=OPERATION, service="inspection"),
        "alert": Noun(address="/alerts/{id}", page="/alerts/{id}", deeds=ALERT, service="funds"),
        "account": Noun(address="/accounts/{id}", page="/accounts/{id}", deeds=ACCOUNT, service="funds"),
        "custodian": Noun(address="/custodians/{id}", page="/custodians/{id}", deeds=CUSTODIAN, service="funds"),
        "break": Noun(address="/breaks/{id}", page="/breaks/{id}", deeds=BREAK, service="funds"),
        "contract": Noun(address="/contracts/{id}", page="/contracts/{id}", deeds=CONTRACT, service="funds"),
    }
)
BEGINNINGS: Mapping[str, Beginning] = MappingProxyType(
    {
        "institution": Beginning(
            title=("新办机构登记", "Register a new institution"),
            address="/institutions",
            deed=Deed(
                path="",
                asks=(
                    text("name", "机构名称", "Name"),
                    text(
                        "uscc",
                        "统一社会信用代码（先证后照、尚未登记的留空）",
                        "Credit code, if registered",
                        required=False,
                    ),
                    text("items", "培训项目", "What it teaches", required=False),
                    text("nature", "机构性质", "Nature", required=False),
                    text("legal_representative", "法定代表人", "Legal representative", required=False),
                    text("phone", "联系电话", "Telephone", required=False),
                    text("address", "办学地址", "Address", required=False),
                ),
            ),
            page="/institutions/{institution_id}",
            back="/applications",
        ),
        "listing": Beginning(
            title=("提请列入黑名单", "Propose a blacklisting"),
            address="/blacklist/files",
            deed=PROPOSAL,
            page="/listings/{listing_id}",
            back="/listings",
        ),
        "staff": Beginning(
            title=("登记从业人员", "Enrol somebody"),
            address="/institutions",
            deed=ENROL,
            page="/staff/{member_id}",
            back="/staff",
        ),
        "filing": Beginning(
            title=("报备材料、广告或招生简章", "File an item"),
            address="/institutions",
            deed=FILE,
            page="/filings/{filing_id}",
            back="/filings",
        ),
        "breach": Beginning(
            title=("登记违规发现", "Record a finding"),
            address="/institutions",
            deed=FIND,
            page="/breaches/{breach_id}",
            back="/breaches",
        ),
        "site": Beginning(
            title=("申报教学点", "Propose a teaching site"),
            address="/institutions",
            deed=PROPOSE_SITE,
            page="/sites/{site_id}",
            back="/sites",
        ),
        "provider": Beginning(
            title=("推荐课后服务机构", "Propose an after-school provider"),
            address="/providers",
            deed=PROPOSE_PROVIDER,
            page="/providers/{institution_id}",
            back="/providers",
        ),
        "sessions": Beginning(
            title=("申报每班次学生数", "State the pupils of a session"),
            address="/institutions",
            deed=STATE_SESSIONS,
            page="/institutions/{institution_id}",
            back="/institutions",
        ),
    }
)
_SINCE_LAST = ("submit-annual-report", "review-annual-report", "decide-annual-check", "recheck-annual-check")


def recorded(dossier: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """What an institution's forms begin with, by act: what is recorded, so that an officer writes only what differs."""
    application, profile = dossier.get("application") or {}, dossier.get("profile") or {}
    content = application.get("draft") or application.get("content") or {"profile": profile}
    found: dict[str, Mapping[str, Any]] = {
        "draft-application": content,
        "apply-for-licence": content,
        "record-profile": profile,
    }
    if pending := (dossier.get("changes") or {}).get("pending"):
        found |= {act: {"number": pending["number"]} for act in ("approve-change", "refuse-change")}
    if years := (dossier.get("annual_checks") or {}).get("years"):
        found |= {act: {"year": years[-1]["year"]} for act in _SINCE_LAST}
    return found
