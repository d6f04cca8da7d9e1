"""Refusals about calendar notices."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid


class NoticeDayMisplaced(Invalid):
    """A notice for 2027 that names a day of 2026 is usually a slip; so is a Tuesday that is worked "instead"."""

    sentence = "{day} cannot stand in the notice for {year} in this way."
    remedy = (
        "A notice names days of its year (or of the December before); a day worked instead is a Saturday or Sunday, "
        "and not off as well."
    )
    field = "worked"


class NoticeSourceMissing(Invalid):
    """Deadlines of citizens hang on it."""

    sentence = "A calendar notice needs its source."
    remedy = "Name the document with its number, as 国办发明电〔2025〕7号."
    field = "source"
