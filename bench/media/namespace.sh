#!/bin/sh
# Runs a command inside a network namespace made for it: one veth pair, 10.77.0.1, nothing reachable outside.
# Janus refuses loopback candidates, so the side-by-side measurement runs here. usage: namespace.sh COMMAND [ARGUMENT ...]
set -eu
name=media-bench-$$
ip netns add "$name"
trap 'ip netns del "$name"' EXIT INT TERM
ip -n "$name" link set lo up
ip -n "$name" link add m0 type veth peer name m1
ip -n "$name" addr add 10.77.0.1/24 dev m0
ip -n "$name" link set m0 up
ip -n "$name" link set m1 up
ip netns exec "$name" "$@"
