#!/usr/bin/env python3
"""The checkers must find what they are there for: each case plants one breach in a small tree and expects it named."""
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
GOOD = '/* What for. */\n#include "domain/a.h"\n\n#include "banned.h"\n'
LONG = "/* x */\nint f(int a) {\n" + "    a++;\n" * 90 + "    return a;\n}\n#include \"banned.h\"\n"
CASES = [
    ("check_layers.py", "bot/domain/a.c", '/* x */\n#include "store/s.h"\n#include "banned.h"\n', "domain must not include store"),
    ("check_layers.py", "bot/app/a.c", '/* x */\n#include <sqlite3.h>\n#include "banned.h"\n', "belongs to bot/store/sqlite/"),
    ("check_layers.py", "bot/domain/a.c", '/* x */\n#include <time.h>\n#include "banned.h"\n', "in the pure domain"),
    ("check_layers.py", "bot/domain/a.c", '/* x */\nint f(void) {\n    return (int)time(0);\n}\n#include "banned.h"\n', "impure call"),
    ("check_layers.py", "bot/domain/a.c", '/* x */\nstatic int counter;\n#include "banned.h"\n', "mutable static"),
    ("check_layers.py", "bot/app/a.c", '/* x */\n#include "domain/a.h"\n', "banned.h is not the last"),
    ("check_layers.py", "bot/app/a.c", 'int x;\n#include "banned.h"\n', "no opening comment"),
    ("check_layers.py", "bot/app/a.h", "extern int x;\n", "mutable extern"),
    ("check_layers.py", "bot/store/sqlite/a.c", '/* x */\n#include "store/memory/m.h"\n#include "banned.h"\n', "must not include store/memory"),
    ("check_limits.py", "bot/domain/a.c", LONG, "has 93 lines"),
    ("check_limits.py", "bot/domain/a.c", GOOD + "int f(void) {\n    return 0; /* TO" + "DO */\n}\n", "left-over mark"),
    ("check_limits.py", "bot/domain/a.c", GOOD + "int f(void) {\n    return 0;\n}\n" + "\n" * 600, "most: 600"),
    ("check_words.py", "bot/domain/a.c", 'static const struct by_letter w = {.a = "ah", .b = "bu cuma"};\n', "under b: cuma"),
    ("check_words.py", "bot/domain/a.c", 'static const struct by_letter w[] = {[X] = {.a = "hk:ah|aku|ah"}};\n', "twice under a: ah"),
    ("check_words.py", "bot/domain/a.c", 'static const struct by_letter w[] = {[X] = {.a = "h:ah|aku|a b"}};\n', "under a, second letters: _hk"),
    ("check_words.py", "bot/domain/a.c", 'static const struct by_letter w[] = {[X] = {.a = "hk:ah"}};\n', "under a, second letters: h"),
    ("check_words.py", "bot/domain/a.c", 'static const struct entry words_b[] = {{"but", 1}, {"and", 1}};\nROW(words_b)', "in words_b: and"),
    ("check_words.py", "bot/domain/a.c", 'static const struct entry words_b[] = {{"but", 1}};\n', "lacks one"),
]


def run(checker, files):
    with tempfile.TemporaryDirectory() as folder:
        base = {"bot/domain/a.h": "/* x */\n", "bot/store/s.h": "/* x */\n", "bot/store/memory/m.h": "/* x */\n",
                "bot/domain/b.c": GOOD + "int g(void) {\n    return 0;\n}\n"}
        for name, text in {**base, **files}.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return subprocess.run([sys.executable, str(HERE / checker), folder], capture_output=True, text=True)


def main():
    failed = 0
    for checker in ("check_layers.py", "check_limits.py"):
        clean = run(checker, {})
        if clean.returncode != 0:
            failed += 1
            print(f"{checker} complains of a clean tree:\n{clean.stdout}{clean.stderr}")
    for checker, name, text, expected in CASES:
        found = run(checker, {name: text})
        if found.returncode != 1 or expected not in found.stdout:
            failed += 1
            print(f"{checker} missed '{expected}' in {name}:\n{found.stdout}{found.stderr}")
    print(f"checkers: {len(CASES) + 2 - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
