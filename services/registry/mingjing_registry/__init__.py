"""Registry: who may teach. Institutions, licences, teaching sites, the whitelist, and the files they come from."""
