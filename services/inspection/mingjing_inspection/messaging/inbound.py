"""Contract -> commands. One rule: what the registry and the funds service say is noted as it was said.

Reactions load streams (``host.log.state``), never read models: two facts that arrive in order are seen in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Protocol

from mingjing_contracts.console import ACCESS
from mingjing_contracts.funds import AlertClosedV1, AlertEscalatedV1, AlertRaisedV1, PrepaidStatedV1
from mingjing_contracts.registry import (
    BlacklistEndedV1,
    BlacklistPublishedV1,
    DismissalDemandedV1,
    InstitutionAmendedV1,
    InstitutionNameNotedV1,
    InstitutionRegisteredV1,
    SiteApprovedV1,
    SiteClosedV1,
    WhitelistEnteredV1,
    WhitelistLeftV1,
)
from mingjing_inspection.codec import PREMISES_KNOWN, TASKS
from mingjing_inspection.codec_figures import ENROLMENTS
from mingjing_inspection.domain.enrolment import NotePupils
from mingjing_inspection.domain.premises import (
    Names,
    NoteAlert,
    NoteInstitution,
    NoteName,
    NoteSite,
    NoteSiteClosed,
    Premises,
    Site,
)
from mingjing_inspection.domain.task_facts import Cause
from mingjing_inspection.messaging.escalations import note_escalation
from mingjing_inspection.messaging.ledger_extracts import EXTRACTS_INBOUND
from mingjing_inspection.messaging.urgent_inspection import (
    BarredStaff,
    RedAlert,
    dismissal_inspections,
    urgent_inspections,
)
from mingjing_inspection.messaging.watching import begin_watch, end_watch, note_blacklist, note_whitelist
from mingjing_inspection.policy.patrol_rules import REACTION_TIMES
from mingjing_kernel.access.noted import noting
from mingjing_kernel.broker.message import Message, Reaction
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Log, Work
from mingjing_kernel.policy.streams import in_force

RED = "RED"
REGISTERED = "registry-said-so"
"""Why something about an institution is noted; a code, put into words where somebody reads it."""
STATED = "prepaid-stated"
"""Why pupils are noted; a code as well."""
REGISTER = "国办发〔2018〕80号"
"""What is registered is published and kept up to date."""
SUPERVISION = "教监管函〔2021〕2号；国办发〔2018〕80号"
"""Prepaid fees are supervised; balances and large flows are watched, and what they warn of is answered."""


EMPLOYING = "教监管厅函〔2021〕9号"
"""Who is on the staff blacklist may not work at an institution (L18)."""
BARRED = "从业人员列入黑名单，已责令解聘，请核实是否仍在岗"


class Services(Protocol):
    """What a reaction needs of its host."""

    @property
    def log(self) -> Log:
        """The service's own log."""
        ...

    @property
    def settings(self) -> Any:
        """The service's settings."""
        ...


def note_institution(
    message: Message[InstitutionRegisteredV1] | Message[InstitutionAmendedV1], host: Services
) -> list[Work]:
    """Remember who it is and which department is competent (the first, where several are)."""
    told = message.contract
    command = NoteInstitution(
        names=Names(
            full_name=told.name,
            short_name=told.short_name,
            former_names=told.former_names,
            uscc=told.uscc,
            phone=told.phone,
        ),
        region=told.region or host.settings.county_code,
        department=told.departments[0] if told.departments else host.settings.lead_department,
        category=told.categories[0] if told.categories else "",
        noted_at=message.occurred_at,
    )
    return [Work(PREMISES_KNOWN, told.institution_id, command, _told_by_registry(message, "note-institution"))]


def note_name(message: Message[InstitutionNameNotedV1], _: Services) -> list[Work]:
    """Remember another spelling: complaints may use it."""
    told = message.contract
    command = NoteName(name=told.name, noted_at=message.occurred_at)
    return [Work(PREMISES_KNOWN, told.institution_id, command, _told_by_registry(message, "note-name"))]


def note_site(message: Message[SiteApprovedV1], host: Services) -> list[Work]:
    """Remember where it teaches, and in which grid."""
    told = message.contract
    site = Site(
        site_id=told.site_id,
        address=told.address,
        division=told.town_code or host.settings.county_code,
        grid=told.grid_code,
    )
    command = NoteSite(site=site, noted_at=message.occurred_at)
    return [Work(PREMISES_KNOWN, told.institution_id, command, _told_by_registry(message, "note-site"))]


def note_pupils(message: Message[PrepaidStatedV1], _: Services) -> list[Work]:
    """Remember how many pupils it has: what complaints per 1,000 pupils are measured by."""
    told = message.contract
    command = NotePupils(institution_id=told.institution_id, pupils=told.pupils, stated_on=told.on)
    stream = derived_id("enrolment", told.institution_id, told.on.year, told.on.month)
    envelope = message.envelope("note-pupils", reason=STATED, legal_basis=SUPERVISION)
    return [Work(ENROLMENTS, stream, command, envelope)]


def note_site_closed(message: Message[SiteClosedV1], _: Services) -> list[Work]:
    """Send nobody there any more."""
    told = message.contract
    command = NoteSiteClosed(site_id=told.site_id, reason=told.reason, noted_at=message.occurred_at)
    return [Work(PREMISES_KNOWN, told.institution_id, command, _told_by_registry(message, "note-site-closed"))]


async def hear_alert(message: Message[AlertRaisedV1], host: Services) -> list[Work]:
    """Note the alert on the institution; from YELLOW on it is watched (X4), when RED, somebody goes there (X1)."""
    told = message.contract
    works: list[Work] = []
    premises = Premises()
    if told.institution_id is not None:
        premises, _ = await host.log.state(PREMISES_KNOWN, told.institution_id)
        note = NoteAlert(
            alert_id=told.alert_id,
            institution_id=told.institution_id,
            rule=told.rule,
            severity=told.severity,
            summary=told.explanation_zh,
            raised_at=message.occurred_at,
            region=told.region or host.settings.county_code,
            department=told.department or host.settings.lead_department,
        )
        works.append(
            Work(
                PREMISES_KNOWN,
                told.institution_id,
                note,
                message.envelope("note-alert", reason=told.rule, legal_basis=SUPERVISION),
            )
        )
    if told.severity == RED:
        works += await _send_somebody(message, premises, host)
    return [*works, *begin_watch(message, premises, host)]


async def _send_somebody(message: Message[AlertRaisedV1], premises: Premises, host: Services) -> list[Work]:
    told = message.contract
    alert = RedAlert(
        alert_id=told.alert_id,
        institution_id=told.institution_id,
        cause=Cause(reason=f"{told.institution_name}：{told.explanation_zh}", alert_id=told.alert_id, rule=told.rule),
        raised_at=message.occurred_at,
        region=told.region or host.settings.county_code,
        department=told.department or host.settings.lead_department,
    )
    within = await _within(host, "red-alert", message.occurred_at, premises, alert.region)
    return [
        Work(
            TASKS,
            task_id,
            command,
            message.envelope("urgent-inspection", task_id, reason=alert.cause.reason, legal_basis=SUPERVISION),
        )
        for task_id, command in urgent_inspections(alert, premises, within)
    ]


async def look_whether_dismissed(message: Message[DismissalDemandedV1], host: Services) -> list[Work]:
    """X14: a barred person must not teach there any more; somebody goes and looks."""
    told = message.contract
    premises, _ = await host.log.state(PREMISES_KNOWN, told.institution_id)
    reason = f"{BARRED}（{told.decision_reference}）"
    barred = BarredStaff(
        demand=derived_id("dismissal-demand", told.institution_id, told.member_id, told.on.isoformat()),
        institution_id=told.institution_id,
        cause=Cause(reason=reason, rule="X14"),
        demanded_at=message.occurred_at,
        region=host.settings.county_code,
        department=host.settings.lead_department,
    )
    within = await _within(host, "dismissal", message.occurred_at, premises, barred.region)
    return [
        Work(
            TASKS,
            task_id,
            command,
            message.envelope("dismissal-inspection", task_id, reason=reason, legal_basis=EMPLOYING),
        )
        for task_id, command in dismissal_inspections(barred, premises, within)
    ]


async def _within(host: Services, number: str, at: datetime, premises: Premises, region: str) -> timedelta:
    """The time for it by the numbers in force where the institution is."""
    place = premises.region or region
    numbers = await in_force(host.log, REACTION_TIMES, shanghai_date(at), place, premises.category)
    return timedelta(hours=numbers[number])


def _told_by_registry(message: Message[Any], reaction: str) -> Envelope:
    return message.envelope(reaction, reason=REGISTERED, legal_basis=REGISTER)


INBOUND: Mapping[type[Any], Reaction] = MappingProxyType(
    {
        InstitutionRegisteredV1: note_institution,
        InstitutionAmendedV1: note_institution,
        InstitutionNameNotedV1: note_name,
        SiteApprovedV1: note_site,
        SiteClosedV1: note_site_closed,
        AlertRaisedV1: hear_alert,
        AlertClosedV1: end_watch,
        AlertEscalatedV1: note_escalation,
        WhitelistEnteredV1: note_whitelist,
        WhitelistLeftV1: note_whitelist,
        BlacklistPublishedV1: note_blacklist,
        BlacklistEndedV1: note_blacklist,
        DismissalDemandedV1: look_whether_dismissed,
        PrepaidStatedV1: note_pupils,
        **EXTRACTS_INBOUND,
        **noting(ACCESS),
    }
)
