"""The live channel: a WebSocket on which whoever looks now hears what happens."""
