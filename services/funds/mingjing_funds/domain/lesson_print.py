"""Fingerprint of a lesson (课时指纹): told apart, never guessed. Compared with whatever is sent next about the lesson.

It has two keyed digests, of what was taught (times, kind, teacher) and of whom: the pupil's name as it is masked,
within the contract. The index key makes both (``intake/lesson_prints.py``), so that who has the log alone can try no
names on them. The one rule: a line that leaves the pupil out, as a row that was kept aside does, is compared by the
rest.
"""

from __future__ import annotations

KEYED = "k1"
"""Before it stood an unkeyed digest of all together, in which a child's name could be guessed."""


def written(what: str, who: str) -> str:
    """As it is kept."""
    return f"{KEYED}.{what}.{who}"


def agree(seen: str, said: str) -> bool:
    """Whether both may be about the same lesson. One of the unkeyed kind and a keyed one cannot be told apart."""
    if seen == said:
        return True
    (kind, what, who), (other_kind, other_what, other_who) = _parts(seen), _parts(said)
    if kind != other_kind:
        return True
    return bool(kind) and what == other_what and not (who and other_who)


def _parts(content: str) -> tuple[str, str, str]:
    parts = content.split(".")
    return (KEYED, parts[1], parts[2]) if len(parts) == 3 and parts[0] == KEYED else ("", content, "")
