#!/usr/bin/env bash
# Feeds arbitrary bytes to every reader, with libFuzzer: `tests/fuzz/run.sh [SECONDS] [TARGET…]`.
# Ten seconds for each target where nothing else is said. Needs a C++ compiler beside Rust.
# It begins with the examples in the tree, which `seeds` writes (`tests/fuzz/run.sh seeds`), and goes
# on where the last run on this machine ended. What is found lies in target/fuzz/found.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-10}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(wire codec checkpoint log journal files)
root=$(cd ../.. && pwd)
work=$root/target/fuzz
if [ "$seconds" = seeds ]; then
    CARGO_TARGET_DIR="$work" exec cargo run --example seeds -- corpus
fi
mkdir -p "$work/found"

# The compiler's own coverage counters, as libFuzzer reads them; no sanitizer, so that the stable
# compiler does. The readers have no unsafe code for one to look at.
coverage="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4"
coverage+=" -Cllvm-args=-sanitizer-coverage-inline-8bit-counters"
coverage+=" -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares"
host=$(rustc -vV | sed -n 's/^host: //p')
# With a target named, flags do not reach build scripts, which have no fuzzer to count for.
RUSTFLAGS="$coverage -Ccodegen-units=1 --cfg fuzzing" CARGO_TARGET_DIR="$work" \
    cargo build --release --target "$host"

failed=0
for target in "${targets[@]}"; do
    corpus=$work/corpus/$target
    mkdir -p "$corpus"
    examples=()
    [ -d "corpus/$target" ] && examples=("corpus/$target")
    echo "== $target: $seconds s"
    "$work/$host/release/$target" -max_total_time="$seconds" -rss_limit_mb=1024 -timeout=10 \
        -max_len=4096 -print_final_stats=1 -artifact_prefix="$work/found/$target-" \
        "$corpus" "${examples[@]}" >"$work/$target.log" 2>&1 || failed=1
    grep -E "^(#[0-9]+\s+DONE|stat::number_of_executed_units|SUMMARY|==)" "$work/$target.log" \
        || tail -5 "$work/$target.log"
done
[ $failed -eq 0 ] || { echo "a reader failed: see $work/found"; exit 1; }
