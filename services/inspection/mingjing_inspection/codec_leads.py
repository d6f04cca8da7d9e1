"""Stored names of leads (线索): of institutions and places, of what ties them, and of teachers; beside ``codec``."""

from __future__ import annotations

from typing import Any

from mingjing_inspection.acts_conduct import CONDUCT_ACTS
from mingjing_inspection.acts_leads import HOTSPOT_ACTS, LINK_ACTS, PLACE_LEAD_ACTS
from mingjing_inspection.acts_rectification import LEAD_ACTS
from mingjing_inspection.domain import conduct_lead, hotspot, lead_facts, lead_link, lead_others
from mingjing_inspection.domain.conduct_lead import CONDUCT_LEAD
from mingjing_inspection.domain.hotspot import HOTSPOT_VISIT
from mingjing_inspection.domain.lead import LEAD
from mingjing_inspection.domain.lead_link import LEAD_LINK
from mingjing_kernel.codec import Codec, Upcast
from mingjing_kernel.log import Aggregate


def _without_clock(fields: dict[str, Any]) -> dict[str, Any]:
    """The first form had no clock for taking it on."""
    return {**fields, "take_on_days": 0}


def _unmarked(fields: dict[str, Any]) -> dict[str, Any]:
    """Nor did it say whether a position was made up."""
    told = fields["told"]
    where = told["position"]
    marked = {**told, "position": {**where, "is_mock": False} if where else None}
    return _without_clock({**fields, "told": marked})


LEAD_CODEC: Codec[lead_facts.Event] = Codec(
    {
        "inspection.lead-opened.v2": lead_facts.LeadOpened,
        "inspection.lead-verification-started.v1": lead_facts.LeadVerificationStarted,
        "inspection.lead-concluded.v1": lead_facts.LeadConcluded,
        "inspection.lead-reported.v2": lead_facts.LeadReported,
        "inspection.lead-seen-again.v1": lead_facts.LeadSeenAgain,
        "inspection.unlicensed-premises-found.v1": lead_facts.UnlicensedPremisesFound,
        "inspection.triage-answered.v1": lead_facts.TriageAnswered,
        "inspection.triage-confirmed.v1": lead_facts.TriageConfirmed,
        "inspection.unlicensed-premises-notified.v1": lead_facts.UnlicensedPremisesNotified,
        "inspection.lead-other-kept.v1": lead_others.LeadOtherKept,
        "inspection.lead-other-settled.v1": lead_others.LeadOtherSettled,
        "inspection.lead-escalated.v1": lead_others.LeadEscalated,
        "inspection.unlicensed-premises-withdrawn.v1": lead_facts.UnlicensedPremisesWithdrawn,
    },
    {
        "inspection.lead-opened.v1": Upcast("inspection.lead-opened.v2", _without_clock),
        "inspection.lead-reported.v1": Upcast("inspection.lead-reported.v2", _unmarked),
    },
)
CONDUCT_CODEC: Codec[conduct_lead.Event] = Codec(
    {
        "inspection.conduct-lead-opened.v1": conduct_lead.ConductLeadOpened,
        "inspection.conduct-lead-taken-on.v1": conduct_lead.ConductLeadTakenOn,
        "inspection.conduct-lead-concluded.v1": conduct_lead.ConductLeadConcluded,
    }
)
LEAD_LINK_CODEC: Codec[lead_link.Event] = Codec(
    {
        "inspection.leads-linked.v1": lead_link.LeadsLinked,
        "inspection.leads-parted.v1": lead_link.LeadsParted,
    }
)

HOTSPOT_CODEC: Codec[hotspot.Event] = Codec(
    {
        "inspection.hotspot-visit-planned.v1": hotspot.HotspotVisitPlanned,
        "inspection.hotspot-visit-reported.v1": hotspot.HotspotVisitReported,
    }
)

LEADS = Aggregate("lead", LEAD, LEAD_CODEC, (*LEAD_ACTS, *PLACE_LEAD_ACTS))
LEAD_LINKS = Aggregate("lead-link", LEAD_LINK, LEAD_LINK_CODEC, LINK_ACTS)
"""By both leads in order."""
CONDUCT_LEADS = Aggregate("conduct-lead", CONDUCT_LEAD, CONDUCT_CODEC, CONDUCT_ACTS)
HOTSPOT_VISITS = Aggregate("hotspot-visit", HOTSPOT_VISIT, HOTSPOT_CODEC, HOTSPOT_ACTS)
