#!/usr/bin/env bash
# Three nodes in three network namespaces whose links are cut and rate-limited under load, and an
# outside checker: `tests/network.rs`, which runs this and is run by it.
#
# Needs Linux with user and network namespaces that may be made here, bridges and tbf in its kernel,
# and iproute2. Where that is not so it says what is missing and ends with 77: nothing was checked.
# Longer: CUPO_SECONDS=300. The same again: CUPO_SEED=N.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

not_here() {
    echo "NOT PERMITTED HERE: $*" >&2
    exit 77
}

if [ "${1:-}" != inside ]; then
    for tool in unshare ip tc mount; do
        command -v "$tool" >/dev/null || not_here "there is no $tool"
    done
    said=$(unshare -Urnm true 2>&1) || not_here "no namespaces: $said"
    tests=${CUPO_TESTS:-}
    if [ -z "$tests" ]; then
        cd "$here/../.."
        cargo build -p cupo
        tests=$(cargo test -p tests --no-run 2>&1 | sed -n 's/.*(\(.*\/tests-[^)]*\)).*/\1/p')
    fi
    exec unshare -Urnm --kill-child --fork bash "$0" inside "$(realpath "$tests")"
fi

# Names of namespaces are files here, and gone with this process.
said=$(mount -t tmpfs tmpfs /run 2>&1) || not_here "no mounts: $said"
mkdir -p /run/netns

# Servers listen on loopback addresses only. These lie on wires all the same: the kernel is told to
# route them, and that only 127.0.0.1 is this machine's own.
own_loopback() {
    ip link set lo up
    ip address del 127.0.0.1/8 dev lo
    ip address add 127.0.0.1/32 dev lo
    echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet
}
export -f own_loopback

own_loopback
said=$(ip link add bridge type bridge 2>&1) || not_here "no bridges: $said"
ip link set bridge up
ip address add 127.77.0.254/24 dev bridge scope global
for node in 1 2 3; do
    said=$(ip netns add "node$node" 2>&1) || not_here "no named namespaces: $said"
    ip link add "to$node" type veth peer name wire netns "node$node"
    ip link set "to$node" master bridge up
    ip netns exec "node$node" bash -c own_loopback
    ip -n "node$node" link set wire up
    ip -n "node$node" address add "127.77.0.$node/24" dev wire scope global
done
said=$(tc qdisc add dev to1 root tbf rate 1mbit burst 16kb latency 400ms 2>&1) ||
    not_here "no tbf: $said"
tc qdisc del dev to1 root

CUPO_NETWORK=inside exec "$2" --exact --nocapture \
    network::whatever_befalls_the_wires_what_was_acknowledged_is_there_once
