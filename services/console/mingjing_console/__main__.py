"""``mingjing-console migrate | serve | relay | rebuild``."""

from __future__ import annotations

from mingjing_console.service import SERVICE
from mingjing_kernel.service.main import make_main

main = make_main(SERVICE)

if __name__ == "__main__":
    main()
