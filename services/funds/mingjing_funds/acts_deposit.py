"""What a person may do about risk deposits (风险保证金): file, note what came, assess, draw, give back, end.

One rule: who files a deposit and notes what came into it does not decide alone that money of it is used.
"""

from __future__ import annotations

from typing import Final

from mingjing_funds.acts import APPROVERS, REGULATORS, WRITERS
from mingjing_funds.domain import deposit as d
from mingjing_kernel.identity import Act

FILE_DEPOSIT: Final = Act(name="file-deposit", zh="登记风险保证金", en="file a risk deposit", roles=WRITERS)
PAY_IN_DEPOSIT: Final = Act(
    name="pay-in-deposit", zh="登记保证金缴存", en="note money that came in", roles=WRITERS, asks=d.MoveDeposit
)
ASSESS_DEPOSIT: Final = Act(
    name="assess-deposit", zh="核定保证金应缴额", en="assess the minimum", roles=REGULATORS, asks=d.AssessDeposit
)
DRAW_DEPOSIT: Final = Act(
    name="draw-deposit", zh="动用保证金代偿", en="draw on it for families", roles=APPROVERS, asks=d.MoveDeposit
)
RETURN_DEPOSIT: Final = Act(
    name="return-deposit", zh="退还保证金", en="give money of it back", roles=APPROVERS, asks=d.MoveDeposit
)
RELEASE_DEPOSIT: Final = Act(
    name="release-deposit", zh="解除保证金", en="end the deposit", roles=APPROVERS, asks=d.ReleaseDeposit
)
DEPOSIT_ACTS: Final = (PAY_IN_DEPOSIT, ASSESS_DEPOSIT, DRAW_DEPOSIT, RETURN_DEPOSIT, RELEASE_DEPOSIT)
