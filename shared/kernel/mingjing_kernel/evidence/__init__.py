"""Evidence (证据): photos, recordings and documents, kept by content, with a chain of custody in the service's log.

The one rule: the bytes that came are the bytes that stay; whatever is shown to people is a copy made apart.
Nothing is imported here: worker processes load single modules of this package, and only those.
"""
