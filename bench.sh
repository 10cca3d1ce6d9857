#!/bin/sh
# Every figure beside its floor or peer, measured in the same run: ./bench.sh [PART ...] [--json FILE].
set -eu
cd "$(dirname "$0")"
. deploy/local/environment.sh
exec .venv/bin/python -m bench "$@"
