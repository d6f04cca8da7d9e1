"""Pack the sample county into ``mingjing/county/xihu.zip``; the same files always give the same bytes.

    uv run python deploy/allinone/tools/build_county.py DIRECTORY

The one rule: nothing is changed on the way. The files are as the county's offices, banks and vendors send them,
faults included; ``truth.json`` holds what a careful reader must find.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

_TARGET = Path(__file__).parents[1] / "mingjing" / "county" / "xihu.zip"
_STAMP = (2026, 7, 1, 0, 0, 0)
"""One time for every entry: the day on which the last export was made."""
_SIZE_BYTES_MAX = 10_000_000


def main(directory: Path) -> None:
    """Write the archive; refuse one that is too large to ship in the repository."""
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    with zipfile.ZipFile(_TARGET, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in files:
            entry = zipfile.ZipInfo(path.relative_to(directory).as_posix(), _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, wherever it is built
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    size = _TARGET.stat().st_size
    if size > _SIZE_BYTES_MAX:
        sys.exit(f"{_TARGET} has {size} bytes, more than {_SIZE_BYTES_MAX}")
    sys.stdout.write(f"{len(files)} files, {size} bytes\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
