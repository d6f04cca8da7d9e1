"""Reply texts (告知答复文本): plain words for who complained, by step and outcome; a person reads them before they go.

One rule: a released version of the table never changes. A text names no official, no respondent's secret and no law
that the reader would have to look up to know what happens next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from mingjing_inspection.domain.complaint import Track
from mingjing_inspection.domain.track_terms import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyText:
    """One text. ``{number}`` is the complaint's, ``{name}`` the institution's, ``{due}`` the day that is next."""

    step: str
    text: str


VERSION: Final = "reply-texts/1"
REPLY_TEXTS_V1: Final[Mapping[tuple[Track, Stage], tuple[ReplyText, ...]]] = MappingProxyType(
    {
        (Track.DISPUTE, Stage.ROUTED): (
            ReplyText(
                step="accept-dispute",
                text="您好，您关于{name}的投诉（编号{number}）已经受理。我们会听取双方意见并组织调解，请保持电话畅通，"
                "并准备好合同、付款记录等材料。",
            ),
            ReplyText(
                step="refuse-dispute",
                text="您好，您关于{name}的投诉（编号{number}）我们不能受理，原因是：（请写明）。您可以向法院起诉，"
                "或者依照合同申请仲裁；您反映的违法线索仍会另行处理。",
            ),
        ),
        (Track.DISPUTE, Stage.AGREED): (
            ReplyText(
                step="notify-complainant",
                text="您好，您关于{name}的投诉（编号{number}）已经达成调解协议，协议内容已交给您。如果对方到期没有履行，"
                "请告诉我们，您也可以向法院起诉。",
            ),
        ),
        (Track.DISPUTE, Stage.TERMINATED): (
            ReplyText(
                step="notify-complainant",
                text="您好，您关于{name}的投诉（编号{number}）双方没有达成一致，调解已经结束。您可以向法院起诉，"
                "或者依照合同申请仲裁；调解中的材料可以向我们查阅。",
            ),
        ),
        (Track.REPORT, Stage.FILED): (
            ReplyText(
                step="inform-reporter",
                text="您好，您举报{name}的问题（编号{number}）经核查属实，已建议立案查处。您的身份信息受到保密，感谢您的监督。",
            ),
        ),
        (Track.REPORT, Stage.NOT_FILED): (
            ReplyText(
                step="inform-reporter",
                text="您好，您举报{name}的问题（编号{number}）经核查，现有证据不足以立案，原因是：（请写明）。"
                "如果您有新的线索，欢迎继续提供。",
            ),
        ),
        (Track.WORK_ORDER, Stage.HANDLING): (
            ReplyText(
                step="reply-order",
                text="您好，您反映的事项（编号{number}）处理情况如下：（请写明做了什么、结果如何、接下来怎么办）。"
                "如有疑问，可以拨打原电话继续反映。",
            ),
            ReplyText(
                step="extend-track",
                text="您好，您反映的事项（编号{number}）因（请写明原因）需要更多时间，我们会在{due}之前答复您。",
            ),
        ),
    }
)
_SAME: Final = MappingProxyType(
    {Stage.EXTENDED: Stage.HANDLING, Stage.REWORK: Stage.HANDLING, Stage.SUPERVISED: Stage.HANDLING}
)


def reply_texts(track: Track, stage: Stage, *, number: str, name: str, due: str) -> tuple[ReplyText, ...]:
    """What may be said at this stage, filled in; nothing where nobody is to be told."""
    found = REPLY_TEXTS_V1.get((track, _SAME.get(stage, stage)), ())
    filled = {"number": number, "name": name or "该机构", "due": due or "规定期限"}
    return tuple(ReplyText(step=one.step, text=one.text.format_map(filled)) for one in found)
