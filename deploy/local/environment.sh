# Makes .venv exactly what requirements/dev.txt says. Sourced by ./run, ./check and ./bench.sh, in the repository's root.

fail() {
    echo "$1" >&2
    exit 1
}

python=
for candidate in "${PYTHON:-}" python3.11 python3; do
    if [ -n "$candidate" ] && "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || fail "Python 3.11 is missing: install it (on Debian 12 'apt-get install python3 python3-venv') or name it in PYTHON."

wanted=$(cat requirements/uv.txt requirements/dev.txt | sha256sum | cut -d' ' -f1)
if [ "$(cat .venv/housecall-requirements 2>/dev/null || true)" != "$wanted" ]; then
    # two of these scripts may start at once on a fresh clone
    exec 9>.venv.lock
    flock 9
    if [ "$(cat .venv/housecall-requirements 2>/dev/null || true)" != "$wanted" ]; then
        if ! [ -x .venv/bin/python ] || ! .venv/bin/python -c 'import pip' 2>/dev/null; then
            if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
                [ "$(id -u)" = 0 ] || fail "Python's venv is missing: run 'sudo apt-get install python3-venv' once, then run this again."
                apt-get update -q >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -q python3-venv >/dev/null
            fi
            "$python" -m venv --clear .venv
        fi
        echo "  ..  the Python environment, from requirements/dev.txt"
        .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt ||
            fail "uv could not be installed: see what pip said above, then run this again."
        .venv/bin/uv pip sync -q --require-hashes --python .venv/bin/python requirements/dev.txt ||
            fail "The Python packages could not be installed: see what uv said above, then run this again."
        echo "$wanted" >.venv/housecall-requirements
    fi
    exec 9>&-
fi

export PYTHONPATH="$PWD"
