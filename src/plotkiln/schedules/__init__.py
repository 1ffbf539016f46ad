"""Schedules: from a cron expression to the instants at which something is drawn."""
