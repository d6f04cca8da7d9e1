"""Who may read the bulletin that was issued to all departments (半月通报).

One rule: it goes round to every official of the county; figures of the own scope are anybody's own matter.
"""

from __future__ import annotations

from mingjing_kernel.identity import OFFICIALS, Act

READ_BULLETIN = Act(name="read-bulletin", zh="查看通报", en="read the issued bulletin", roles=OFFICIALS)
