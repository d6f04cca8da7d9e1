"""Teaching-time rules as people read them: what each asks, on what basis, and what was seen on the timetable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mingjing_registry.api.rule_text import Asked, Text

_DOUBLE_REDUCTION: Final = "中办发〔2021〕40号第十三条"
_NON_SUBJECT: Final = "中办发〔2021〕40号第十三条；教监管〔2022〕4号"

TEACHING_TEXTS: Mapping[str, Asked] = {
    "T1": Asked(
        Text(
            "学科类不占用节假日、休息日和寒暑假；课程表按周编排，近期放假日须停课",
            "No subject training on holidays, at weekends, in vacations; the coming days off are to be left out",
        ),
        _DOUBLE_REDUCTION,
    ),
    "T2": Asked(
        Text("线下不晚于20:30、线上不晚于21:00结束，各地另有规定的从其规定", "Over by 20:30, online by 21:00"),
        _NON_SUBJECT,
    ),
    "T3": Asked(
        Text(
            "线上学科类每课时不超过30分钟，间隔不少于10分钟",
            "Online subject lessons of at most 30 minutes, at least 10 between two",
        ),
        _DOUBLE_REDUCTION,
    ),
    "T4": Asked(Text("不开展面向学龄前儿童的线上培训", "No online training of preschoolers"), _DOUBLE_REDUCTION),
    "T5": Asked(Text("与中小学教学时间错开", "Not in school hours"), _NON_SUBJECT),
}
TEACHING_FINDINGS: Mapping[str, Text] = {
    "subject-at-weekend": Text("休息日开课 {count} 节 {lines}", "{count} lessons at weekends {lines}"),
    "days-off-ahead": Text(
        "近期有 {days} 个放假日与课程表同日（{shown}），须停课；是否停课由现场检查和消课记录核实：{count} 节 {lines}",
        "{days} coming days off fall on its weekdays ({shown}): no lessons then; visits and lessons show it: "
        "{count} lessons {lines}",
    ),
    "mode-missing": Text("未填培训方式", "Mode is not stated"),
    "ends-late": Text("晚于 {latest} 结束 {count} 节 {lines}", "{count} lessons end after {latest} {lines}"),
    "no-online-subject": Text("不涉及线上学科类培训", "No online subject training"),
    "online-lessons": Text(
        "超过 {minutes} 分钟或间隔不足 {gap} 分钟 {count} 节 {lines}",
        "{count} lessons longer than {minutes} minutes, or less than {gap} after the one before {lines}",
    ),
    "no-preschoolers": Text("不面向学龄前儿童", "No preschoolers"),
    "preschool-online": Text("面向学龄前儿童且为线上培训", "Preschoolers are taught online"),
    "not-online": Text("不是线上培训", "Not online"),
    "preschoolers-only": Text("只面向学龄前儿童", "Preschoolers only"),
    "stage-missing": Text("未填学段", "Stages are not stated"),
    "in-school-hours": Text(
        "工作日 {begins}–{ends} 内开课 {count} 节 {lines}",
        "{count} lessons on weekdays between {begins} and {ends} {lines}",
    ),
    "timetable-missing": Text("未填课程表", "No timetable is stated"),
    "timetable-unclear": Text("课程表起止时间有误 {count} 节 {lines}", "{count} lessons end before they begin {lines}"),
}
