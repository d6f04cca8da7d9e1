"""Chinese terms for staff, filings, findings and after-school providers, on the pages of officers."""

from __future__ import annotations

from types import MappingProxyType

from mingjing_console.words import Words

WORK: Words = MappingProxyType(
    {
        "teacher": ("教学人员", "Teacher"),
        "research": ("教研人员", "Research"),
        "management": ("管理人员", "Management"),
        "other": ("其他人员", "Other"),
    }
)
PROOF: Words = MappingProxyType(
    {"teacher-certificate": ("教师资格证", "Teacher's certificate"), "ability": ("能力证明", "Proof of ability")}
)
FILING_KIND: Words = MappingProxyType(
    {"material": ("培训材料", "Material"), "advert": ("广告", "Advert"), "prospectus": ("招生简章", "Prospectus")}
)
FILING_STATE: Words = MappingProxyType(
    {
        "filed": ("待审", "To review"),
        "accepted": ("已备案", "On file"),
        "refused": ("不予备案", "Refused"),
        "withdrawn": ("已撤回", "Withdrawn"),
    }
)
CHANNEL: Words = MappingProxyType(
    {
        "media": ("主流媒体", "Media"),
        "new-media": ("新媒体", "New media"),
        "public-place": ("公共场所", "Public place"),
        "community": ("居民区", "Community"),
        "school-grounds": ("校园内", "School grounds"),
        "school-material": ("学校材料", "School material"),
        "own-premises": ("本机构场所", "Own premises"),
        "own-website": ("本机构网站", "Own website"),
    }
)
BREACH_KIND: Words = MappingProxyType(
    {
        "advert": ("违规广告", "Advert in breach"),
        "overseas-curriculum": ("境外课程", "Overseas curriculum"),
        "ahead-of-syllabus": ("超标超前", "Ahead of the syllabus"),
    }
)
BREACH_ENDED: Words = MappingProxyType({"corrected": ("已改正", "Put right"), "unfounded": ("不属实", "Unfounded")})
BREACH_STATE: Words = MappingProxyType({"open": ("待处理", "Open"), **BREACH_ENDED})
PROVIDER_STATE: Words = MappingProxyType(
    {"proposed": ("待遴选", "Proposed"), "selected": ("在名单", "On the list"), "left": ("已退出", "Left")}
)
GROUND: Words = MappingProxyType(
    {
        "poor-service": ("服务质量差", "Poor service"),
        "recruiting-at-school": ("在校内招生", "Recruiting at school"),
        "not-delivering": ("不履行协议", "Not delivering"),
        "disrupting-school": ("扰乱学校秩序", "Disrupting school"),
        "withdrew": ("主动退出", "Withdrew"),
    }
)
LEFT: Words = MappingProxyType(
    {
        **GROUND,
        "evaluation-failed": ("考核不合格", "Evaluation failed"),
        "standing-lost": ("列入黑名单或许可失效", "Standing lost"),
        "term-over": ("遴选期满", "Term over"),
    }
)
PART: Words = MappingProxyType(
    {
        "patrol": ("日常巡查", "Patrol"),
        "plan": ("计划完成", "Plan"),
        "effect": ("实施效果", "Effect"),
        "satisfaction": ("满意度", "Satisfaction"),
    }
)
GRADE: Words = MappingProxyType(
    {
        "excellent": ("优秀", "Excellent"),
        "good": ("良好", "Good"),
        "pass": ("合格", "Pass"),
        "fail": ("不合格", "Fail"),
    }
)
EMPLOYED: Words = MappingProxyType({"true": ("在职", "Employed"), "false": ("已离职", "Left")})
DOUBTFUL: Words = MappingProxyType({"true": ("须核实", "To look into"), "false": ("无异常", "In order")})
LIFT: Words = MappingProxyType({"blacklisting-ended": ("列入黑名单已终止", "The blacklisting it was set for is over")})
ENDED_BY: Words = MappingProxyType(
    {
        "expired": ("期满", "Its term is over"),
        "repaired": ("信用修复", "Repaired"),
        "annulled": ("处罚被撤销", "Its penalty was annulled"),
        "corrected": ("列入有误", "An error"),
    }
)
"""Why a proposal to lift a release hold stands; whatever else a person wrote is shown as it is."""
