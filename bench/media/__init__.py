"""CPU per forwarded packet of the media node, beside Janus, with the same clients and the same packets."""
