"""Pages: plain HTML made on the server, one small style sheet, no script."""
