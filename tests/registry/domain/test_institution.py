import contextlib
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.spec import Spec
from mingjing_registry.domain.annual_check import (
    AnnualCheckRecorded,
    DecideAnnualCheck,
    OpenAnnualCheck,
    RecordAnnualCheck,
    Report,
    ReviewAnnualReport,
    SubmitAnnualReport,
)
from mingjing_registry.domain.application import SignRenewal
from mingjing_registry.domain.change import ApproveChange, ChangeKind, ProposeChange, UnapprovedChangeNoticed, Wish
from mingjing_registry.domain.institution import (
    ActivateCustody,
    Command,
    CustodyActivated,
    CustodyEnded,
    EndCustody,
    Event,
    FileNotice,
    Institution,
    InstitutionAmended,
    InstitutionRegistered,
    Known,
    NameNoted,
    Notice,
    NoticeFiled,
    RecordInstitution,
)
from mingjing_registry.domain.institution_rules import INSTITUTION, standing
from mingjing_registry.domain.liability import NoteLiability
from mingjing_registry.domain.licence import (
    CancelLicence,
    ExpireLicence,
    LicenceExpired,
    LicenceRecorded,
    LicenceSuspended,
    LicenceTerms,
    Licensed,
    RecordLicence,
    ReinstateLicence,
    RenewLicence,
    RevokeLicence,
    SuspendLicence,
)
from mingjing_registry.domain.operation import (
    BeginClosing,
    BeginOperation,
    CloseDown,
    ClosingStep,
    CompleteClosingStep,
    ConfirmStop,
    NoteSign,
    OperationState,
)
from mingjing_registry.domain.particulars import Category, Listing, Nature, Particulars
from mingjing_registry.domain.rectification import EndRectification, OrderRectification
from mingjing_registry.domain.refusals import ContradictsRegister, InstitutionUnknown, NameMissing, UsccDiffers
from mingjing_registry.domain.whitelist import Standing, WhitelistEntered, WhitelistLeft

ON = date(2026, 6, 30)
TERMS = LicenceTerms(number="教民133010670000016", issued_on=date(2019, 6, 7), expires_on=date(2028, 6, 7))
MUDUO = Particulars(
    name="杭州木铎轩书画培训学校有限公司",
    uscc="91330106MA00001B3D",
    nature=Nature.FOR_PROFIT,
    categories=(Category.ART,),
    departments=("culture-tourism-sport",),
    region="330106109",
    legal_representative="范杰俊",
    phone="19900004241",
)
EDUCATION = Listing(register="education", stated_on=ON)
CULTURE = Listing(register="culture-tourism-sport", stated_on=date(2026, 6, 25), issuing=False)
LICENCE = RecordLicence(terms=TERMS, standing="licensed", stated_on=ON, on=ON)
ROW = RecordInstitution(particulars=MUDUO, listing=EDUCATION, licence=LICENCE, annual_check="pass", on=ON)
REGISTERED = InstitutionRegistered(particulars=MUDUO, listing=EDUCATION, on=ON)
RECORDED = LicenceRecorded(terms=TERMS, standing="licensed", standing_since=None, note="", on=ON)
CHECKED = AnnualCheckRecorded(result="pass", on=ON)
ACTIVATE = ActivateCustody(account_id="a1", bank="湖畔商业银行", account_name="木铎轩专户", opened_on=ON, on=ON)
ACTIVE = CustodyActivated(account_id="a1", bank="湖畔商业银行", account_name="木铎轩专户", opened_on=ON, on=ON)
ENTERED = WhitelistEntered(
    name=MUDUO.name,
    uscc=MUDUO.uscc,
    licence_number=TERMS.number,
    expires_on=TERMS.expires_on,
    category="art",
    department="culture-tourism-sport",
    region="330106109",
    custody_bank="湖畔商业银行",
    custody_account_name="木铎轩专户",
    reason=Standing.CONDITIONS_MET,
    on=ON,
)
SUSPEND = SuspendLicence(
    decision_reference="西教罚〔2026〕1号", served_on=ON, reason="抽逃资金", legal_basis="民办教育促进法第62条", on=ON
)


@pytest.fixture
def institution() -> Spec[Command, Institution, Event]:
    return Spec(INSTITUTION)


Institutions = Spec[Command, Institution, Event]


def test_a_row_registers_the_institution_with_its_licence_and_check(institution: Institutions) -> None:
    institution.given().when(ROW).then(REGISTERED, RECORDED, CHECKED)


def test_the_same_row_again_changes_nothing(institution: Institutions) -> None:
    institution.given(REGISTERED, RECORDED, CHECKED).when(ROW).then()


def test_a_name_is_needed(institution: Institutions) -> None:
    institution.given().when(replace(ROW, particulars=replace(MUDUO, name=""))).then_refused(NameMissing)


def test_a_licence_that_had_run_out_is_recorded_as_expired(institution: Institutions) -> None:
    old = replace(TERMS, expires_on=date(2026, 5, 25))
    row = replace(ROW, licence=replace(LICENCE, terms=old), annual_check=None)
    institution.given().when(row).then(
        REGISTERED, replace(RECORDED, terms=old), LicenceExpired(expired_on=date(2026, 5, 25), on=ON)
    )


def test_an_active_custody_account_puts_a_licensed_institution_on_the_whitelist(institution: Institutions) -> None:
    institution.given(REGISTERED, RECORDED, CHECKED).when(ACTIVATE).then(ACTIVE, ENTERED)


def test_the_account_may_be_active_before_the_institution_is_known(institution: Institutions) -> None:
    institution.given().when(ACTIVATE).then(ACTIVE)
    institution.given(ACTIVE).when(ROW).then(REGISTERED, RECORDED, CHECKED, ENTERED)


def test_an_account_that_is_active_already_is_no_news(institution: Institutions) -> None:
    institution.given(ACTIVE).when(ACTIVATE).then()


def test_without_its_account_it_leaves_the_whitelist(institution: Institutions) -> None:
    institution.given(REGISTERED, RECORDED, ACTIVE, ENTERED).when(
        EndCustody(account_id="a1", reason="销户", on=ON)
    ).then(CustodyEnded(account_id="a1", reason="销户", on=ON), WhitelistLeft(reason=Standing.CUSTODY_INACTIVE, on=ON))


def test_the_end_of_another_account_is_not_its_concern(institution: Institutions) -> None:
    ended = EndCustody(account_id="a0", reason="销户", on=ON)
    institution.given(REGISTERED, RECORDED, ACTIVE, ENTERED).when(ended).then()


def test_a_suspension_takes_it_off_the_whitelist_and_its_end_puts_it_back(institution: Institutions) -> None:
    suspended = LicenceSuspended(
        decision_reference=SUSPEND.decision_reference,
        served_on=ON,
        reason=SUSPEND.reason,
        legal_basis=SUSPEND.legal_basis,
        on=ON,
    )
    left = WhitelistLeft(reason=Standing.LICENCE_SUSPENDED, on=ON)
    white = institution.given(REGISTERED, RECORDED, ACTIVE, ENTERED)
    white.when(SUSPEND).then(suspended, left)
    back = ReinstateLicence(decision_reference="西教〔2026〕9号", reason="整改合格", on=ON)
    decided = INSTITUTION.decide(back, INSTITUTION.fold([*white.history, suspended, left]))
    assert decided[-1] == ENTERED


def test_a_failed_annual_check_keeps_it_off(institution: Institutions) -> None:
    failed = AnnualCheckRecorded(result="fail", on=ON)
    white = institution.given(REGISTERED, RECORDED, ACTIVE, ENTERED)
    left = WhitelistLeft(reason=Standing.ANNUAL_CHECK_FAILED, on=ON)
    white.when(RecordAnnualCheck(result="fail", on=ON)).then(failed, left)


def test_another_register_adds_its_spelling_and_fills_gaps(institution: Institutions) -> None:
    spelt = replace(MUDUO, name="杭州木铎轩书画艺术培训学校", area_m2=420)
    row = RecordInstitution(particulars=spelt, listing=CULTURE, on=ON)
    institution.given(REGISTERED, RECORDED).when(row).then(
        InstitutionAmended(particulars=replace(MUDUO, area_m2=420), listing=EDUCATION, changed=("area_m2",), on=ON),
        NameNoted(name="杭州木铎轩书画艺术培训学校", register="culture-tourism-sport", on=ON),
    )


@pytest.mark.parametrize(
    "change",
    [{"legal_representative": "毛涵"}, {"phone": "19900000001"}, {"name": "杭州别家书画培训学校"}],
)
def test_another_register_may_not_contradict(institution: Institutions, change: dict[str, str]) -> None:
    row = RecordInstitution(particulars=replace(MUDUO, **change), listing=CULTURE, on=ON)  # type: ignore[arg-type]
    institution.given(REGISTERED, RECORDED).when(row).then_refused(ContradictsRegister)


def test_two_licence_numbers_are_a_contradiction(institution: Institutions) -> None:
    other = RecordLicence(terms=replace(TERMS, number="教民133010670000017"), standing="licensed", on=ON)
    listing = replace(CULTURE, issuing=True)
    row = RecordInstitution(particulars=MUDUO, listing=listing, licence=other, on=ON)
    institution.given(REGISTERED, RECORDED).when(row).then_refused(ContradictsRegister)


def test_a_person_may_decide_that_the_row_prevails(institution: Institutions) -> None:
    stated = replace(MUDUO, legal_representative="毛涵")
    listing = replace(CULTURE, overriding=True)
    row = RecordInstitution(particulars=stated, listing=listing, on=ON)
    changed = InstitutionAmended(particulars=stated, listing=listing, changed=("legal_representative",), on=ON)
    institution.given(REGISTERED, RECORDED).when(row).then(changed)


def test_the_next_edition_of_the_same_register_may_correct_itself(institution: Institutions) -> None:
    later = replace(EDUCATION, stated_on=date(2026, 7, 31))
    stated = replace(MUDUO, legal_representative="毛涵")
    row = replace(ROW, particulars=stated, listing=later)
    changed = InstitutionAmended(particulars=stated, listing=later, changed=("legal_representative",), on=ON)
    noticed = UnapprovedChangeNoticed(kind=ChangeKind.REPRESENTATIVE, register=later.register, on=ON)
    institution.given(REGISTERED, RECORDED, CHECKED).when(row).then(changed, noticed)


def test_an_old_edition_that_is_read_again_changes_nothing(institution: Institutions) -> None:
    earlier = replace(EDUCATION, stated_on=date(2026, 5, 31))
    row = replace(ROW, particulars=replace(MUDUO, legal_representative="毛涵"), listing=earlier)
    institution.given(REGISTERED, RECORDED, CHECKED).when(row).then()


def test_the_issuing_list_prevails_over_a_mere_listing(institution: Institutions) -> None:
    listed = InstitutionRegistered(particulars=replace(MUDUO, legal_representative="毛涵"), listing=CULTURE, on=ON)
    changed = InstitutionAmended(particulars=MUDUO, listing=EDUCATION, changed=("legal_representative",), on=ON)
    institution.given(listed).when(ROW).then(changed, RECORDED, CHECKED)


def test_a_rename_keeps_the_former_name(institution: Institutions) -> None:
    later = replace(EDUCATION, stated_on=date(2026, 7, 31))
    renamed = replace(MUDUO, name="杭州新铎堂书画培训学校有限公司")
    row = replace(ROW, particulars=renamed, listing=later)
    kept = replace(renamed, former_names=(MUDUO.name,))
    changed = InstitutionAmended(particulars=kept, listing=later, changed=("name", "former_names"), on=ON)
    institution.given(REGISTERED, RECORDED, CHECKED).when(row).then(changed)


def test_the_code_never_changes(institution: Institutions) -> None:
    row = replace(ROW, particulars=replace(MUDUO, uscc="52330106MJ00001U19"))
    institution.given(REGISTERED, RECORDED).when(row).then_refused(UsccDiffers)


def test_a_notice_is_filed_once(institution: Institutions) -> None:
    notice = Notice(matter="停课报备", filed_on=ON, begins_on=ON, ends_on=ON, content="寒假停课", published=True)
    filed = NoticeFiled(notice=notice, spoken_name="木铎轩", on=ON)
    command = FileNotice(notice=notice, spoken_name="木铎轩", on=ON)
    institution.given(REGISTERED).when(command).then(filed)
    institution.given(REGISTERED, filed).when(command).then()


@pytest.mark.parametrize("command", [SUSPEND, RecordAnnualCheck(result="pass", on=ON), ExpireLicence(on=ON)])
def test_nothing_happens_to_an_unknown_institution(institution: Institutions, command: Command) -> None:
    institution.given().when(command).then_refused(InstitutionUnknown)


ORDER = OrderRectification(
    reference="z1", served_on=ON, deadline=ON + timedelta(days=30), matter="超范围", legal_basis="第62条", on=ON
)
REPORT = Report(reference="n1", students=30, staff=6, income_fen=1, refunds_fen=0, statement="")
CLOSE = BeginClosing(notice_reference="g1", noticed_on=ON - timedelta(days=30), ends_on=ON, liquidator="清算组", on=ON)
RENAME = ProposeChange(
    number="b1", kind=ChangeKind.NAME, wish=Wish(name="杭州新铎堂书画培训学校有限公司"), reason="更名", on=ON
)
days = st.integers(-400, 1200).map(lambda number: ON + timedelta(days=number))
commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(
        lambda expires, standing, person, check, listing: replace(
            ROW,
            particulars=replace(MUDUO, legal_representative=person),
            listing=listing,
            licence=replace(LICENCE, terms=replace(TERMS, expires_on=expires), standing=standing),
            annual_check=check,
        ),
        days,
        st.sampled_from(["licensed", "cancelled", "revoked"]),
        st.sampled_from(["范杰俊", "毛涵"]),
        st.sampled_from([None, "pass", "fail"]),
        st.sampled_from([EDUCATION, CULTURE, replace(CULTURE, overriding=True)]),
    ),
    st.builds(lambda account: replace(ACTIVATE, account_id=account), st.sampled_from(["a1", "a2"])),
    st.builds(lambda account: EndCustody(account_id=account, reason="销户", on=ON), st.sampled_from(["a1", "a2"])),
    st.builds(RecordAnnualCheck, result=st.sampled_from(["pass", "fail"]), on=st.just(ON)),
    st.just(SUSPEND),
    st.just(ReinstateLicence(decision_reference="d2", reason="整改合格", on=ON)),
    st.just(
        RevokeLicence(
            decision_reference="d3",
            served_on=ON,
            hearing_notice_reference="h1",
            reason="情节严重",
            legal_basis="民办教育促进法第62条",
            on=ON,
        )
    ),
    st.just(
        CancelLicence(
            application_reference="s1",
            public_notice_reference="g1",
            reason="停办",
            on=ON,
        )
    ),
    st.builds(ExpireLicence, on=days),
    st.builds(lambda day: SignRenewal(expires_on=day, officer="甲", on=ON), days),
    st.just(RenewLicence(officer="乙", on=ON)),
    st.just(ORDER),
    st.builds(
        lambda passed: EndRectification(passed=passed, reference="f1", reason="复查", on=ON),
        st.sampled_from([True, False]),
    ),
    st.just(BeginOperation(reason="开课", on=ON)),
    st.just(NoteSign(source="inspection", reference="v1", detail="DOOR_CLOSED", on=ON)),
    st.just(ConfirmStop(reference="v1", reason="人去楼空", on=ON)),
    st.just(CLOSE),
    st.builds(lambda fen: NoteLiability(unconsumed_fen=fen, stated_on=ON, on=ON), st.sampled_from([0, 5_00])),
    st.builds(lambda step: CompleteClosingStep(step=step, reference="p1", on=ON), st.sampled_from(list(ClosingStep))),
    st.just(CloseDown(reason="清算完毕", on=ON)),
    st.just(OpenAnnualCheck(year=2026, due_on=ON + timedelta(days=30), on=ON)),
    st.just(SubmitAnnualReport(year=2026, report=REPORT, on=ON)),
    st.just(ReviewAnnualReport(year=2026, proposed="pass", findings="无", on=ON)),
    st.builds(
        lambda result: DecideAnnualCheck(
            year=2026, result=result, reason="结论", rectify_until=ON + timedelta(days=60), on=ON
        ),
        st.sampled_from(["pass", "basic-pass", "fail"]),
    ),
    st.just(RENAME),
    st.just(ApproveChange(number="b1", decision_reference="西教变〔2026〕1号", on=ON)),
)


@given(st.lists(commands, max_size=25))
def test_whitelisted_exactly_when_the_conditions_hold_after_any_sequence(sequence: list[Command]) -> None:
    state, events = INSTITUTION.initial, []
    for command in sequence:
        try:
            decided = INSTITUTION.decide(command, state)
        except Refusal:
            continue
        state = INSTITUTION.fold(decided, state)
        events += decided
        if isinstance(state, Known):
            white = (
                isinstance(state.licence, Licensed)
                and bool(state.particulars.uscc)
                and state.custody.is_active
                and state.annual_check != "fail"
                and state.operation.state is not OperationState.CLOSED
            )
            assert state.is_white == white == (standing(state) is Standing.CONDITIONS_MET)
    assert INSTITUTION.fold(events) == state
    moves = [event for event in events if isinstance(event, WhitelistEntered | WhitelistLeft)]
    kinds = [type(move) for move in moves]
    assert kinds == [WhitelistEntered, WhitelistLeft] * (len(kinds) // 2) + [WhitelistEntered] * (len(kinds) % 2)
    assert all((move.reason is Standing.CONDITIONS_MET) == isinstance(move, WhitelistEntered) for move in moves)


@given(st.lists(commands, max_size=15), commands)
def test_a_repeated_command_changes_nothing_the_second_time(sequence: list[Command], repeated: Command) -> None:
    state = INSTITUTION.initial
    for command in (*sequence, repeated):
        try:
            state = INSTITUTION.fold(INSTITUTION.decide(command, state), state)
        except Refusal:
            if command is repeated:
                return
    with contextlib.suppress(Refusal):  # a licence that has ended since refuses the command: no change either
        assert INSTITUTION.decide(repeated, state) == []
