"""The sample county 西湖区 (330106), invented, 2025-12-31 to 2026-06-30, as its offices and banks send files."""

from mingjing.county.county import FIRST_DAY, LAST_DAY, County, Delivery, delivery_of, weeks

__all__ = ["FIRST_DAY", "LAST_DAY", "County", "Delivery", "delivery_of", "weeks"]
