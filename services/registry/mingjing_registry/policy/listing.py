"""The numbers of blacklisting in force. The one rule: never edit a released version; add the next one.

Source: 信用修复管理办法, in force 2026-04-01 (grades, shortest and longest publicity); 市场监督管理严重违法失信名单
管理办法, 2021 (three years, consent of the superior); the procedure's own days are product defaults.
"""

from __future__ import annotations

from mingjing_registry.domain.listing_terms import ListingNumbers

LISTING_V1 = ListingNumbers(version="blacklisting/1")
IN_FORCE = LISTING_V1
ACKNOWLEDGEMENT_WORKING_DAYS = 3
"""Within which a consumer of the lists acknowledges a removal: as long as the withdrawal itself may take."""
