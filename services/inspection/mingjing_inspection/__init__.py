"""Inspection: what was seen and said. Visits, complaints and reports, inspection tasks."""
