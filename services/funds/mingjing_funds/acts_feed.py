"""What a bank's own system may do over NATS: post what it booked, and answer what it was told to pay.

One rule: a bank speaks about the accounts that it keeps, in the places of its grant, and about nothing else.
"""

from __future__ import annotations

from typing import Final

from mingjing_kernel.identity import Act, Role, roles

POST_ENTRIES: Final = Act(name="post-entries", zh="报送银行流水", en="post bank entries", roles=roles(Role.BANK))
ANSWER_ORDERS: Final = Act(name="answer-orders", zh="报送指令状态", en="answer payment orders", roles=roles(Role.BANK))
