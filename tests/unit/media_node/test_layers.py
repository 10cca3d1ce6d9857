"""Inside the node imports go one way: __main__ → control → calls → peer → publication, subscription → taps → port → forwarding."""

import ast

import pytest

from tests.habits.tree import name_of, sources

NODE = "services.media.node"
LAYERS = [
    "forwarding",
    "ice",
    "port",
    "taps",
    "publication",
    "subscription",
    "conference",
    "peer",
    "calls",
    "bus",
    "control",
    "__main__",
]


def imported(path):
    """The node's modules that a file of it imports, by their first name."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(NODE):
            parts = node.module.removeprefix(NODE).strip(".").split(".")
            yield from ([parts[0]] if parts[0] else [alias.name for alias in node.names])


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_imports_none_above_it(layer):
    above = set(LAYERS[LAYERS.index(layer) + 1 :])
    folder = f"services/media/node/{layer}"
    files = [
        path
        for path in sources("services")
        if name_of(path) == f"{folder}.py" or name_of(path).startswith(f"{folder}/")
    ]
    assert files
    for path in files:
        assert not above & set(imported(path)), name_of(path)


def test_the_forwarders_know_neither_aiortc_nor_asyncio():
    for path in sources("services"):
        if "services/media/node/forwarding" in name_of(path):
            assert "aiortc" not in path.read_text(), name_of(path)
            assert "asyncio" not in path.read_text(), name_of(path)
