"""SCIM held to the RFCs by a checker that others wrote (scim2-tester), against the gateway and accounts."""

import random
from pathlib import Path
from typing import Any

import pytest
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server

from tests.wiring.scim_scene import ORIGIN, directory_scene

# a member always is active or not, and always has one role: neither can be taken away, and of a role and one that is added,
# which the checker draws by lot, the stronger counts
KEPT = (
    "check_remove_attribute: PATCH modify() did not remove attribute 'active'",
    "check_remove_attribute: PATCH modify() did not remove attribute 'roles'",
    "check_add_attribute: PATCH modify() returned unexpected value for 'roles'",
)


@pytest.mark.timeout(300)
def test_a_checker_of_the_rfcs_finds_nothing(tmp_path: Path, backing: dict[str, Any]) -> None:
    # what it draws by lot is the same every time
    random.seed(2026)
    with directory_scene(tmp_path, backing) as known:
        client = WSGISCIMClient(known.app, f"{ORIGIN}/scim/v2", headers={"Authorization": f"Bearer {known.token}"})
        results = check_server(client)
    assert len(results) > 30
    bad = [f"{each.title}: {each.reason}" for each in results if each.status in (Status.ERROR, Status.CRITICAL)]
    assert [each for each in bad if not each.startswith(KEPT)] == []
