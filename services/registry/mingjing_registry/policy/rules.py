"""The registry's rules with numbers (参数化规则): what the law or local policy sets, and what holds until it does.

One rule: the domain's own defaults equal these; a command carries the numbers in force, and its fact cites the version.
"""

from __future__ import annotations

from mingjing_kernel.policy.rule import Number, Rule

ADMISSION = Rule(
    name="admission",
    zh="准入条件",
    en="What an institution needs to be admitted",
    numbers=(
        Number(
            name="area-a-pupil",
            zh="同一时段生均面积下限（百分之一平方米）",
            en="Least floor area a pupil in the same session, in hundredths of a square metre",
            default=300,
            at_most=10_000,
            unit="m2-hundredths",
        ),
        Number(
            name="non-profit-every-stage",
            zh="学科类机构不分学段均须为非营利性（1 是，0 仅义务教育学段）",
            en="Subject institutions of every stage are non-profit (1 yes, 0 those of the compulsory stage only)",
            default=0,
            at_most=1,
            unit="flag",
        ),
        Number(
            name="subject-licences-closed",
            zh="停止审批学科类（1 是，0 否）",
            en="No new licences for subject training (1 yes, 0 no)",
            default=1,
            at_most=1,
            unit="flag",
        ),
    ),
    legal_basis="教监管厅函〔2022〕9号；中办发〔2021〕40号",
)
STAFFING = Rule(
    name="staffing",
    zh="从业人员比例",
    en="Ratios of staff",
    numbers=(
        Number(
            name="teaching-research",
            zh="教学、教研人员占比下限",
            en="Least share of teaching and research staff",
            default=50,
            at_most=100,
            unit="percent",
        ),
        Number(
            name="full-time",
            zh="专职教学人员与每班次学生比下限",
            en="Least full-time teachers to pupils of a session",
            default=2,
            at_most=100,
            unit="percent",
        ),
        Number(
            name="full-time-ages-3-6",
            zh="3—6岁幼儿专职教学人员与每班次学生比下限",
            en="The same where pupils are 3 to 6 years old",
            default=6,
            at_most=100,
            unit="percent",
        ),
    ),
    legal_basis="教监管厅函〔2021〕9号",
)
LICENCE_DECISION = Rule(
    name="licence-decision",
    zh="许可决定期限",
    en="Time to decide on an accepted application",
    numbers=(Number(name="months", zh="月数", en="Months", default=3, at_least=1, at_most=3, unit="months"),),
    legal_basis="民办教育促进法第十七条",
)
NOTICES = Rule(
    name="notices",
    zh="公告与整改期限",
    en="Notices and rectification",
    numbers=(
        Number(
            name="closing-days",
            zh="停业、迁址提前公告天数",
            en="Days of public notice before closing or moving",
            default=30,
            at_least=1,
            at_most=365,
            unit="days",
        ),
        Number(
            name="rectification-days",
            zh="整改期限默认天数",
            en="Days to put right what was found, unless the order says otherwise",
            default=30,
            at_least=1,
            at_most=365,
            unit="days",
        ),
    ),
    legal_basis="国办发〔2018〕80号",
)
PRICING = Rule(
    name="pricing",
    zh="学科类收费浮动上限",
    en="How far a price may lie above the government's guide price",
    numbers=(
        Number(name="ceiling", zh="上浮百分比上限", en="At most above it", default=10, at_most=100, unit="percent"),
        Number(
            name="guide-price",
            zh="标准课时（45分钟）政府指导价，0为未设",
            en="Guide price of a standard lesson of 45 minutes; 0 where none is set",
            default=0,
            unit="fen",
        ),
    ),
    legal_basis="发改价格〔2021〕1279号",
)
BLACKLIST = Rule(
    name="blacklist",
    zh="黑名单程序",
    en="Due process of the blacklist",
    numbers=(
        Number(
            name="statement-working-days",
            zh="陈述申辩期限",
            en="Time for the party's statement",
            default=5,
            at_least=3,
            at_most=60,
            unit="working-days",
        ),
        Number(
            name="term-months", zh="列入期限", en="Term of a listing", default=36, at_least=1, at_most=36, unit="months"
        ),
        Number(
            name="early-removal-months",
            zh="可申请提前移出的最短期限",
            en="Least time before an early removal",
            default=12,
            at_least=1,
            at_most=36,
            unit="months",
        ),
        Number(
            name="minor-months-max",
            zh="轻微失信公布期上限",
            en="Longest publicity of a minor one",
            default=3,
            at_least=1,
            at_most=3,
            unit="months",
        ),
        Number(
            name="general-months-min",
            zh="一般失信最短公示期",
            en="Shortest publicity of a general one",
            default=3,
            at_least=1,
            at_most=12,
            unit="months",
        ),
        Number(
            name="general-months-max",
            zh="一般失信公布期上限",
            en="Longest publicity of a general one",
            default=12,
            at_least=3,
            at_most=12,
            unit="months",
        ),
        Number(
            name="superior-consent",
            zh="须经上级同意（1 是，0 否）",
            en="A superior department must consent (1 yes, 0 no)",
            default=1,
            at_most=1,
            unit="flag",
        ),
        Number(
            name="annulment-working-days",
            zh="处罚撤销后移出期限",
            en="Time to withdraw a listing whose penalty was annulled",
            default=3,
            at_least=1,
            at_most=30,
            unit="working-days",
        ),
        Number(
            name="repair-accept-working-days",
            zh="信用修复受理期限",
            en="Time to accept an application for repair",
            default=3,
            at_least=1,
            at_most=30,
            unit="working-days",
        ),
        Number(
            name="repair-decide-working-days",
            zh="信用修复决定期限",
            en="Time to decide on it",
            default=10,
            at_least=1,
            at_most=60,
            unit="working-days",
        ),
        Number(
            name="feed-acknowledge-working-days",
            zh="名单推送签收期限",
            en="Time to acknowledge what the list's feed told",
            default=2,
            at_least=1,
            at_most=30,
            unit="working-days",
        ),
    ),
    legal_basis="国办发〔2020〕49号",
)
MATCHING = Rule(
    name="matching",
    zh="换名重开比对阈值",
    en="From which score a likeness is put before a person",
    numbers=(
        Number(name="show", zh="提示分值", en="Shown from", default=500, at_least=1, at_most=1_000, unit="score"),
    ),
    legal_basis="国办发〔2018〕80号；行政许可法第三十四条",
)
AFTER_SCHOOL = Rule(
    name="after-school",
    zh="课后服务机构考核等次",
    en="Grades of after-school providers",
    numbers=(
        Number(name="excellent", zh="优秀分数线", en="Excellent from", default=90, at_most=100, unit="points"),
        Number(name="good", zh="良好分数线", en="Good from", default=80, at_most=100, unit="points"),
        Number(
            name="passing", zh="合格分数线，低于此分退出名单", en="Passed from; whoever has less leaves the list",
            default=60, at_most=100, unit="points",
        ),
        Number(name="patrol", zh="日常巡查分值", en="Points of patrols", default=50, at_most=100, unit="points"),
        Number(name="plan", zh="计划完成分值", en="Points of the plan", default=20, at_most=100, unit="points"),
        Number(name="effect", zh="实施效果分值", en="Points of the effect", default=20, at_most=100, unit="points"),
        Number(
            name="satisfaction", zh="满意度分值；四项合计须为100", en="Points of satisfaction; the four add up to 100",
            default=10, at_most=100, unit="points",
        ),
    ),
    legal_basis="中办发〔2021〕40号",
)  # fmt: skip
LIABILITY = Rule(
    name="liability",
    zh="未消课负债答复时效",
    en="For how long an answer about what families are owed is good",
    numbers=(
        Number(
            name="fresh-days",
            zh="答复有效天数，过后须重新查询",
            en="Days after the one that it was given for; then funds is asked again",
            default=1,
            at_most=30,
            unit="days",
        ),
    ),
    legal_basis="民办教育促进法第五十九条",
)
_VACATIONS = tuple(
    Number(name=name, zh=f"{zh}（月日）", en=f"{en} (month and day)", default=default, at_least=101, at_most=1_231,
           unit="month-day")
    for name, zh, en, default in (
        ("winter-begins", "寒假开始", "Winter vacation begins", 120),
        ("winter-ends", "寒假结束", "Winter vacation ends", 220),
        ("summer-begins", "暑假开始", "Summer vacation begins", 701),
        ("summer-ends", "暑假结束", "Summer vacation ends", 831),
    )
)  # fmt: skip
TEACHING_TIME = Rule(
    name="teaching-time",
    zh="培训时间",
    en="When may be taught",
    numbers=(
        Number(
            name="offline-ends",
            zh="线下培训结束时间（零点起分钟）",
            en="Offline training is over, in minutes after midnight",
            default=1_230,
            at_least=1,
            at_most=1_440,
            unit="minutes",
        ),
        Number(
            name="online-ends",
            zh="线上培训结束时间（零点起分钟）",
            en="Online training is over, in minutes after midnight",
            default=1_260,
            at_least=1,
            at_most=1_440,
            unit="minutes",
        ),
        Number(
            name="online-lesson",
            zh="线上学科类每课时分钟上限",
            en="Longest online subject lesson",
            default=30,
            at_least=1,
            at_most=600,
            unit="minutes",
        ),
        Number(
            name="online-gap",
            zh="线上学科类课程间隔分钟下限",
            en="Shortest break between two of them",
            default=10,
            at_most=600,
            unit="minutes",
        ),
        Number(
            name="school-begins",
            zh="中小学教学时间开始（零点起分钟）",
            en="School begins, in minutes after midnight",
            default=480,
            at_most=1_440,
            unit="minutes",
        ),
        Number(
            name="school-ends",
            zh="中小学教学时间结束（零点起分钟）",
            en="School ends, in minutes after midnight",
            default=960,
            at_most=1_440,
            unit="minutes",
        ),
        *_VACATIONS,
        Number(
            name="days-ahead",
            zh="提示今后多少天内的放假日",
            en="Of how many coming days those off are named",
            default=30,
            at_least=1,
            at_most=100,
            unit="days",
        ),
    ),
    legal_basis="中办发〔2021〕40号；教监管〔2022〕4号",
)
ROSTER = Rule(
    name="roster",
    zh="平台名录时效",
    en="How old the platform's roster may be before a comparison says so",
    numbers=(
        Number(name="fresh-days", zh="名录有效天数", en="Days", default=35, at_least=1, at_most=366, unit="days"),
    ),
    legal_basis="全国校外教育培训监管与服务综合平台应用管理办法",
)
RULES = (
    AFTER_SCHOOL,
    ADMISSION,
    STAFFING,
    LICENCE_DECISION,
    LIABILITY,
    NOTICES,
    PRICING,
    BLACKLIST,
    MATCHING,
    ROSTER,
    TEACHING_TIME,
)
