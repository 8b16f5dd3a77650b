#!/usr/bin/env python3
"""The arrows of docs/ARCHITECTURE.md, read from the include lines of bot/: who may include whom, one home for each
library, a pure domain, banned.h last. Usage: check_layers.py [ROOT]; exit 1 with file, line and remedy on a breach."""
import re
import sys
from pathlib import Path

# A folder may include itself and everything listed; the arrows go one way.
ALLOWED = {
    "base": [],
    "json": ["base"],
    "domain": ["json", "base"],
    "store": ["domain", "json", "base"],
    "channel": ["domain", "json", "base"],
    "net": ["base"],
    "app": ["channel", "store", "net", "domain", "json", "base"],
    "cli": ["app", "channel", "store", "domain", "json", "base"],
    "main.c": ["cli"],
}
# Between stores (and between channels) there are no includes: only the common header of the folder.
SIBLINGS = {"store": {"sqlite", "memory"}, "channel": {"collect", "terminal", "websocket"}}
HOMES = {
    "jansson.h": "json/",
    "pcre2.h": "domain/pattern/",
    "utf8proc.h": "domain/text/",
    "libstemmer.h": "domain/similar/",
    "sqlite3.h": "store/sqlite/",
    "pthread.h": ("store/sqlite/", "app/background.c"),
    "libwebsockets.h": "net/",
    "ev.h": "net/",
    "sodium.h": "app/secret/",
    "curl/curl.h": "channel/",
    "sys/mman.h": "base/pages.c",
    "sanitizer/lsan_interface.h": "base/pages.c",
}
BASE_MAY = {"assert", "ctype", "errno", "float", "inttypes", "limits", "locale", "math", "setjmp", "signal", "stdarg",
            "stdatomic", "stdbool", "stddef", "stdint", "stdio", "stdlib", "string", "time", "unistd", "fcntl",
            "sanitizer/lsan_interface", "sys/mman", "sys/stat", "sys/types"}
DOMAIN_MAY = {"assert", "float", "inttypes", "limits", "math", "stdarg", "stdbool", "stddef", "stdint", "stdio",
              "stdlib", "string"}
IMPURE = re.compile(r"(?<![\w>.])(fopen|fread|fwrite|fprintf|printf|puts|getenv|time|clock_gettime|gettimeofday|rand|random|"
                    r"srand|getrandom|sleep|usleep|nanosleep|open|read|write|socket|pthread_\w+|localtime_r|strtok_r)\s*\("
                    r"|\bFILE\b|\bstderr\b|\bstdout\b")
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')
MUTABLE_STATIC = re.compile(r"^\s*static\s+(?!const\b|inline\b|_Noreturn\b)[\w\s\*]*?\b\w+(\[[^\]]*\])*\s*(=|;)")
EXTERN = re.compile(r"^\s*extern\s+(?!const\b)(?!\"C\")")


def strip_comments(text):
    text = re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m.group(0)), text, flags=re.S)
    text = re.sub(r"//[^\n]*", "", text)
    return re.sub(r'"(\\.|[^"\\\n])*"', '""', text)


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    bot = root / "bot"
    problems = []
    files = sorted(list(bot.rglob("*.c")) + list(bot.rglob("*.h")))
    if not files:
        sys.exit(f"{bot}: no source files found: run this from the root of the project")
    for path in files:
        check_file(bot, path, problems)
    for problem in problems:
        print(problem)
    print(f"layers: {len(files)} files, {len(problems)} problems")
    return 1 if problems else 0


def check_file(bot, path, problems):
    name = path.relative_to(bot).as_posix()
    room = name.split("/")[0]
    text = path.read_text()

    def breach(line, what, remedy):
        problems.append(f"bot/{name}:{line}: {what}. Remedy: {remedy}")

    if name == "banned.h":
        return
    if room not in ALLOWED:
        breach(1, f"'{room}' is not in the layout", "move the file, or add the folder to docs/ARCHITECTURE.md and here")
        return
    includes = check_includes(bot, name, room, text, breach)
    if name.endswith(".c"):
        if not includes or includes[-1] != "banned.h":
            breach(1, "banned.h is not the last include", 'add #include "banned.h" after all others')
        if not text.lstrip().startswith("/*"):
            breach(1, "no opening comment", "say what the file is for, what it never does and who calls it")
    for number, line in enumerate(strip_comments(text).split("\n"), 1):
        if EXTERN.match(line):
            breach(number, "mutable extern", "pass a pointer")
        if room == "domain" and not line.lstrip().startswith("#"):
            if IMPURE.search(line):
                breach(number, f"impure call in the domain: {line.strip()[:60]}", "let app do it and hand in the result")
            if MUTABLE_STATIC.match(line) and "(" not in line.split("=")[0]:
                breach(number, f"mutable static in the domain: {line.strip()[:60]}", "put it into a struct of the caller")


def check_includes(bot, name, room, text, breach):
    includes = []
    for number, line in enumerate(text.split("\n"), 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        target = found.group(2)
        includes.append(target)
        if found.group(1) == '"':
            check_project_include(bot, name, room, target, lambda what, remedy: breach(number, what, remedy))
            continue
        home = HOMES.get(target)
        bare = target.removesuffix(".h")
        if home and not name.startswith(home):
            breach(number, f"<{target}> belongs to bot/{home} alone", f"use what bot/{home} offers")
        if room == "domain" and not home and bare not in DOMAIN_MAY:
            breach(number, f"<{target}> in the pure domain", "let the caller hand in the value")
        if room == "base" and bare not in BASE_MAY:
            breach(number, f"<{target}> in base, which knows libc only", "move the code up")
    return includes


def check_project_include(bot, name, room, target, breach):
    to = target.split("/")[0]
    if to == "banned.h":
        return
    if not (bot / target).exists():
        if not target.endswith(".inc"):
            breach(f'"{target}" is not a path from bot/', 'write includes as "folder/file.h"')
    elif to != room and to not in ALLOWED[room]:
        breach(f"{room} must not include {to}", "turn the arrow round: pass a value or a function in")
    elif to == room and room in SIBLINGS:
        mine, theirs = name.split("/")[1], target.split("/")[1]
        if {mine, theirs} <= SIBLINGS[room] and mine != theirs:
            breach(f"{room}/{mine} must not include {room}/{theirs}", "move what both need to the common header")


if __name__ == "__main__":
    sys.exit(main())
