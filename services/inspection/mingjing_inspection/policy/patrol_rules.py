"""Numbers of plans and draws (巡查频次、假期、双随机、督办), as policies of a region and a category.

One rule: what a plan counts with stands here, and each task that a plan makes names the version.
"""

from __future__ import annotations

from mingjing_kernel.policy.rule import Number, Rule

PATROL_FREQUENCY = Rule(
    name="patrol-frequency",
    zh="日常巡查频次",
    en="How often a site is visited",
    numbers=(
        Number(name="white", zh="白名单：天数", en="On the whitelist, in days", default=30, at_least=1, at_most=366,
               unit="days"),
        Number(name="other", zh="未列入白名单：天数", en="On no list, in days", default=30, at_least=1, at_most=366,
               unit="days"),
        Number(name="watch", zh="风险警示：天数", en="Under watch, in days", default=7, at_least=1, at_most=366,
               unit="days"),
        Number(name="black", zh="黑名单：天数", en="On the blacklist, in days", default=7, at_least=1, at_most=366,
               unit="days"),
        Number(name="again", zh="未能进入后再访天数", en="After a visit that got in nowhere, in days", default=7,
               at_least=1, at_most=366, unit="days"),
        Number(name="ahead", zh="提前安排天数", en="Planned so many days ahead", default=3, at_most=60, unit="days"),
        Number(name="within", zh="最短办理天数", en="Least days to carry it out", default=3, at_least=1, at_most=60,
               unit="days"),
    ),
    legal_basis="中办发〔2021〕40号",
)  # fmt: skip
PEAK_SWEEP = Rule(
    name="peak-sweep",
    zh="寒暑假、节假日巡查",
    en="Sweeps in vacations and on holidays",
    numbers=(
        Number(name="winter-begins", zh="寒假开始（月日）", en="Winter vacation begins (month and day)", default=120,
               at_least=101, at_most=1_231, unit="month-day"),
        Number(name="winter-ends", zh="寒假结束（月日）", en="Winter vacation ends (month and day)", default=220,
               at_least=101, at_most=1_231, unit="month-day"),
        Number(name="summer-begins", zh="暑假开始（月日）", en="Summer vacation begins (month and day)", default=701,
               at_least=101, at_most=1_231, unit="month-day"),
        Number(name="summer-ends", zh="暑假结束（月日）", en="Summer vacation ends (month and day)", default=831,
               at_least=101, at_most=1_231, unit="month-day"),
        Number(name="holiday-days", zh="算作长假的最少连休天数", en="Days off in a row that make a holiday", default=3,
               at_least=1, at_most=30, unit="days"),
    ),
    legal_basis="中办发〔2021〕40号",
)  # fmt: skip
DOUBLE_RANDOM = Rule(
    name="double-random",
    zh="双随机抽查",
    en="Double-random draw",
    numbers=(
        Number(name="share", zh="抽查比例（千分之）", en="Share that is drawn, in thousandths", default=50, at_least=1,
               at_most=1_000, unit="per-mille"),
        Number(name="inspectors", zh="每家检查人数", en="Inspectors for each", default=2, at_least=1, at_most=5,
               unit="persons"),
        Number(name="within", zh="检查期限（天）", en="Days to carry the inspections out", default=30, at_least=1,
               at_most=180, unit="days"),
        Number(name="white", zh="白名单权重", en="Weight on the whitelist", default=1, at_least=1, at_most=10,
               unit="lots"),
        Number(name="other", zh="未列入白名单权重", en="Weight on no list", default=2, at_least=1, at_most=10,
               unit="lots"),
        Number(name="watch", zh="风险警示权重", en="Weight under watch", default=4, at_least=1, at_most=10,
               unit="lots"),
        Number(name="black", zh="黑名单权重", en="Weight on the blacklist", default=6, at_least=1, at_most=10,
               unit="lots"),
    ),
    legal_basis="国办发〔2015〕58号；国发〔2019〕5号",
)  # fmt: skip
TASK_SUPERVISION = Rule(
    name="task-supervision",
    zh="检查任务催办督办",
    en="Reminders and supervision of tasks",
    numbers=(
        Number(name="remind", zh="催办：期限已过百分比", en="Reminded when so much of the time is over, in percent",
               default=80, at_least=1, at_most=99, unit="percent"),
        Number(name="listed-after", zh="超期后挂牌督办的工作日数", en="Working days overdue until listed supervision",
               default=5, at_least=1, at_most=60, unit="working-days"),
    ),
    legal_basis="中办发〔2021〕40号",
)  # fmt: skip
REACTION_TIMES = Rule(
    name="reaction-times",
    zh="预警与名单引起的检查时限",
    en="Within what time somebody goes because of an alert or a list",
    numbers=(
        Number(name="red-alert", zh="红色预警：到场小时数", en="A RED alert is looked at on site, in hours", default=24,
               at_least=1, at_most=240, unit="hours"),
        Number(name="dismissal", zh="被禁人员：查看是否辞退的小时数",
               en="Whether a barred person was dismissed is looked at, in hours", default=168, at_least=1,
               at_most=2_400, unit="hours"),
    ),
    legal_basis="国办发〔2018〕80号",
)  # fmt: skip
RULES = (PATROL_FREQUENCY, PEAK_SWEEP, DOUBLE_RANDOM, TASK_SUPERVISION, REACTION_TIMES)
