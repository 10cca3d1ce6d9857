"""Runs a rule of the pages' modules in Node, as the browser would."""

import json
import subprocess
from typing import Any

from deploy.local.install import node_command
from gateway.web.assets import HERE

_RUN = """
const [path, expression, given] = JSON.parse(process.argv[1]);
const module = await import(path);
const names = Object.keys(module);
const value = new Function('given', ...names, `return ${expression}`)(given, ...names.map((name) => module[name]));
console.log(JSON.stringify(value, (_, each) => (each instanceof Map ? Object.fromEntries(each) : each)));
"""


def evaluate(module: str, expression: str, given: Any = None) -> Any:
    """What an expression over a module's exports and `given` comes to, Maps as objects. `module` is below assets."""
    asked = json.dumps([(HERE / module).as_uri(), expression, given])
    command = [node_command(), "--input-type=module", "-e", _RUN, asked]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)
