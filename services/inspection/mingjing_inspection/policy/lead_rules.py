"""Numbers of leads (线索聚类、热点网格), as policies of a region: how near is the same place, and what is a hot-spot.

One rule: a cluster and a hot-spot name the version of the numbers that made them; product defaults, to be set locally.
"""

from __future__ import annotations

from mingjing_kernel.policy.rule import Number, Rule

LEAD_CLUSTERS = Rule(
    name="lead-clusters",
    zh="线索聚类",
    en="When two leads are of one place",
    numbers=(
        Number(name="metres", zh="视为同一场所的最大距离", en="At most so far apart", default=50, at_least=1,
               at_most=2_000, unit="metres"),
        Number(name="days", zh="参与聚类的线索最长天数", en="Leads of so many days", default=365, at_least=1,
               at_most=3_660, unit="days"),
    ),
    legal_basis="校外培训行政处罚暂行办法第十七条、第十八条",
)  # fmt: skip
LEAD_HOTSPOTS = Rule(
    name="lead-hotspots",
    zh="无证培训热点网格",
    en="Grids that are hot-spots of teaching without a licence",
    numbers=(
        Number(name="leads", zh="热点的最少线索数", en="A hot-spot has so many open leads", default=3, at_least=1,
               at_most=1_000, unit="leads"),
        Number(name="window", zh="计入线索的天数", en="Of so many days", default=90, at_least=1, at_most=1_096,
               unit="days"),
        Number(name="every", zh="巡查间隔天数", en="Visited every so many days", default=7, at_least=1, at_most=92,
               unit="days"),
        Number(name="night-from", zh="夜间起（分钟）", en="Night from, minutes after midnight", default=1_080,
               at_most=1_440, unit="minutes"),
        Number(name="extra", zh="夜间、周末加巡的最多次数", en="Visits at night and on weekends, at most", default=2,
               at_most=7, unit="visits"),
    ),
    legal_basis="中办发〔2021〕40号；学科类隐形变异培训防范治理意见（2022年12月）",
)  # fmt: skip
LEAD_TERMS = Rule(
    name="lead-terms",
    zh="线索认领期限",
    en="How soon somebody takes a lead on",
    numbers=(
        Number(name="take-on", zh="认领核查", en="Until somebody verifies it", default=2, at_least=1, at_most=30,
               unit="working-days"),
    ),
    legal_basis="中办发〔2021〕40号；产品默认值",
)  # fmt: skip
LEAD_RULES = (LEAD_CLUSTERS, LEAD_HOTSPOTS, LEAD_TERMS)
