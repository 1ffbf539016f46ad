"""CloudEvents: read, written, routed by triggers, delivered and published."""
