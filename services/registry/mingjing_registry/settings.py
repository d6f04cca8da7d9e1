"""Settings of the registry, from the environment (``MINGJING_…``)."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, field_validator

from mingjing_kernel.settings import ServiceSettings
from mingjing_registry.sources.divisions import division


class RegistrySettings(ServiceSettings):
    """What every service needs, and which county this one serves."""

    county_code: str = Field(default="330106", pattern=r"^[0-9]{6}$")
    """6-digit division (GB/T 2260); its towns come from the table that ships with the service."""
    open_data_publisher: str = Field(default="杭州市西湖区教育局", max_length=100)
    """Who publishes the open whitelist, as it stands in the attribution."""
    open_data_licence: str = Field(default="https://creativecommons.org/licenses/by/4.0/", max_length=300)
    """What may be done with it: the address of the licence's text."""
    public_url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    """Where the public finds the console's pages: what the QR codes lead to. Empty: ``console_url``."""
    hotline: str = "12345"
    """What a poster tells people to call."""
    font_dir: Path | None = None
    """The operator's own faces for official documents (方正小标宋, 仿宋); without it those of the package."""

    @field_validator("county_code")
    @classmethod
    def _is_known(cls, code: str) -> str:
        division(code)
        return code

    @property
    def door_url(self) -> str:
        """The beginning of every address that is printed on paper."""
        return (self.public_url or self.console_url).rstrip("/")
