"""The menu 导航: what an official can go to, by what she works on; opened without a script.

One rule: it shows everything to everybody. What somebody may not see says so itself, in the words of the service.
"""

from __future__ import annotations

from typing import Final

from htpy import Element, Node, a, details, div, small, summary

Link = tuple[str, str, str]
"""Address, Chinese, English."""
GROUPS: Final[tuple[tuple[str, str, tuple[Link, ...]], ...]] = (
    (
        "机构",
        "Registry",
        (
            ("/institutions", "机构名录", "Institutions"),
            ("/applications", "办件", "Business"),
            ("/likenesses", "疑似同一主体", "Likenesses"),
            ("/listings", "黑名单案件", "Blacklist cases"),
            ("/sites", "教学点", "Sites"),
            ("/staff", "从业人员", "Staff"),
            ("/filings", "备案", "Filings"),
            ("/breaches", "违规发现", "Breaches"),
            ("/providers", "课后服务", "After-school providers"),
            ("/ledger", "台账", "Base ledger"),
            ("/imports", "导入", "Import"),
            ("/kept-aside", "待补正", "Kept aside"),
        ),
    ),
    (
        "检查",
        "Inspection",
        (
            ("/round", "本人巡查", "My round"),
            ("/tasks", "检查任务", "Tasks"),
            ("/visit-parts", "待处理上报", "Reports to decide"),
            ("/grids", "网格", "Grids"),
            ("/grids/posts", "网格员名册", "Rosters of posts"),
            ("/checklists", "检查清单", "Checklists"),
            ("/leads", "线索", "Leads"),
            ("/findings", "问题案卷", "Findings"),
            ("/rectifications", "整改", "Rectification"),
            ("/overdue-notices", "催办督办", "Overdue notices"),
            ("/operations", "联合检查", "Joint operations"),
            ("/draws", "双随机", "Draws"),
            ("/bulletin", "半月通报", "Bulletin"),
        ),
    ),
    (
        "投诉",
        "Complaints",
        (
            ("/complaints/new", "受理投诉", "Take a complaint"),
            ("/complaint-tracks", "投诉办理", "Tracks by clock"),
            ("/complaint-groups", "群体投诉", "Groups"),
            ("/complaint-voices", "诉求人的补充", "Words of citizens"),
            ("/complaint-routing", "转办规则", "Routing table"),
            ("/complaint-bulletin", "投诉通报", "Complaints bulletin"),
            ("/supervision-phones", "监督电话", "Telephone book"),
        ),
    ),
    (
        "资金",
        "Funds",
        (
            ("/alerts", "资金预警", "Fund alerts"),
            ("/custody", "资金监管报表", "Custody reports"),
            ("/accounts", "托管专户", "Custody accounts"),
            ("/contracts", "培训合同", "Contracts"),
            ("/refunds", "退费", "Refunds"),
            ("/payment-orders", "付款指令", "Payment orders"),
            ("/breaks", "对账差异", "Breaks"),
        ),
    ),
    (
        "系统",
        "System",
        (
            ("/access", "权限", "Access"),
            ("/reads", "查阅记录", "Who read what"),
            ("/sessions", "我的登录", "My sign-ins"),
        ),
    ),
)


def menu() -> Node:
    """The groups; one of them is open at a time."""
    return [_group(zh, en, links) for zh, en, links in GROUPS]


def _group(zh: str, en: str, links: tuple[Link, ...]) -> Element:
    return details(".menu", name="menu")[
        summary[zh, " ", small(lang="en")[en]],
        div[(a(href=href)[said, " ", small(lang="en")[said_en]] for href, said, said_en in links)],
    ]
