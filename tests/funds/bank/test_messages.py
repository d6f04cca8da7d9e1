"""What goes to a bank and what comes from it, against the standard's own schema."""

from datetime import UTC, datetime, timedelta
from importlib.resources import files
from uuid import UUID

import pytest
from lxml import etree

from funds.bank.batches import AT, item, outgoing
from mingjing_funds.bank import orders_csv, pain001, pain002
from mingjing_funds.bank.status_written import Status, status_report
from mingjing_funds.domain.account_terms import Direction
from mingjing_funds.domain.payment_batch import Standing
from mingjing_funds.sources.kept_aside import XmlUnreadable

BATCH = outgoing(
    item("ZL2026031000001", 3_202_28),
    item("TF202603100001", 999_00, Direction.REFUND),
    item("ZL2026031000002", 1, account_number="880100000001598086", payee_name="名" * 200),
)
NS = {"p": pain001.NAMESPACE}


def test_a_batch_is_valid_by_the_standards_schema() -> None:
    schema = etree.XMLSchema(etree.fromstring((files("sepaxml") / "schemas/pain.001.001.09.xsd").read_bytes()))
    schema.assertValid(etree.fromstring(pain001.written(BATCH)))


def test_a_batch_says_what_it_holds_and_the_same_batch_is_the_same_bytes() -> None:
    assert pain001.written(BATCH) == pain001.written(BATCH)
    root = etree.fromstring(pain001.written(BATCH))
    assert root.findtext(".//p:GrpHdr/p:NbOfTxs", namespaces=NS) == "3"
    assert root.findtext(".//p:GrpHdr/p:CtrlSum", namespaces=NS) == "4201.29"
    assert [one.text for one in root.iterfind(".//p:EndToEndId", NS)] == [
        "ZL2026031000001", "TF202603100001", "ZL2026031000002",
    ]  # fmt: skip
    assert len(root.findall(".//p:PmtInf", NS)) == 2
    refund = root.findall(".//p:CdtTrfTxInf", NS)[1]
    assert refund.find("p:Cdtr", NS) is None
    assert refund.findtext(".//p:Ustrd", namespaces=NS) == "退费 TF202603100001 原路退回 JF20260102000001"
    assert {one.get("Ccy") for one in root.iterfind(".//p:InstdAmt", NS)} == {"CNY"}


def test_the_table_holds_the_same_and_no_formula() -> None:
    table = orders_csv.written(outgoing(item("ZL1", 5, payee_name="=cmd()"), item("ZL2", 7))).decode("utf-8-sig")
    lines = table.splitlines()
    assert len(lines) == 4
    assert "'=cmd()" in lines[1]
    assert lines[-1] == "合计,2笔,,,,0.12,,"


def test_a_report_is_read_in_the_banks_codes() -> None:
    later = AT + timedelta(hours=3)
    report = status_report(
        "R1",
        BATCH.message_id,
        [
            Status("ZL2026031000001", "ACSC", later, flow="HP1"),
            Status("TF202603100001", "RJCT", later, reason_code="AC04", reason="收款账户已销户"),
            Status("ZL2026031000002", "PDNG", later),
        ],
        AT,
    )
    read = pain002.read(report)
    assert read.batch_id == UUID(int=7)
    assert [(one.number, one.standing, one.flow, one.reason_code) for one in read.statuses] == [
        ("ZL2026031000001", Standing.EXECUTED, "HP1", ""),
        ("TF202603100001", Standing.REFUSED, "", "AC04"),
    ]
    assert read.statuses[0].at == datetime(2026, 3, 10, 11, tzinfo=UTC)


@pytest.mark.parametrize("version", ["03", "10", "12"])
def test_what_is_said_of_the_whole_message_holds_for_all_that_is_not_named(version: str) -> None:
    xml = f"""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.{version}"><CstmrPmtStsRpt>
      <GrpHdr><MsgId>R</MsgId><CreDtTm>2026-03-10T17:00:00</CreDtTm></GrpHdr>
      <OrgnlGrpInfAndSts><OrgnlMsgId>{BATCH.message_id}</OrgnlMsgId><OrgnlMsgNmId>pain.001</OrgnlMsgNmId>
        <GrpSts>ACCP</GrpSts></OrgnlGrpInfAndSts>
      <OrgnlPmtInfAndSts><OrgnlPmtInfId>x</OrgnlPmtInfId><TxInfAndSts><OrgnlEndToEndId>ZL2026031000001</OrgnlEndToEndId>
        <TxSts>RJCT</TxSts><StsRsnInf><Rsn><Prtry>户名不符</Prtry></Rsn></StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts>
    </CstmrPmtStsRpt></Document>"""
    read = pain002.read(xml.encode())
    said = {one.number: one.standing for one in read.on(tuple(one.number for one in BATCH.batch.items))}
    assert said == {
        "ZL2026031000001": Standing.REFUSED,
        "TF202603100001": Standing.ACCEPTED,
        "ZL2026031000002": Standing.ACCEPTED,
    }
    assert read.statuses[0].at == datetime(2026, 3, 10, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"<a/>", pain002.ReportUnreadable),
        (b"", XmlUnreadable),
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"/>', pain002.ReportUnreadable),
        (status_report("R", "no-batch-of-ours", [], AT), pain002.ReportUnreadable),
    ],
)
def test_what_is_no_report_on_a_batch_is_refused(content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        pain002.read(content)
