"""Pages: plain HTML made on the server, one small style sheet, no script but the officer's page has one."""
