#!/usr/bin/env bash
# Builds one libFuzzer target and runs it for some seconds on its seeds: tests/fuzz/run.sh fuzz_NAME [SECONDS].
# Exit 1 on a finding; the input that shows it stays in build/fuzz/findings/.
set -euo pipefail
cd "$(dirname "$0")/../.."
. ./packages.sh
name=${1:?usage: tests/fuzz/run.sh fuzz_NAME [SECONDS]}
seconds=${2:-${PANDU_FUZZ_SECONDS:-10}}

mkdir -p build
exec 9>build/fuzz.lock
flock 9
# shellcheck disable=SC2086
need_packages $PACKAGES_FUZZ
[ -f build/fuzz/build.ninja ] || cmake --preset fuzz >build/fuzz.log 2>&1 || { tail -n 20 build/fuzz.log; exit 1; }
cmake --build --preset fuzz --target "$name" >"build/$name.log" 2>&1 || { tail -n 40 "build/$name.log"; exit 1; }
flock -u 9

corpus="build/fuzz/corpus/$name"
mkdir -p "$corpus" build/fuzz/findings
seeds="tests/fuzz/corpus/${name#fuzz_}"
[ -d "$seeds" ] || seeds=""
# shellcheck disable=SC2086
"build/fuzz/tests/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=4096 -max_len=8192 -print_final_stats=1 \
    -artifact_prefix="build/fuzz/findings/$name-" "$corpus" $seeds >"build/$name.out" 2>&1 || {
    tail -n 60 "build/$name.out"
    exit 1
}
grep -E "stat::number_of_executed_units" "build/$name.out"
