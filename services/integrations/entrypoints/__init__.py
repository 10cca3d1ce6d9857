"""Parts of services.integrations.service.IntegrationsService, a subject each."""

from typing import Any

from services.integrations.store import IntegrationsStore


class Entrypoints:
    """What every part stands on."""

    store: IntegrationsStore
    # services.integrations.service.DeskProvider
    desk: Any
