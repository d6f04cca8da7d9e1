"""What the figures of the base ledger mean, and where each comes from: said with every answer.

One rule: a figure that is handed to a superior has its definition beside it; two answers are comparable by their words.
"""

from __future__ import annotations

from dataclasses import dataclass

from mingjing_kernel.text import Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One figure, or several that are counted alike."""

    figures: tuple[str, ...]
    means: Bilingual
    source: str
    """Who said it: ``registry`` (decided or taken over here), ``register`` (as a department's list states it),
    ``staff-records``, ``funds``, ``schools``."""


LEDGER: tuple[Definition, ...] = (
    Definition(
        figures=("institutions", "licensed", "suspended", "rectifying", "expired", "operating", "stopped", "ended"),
        means=Bilingual(
            "在册机构：首次取得办学许可之日起，至注销、吊销或登记关闭之前；暂扣、过期仍计为在册。"
            "停办：报备停课、异常停业、清算中",
            "There: from its first licence until it is cancelled, revoked or closed; also while its licence is "
            "withheld or has run out. Stopped: a declared pause, an abnormal stop, or closing",
        ),
        source="registry",
    ),
    Definition(
        figures=("sites", "floor_area_m2", "floor_area_by", "capacity"),
        means=Bilingual(
            "经批准的教学点及其面积；核定容量＝教学点面积÷生均面积下限（R6），floor_area_by 为载明面积的机构数",
            "Approved sites and their floor area; capacity is that area divided by the least area a pupil (R6); "
            "floor_area_by counts the institutions whose area is stated",
        ),
        source="registry",
    ),
    Definition(
        figures=("staff_stated", "staff_stated_by", "students_stated", "students_stated_by"),
        means=Bilingual(
            "主管部门名单载明的从业人员、学员人数；_by 为载明该数的机构数，未载明的不推算",
            "Head counts as the department's list states them; _by counts the institutions that state one, and nothing "
            "is guessed for the others",
        ),
        source="register",
    ),
    Definition(
        figures=("staff_recorded", "teachers_recorded", "staff_recorded_by"),
        means=Bilingual(
            "从业人员登记中在职人员；_by 为有登记的机构数", "Employed by the staff records; _by counts who has any"
        ),
        source="staff-records",
    ),
    Definition(
        figures=("pupils", "contracts_open", "unconsumed_fen", "balance_fen", "prepaid_by", "ended_unconsumed_fen"),
        means=Bilingual(
            "资金监管最近一次报送：有效合同及其载明的学员（同一机构内去重；姓名已遮蔽的合同各计一人）、"
            "未消课负债 U＝Σ（实付－已消－已退）、托管余额；"
            "prepaid_by 为已报送的机构数；ended_unconsumed_fen 为已终止机构尚欠家长的金额",
            "As funds stated last: open contracts and the pupils named in them (once within an institution; a "
            "contract with a masked name counts one), U = Σ (paid − consumed − "
            "refunded), and what the custody accounts hold; prepaid_by counts who is stated; ended_unconsumed_fen is "
            "what institutions that ended still owe",
        ),
        source="funds",
    ),
    Definition(
        figures=("pupils_surveyed", "pupils_surveyed_by", "surveys"),
        means=Bilingual(
            "学校调查：各校最近一次调查得知在该机构参加培训的学生人次（同一学生在两家参训的各计一次）；"
            "_by 为有学校填报的机构数；surveys 为所见各校最近一次调查的合计，"
            "其中 pupils_placed 为能对应到登记机构的人次。与合同学员口径不同、可能是同一人，两数不相加",
            "By schools' surveys: pupils whom the latest survey of each school places at the institution (one who "
            "trains at two is counted at each); _by counts the institutions that a school named; surveys adds up the "
            "latest survey of every school that the reader sees, and pupils_placed of it are those at an institution "
            "that the register knows. They may be the same children as those in contracts: the two are never added",
        ),
        source="schools",
    ),
)
REDUCTION: tuple[Definition, ...] = (
    Definition(
        figures=("base", "now"),
        means=Bilingual(
            "基数：基准日在册且属该类的机构；现数：截止时在册且属该类的机构。起始日取本系统所知最早许可证的首日；"
            "终止后重新取得许可的，其前一时段照计",
            "Base: of the kind and there on the base day; now: of the kind and there at the end. An institution begins "
            "with the first day of the earliest licence that is known here; the time before an end counts also of who "
            "was licensed anew since",
        ),
        source="registry",
    ),
    Definition(
        figures=("cancelled", "revoked", "closed", "converted", "new", "converted_in", "undated"),
        means=Bilingual(
            "基数中已注销、吊销、关闭、转出该类的；另有新设、转入及起始日不明的。"
            "现数＝基数－注销－吊销－关闭－转出＋新设＋转入＋起始日不明",
            "Of the base: cancelled, revoked, closed, converted to another kind; and new, converted into it, or "
            "without a known first day. now = base − cancelled − revoked − closed − converted + new + converted_in "
            "+ undated",
        ),
        source="registry",
    ),
    Definition(
        figures=("reduction_bp",),
        means=Bilingual(
            "压减率＝（基数－现数）÷基数，以万分之一计；基数为0时不计", "(base − now) ÷ base, in ten-thousandths"
        ),
        source="registry",
    ),
    Definition(
        figures=("stopped", "stopped_bp"),
        means=Bilingual(
            "停办：现数中报备停课、异常停业、清算中的；停办率＝停办÷现数",
            "Of those now: paused, abnormally stopped or closing; stopped ÷ now",
        ),
        source="registry",
    ),
    Definition(
        figures=("to_non_profit", "non_profit", "for_profit", "non_profit_bp"),
        means=Bilingual(
            "营转非：基数中基准日后经批准转为非营利的；营转非率（非营利占比）＝现数中非营利÷现数",
            "Converted to non-profit since: of the base, by an approved change; non_profit ÷ now",
        ),
        source="registry",
    ),
)
FORMULA = Bilingual("压减率＝（基数－现数）÷基数", "reduction = (base − now) ÷ base")
CORRECTION = Bilingual(
    "转型以批准变更之日为准；名单更正类别的，视为自始如此，更正前后的口径以 as_of 区分；"
    "各部门的基数以基准日的主管部门为准：转出本部门的计入其基数和转出数，明细归现主管部门",
    "A conversion counts from the day of its approval; a category that a list corrects counts as having always been "
    "so, and as_of tells the figures before the correction from those after it; a department's base is what was its "
    "own on the base day: what moved to another department is counted in it and as converted, and its row is "
    "the other's",
)
