"""The entry of the command line.

The one rule: nobody meets a traceback. A refusal is shown with its remedy; a defect is written to a file that the
message names.
"""

from __future__ import annotations

import os
import sys
import tempfile
import traceback

from mingjing.cli.app import make_app
from mingjing.cli.screen import Exit, say, show
from mingjing.cli.usage import UsageError, show_usage
from mingjing_kernel.logging import configure_logging
from mingjing_kernel.refusal import Refusal


def main() -> None:
    """Run a command; end with one of ``Exit``."""
    configure_logging("mingjing", "warning")  # standard output is for answers: with --json a program reads it
    try:
        ended = make_app(next((word for word in sys.argv[1:] if not word.startswith("-")), None))(standalone_mode=False)
        sys.exit(ended if isinstance(ended, int) else Exit.OK)
    except UsageError as wrong:
        sys.exit(show_usage(wrong))
    except Refusal as refusal:
        show(refusal)
        sys.exit(Exit.UNAVAILABLE if refusal.status >= 500 else Exit.FOUND)
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has enough; Python must not try to flush the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.OK)
    except Exception as defect:  # the outermost edge: everything below has had its chance
        sys.exit(tell(defect))


def tell(defect: Exception) -> Exit:
    """Write the defect down and say where."""
    with tempfile.NamedTemporaryFile("w", prefix="mingjing-", suffix=".txt", delete=False, encoding="utf-8") as file:
        file.writelines(traceback.format_exception(defect))
    say(
        f"程序缺陷：{type(defect).__name__}。详情在 {file.name}，请附上它报告问题；数据未受影响。",
        f"This is a defect of the program. Details are in {file.name}; please report it with them.",
    )
    return Exit.FAULT


if __name__ == "__main__":
    main()
