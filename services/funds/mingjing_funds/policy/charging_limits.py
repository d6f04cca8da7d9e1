"""The charging limits in force. The one rule: never edit a released version; add the next one.

Source: 教监管函〔2021〕2号 (three months, 60 lessons); 13 部门非学科类培训意见, 2022 (¥5,000).
"""

from __future__ import annotations

from mingjing_funds.domain.charging import ChargingLimits

LIMITS_V1 = ChargingLimits(version="charging-limits/1", months_max=3, lessons_max=60, non_subject_fen_max=5_000_00)
IN_FORCE = LIMITS_V1
