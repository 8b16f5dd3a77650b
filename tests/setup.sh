#!/usr/bin/env bash
# The fixture of every test: installs what the tests need and builds their programs. tests/setup.sh BUILD_FOLDER
set -euo pipefail
build=$1
cd "$(dirname "$0")/.."
. ./packages.sh
# shellcheck disable=SC2086
need_packages $PACKAGES_TEST
cmake --build "$build" --target pandu_tests
