#!/usr/bin/env python3
"""Carries out a guide as a new user would: writes every ```json FILE block, runs every "$ command" of its ```console blocks
with the lines behind "> " as input, and compares what is printed with what the guide says ("…" stands for anything, "[1]" for
the exit status, which is 0 else). All pages of a folder in the order of their names, in one fresh folder that looks like the
project's. Usage: guide.py PANDU FOLDER; exit 1 with page, line, what was expected and what came."""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

SECONDS = 300
ROOT = Path(__file__).resolve().parents[2]


class Step:
    """A file to write (file, text) or a command to run."""

    def __init__(self, place, file=None, command=None):
        self.place, self.file, self.command = place, file, command
        self.text, self.typed, self.expected, self.status = "", "", [], 0


def read_console(page, first, lines):
    steps = []
    for number, line in enumerate(lines, first):
        if line.startswith("$ "):
            steps.append(Step(f"{page.name}:{number}", command=line[2:]))
        elif line.startswith("> "):
            steps[-1].typed += line[2:] + "\n"
        elif re.fullmatch(r"\[\d+\]", line):
            steps[-1].status = int(line[1:-1])
        elif line.strip():
            steps[-1].expected.append(line.strip())
    return steps


def read_page(page):
    """The steps of a page, in order. Blocks of other kinds are for reading only."""
    steps, block, kind, first = [], None, "", 0
    for number, line in enumerate(page.read_text(encoding="utf-8").split("\n"), 1):
        if block is None and line.startswith("```"):
            block, kind, first = [], line[3:].strip(), number + 1
        elif line.startswith("```"):
            if kind == "console":
                steps += read_console(page, first, block)
            elif kind.startswith("json "):
                steps.append(Step(f"{page.name}:{first}", file=kind[5:]))
                steps[-1].text = "\n".join(block) + "\n"
            block = None
        elif block is not None:
            block.append(line)
    if block is not None:
        sys.exit(f"{page.name}:{first}: a block that never ends")
    return steps


def matches(expected, came):
    """Whether the expected lines are the lines that came; a line "…" stands for any number of them."""
    pattern = "".join(r"(?:.*\n)*?" if line == "…" else ".*".join(map(re.escape, line.split("…"))) + "\n" for line in expected)
    return re.fullmatch(pattern, "".join(line.strip() + "\n" for line in came.split("\n") if line.strip()))


def run(step, folder, program):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PANDU_")}
    environment["PATH"] = f"{program.parent}:{environment['PATH']}"
    done = subprocess.run(["bash", "-c", step.command], cwd=folder, env=environment, input=step.typed, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=SECONDS)
    if done.returncode == step.status and matches(step.expected, done.stdout):
        return True
    print(f"{step.place}: $ {step.command}\n  expected, status {step.status}:\n    " + "\n    ".join(step.expected) +
          f"\n  came, status {done.returncode}:\n    " + "\n    ".join(done.stdout.rstrip().split("\n")))
    return False


def main():
    program, guide = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    steps = [step for page in sorted(guide.glob("*.md")) for step in read_page(page)]
    commands = sum(step.command is not None for step in steps)
    if commands == 0:
        sys.exit(f"{guide}: no page with a command")
    failed = 0
    with tempfile.TemporaryDirectory(prefix="pandu-guide-") as folder:
        for name in ("intents", "responses", "bot"):
            (Path(folder) / name).symlink_to(ROOT / name)
        for step in steps:
            if step.file is not None:
                path = Path(folder) / step.file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(step.text, encoding="utf-8")
            else:
                failed += not run(step, folder, program)
    print(f"guide: {len(steps) - commands} files, {commands} commands, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
