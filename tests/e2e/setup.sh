#!/usr/bin/env bash
# The fixture of the tests that need Node or another WebSocket library: installs what is missing, and the packages of
# tests/e2e/package-lock.json into BUILD/node. tests/e2e/setup.sh BUILD
set -euo pipefail
build=$(cd "${1:?usage: tests/e2e/setup.sh BUILD}" && pwd)
cd "$(dirname "$0")/../.."
. ./packages.sh
missing="python3-websockets"
command -v node >/dev/null || missing="$missing nodejs"
command -v npm >/dev/null || missing="$missing npm"
[ -x /usr/bin/chromium ] || missing="$missing chromium"
# shellcheck disable=SC2086
need_packages $missing

mkdir -p "$build/node"
exec 9>"$build/node/lock"
flock 9
if ! cmp -s tests/e2e/package-lock.json "$build/node/installed.json"; then
    cp tests/e2e/package.json tests/e2e/package-lock.json "$build/node/"
    (cd "$build/node" && npm ci --no-audit --no-fund --ignore-scripts >install.log 2>&1) || {
        tail -n 20 "$build/node/install.log" >&2
        echo "The packages of tests/e2e/package.json could not be installed: is there a network?" >&2
        exit 1
    }
    cp tests/e2e/package-lock.json "$build/node/installed.json"
fi
