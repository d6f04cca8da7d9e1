"""Settings of the inspection service, from the environment (``MINGJING_…``)."""

from __future__ import annotations

from pathlib import Path

from mingjing_kernel.settings import ServiceSettings


class InspectionSettings(ServiceSettings):
    """What this service needs to know about the county that it works for."""

    county_name: str = "杭州市西湖区"
    """As departments write it before their own name."""
    county_code: str = "330106"
    """Division code (GB/T 2260, six digits) of complaints whose place says nothing closer."""
    lead_department: str = "education"
    """Who acts while nobody knows the competent department: the lead department (教育局)."""
    name_places: tuple[str, ...] = ("浙江省", "浙江", "杭州市", "杭州", "西湖区", "西湖")
    """Region words that names of institutions start with; left out when names are compared."""
    open311_keys: tuple[str, ...] = ()
    """Apps that may post by Open311, each ``name:SHA-256 of its api_key``; none: nobody posts there."""
    font_dir: Path | None = None
    """The operator's own faces for official documents (方正小标宋, 仿宋); without it those of the package."""
