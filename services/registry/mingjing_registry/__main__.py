"""``mingjing-registry``: migrate, serve, relay, rebuild."""

from __future__ import annotations

from mingjing_kernel.service.main import make_main
from mingjing_registry.service import SERVICE

main = make_main(SERVICE)

if __name__ == "__main__":
    main()
