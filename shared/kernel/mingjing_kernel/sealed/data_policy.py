"""Rules about personal data (个人信息策略): how many openings a person may make, how long what is kept."""

from __future__ import annotations

from mingjing_kernel.policy.rule import Number, Rule

UNSEALING_LIMITS = Rule(
    name="unsealing-limits",
    zh="个人信息查看限额",
    en="Openings of sealed fields, a person",
    numbers=(
        Number(name="openings-an-hour", zh="每小时查看次数", en="Openings an hour", default=10, unit="openings"),
        Number(name="openings-a-day", zh="每日查看次数", en="Openings a day", default=40, unit="openings"),
    ),
    legal_basis="个人信息保护法第五十一条",
)


def _months(name: str, zh: str, en: str, default: int) -> Number:
    return Number(name=name, zh=zh, en=en, default=default, at_most=1_200, unit="months")


# Complaints 10 years, contracts 5 years after completion (at least 3 by law), penalty cases 30 years, recordings
# 2 years: the retention table of the record rules. To be confirmed with the archives before use. While a family's money
# is left on a contract, it is kept as long as the ledgers are (会计档案管理办法).
RETENTION_PERIODS = Rule(
    name="retention-periods",
    zh="个人信息保存期限",
    en="Months from the end of the matter until a person's data goes; 0 means at once",
    numbers=(
        _months("case-file", "处罚案卷", "Penalty cases", 360),
        _months("complaint", "投诉举报", "Complaints", 120),
        _months("inspection", "检查记录", "Inspections", 120),
        _months("contract", "培训合同", "Contracts", 60),
        _months("contract-with-balance", "尚有余额的培训合同", "Contracts on which a family's money is left", 360),
        _months("recording", "录音录像", "Recordings", 24),
        _months("system-log", "系统日志", "System logs", 24),
    ),
    legal_basis="个人信息保护法第十九条",
)
DATA_RULES = (UNSEALING_LIMITS, RETENTION_PERIODS)
"""In force in every service that seals personal data."""
