#!/bin/sh
# A client in another language: finds, holds and confirms through reflection, with no code made from
# proto/. Needs python3 with venv, a package index, and the built program (cargo build).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
cupo=${CUPO_PROGRAM:-$root/target/debug/cupo}
work=$(mktemp -d)
demo=

finish() {
    if [ -n "$demo" ]; then
        kill -TERM "$demo" 2>/dev/null || true
        wait "$demo" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

[ -x "$cupo" ] || { echo "there is no $cupo: cargo build" >&2; exit 1; }
venv=${CUPO_PYTHON_ENVIRONMENT:-$work/venv}
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet grpcio grpcio-reflection protobuf
fi

# The demo founds a cluster and a nation, and keeps both going while it is asked.
"$cupo" --lang en demo --facilities 64 --rate 5 --for 120s --data "$work/demo" \
    >"$work/demo.log" 2>&1 &
demo=$!
"$venv/bin/python" "$here/check.py" "$work/demo/cluster.toml" || {
    cat "$work/demo.log" >&2
    exit 1
}
