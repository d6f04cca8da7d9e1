"""HTTP: parse, handle, answer."""
