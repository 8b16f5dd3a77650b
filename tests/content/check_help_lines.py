#!/usr/bin/env python3
"""The help lines are real ones: each has a source and the day of its last check, none is known to be closed, one of a region names
it in every language, and no text of the content has people call a number that is not in the registry. Exit 1 with what is wrong."""
import json
import re
import sys
from pathlib import Path

LANGUAGES = ("id", "en")
# 500-454 was closed in 2014 and is still listed by some pages.
CLOSED = ("500454",)
CALLED = re.compile(r"\b(?:telepon|telpon|hubungi|call|dial|whatsapp|wa|sms|text)\W{1,3}(\+?\d[\d .\-]{1,}\d)", re.IGNORECASE)


def digits(text):
    return re.sub(r"\D", "", text)


def texts(node):
    """Every string of a file."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, (list, dict)):
        for child in node.values() if isinstance(node, dict) else node:
            yield from texts(child)


def check_line(line):
    name, found = line["id"], []
    if not any(source.strip() for source in line["source"]):
        found.append(f"{name}: no source")
    if not re.fullmatch(r"20\d\d-\d\d-\d\d", line["checked"]):
        found.append(f"{name}: no day of a check: {line['checked']}")
    for language in LANGUAGES:
        said = " ".join((line["name"][language], line["how"][language], line.get("note", {}).get(language, "")))
        if line.get("region") and line["region"] not in said:
            found.append(f"{name}: of {line['region']}, which it does not say in '{language}'")
        if line.get("number") and digits(line["number"]) not in digits(said):
            found.append(f"{name}: its number is not said in '{language}'")
    return found


def main():
    registry = Path("responses/help_lines.json")
    lines = json.loads(registry.read_text())["help_lines"]
    known = {digits(line.get("number", "")) for line in lines}
    problems = [problem for line in lines for problem in check_line(line)]
    files = [path for folder in ("responses", "intents") for path in sorted(Path(folder).rglob("*.json"))]
    for path in files:
        for text in texts(json.loads(path.read_text())):
            problems += [f"{path}: names the closed line {number}" for number in CLOSED if number in digits(text)]
            if path != registry and path.parts[0] == "responses":
                problems += [f"{path}: has people call {number}, which no help line has" for number in CALLED.findall(text)
                             if digits(number) not in known]
    print("\n".join(problems))
    print(f"help lines: {len(lines)} lines, {len(files)} files, {len(problems)} problems")
    return 1 if problems or not lines else 0


if __name__ == "__main__":
    sys.exit(main())
