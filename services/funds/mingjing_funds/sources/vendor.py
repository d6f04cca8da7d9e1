"""The teaching-management vendor's order tables (CSV): codes, contracts, payments, refund requests, instructions.

The one rule: names and telephone numbers of families are read only to be sealed (``family.py``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from mingjing_funds.sources import cells
from mingjing_funds.sources.family import FamilySaid, family
from mingjing_funds.sources.kept_aside import NumberDamaged
from mingjing_funds.sources.reading import Record

CODE_MARKS = frozenset({"机构编码", "机构名称", "统一社会信用代码", "监管专户"})
CONTRACT_MARKS = frozenset({"合同编号", "机构编码", "课时数", "合同金额", "开课日期", "期初已消课时"})
PAYMENT_MARKS = frozenset({"缴费单号", "合同编号", "缴费时间", "金额", "状态"})
REFUND_MARKS = frozenset({"退费单号", "合同编号", "申请时间", "申请金额", "状态"})
INSTRUCTION_MARKS = frozenset({"指令号", "机构编码", "专户账号", "指令日期", "结算截至", "拨付金额"})


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorCode:
    """Which institution and account a vendor's code stands for."""

    row: int
    code: str
    institution_name: str
    uscc: str
    account_number: str
    """Empty for an institution without a custody account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractLine:
    """One training contract of the ledger (合同台账)."""

    row: int
    contract_no: str
    vendor_code: str
    course: str
    lessons: int
    gift_lessons: int
    price_fen: int
    starts_on: date
    ends_on: date
    signed_at: datetime
    opening_used: int
    is_model_text: bool
    family: FamilySaid = field(default=FamilySaid(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentLine:
    """One payment attempt; only ``succeeded`` ones moved money."""

    row: int
    payment_no: str
    contract_no: str
    paid_at: datetime
    amount_fen: int
    method: str
    succeeded: bool
    vendor_code: str = ""
    """Whose it is, where the row says it: not every vendor's table has the column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundLine:
    """One refund request with what became of it so far."""

    row: int
    refund_no: str
    contract_no: str
    requested_at: datetime
    reason: str
    requested_fen: int
    answered_on: date | None
    state: str
    paid_on: date | None
    paid_fen: int | None
    vendor_code: str = ""
    """Whose it is, where the row says it: not every vendor's table has the column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionLine:
    """One release instruction to a bank (拨付指令), executed on the next day."""

    row: int
    instruction_no: str
    vendor_code: str
    account_number: str
    instructed_on: date
    settled_to: date
    lessons: int
    contracts: int
    amount_fen: int


def code(record: Record) -> VendorCode:
    """A row of 机构编码对照表."""
    number = cells.text(record["监管专户"])
    return VendorCode(
        row=record.row,
        code=cells.required(record["机构编码"], "机构编码"),
        institution_name=cells.required(record["机构名称"], "机构名称"),
        uscc=cells.text(record["统一社会信用代码"]),
        account_number=cells.account_number(record["监管专户"]) if number else "",
    )


def contract(record: Record) -> ContractLine:
    """A row of 合同台账."""
    gifts = record["赠送课时"]
    return ContractLine(
        row=record.row,
        contract_no=cells.required(record["合同编号"], "合同编号"),
        vendor_code=cells.required(record["机构编码"], "机构编码"),
        course=cells.text(record["课程"]),
        lessons=cells.count(record["课时数"], "课时数"),
        gift_lessons=cells.count(gifts, "赠送课时") if cells.text(gifts) else 0,
        price_fen=cells.fen(record["合同金额"], "合同金额"),
        starts_on=cells.day(record["开课日期"], "开课日期"),
        ends_on=cells.day(record["有效期至"], "有效期至"),
        signed_at=cells.moment(record["签订时间"], "签订时间"),
        opening_used=cells.count(record["期初已消课时"], "期初已消课时"),
        is_model_text=cells.text(record["合同文本"]) == "示范文本",
        family=family(record),
    )


def payment(record: Record) -> PaymentLine:
    """A row of 缴费记录."""
    return PaymentLine(
        row=record.row,
        payment_no=cells.required(record["缴费单号"], "缴费单号"),
        contract_no=cells.required(record["合同编号"], "合同编号"),
        paid_at=cells.moment(record["缴费时间"], "缴费时间"),
        amount_fen=cells.fen(record["金额"], "金额"),
        method=cells.text(record["支付方式"]),
        succeeded=cells.text(record["状态"]) == "成功",
        vendor_code=cells.text(record["机构编码"]),
    )


def refund(record: Record) -> RefundLine:
    """A row of 退费申请."""
    return RefundLine(
        row=record.row,
        refund_no=cells.required(record["退费单号"], "退费单号"),
        contract_no=cells.required(record["合同编号"], "合同编号"),
        requested_at=cells.moment(record["申请时间"], "申请时间"),
        reason=cells.text(record["退费原因"]),
        requested_fen=cells.fen(record["申请金额"], "申请金额"),
        answered_on=cells.optional_day(record["机构答复日期"], "机构答复日期"),
        state=cells.required(record["状态"], "状态"),
        paid_on=cells.optional_day(record["退款日期"], "退款日期"),
        paid_fen=cells.optional_fen(record["退款金额"], "退款金额"),
        vendor_code=cells.text(record["机构编码"]),
    )


def instruction(record: Record) -> InstructionLine:
    """A row of 拨付指令."""
    number = cells.text(record["专户账号"])
    if not number:
        raise NumberDamaged(written=number, prefix=number)
    return InstructionLine(
        row=record.row,
        instruction_no=cells.required(record["指令号"], "指令号"),
        vendor_code=cells.required(record["机构编码"], "机构编码"),
        account_number=cells.account_number(record["专户账号"]),
        instructed_on=cells.day(record["指令日期"], "指令日期"),
        settled_to=cells.day(record["结算截至"], "结算截至"),
        lessons=cells.count(record["课时数"], "课时数"),
        contracts=cells.count(record["合同笔数"], "合同笔数"),
        amount_fen=cells.fen(record["拨付金额"], "拨付金额"),
    )
