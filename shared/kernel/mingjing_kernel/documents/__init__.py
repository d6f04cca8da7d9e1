"""Official documents (公文): what a fact says, set in type, with its number, a QR code and the log's proof in the file.

Needs the ``documents`` extra.
"""
