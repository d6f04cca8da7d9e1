"""Whatever is recalled, answered, reported and stopped, in whatever order: an instruction ends once, one way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funds.bank.batches import AT
from funds.domain.test_payment_batch import HOLD, ONE, SENT, status, stopped
from mingjing_funds.bank import camt029
from mingjing_funds.domain import payment_batch as p
from mingjing_funds.domain.payment_batch_refusals import RecallNotAsked, StatusContradicted
from mingjing_funds.domain.recall import AskRecall, ReadRecall, Recall, RecallAnswered, RecallAsked
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.spec import Spec

ASK = AskRecall(asked_at=HOLD.since)
ASKED = RecallAsked(number="ZL1", account_id=ONE, asked_at=HOLD.since)


def word(outcome: Recall, number: str = "ZL1", hours: int = 3) -> ReadRecall:
    at = AT + timedelta(hours=hours)
    return ReadRecall(number=number, outcome=outcome, reason_code="", reason="", document_no="R1", at=at)


def answered(outcome: Recall) -> RecallAnswered:
    said = word(outcome)
    return RecallAnswered(number="ZL1", account_id=ONE, outcome=outcome, reason_code="", reason="", document_no="R1",
                          at=said.at)  # fmt: skip


@pytest.fixture
def batch() -> Spec:
    return Spec(p.BATCH)


def test_what_was_stopped_is_recalled_once_and_nothing_else(batch: Spec) -> None:
    batch.given(SENT).when(ASK).then()
    batch.given(SENT, stopped("ZL1")).when(ASK).then(ASKED)
    batch.given(SENT, stopped("ZL1"), ASKED).when(ASK).then()
    batch.given(SENT, stopped("ZL1")).when(word(Recall.CANCELLED)).then_refused(RecallNotAsked)


def test_cancelled_ends_it_and_too_late_leaves_its_debit_awaited(batch: Spec) -> None:
    before = (SENT, stopped("ZL1"), ASKED)
    batch.given(*before).when(word(Recall.ASKED)).then()
    batch.given(*before).when(word(Recall.REFUSED)).then(answered(Recall.REFUSED))
    facts = p.BATCH.decide(word(Recall.CANCELLED), p.BATCH.fold(before))
    assert [type(fact) for fact in facts] == [RecallAnswered, p.InstructionRefused]
    batch.given(*before, *facts).when(word(Recall.CANCELLED)).then()
    batch.given(*before, *facts).when(word(Recall.REFUSED)).then_refused(StatusContradicted)
    batch.given(*before, *facts).when(status("ZL1", p.Standing.EXECUTED, 4)).then_refused(StatusContradicted)
    (done,) = p.BATCH.decide(status("ZL1", p.Standing.EXECUTED, 1), p.BATCH.fold(before))
    batch.given(*before, done).when(word(Recall.CANCELLED)).then_refused(StatusContradicted)
    batch.given(*before, done).when(word(Recall.REFUSED)).then(answered(Recall.REFUSED))


def test_all_are_cancelled_says_nothing_of_what_was_asked_later_or_is_spoken_of_alone() -> None:
    recalls = p.to_recall(p.BATCH.fold((SENT, stopped("ZL1"), ASKED)))
    sets = ((timedelta(seconds=-1), b"", ()), (timedelta(), b"", ("ZL1",)))
    for late, line, numbers in (*sets, (timedelta(), b"<TxInfAndSts><TxCxlSts>PACR</TxCxlSts></TxInfAndSts>", ())):
        content = camt029.written("CX2", UUID(int=8).hex, [], HOLD.since + late)
        whole = content.replace(b"<CxlDtls>", b"<Sts><Conf>CNCL</Conf></Sts><CxlDtls>")
        read = camt029.read_any(whole.replace(b"<OrgnlPmtInfAndSts/>", line))
        assert isinstance(read, camt029.RecallReport)
        assert tuple(word.number for word in read.on(read.asked_before(recalls))) == numbers


NUMBERS = st.sampled_from(["ZL1", "ZL2", "TF1"])
reports = st.builds(
    status, NUMBERS, st.sampled_from([p.Standing.ACCEPTED, p.Standing.REFUSED, p.Standing.EXECUTED]), st.integers(0, 5)
)
answers = st.builds(word, st.sampled_from([Recall.ASKED, Recall.CANCELLED, Recall.REFUSED]), NUMBERS, st.integers(0, 5))
stops = st.builds(
    replace, st.just(HOLD), account_id=st.sampled_from([ONE, UUID(int=2)]), ground=st.sampled_from(p.Ground)
)


@given(st.lists(reports | answers | stops | st.just(ASK), max_size=40))
def test_an_instruction_ends_once_and_not_both_ways(commands: list[p.Command]) -> None:
    state, ends = p.BATCH.fold([SENT]), list[tuple[str, type]]()
    for command in commands:
        try:
            facts = p.BATCH.decide(command, state)
        except Refusal:
            continue
        state = p.BATCH.fold(facts, state)
        assert p.BATCH.decide(command, state) == [], "the same again is no news"
        ends += [
            (fact.number, type(fact))
            for fact in facts
            if isinstance(fact, p.InstructionExecuted | p.InstructionRefused)
        ]
        open_recalls = {one.item.number for one in p.to_recall(state)}
        assert open_recalls <= {number for number, one in state.progress.items() if one.stopped_since is not None}
        for number, progress in state.progress.items():
            if progress.recall is Recall.CANCELLED:
                assert progress.standing is p.Standing.REFUSED, number
    assert len({number for number, _ in ends}) == len(ends)
