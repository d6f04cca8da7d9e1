"""The leash: become a command that the operating system ends when its owner dies.

The one rule: this file is run by path (``python -I -S leash.py OWNER SIGNAL UID GID COMMAND …``), so it imports
nothing but the standard library, and its last act is ``exec``. It exists because ``subprocess`` offers no safe
moment between fork and exec in a program with threads.
"""

from __future__ import annotations

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main(arguments: list[str]) -> None:
    """Give up root if told to, ask for SIGNAL on the owner's death, and become COMMAND."""
    owner, signal, user, group = (int(argument) for argument in arguments[:4])
    command = arguments[4:]
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if user >= 0:
        os.setgroups([])
        os.setgid(group)
        os.setuid(user)
    if libc is not None:
        # After the change of user, which would clear it. Elsewhere than on Linux the next start finds the orphan.
        libc.prctl(_PR_SET_PDEATHSIG, signal, 0, 0, 0)
    if os.getppid() != owner:
        sys.exit("the owner of this process ended before it began")
    os.execv(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
