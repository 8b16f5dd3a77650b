#!/usr/bin/env python3
"""House limits of docs/CONTRIBUTING.md: function lengths, file lengths, includes per file, left-over marks; comment
share is reported only. Needs universal-ctags. Usage: check_limits.py [ROOT]; exit 1 on a breach."""
import json
import re
import subprocess
import sys
from pathlib import Path

FUNCTION_MAX, MEDIAN_MAX, P90_MAX, FILE_MAX, INCLUDES_MAX, TABLE_MAX = 80, 15, 45, 600, 10, 100
LEFT_OVER = re.compile(r"\b(FIXME|TODO|XXX|HACK)\b|not implemented", re.I)


def functions(files):
    out = subprocess.run(["ctags", "--output-format=json", "--languages=C", "--langmap=C:.c.h", "--kinds-C=f",
                          "--fields=+ne", "-f", "-", *map(str, files)], capture_output=True, text=True, check=True).stdout
    for line in out.splitlines():
        tag = json.loads(line)
        if tag.get("kind") == "function" and "end" in tag:
            yield tag["path"], tag["name"], tag["line"], tag["end"] - tag["line"] + 1


def is_table(path, start, length):
    """A function that is one switch of single-line cases may be longer: at least half its lines are cases."""
    lines = Path(path).read_text().split("\n")[start - 1:start - 1 + length]
    return sum(line.lstrip().startswith(("case ", "default:")) for line in lines) * 2 >= length


def check_text(path, problems):
    text = path.read_text()
    lines = text.split("\n")
    if len(lines) - 1 > FILE_MAX:
        problems.append(f"{path}:1: {len(lines) - 1} lines (most: {FILE_MAX}). Remedy: split the file by theme")
    includes = len(re.findall(r'^#include "(?!banned\.h)', text, re.M))
    if includes > INCLUDES_MAX:
        problems.append(f"{path}:1: {includes} project includes (most: {INCLUDES_MAX}). Remedy: split the file")
    for number, line in enumerate(lines, 1):
        if LEFT_OVER.search(line):
            problems.append(f"{path}:{number}: left-over mark: {line.strip()[:60]}. Remedy: do it or open an issue")
    in_comments = sum(block.count("\n") + 1 for block in re.findall(r"/\*.*?\*/", text, re.S))
    return in_comments, sum(1 for line in lines if line.strip()) - in_comments


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    files = sorted((root / "bot").rglob("*.c"))
    if not files:
        sys.exit("no bot/**/*.c: run this from the root of the project")
    problems, lengths = [], []
    for path, name, line, length in functions(files):
        lengths.append(length)
        limit = TABLE_MAX if length > FUNCTION_MAX and is_table(path, line, length) else FUNCTION_MAX
        if length > limit:
            problems.append(f"{path}:{line}: {name} has {length} lines (most: {limit}). Remedy: split it by what it does")
    shares = [check_text(path, problems) for path in files]
    comment, code = sum(share[0] for share in shares), sum(share[1] for share in shares)
    lengths.sort()
    median, p90 = lengths[len(lengths) // 2], lengths[len(lengths) * 9 // 10]
    for name, value, most in (("median", median, MEDIAN_MAX), ("90th percentile", p90, P90_MAX)):
        if value > most:
            problems.append(f"bot: {name} of function lengths is {value} lines (most: {most}). Remedy: split the long ones")
    for problem in problems:
        print(problem)
    print(f"limits: {len(lengths)} functions, median {median}, p90 {p90}, longest {lengths[-1]}; "
          f"comments {100 * comment // max(1, comment + code)} %; {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
