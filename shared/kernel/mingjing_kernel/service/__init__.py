"""How a service is put together, hosted, and run from the command line."""

from mingjing_kernel.service.definition import Service
from mingjing_kernel.service.host import Host

__all__ = ["Host", "Service"]
