"""Documents (公文): certificates, notices and decisions as PDF, made from facts in the log and from nothing else."""
