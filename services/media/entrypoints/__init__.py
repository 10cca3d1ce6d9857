"""The entrypoints of media that fill files of their own; `services.media.service` puts them together."""
