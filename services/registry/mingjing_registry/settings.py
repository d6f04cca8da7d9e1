"""Settings of the registry, from the environment (``MINGJING_…``)."""

from __future__ import annotations

from pydantic import Field

from mingjing_kernel.settings import ServiceSettings


class RegistrySettings(ServiceSettings):
    """What every service needs, and which county this one serves."""

    county_code: str = Field(default="330106", pattern=r"^[0-9]{6}$")
    """6-digit division (GB/T 2260); its towns come from the table that ships with the service."""
    open_data_publisher: str = Field(default="杭州市西湖区教育局", max_length=100)
    """Who publishes the open whitelist, as it stands in the attribution."""
    open_data_licence: str = Field(default="https://creativecommons.org/licenses/by/4.0/", max_length=300)
    """What may be done with it: the address of the licence's text."""
