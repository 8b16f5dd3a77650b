# Debian packages by purpose, and the one way to install them. Sourced by start, check and the test fixtures.
PACKAGES_RUN="gcc libc6-dev cmake ninja-build pkg-config libpcre2-dev libjansson-dev libsqlite3-dev libstemmer-dev libutf8proc-dev libwebsockets-dev libwebsockets-evlib-ev libev-dev libsodium-dev libcmocka-dev"
PACKAGES_TEST="python3 universal-ctags graphviz"
PACKAGES_FUZZ="clang libclang-rt-14-dev llvm"
PACKAGES_CHECK="$PACKAGES_RUN $PACKAGES_TEST $PACKAGES_FUZZ clang-format clang-tidy git"
PACKAGES_PROXIES="nginx caddy"
PACKAGES_BROWSER="chromium"
PACKAGES_LONG="$PACKAGES_CHECK $PACKAGES_PROXIES $PACKAGES_BROWSER mmdebstrap sudo ca-certificates"

# need_packages NAME...: installs those that are missing, as root or through sudo, or says what to run.
need_packages() {
    local missing="" name
    for name in "$@"; do
        dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q "ok installed" || missing="$missing $name"
    done
    [ -z "$missing" ] && return 0
    local as_root=""
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null 2>&1; then
            echo "Missing packages. As root, run:  apt-get update && apt-get install --no-install-recommends$missing" >&2
            return 1
        fi
        as_root="sudo"
    fi
    echo "Installing:$missing"
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive sh -c "apt-get update -q && apt-get install -y -q --no-install-recommends$missing" \
        >"${TMPDIR:-/tmp}/pandu-packages.$$.log" 2>&1 || {
        tail -n 20 "${TMPDIR:-/tmp}/pandu-packages.$$.log" >&2
        echo "The packages could not be installed (see above)." >&2
        return 1
    }
    rm -f "${TMPDIR:-/tmp}/pandu-packages.$$.log"
}
