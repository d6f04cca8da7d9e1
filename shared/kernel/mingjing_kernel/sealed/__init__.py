"""Personal data: sealed under the subject's own key, shown masked, found by blind index, erased by shredding the key.

Only values are exported here; the key ring is in ``sealed.ring``, key files in ``sealed.keyfile``.
"""

from mingjing_kernel.sealed.mask import Masked, Unmasked, mask_account, mask_id_number, mask_name, mask_phone
from mingjing_kernel.sealed.value import Sealed

__all__ = ["Masked", "Sealed", "Unmasked", "mask_account", "mask_id_number", "mask_name", "mask_phone"]
