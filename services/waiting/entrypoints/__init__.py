"""The entrypoints of waiting that fill files of their own; `services.waiting.service` puts them together."""
