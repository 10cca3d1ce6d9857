"""API clients: programs that come by OAuth 2.0."""

from contracts import api_clients
from gateway.api.area import Area

area = Area("api_clients", "Programs that come by OAuth 2.0: their secrets, scopes and clinics")
_ONE = "/api-clients/<id:api_client_id>"

area.answers("GET", "/api-clients", api_clients.LIST_API_CLIENTS, "Those that open something, newest first.")
area.answers(
    "POST", "/api-clients", api_clients.MAKE_API_CLIENT, "One more; its secret is answered this once.", status=201
)
area.answers("PATCH", _ONE, api_clients.CHANGE_API_CLIENT, "Its name, scopes or clinics; also for the tokens it has.")
area.answers("DELETE", _ONE, api_clients.REVOKE_API_CLIENT, "It opens nothing from now on. What it made stays.")
area.answers(
    "POST",
    f"{_ONE}/secrets",
    api_clients.ADD_API_SECRET,
    "A second secret, answered this once, so that the first can be replaced without a gap.",
    status=201,
)
area.answers(
    "DELETE",
    f"{_ONE}/secrets/<id:secret_id>",
    api_clients.REMOVE_API_SECRET,
    "This secret, and the tokens that came of it, open nothing from now on.",
)
