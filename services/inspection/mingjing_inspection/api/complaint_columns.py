"""Columns of the list of complaints, as a file of it has them. One rule: what is masked on a page is masked there."""

from __future__ import annotations

from mingjing_kernel.http import Column

COLUMNS = (
    Column("received_at", "受理时间", "Received at", "moment"),
    Column("number", "编号", "Number"),
    Column("channel", "渠道", "Channel"),
    Column("tracks", "类别", "Tracks"),
    Column("title", "标题", "Title"),
    Column("text", "内容", "Text"),
    Column("respondent", "被反映对象", "Respondent"),
    Column("institution_id", "机构", "Institution"),
    Column("matched_by", "匹配方式", "Matched by"),
    Column("is_urgent", "紧急", "Urgent"),
    Column("urgent_words", "涉资金安全词", "Money-safety words"),
    Column("status", "渠道办理状态", "Status"),
    Column("due_on", "办理时限", "Due on", "date"),
)
