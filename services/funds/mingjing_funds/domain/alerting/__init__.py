"""Alerting (预警): what is known of an account each day, what the rules F01–F36 say of it, and the life of an alert."""
