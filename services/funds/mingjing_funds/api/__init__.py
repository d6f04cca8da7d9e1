"""HTTP: parse, handle, answer. No rule lives here."""
