"""HTTP: parse, ask the scope, handle, answer. Handlers contain no ``try`` and no rule."""
