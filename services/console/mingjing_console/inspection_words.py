"""Chinese terms for findings, rectifications, draws and joint operations; the English word beside it."""

from __future__ import annotations

from types import MappingProxyType

from mingjing_console.words import DEPARTMENT, Words

FINDING_STAGE: Words = MappingProxyType(
    {
        "REPORTED": ("待核实", "Reported"),
        "WRITTEN_OFF": ("不予立案", "Written off"),
        "VERIFIED": ("已立案，待派遣", "Verified"),
        "DISPATCHED": ("已派遣", "Dispatched"),
        "RETURNED": ("已退回", "Returned"),
        "HANDLING": ("处置中", "In hand"),
        "FED_BACK": ("已反馈，待核查", "Fed back"),
        "RECHECKED": ("核查通过，待结案", "Re-checked"),
        "CLOSED": ("已结案", "Closed"),
        "REOPENED": ("已重开", "Reopened"),
    }
)
FINDING_STEP: Words = MappingProxyType(
    {
        "VERIFY": ("核实立案", "Verify"),
        "DISPATCH": ("派遣", "Dispatch"),
        "HANDLE": ("处置反馈", "Handle"),
        "RECHECK": ("核查结案", "Re-check and close"),
    }
)
DOUBT: Words = MappingProxyType(
    {
        "MOCK_POSITION": ("虚拟定位", "Mock position"),
        "POSITION_INACCURATE": ("定位精度不足", "Inaccurate position"),
        "CLOCK_AHEAD": ("设备时钟偏快", "Clock ahead"),
        "CLOCK_BEHIND": ("设备时钟偏慢", "Clock behind"),
        "CHECKLIST_NOT_IN_FORCE": ("清单当日未施行", "Checklist not in force"),
        "NOT_WHO_WAS_DRAWN": ("非抽签确定的人员", "Not who was drawn"),
        "COMPANION_WITHOUT_GRANT": ("同行人员查无权限", "Companion without a grant"),
    }
)
OVERDUE_LEVEL: Words = MappingProxyType(
    {
        "REMINDED": ("催办", "Reminder"),
        "SUPERVISED": ("超期督办", "Overdue"),
        "LISTED": ("挂牌督办", "Listed supervision"),
    }
)
OVERDUE_KIND: Words = MappingProxyType(
    {
        "finding": ("问题案卷", "Finding"),
        "task": ("检查任务", "Task"),
        "rectification": ("限期整改", "Rectification"),
        "track": ("投诉举报件", "Complaint"),
    }
)
OVERDUE_ADDRESSEE: Words = MappingProxyType(
    {
        "DEPARTMENT": ("承办部门", "Department"),
        "SUPERIOR": ("上级或牵头部门", "The department above"),
        "INSTITUTION": ("机构", "Institution"),
        "ORGANIZER": ("组织或派遣的人", "Whoever organized it"),
    }
)
MATTER: Words = MappingProxyType(
    {
        "LICENCE": ("办学许可与法人登记", "Licence"),
        "SCOPE": ("培训范围", "Scope"),
        "STAFF": ("从业人员", "Staff"),
        "TEACHING_TIME": ("培训时间", "Teaching time"),
        "FEES": ("收费", "Fees"),
        "CUSTODY": ("预收费监管", "Custody of prepaid fees"),
        "CONTRACT": ("合同", "Contract"),
        "MATERIALS": ("培训材料", "Materials"),
        "FIRE_SAFETY": ("场所与消防", "Premises and fire"),
        "HYGIENE": ("卫生与食品", "Hygiene and food"),
        "ADVERTISING": ("广告", "Advertising"),
        "HIDDEN_TRAINING": ("隐形变异培训", "Hidden training"),
        "CHILDCARE_COVER": ("以托管名义培训", "Training under cover of childcare"),
        "PERSONAL_DATA": ("学员信息", "Pupils' data"),
        "WAGES_RENT": ("欠薪欠租", "Wages and rent"),
        "IN_SERVICE_TEACHER": ("在职教师有偿补课", "In-service teacher"),
        "FRAUD": ("涉嫌诈骗", "Fraud"),
        "SCHOOL": ("学校方面", "The school's side"),
        "OTHER": ("其他", "Other"),
    }
)
URGENCY: Words = MappingProxyType(
    {"URGENT": ("紧急", "Urgent"), "NORMAL": ("一般", "Normal"), "COMPLEX": ("复杂", "Complex")}
)
RATING: Words = MappingProxyType({"GOOD": ("好", "Good"), "FAIR": ("一般", "Fair"), "POOR": ("差", "Poor")})
PHOTO: Words = MappingProxyType(
    {
        "missing": ("未到", "Missing"),
        "on-its-way": ("上传中", "On its way"),
        "received": ("已到", "Received"),
        "destroyed": ("已按期限销毁", "Destroyed"),
    }
)
ORIGIN: Words = MappingProxyType(
    {"VISIT": ("巡查发现", "Found at a visit"), "BY_HAND": ("人工上报", "Reported by hand")}
)
RECTIFICATION_STAGE: Words = MappingProxyType(
    {
        "PROPOSED": ("待决定", "Proposed"),
        "DECLINED": ("不予责令", "Declined"),
        "ORDERED": ("已责令，待送达", "Ordered"),
        "IN_PROGRESS": ("整改中", "In progress"),
        "SELF_REPORTED": ("已自报，待复查", "Self-reported"),
        "RECHECK": ("逾期，待复查", "Lapsed, to be looked at"),
        "PASSED": ("已销号", "Passed"),
        "FAILED": ("未整改到位", "Failed"),
    }
)
PAUSE: Words = MappingProxyType(
    {
        "NONE": ("未建议", "None"),
        "PROPOSED": ("建议暂停招生", "Proposed"),
        "ORDERED": ("已决定暂停招生", "Ordered"),
        "DECLINED": ("不予暂停", "Declined"),
    }
)
DRAW_STATE: Words = MappingProxyType(
    {
        "FROZEN": ("名单已冻结", "Frozen"),
        "COMMITTED": ("种子已承诺", "Committed"),
        "DRAWN": ("已抽取，待公布", "Drawn"),
        "PUBLISHED": ("已公布", "Published"),
        "ANNULLED": ("已宣布无效", "Annulled"),
    }
)
OPERATION_STAGE: Words = MappingProxyType(
    {
        "PLANNED": ("待会签", "Planned"),
        "UNDER_WAY": ("进行中", "Under way"),
        "CONCLUDED": ("已办结", "Concluded"),
        "CANCELLED": ("已取消", "Cancelled"),
    }
)
OPERATION_STEP: Words = MappingProxyType(
    {
        "PLANNED": ("部署", "Planned"),
        "ANSWERED": ("会签", "Answered"),
        "LAUNCHED": ("启动", "Launched"),
        "EVIDENCE_POOLED": ("共享证据", "Evidence shared"),
        "EVIDENCE_REFERRED": ("引用证据", "Evidence taken over"),
        "CONCLUDED": ("办结", "Concluded"),
        "CANCELLED": ("取消", "Cancelled"),
    }
)
ANSWER: Words = MappingProxyType(
    {"YES": ("参加", "Takes part"), "NO": ("不参加", "Does not"), "AWAITED": ("待答复", "Awaited")}
)
MEMBER: Words = MappingProxyType(
    {
        **DEPARTMENT,
        "fire-rescue": ("消防救援", "Fire rescue"),
        "human-resources": ("人力资源和社会保障局", "Human resources"),
        "public-security": ("公安", "Public security"),
        "civil-affairs": ("民政局", "Civil affairs"),
        "health": ("卫生健康局", "Health"),
        "town": ("镇街", "Town"),
    }
)
"""Departments that handle findings and take part in joint inspections."""
HANDLER: Words = MappingProxyType({**MEMBER, "school-supervision": ("教育督导", "School supervision")})
"""Departments that handle complaints: one more, for what is a school's own."""
ELSEWHERE: Words = MappingProxyType(
    {
        **HANDLER,
        "urban-management": ("城市管理局", "Urban management"),
        "housing": ("住房和城乡建设局", "Housing"),
        "utilities": ("水务公司", "Utilities"),
        "traffic-police": ("交警大队", "Traffic police"),
    }
)
"""Whoever a hotline's export names: of what is no business of ours nothing is given to them from here."""
