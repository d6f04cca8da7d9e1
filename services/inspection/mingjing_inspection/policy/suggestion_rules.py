"""Numbers of the suggestions at intake (受理智能提示): how long back a duplicate is looked for, and how alike it is.

One rule: they decide what is shown, never what is done.
"""

from __future__ import annotations

from mingjing_kernel.policy.rule import Number, Rule

COMPLAINT_SUGGESTION = Rule(
    name="complaint-suggestion",
    zh="投诉受理提示",
    en="Suggestions while a complaint is taken",
    numbers=(
        Number(name="same-person-days", zh="同一人同一事：往前天数", en="Same person and matter: days back", default=6,
               at_least=1, at_most=90, unit="days"),
        Number(name="same-matter-days", zh="同一事项：往前天数", en="Same matter: days back", default=30, at_least=1,
               at_most=180, unit="days"),
        Number(name="text-alike", zh="文字相似度（百分之）", en="Likeness of text, in per cent", default=50,
               at_least=20, at_most=100, unit="percent"),
    ),
    legal_basis="市场监督管理投诉举报处理办法（重复投诉举报）；天数与相似度为产品默认值",
)  # fmt: skip
"""Order 121 has duplicates merged or not handled again; the numbers are product defaults, no law behind them."""
SUGGESTION_RULES = (COMPLAINT_SUGGESTION,)
