"""投诉半月通报: the figures of an issued bulletin of complaints as a notice to all departments, and as a sheet.

One rule: it says what was counted and up to where; nothing is written by hand, and what citizens said is masked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from mingjing_inspection.documents.bulletin import ISSUER, percent
from mingjing_inspection.documents.complaint_words import BY, CONCERN, named
from mingjing_inspection.domain.complaint_bulletin import ComplaintBulletinIssued, HotTopic, Tally
from mingjing_inspection.intake.complaint_bulletins import rates
from mingjing_inspection.intake.missed_bulletins import made_up_on, made_up_words
from mingjing_kernel.documents.document import Document, Line, in_pieces, in_words
from mingjing_kernel.http.sheet import Heading, PrintedSheet
from mingjing_kernel.log import Recorded

TITLE: Final = ("校外培训投诉举报半月通报", "Half-monthly bulletin of complaints")
SPOKEN_CHARACTERS_MAX: Final = 120
LINES_PRINTED_MAX: Final = 30
"""Of one division; the sheet has them all."""
HEADINGS: Final = (
    ("口径", "text"), ("名称", "text"), ("投诉举报件数", "integer"), ("受理", "integer"), ("补录", "integer"),
    ("办结", "integer"), ("原渠道办结", "integer"), ("在办", "integer"), ("按期", "integer"), ("超期", "integer"),
    ("超期未办", "integer"), ("按期率（万分比）", "integer"), ("属实", "integer"), ("不属实", "integer"),
    ("属实率（万分比）", "integer"), ("重复", "integer"), ("重复率（万分比）", "integer"), ("调解达成", "integer"),
    ("终止调解", "integer"), ("调解成功率（万分比）", "integer"), ("回访到", "integer"), ("满意", "integer"),
    ("不满意", "integer"), ("满意率（万分比）", "integer"), ("调解退费", "yuan"), ("挂牌督办", "integer"),
    ("合同学员", "integer"), ("学员已知的机构数", "integer"), ("每千名学员投诉（百分之一件）", "integer"),
)  # fmt: skip
_ORDER: Final = (
    "by", "name", "complaints", "received", "earlier", "closed", "closed_elsewhere", "open", "kept", "missed",
    "overdue_open", "on_time_bp", "substantiated", "unsubstantiated", "substantiated_bp", "repeated", "repeated_bp",
    "agreed", "terminated", "agreed_bp", "called_back", "satisfied", "dissatisfied", "satisfied_bp", "refund_fen",
    "listed", "pupils", "pupils_of", "per_1000_pupils_hundredths",
)  # fmt: skip


def complaint_bulletin_of(
    fact: Recorded[ComplaintBulletinIssued], county: str, names: Mapping[str, str], said: Mapping[UUID, str]
) -> Document:
    """The document; ``names`` are of institutions by id, ``said`` masked texts by complaint."""
    event = fact.event
    whole = [_said(asdict(one)) for one in event.tallies if one.by == "all"]
    return Document(
        title=TITLE[0],
        title_en=TITLE[1],
        addressee="各有关部门、镇街",
        paragraphs=(
            f"现将{in_words(event.begins_on)}至{in_words(event.ends_on)}投诉举报情况通报如下。"
            f"统计登记日志第{event.since_position}条之后至第{event.position}条，指标摘要 SHA-256 为 "
            f"{in_pieces(event.figures_sha256)}，可据此复核。按期率以应办时限计，到期仍未办的计入分母。",
            f"全县（市、区）合计：{whole[0]}" if whole else "本期没有投诉举报。",
            *filter(None, [made_up_words(event)]),
        ),
        lines=(*_lines(event.tallies, names), *(_topic(one, said) for one in event.topics)),
        authority=county + ISSUER,
        issued_on=in_words(made_up_on(event) or event.ends_on),
    )


def complaint_number_of(fact: Recorded[ComplaintBulletinIssued]) -> str:
    """投诉通报〔2026〕第13期: the half of the year's months that it is about."""
    begins_on = fact.event.begins_on
    half = 2 * begins_on.month - (1 if begins_on.day == 1 else 0)
    return f"投诉通报〔{begins_on.year}〕第{half}期"


def complaint_sheet(
    tallies: Sequence[Tally], names: Mapping[str, str], *, title: str, as_of: str, sha256: str,
    topics: Sequence[HotTopic] = (), said: Mapping[UUID, str] | None = None,
) -> bytes:  # fmt: skip
    """The same as XLSX, with every line; topics and what stands for them below."""
    heading = Heading(title=title, as_of=as_of, exported_at=sha256[:16])
    sheet = PrintedSheet([zh for zh, _ in HEADINGS], [kind for _, kind in HEADINGS], heading)
    sheet.write([_cells(one, names) for one in tallies])
    rest = [None] * (len(HEADINGS) - 3)
    for topic in topics:
        sheet.write([["热点主题", _subject(topic), topic.size, *rest]])
        sheet.write([["代表性反映", text, None, *rest] for text in _spoken(topic, said or {})])
    return sheet.close()


def _cells(line: Tally, names: Mapping[str, str]) -> list[Any]:
    counts = asdict(line)
    told = counts | rates(counts) | {"by": BY[line.by], "name": named(line.by, line.key, names)}
    return [told[column] for column in _ORDER]


def _lines(tallies: Sequence[Tally], names: Mapping[str, str]) -> Iterable[Line]:
    for by, zh in BY.items():
        lines = [one for one in tallies if one.by == by]
        if by == "all" or not lines:
            continue
        label = "投诉最多的机构" if by == "institution" else f"按{zh}"
        told = [f"{named(by, one.key, names)}：{_briefly(asdict(one))}" for one in lines[:LINES_PRINTED_MAX]]
        rest = f"另有{len(lines) - LINES_PRINTED_MAX}项，见附表。" if len(lines) > LINES_PRINTED_MAX else ""
        yield Line(label=label, text="；".join(told) + "。" + rest)


def _said(line: Mapping[str, Any]) -> str:
    shares = rates(line)
    return (
        f"投诉举报{line['complaints']}件，受理{line['received']}项（其中补录{line['earlier']}项），"
        f"办结{line['closed']}项，原渠道办结{line['closed_elsewhere']}项，在办{line['open']}项；"
        f"按期{line['kept']}项次、超期{line['missed']}项次、超期未办{line['overdue_open']}项次，"
        f"按期率{percent(shares['on_time_bp'])}；属实{line['substantiated']}项、不属实{line['unsubstantiated']}项，"
        f"属实率{percent(shares['substantiated_bp'])}；重复{line['repeated']}项，重复率{percent(shares['repeated_bp'])}；"
        f"调解达成{line['agreed']}项、终止{line['terminated']}项，退费{_yuan(line['refund_fen'])}元；"
        f"回访{line['called_back']}项，满意率{percent(shares['satisfied_bp'])}；挂牌督办{line['listed']}项；"
        f"合同学员{line['pupils']}人（{line['pupils_of']}家机构），"
        f"每千名学员投诉{_hundredths(shares['per_1000_pupils_hundredths'])}件。"
    )


def _briefly(line: Mapping[str, Any]) -> str:
    shares = rates(line)
    told = f"{line['complaints']}件，按期率{percent(shares['on_time_bp'])}，超期未办{line['overdue_open']}项次"
    told += f"，属实率{percent(shares['substantiated_bp'])}，重复率{percent(shares['repeated_bp'])}"
    if line["by"] not in ("town", "category", "institution"):
        return told
    return f"{told}，每千名学员{_hundredths(shares['per_1000_pupils_hundredths'])}件"


def _topic(topic: HotTopic, said: Mapping[UUID, str]) -> Line:
    spoken = "；".join(f"“{text}”" for text in _spoken(topic, said))
    about = f"涉及{topic.institutions}家机构" if topic.institutions else "未指明机构"
    return Line(label=f"热点：{_subject(topic)}", text=f"{topic.size}件，{about}。代表性反映：{spoken or '——'}")


def _subject(topic: HotTopic) -> str:
    concern = CONCERN.get(topic.concern, topic.concern)
    return f"{concern}（{'、'.join(topic.words)}）" if topic.words else concern


def _spoken(topic: HotTopic, said: Mapping[UUID, str]) -> list[str]:
    texts = [said[one] for one in topic.complaints if said.get(one)]
    return [text if len(text) <= SPOKEN_CHARACTERS_MAX else f"{text[:SPOKEN_CHARACTERS_MAX]}……" for text in texts]


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"


def _hundredths(number: int | None) -> str:
    return "——" if number is None else f"{number // 100}.{number % 100:02}"
