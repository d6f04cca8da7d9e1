"""Which sources a browser may use on a page of ours: Content-Security-Policy, one function a kind of page.

The one rule: nothing is allowed to a page that it does not need. No policy here names another host or lets a script
run from within the document.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable

NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""For what is no page at all: JSON, tables, files."""
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def page_policy(form_actions: Iterable[str] = ()) -> str:
    """For pages without any script: our own style, our own pictures, forms to ourselves and to ``form_actions``.

    A browser asks ``form-action`` about redirects after a form, too: a sign-in that a form begins names the issuer.
    """
    forms = " ".join(("'self'", *form_actions))
    return (
        f"default-src 'none'; style-src 'self'; img-src 'self'; form-action {forms}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def scripted_policy() -> str:
    """For a page whose scripts, worker and style are files of ours, and that talks to nobody but us."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        "worker-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    )


def scripted_form_policy() -> str:
    """For a form that also works without its script: the same, with forms to ourselves and no worker."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def console_policy(nonce: str, form_actions: Iterable[str] = ()) -> str:
    """For the console's application: scripts from files of ours only, style elements only with this answer's ``nonce``.

    The page hands the nonce to its components in ``<meta name="csp-nonce">``. Style *attributes* are allowed, because
    watermarks and tables set their sizes that way; they cannot load anything.
    """
    forms = " ".join(("'self'", *form_actions))
    return (
        f"default-src 'none'; script-src 'self'; style-src-elem 'self' 'nonce-{nonce}'; "
        "style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
        f"base-uri 'none'; form-action {forms}; frame-ancestors 'none'"
    )


def new_nonce() -> str:
    """For one answer; never used again."""
    return secrets.token_urlsafe(18)


def documentation_policy(html: str) -> str:
    """For the pages of the API documentation: their own inline script, by its hash, and what its viewer needs."""
    scripts = " ".join(["'self'", *(f"'sha256-{_digest(script)}'" for script in _INLINE_SCRIPT.findall(html))])
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
