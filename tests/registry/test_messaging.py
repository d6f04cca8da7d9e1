"""What the registry tells the others, and what it makes of what they tell."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from contracts.sample import sample
from mingjing_contracts import contracts_by_subject
from mingjing_contracts.funds import (
    AlertRaisedV1,
    CustodyAccountActivatedV1,
    CustodyAccountClosedV1,
    LiabilityStatedV1,
    PrepaidStatedV1,
)
from mingjing_contracts.registry import LicenceApprovedV1, LicenceCancelledV1, LicenceRevokedV1
from mingjing_kernel.broker.message import Message, source_of
from mingjing_kernel.codec import Codec
from mingjing_kernel.log import Meta, Recorded
from mingjing_registry.codec import BLACKLIST_CODEC, INSTITUTION_CODEC, INSTITUTIONS, SITE_CODEC, STAFF_CODEC
from mingjing_registry.domain import (
    annual_check,
    blacklist_facts,
    change,
    dismissal,
    institution,
    liability,
    licence,
    operation,
    site,
    staff_facts,
    whitelist,
)
from mingjing_registry.domain.listing_terms import Grade
from mingjing_registry.domain.particulars import Category, Listing, Nature, Particulars
from mingjing_registry.domain.whitelist import Standing
from mingjing_registry.messaging.inbound import INBOUND, whitelist_precondition, whitelist_precondition_ended
from mingjing_registry.messaging.outbound import OUTBOUND

ON = date(2026, 6, 30)
AT = datetime(2026, 6, 30, tzinfo=UTC)
HOLDER = UUID(int=3)
TERMS = licence.LicenceTerms(number="教民133010670000016", issued_on=ON, expires_on=date(2029, 6, 29))
MUDUO = Particulars(
    name="杭州西湖区木铎轩书画培训学校有限公司",
    uscc="91330106MA00001B3D",
    nature=Nature.FOR_PROFIT,
    categories=(Category.ART,),
    departments=("culture-tourism-sport",),
    region="330106109",
    legal_representative="范杰俊",
    phone="19900004241",
)
LISTING = Listing(register="education", stated_on=ON)
NOTICE = institution.Notice(matter="停课报备", filed_on=ON, begins_on=ON, ends_on=None, content="装修", published=True)
PLACE = site.Place(address="西湖区留下街道文三路1号", town_code="330106013", grid_code="330106013001001")
RECORDED = licence.LicenceRecorded(terms=TERMS, standing="licensed", standing_since=None, note="", on=ON)

TOLD: list[Any] = [
    institution.InstitutionRegistered(particulars=MUDUO, listing=LISTING, on=ON),
    institution.InstitutionAmended(particulars=MUDUO, listing=LISTING, changed=("phone",), on=ON),
    institution.NameNoted(name="木铎轩书画", register="science", on=ON),
    institution.NoticeFiled(notice=NOTICE, spoken_name="木铎轩", on=ON),
    whitelist.WhitelistEntered(
        name=MUDUO.name,
        uscc=MUDUO.uscc,
        licence_number=TERMS.number,
        expires_on=TERMS.expires_on,
        category="art",
        department="culture-tourism-sport",
        region="330106109",
        custody_bank="湖畔商业银行",
        custody_account_name="专户",
        reason=Standing.CONDITIONS_MET,
        on=ON,
    ),
    *(whitelist.WhitelistLeft(reason=reason, on=ON) for reason in Standing if reason is not Standing.CONDITIONS_MET),
    RECORDED,
    licence.LicenceApproved(
        terms=TERMS,
        signed_by=("甲", "乙"),
        site_check_reference="K1",
        checks=(),
        waived=(),
        policy_version="default/1",
        on=ON,
    ),
    operation.OperationStateChanged(
        before=operation.OperationState.OPERATING,
        state=operation.OperationState.CLOSING,
        reason="closing",
        reference="G1",
        on=ON,
    ),
    annual_check.AnnualCheckRecorded(result="fail", year=2025, on=ON),
    sample(staff_facts.StaffEnrolled),
    staff_facts.StaffLeft(left_on=ON, reason="离职", on=ON),
    liability.LiabilityAsked(on=ON),
    dismissal.DismissalDemanded(member_id=UUID(int=5), entry_id=UUID(int=6), decision_reference="黑2号", on=ON),
    licence.LicenceRenewed(expires_on=date(2032, 6, 29), signed_by=("甲", "乙"), on=ON),
    licence.LicenceSuspended(decision_reference="D", served_on=ON, reason="事实", legal_basis="第62条", on=ON),
    licence.LicenceReinstated(decision_reference="D2", reason="整改合格", on=ON),
    licence.LicenceRevoked(
        decision_reference="D3",
        served_on=ON,
        hearing_notice_reference="H",
        reason="事实",
        legal_basis="第62条",
        on=ON,
    ),
    licence.LicenceCancelled(application_reference="S", public_notice_reference="G", reason="停办", on=ON),
    licence.LicenceExpired(expired_on=ON, on=ON),
    change.ChangeApproved(number="b1", kind=change.ChangeKind.ADDRESS, decision_reference="西教变〔2026〕1号", on=ON),
    change.UnapprovedChangeNoticed(kind=change.ChangeKind.REPRESENTATIVE, register="education", on=ON),
    site.SiteApproved(
        institution_id=HOLDER,
        place=PLACE,
        area_m2=86,
        signed_by=(),
        site_check_reference="",
        register="education",
        on=ON,
    ),
    site.SiteClosed(institution_id=HOLDER, reason="搬迁", on=ON),
    blacklist_facts.BlacklistPublished(
        institution_id=HOLDER,
        name=MUDUO.name,
        code=MUDUO.uscc,
        grade=Grade.SERIOUS,
        document_number="列1号",
        summary="停业失联",
        is_public=True,
        ends_on=date(2029, 6, 30),
        on=ON,
    ),
    blacklist_facts.BlacklistRemoved(
        institution_id=HOLDER, cause="repaired", reference="", reason="已纠正", due_on=None, was_public=True, on=ON
    ),
]
CODECS: dict[str, Codec[Any]] = {
    "site": SITE_CODEC,
    "blacklisting": BLACKLIST_CODEC,
    "institution": INSTITUTION_CODEC,
    "staff-member": STAFF_CODEC,
}


def recorded(event: Any) -> Recorded[Any]:
    noun, codec = next((noun, codec) for noun, codec in CODECS.items() if type(event) in codec.types.values())
    name, data = codec.encode(event)
    assert codec.decode(name, data) == event
    return Recorded(
        1, f"{noun}-{HOLDER}", 1, name, event, msgspec.json.encode(Meta(actor="a", command_id=HOLDER)), AT, AT
    )


def sent() -> Iterator[Any]:
    for event in TOLD:
        yield OUTBOUND[type(event)](recorded(event))


def test_every_contract_of_this_service_is_told_and_can_be_read_back() -> None:
    messages = list(sent())
    assert {type(event) for event in TOLD} == set(OUTBOUND)
    assert {type(message) for message in messages} == {
        contract for contract in contracts_by_subject().values() if source_of(contract) == "registry"
    }
    for message in messages:
        assert type(message).from_bytes(message.to_bytes()) == message


def test_a_listing_that_is_not_published_is_nobody_elses() -> None:
    hidden = [replace(TOLD[-2], is_public=False), replace(TOLD[-1], was_public=False)]
    assert [OUTBOUND[type(event)](recorded(event)) for event in hidden] == [None, None]


def test_nothing_of_a_person_is_told() -> None:
    assert not [message for message in sent() if "范杰俊" in message.to_bytes().decode()]


@pytest.mark.parametrize(
    ("standing", "contract"),
    [("licensed", LicenceApprovedV1), ("cancelled", LicenceCancelledV1), ("revoked", LicenceRevokedV1)],
)
def test_what_a_register_says_of_a_licence_counts_like_a_decision(standing: Any, contract: type) -> None:
    event = licence.LicenceRecorded(terms=TERMS, standing=standing, standing_since=ON, note="名单", on=ON)
    assert type(OUTBOUND[licence.LicenceRecorded](recorded(event))) is contract


def test_an_active_account_meets_the_whitelist_condition() -> None:
    account = CustodyAccountActivatedV1(
        account_id=UUID(int=1), institution_id=HOLDER, bank="湖畔商业银行", account_name="专户", opened_on=ON
    )
    message = Message(account, "funds", 7, account.subject, AT)
    (work,) = whitelist_precondition(message, None)
    (again,) = whitelist_precondition(message, None)
    of_funds = {contract for contract in INBOUND if contract.service() == "funds"}
    accounts = {CustodyAccountActivatedV1, CustodyAccountClosedV1}
    assert of_funds == {*accounts, AlertRaisedV1, LiabilityStatedV1, PrepaidStatedV1}
    assert (work.aggregate, work.id) == (INSTITUTIONS, HOLDER)
    assert work.command == institution.ActivateCustody(
        account_id=str(UUID(int=1)), bank="湖畔商业银行", account_name="专户", opened_on=ON, on=date(2026, 6, 30)
    )
    assert work.envelope.command_id == again.envelope.command_id
    assert work.envelope.causation == "funds-7"


def test_a_closed_account_ends_the_whitelist_condition() -> None:
    account = CustodyAccountClosedV1(account_id=UUID(int=1), institution_id=HOLDER, closed_on=ON)
    (work,) = whitelist_precondition_ended(Message(account, "funds", 9, account.subject, AT), None)
    assert (work.aggregate, work.id) == (INSTITUTIONS, HOLDER)
    assert work.command == institution.EndCustody(
        account_id=str(UUID(int=1)), reason="custody-account-closed", on=date(2026, 6, 30)
    )
    assert (work.envelope.reason, work.envelope.causation) == ("custody-account-closed", "funds-9")
