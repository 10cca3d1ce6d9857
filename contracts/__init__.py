"""What the services say to each other: commands, views, events, errors and permissions, declared once.

Knows marshmallow and nothing else: no bus, no database, no web framework.
"""
