"""The numbers of the half-monthly bulletin of complaints (投诉半月通报): how many institutions and topics it names."""

from __future__ import annotations

from mingjing_kernel.policy.rule import Number, Rule

COMPLAINT_BULLETIN_RULE = Rule(
    name="complaint-bulletin",
    zh="投诉半月通报",
    en="Half-monthly bulletin of complaints",
    numbers=(
        Number(
            name="institutions",
            zh="列出投诉最多的机构数",
            en="Institutions with the most complaints that are listed",
            default=10,
            at_most=100,
            unit="institutions",
        ),
        Number(
            name="least",
            zh="列出机构的最少投诉件数",
            en="Complaints from which an institution is listed",
            default=2,
            at_least=1,
            at_most=1_000,
            unit="complaints",
        ),
        Number(name="topics", zh="热点主题数", en="Hot topics that are listed", default=10, at_most=30, unit="topics"),
    ),
    legal_basis="中办发〔2021〕40号；《市场监督管理投诉举报处理办法》（总局令第121号）；产品默认值"
    "（2026年4月15日前：市场监督管理投诉举报处理暂行办法（总局令第20号）第三十四条）",
)
