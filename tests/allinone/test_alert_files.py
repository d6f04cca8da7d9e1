"""A county's files in a directory or an archive; what is no county is refused, with what was looked for."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from mingjing.review.files import CountyUnreadable, county_files, deliveries, period

FILES = {
    "bank/湖畔商业银行/HP20260102_专户流水.csv": b"b",
    "bank/湖畔商业银行/HP20260101_专户流水.csv": b"a",
    "registry/01-白名单.xlsx": b"r",
    "truth.json": b"{}",
}


@pytest.fixture(params=["directory", "archive"])
def county(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "archive":
        with zipfile.ZipFile(tmp_path / "county.zip", "w") as archive:
            for name, data in FILES.items():
                archive.writestr(name, data)
        return tmp_path / "county.zip"
    for name, data in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    return tmp_path


def test_files_come_in_the_order_in_which_they_arrive_and_answers_are_not_among_them(county: Path) -> None:
    with county_files(county) as files:
        sent = deliveries(files)
        assert [one.path for one in sent if one.folder == "bank"] == sorted(name for name in FILES if "bank" in name)
        assert "truth.json" not in {one.path for one in sent}
        assert period(sent) == (date(2026, 1, 1), date(2026, 1, 2))
        assert files.read(sent[-1].path) == b"b"


def test_what_is_no_county_is_refused(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("nothing")
    for path in (tmp_path, tmp_path / "note.txt", tmp_path / "not-there.zip"):
        with pytest.raises(CountyUnreadable), county_files(path):
            pass
