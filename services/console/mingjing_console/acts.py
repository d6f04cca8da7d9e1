"""What may be done to somebody's access, declared once.

One rule: whoever does it to another is an administrator, and reaches as far as his own grant and no further.
"""

from __future__ import annotations

from typing import Final

from mingjing_console.domain.person_commands import (
    DismissSubstitute,
    GiveGrant,
    LockPerson,
    NameSubstitute,
    TakeGrant,
    UnlockPerson,
)
from mingjing_kernel.identity import Act, Role, roles

ADMINISTRATION: Final = roles(Role.ADMINISTRATOR)

GIVE_GRANT = Act(name="give-grant", zh="授权", en="give this grant", roles=ADMINISTRATION, asks=GiveGrant)
TAKE_GRANT = Act(name="take-grant", zh="收回授权", en="take this grant back", roles=ADMINISTRATION, asks=TakeGrant)
NAME_PERSON = Act(name="name-person", zh="登记姓名与所在部门", en="say who and where somebody is", roles=ADMINISTRATION)
NAME_SUBSTITUTE = Act(
    name="name-substitute", zh="登记代理", en="name a substitute", roles=ADMINISTRATION, asks=NameSubstitute
)
DISMISS_SUBSTITUTE = Act(
    name="dismiss-substitute", zh="终止代理", en="dismiss a substitute", roles=ADMINISTRATION, asks=DismissSubstitute
)
END_SIGN_INS = Act(name="end-sign-ins", zh="撤销登录", en="end sign-ins", roles=ADMINISTRATION)
END_CLIENT = Act(name="end-client", zh="撤销客户端的全部登录", en="end everything of a client", roles=ADMINISTRATION)
LOCK_PERSON = Act(name="lock-person", zh="锁定", en="lock a person", roles=ADMINISTRATION, asks=LockPerson)
UNLOCK_PERSON = Act(name="unlock-person", zh="解锁", en="unlock a person", roles=ADMINISTRATION, asks=UnlockPerson)
