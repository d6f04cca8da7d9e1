"""What devices have declared (离线包清单), remembered: each part of a bundle asks for it, and it never changes.

One rule: only what the log says is declared is remembered; a bundle that nobody declared yet is asked for every time.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final
from uuid import UUID

from mingjing_inspection.codec import BUNDLES
from mingjing_inspection.domain.bundle import Bundle, Declared
from mingjing_kernel.http import Kit

REMEMBERED_MAX: Final = 1_000
PARTS_REMEMBERED_MAX: Final = 100
"""Of one bundle; a larger one is read anew for each part."""


class BundleBook:
    """The manifests that this process has seen."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._known: OrderedDict[UUID, Declared] = OrderedDict()

    async def of(self, bundle_id: UUID) -> Bundle:
        """As it was declared."""
        known = self._known.get(bundle_id)
        if known is not None:
            self._known.move_to_end(bundle_id)
            return known
        bundle: Bundle = (await self._kit.log.state(BUNDLES, bundle_id))[0]
        if isinstance(bundle, Declared) and len(bundle.parts) <= PARTS_REMEMBERED_MAX:
            self._known[bundle_id] = bundle
            while len(self._known) > REMEMBERED_MAX:
                self._known.popitem(last=False)
        return bundle
