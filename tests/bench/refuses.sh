#!/usr/bin/env bash
# `pandu bench` on bad input: a clear message with its place, and the exit status. refuses.sh PANDU FOLDER
set -u
pandu=$1 folder=$2 failed=0
mkdir -p "$folder" || exit 1
printf 'sapa\thalo\n\nbad\tkerja(an\textra\n' >"$folder/bad.tsv"
printf 'no tab here\n' >"$folder/flat.tsv"
printf 'sapa\thalo\tmore\tcolumns\r\n' >"$folder/good.tsv"
printf 'Halo kak\r\nbukan utf-8 \xff halo\n\nhalo' >"$folder/messages.txt"
: >"$folder/empty.txt"
printf '\n\n' >"$folder/blank.txt"
printf 'sapa\tker\\pja\n' >"$folder/property.tsv"

# expect STATUS TEXT ARGUMENT...
expect() {
    local status=$1 text=$2 output code=0
    shift 2
    output=$("$pandu" bench "$@" 2>&1) || code=$?
    if [ "$code" -ne "$status" ] || [[ "$output" != *"$text"* ]]; then
        echo "pandu bench $*: wanted $status and \"$text\", got $code: $output"
        failed=1
    fi
}

messages=(--messages "$folder/messages.txt")
expect 2 "usage:" match
expect 2 "usage:" match --patterns
expect 2 "usage:" march --patterns x --messages y
expect 2 "usage:" match --patterns "$folder/good.tsv" "${messages[@]}" --loop fast
expect 1 "bad.tsv:3:13: missing closing parenthesis" match --patterns "$folder/bad.tsv" "${messages[@]}"
expect 1 "flat.tsv:1:1: a line is: intent TAB expression" match --patterns "$folder/flat.tsv" "${messages[@]}"
expect 1 "nowhere.tsv cannot be opened" match --patterns "$folder/nowhere.tsv" "${messages[@]}"
expect 1 "empty.txt holds no message" match --patterns "$folder/good.tsv" --messages "$folder/empty.txt"
expect 1 "property.tsv:1:12: unknown property" match --patterns "$folder/property.tsv" "${messages[@]}"
expect 1 "blank.txt holds no message" match --patterns "$folder/good.tsv" --messages "$folder/blank.txt"
expect 1 "empty.txt holds no pattern" match --patterns "$folder/empty.txt" "${messages[@]}"
expect 1 "blank.txt holds no pattern" match --patterns "$folder/blank.txt" "${messages[@]}"
for loop in "" "--loop interpreter" "--loop jit"; do
    # shellcheck disable=SC2086
    expect 0 '"hits":2,' match --patterns "$folder/good.tsv" "${messages[@]}" $loop
done
exit $failed
