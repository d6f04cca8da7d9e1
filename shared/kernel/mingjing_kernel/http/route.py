"""A route whose signature is read when somebody first asks for it.

FastAPI builds the validators of every parameter and answer when a route is added: ten milliseconds each, two seconds
for a service with two hundred. Every start of a process waits for that, and so does every test that composes an app.
What matching an address needs is set at once. What answering and documenting need is made by FastAPI itself, at the
first request or with the document; that a declaration is sound, the committed documents show for every route.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import Any

from fastapi.routing import APIRoute
from starlette.routing import compile_path, get_name

_building = RLock()
"""The document may be asked for in one thread while another answers."""


class LateRoute(APIRoute):
    """FastAPI's route; its slow half is made when the first attribute of that half is missed."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self._given: tuple[str, Callable[..., Any], dict[str, Any]] | None = (path, endpoint, options)
        self.path, self.endpoint = path, endpoint
        self.name = options.get("name") or get_name(endpoint)
        self.methods = {method.upper() for method in options.get("methods") or ["GET"]}
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)

    def __getattr__(self, name: str) -> Any:
        """Only asked for what is not there: everything else is there from now on."""
        with _building:
            if name not in self.__dict__:
                given = self.__dict__.get("_given")
                if given is None:
                    raise AttributeError(f"{type(self).__name__} has no {name}")
                self._given = None
                path, endpoint, options = given
                try:
                    super().__init__(path, endpoint, **options)
                except BaseException:
                    self._given = given  # the next request is told the same, not what is missing then
                    raise
            return object.__getattribute__(self, name)
