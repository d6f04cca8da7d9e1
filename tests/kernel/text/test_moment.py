"""What is taken for a moment: nothing that a list or a calendar cannot hold."""

from __future__ import annotations

from datetime import datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http.validation import faults
from mingjing_kernel.moment import Moment

MOMENT = TypeAdapter[datetime](Moment)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-30T09:30:00+08:00",
        "2026-11-30T01:30:00Z",
        "1900-01-01T00:00:00+08:00",
        "9999-12-31T23:59:59+08:00",
        "2026-11-30T09:30:00+14:00",
        "2026-11-30T09:30:00-12:00",
    ],
)
def test_what_is_somewhere_on_earth_is_kept_as_it_was_sent(text: str) -> None:
    moment = MOMENT.validate_python(text)
    assert moment == datetime.fromisoformat(text)
    assert moment.utcoffset() == datetime.fromisoformat(text).utcoffset()
    assert shanghai_date(moment)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0287-07-19T16:46:46-22:35", "时区不存在：任何地方与 UTC 的时差都不超过 14 小时。"),
        ("2026-11-30T09:30:00+14:01", "时区不存在：任何地方与 UTC 的时差都不超过 14 小时。"),
        ("0001-01-01T00:00:00+08:00", "时刻不在 1900 年至 9999 年之间。"),
        ("9999-12-31T23:59:59Z", "时刻不在 1900 年至 9999 年之间。"),
        ("2026-11-30T09:30:00", "时刻必须注明时区，例如 +08:00。"),
    ],
)
def test_what_is_nowhere_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        MOMENT.validate_python(text)
    (fault,) = faults(refused.value.errors())
    assert fault.detail == said
    assert fault.detail_en != said
