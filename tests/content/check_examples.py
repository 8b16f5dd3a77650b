#!/usr/bin/env python3
"""Every intent of the shipped content is written for families of wording, not for sentences. Usage: check_examples.py PANDU.

For each intent: at least 6 examples and 2 counter-examples, no sentence twice, none both; and at least 2 patterns that share no
sentence with the examples, which is counted so: a pattern counts if, brackets, classes and gaps written out as they stand, it is
not the words of an example, and it holds a class, a gap or a choice of words.

Held out: the examples are taken out of the content, a part at a time, and asked as messages. Each must still be answered by its
intent or offered; intents that are only open in a dialogue or after a reply cannot be asked as a first message and are left out
of this part (`pandu check` asks them in their place)."""
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

EXAMPLES, COUNTER_EXAMPLES, PATTERNS, PARTS = 6, 2, 2, 8


def words(text):
    return " ".join(re.findall(r"[\w'.]+", text.casefold()))


def is_general(pattern, sentences):
    has_choice = re.search(r"\{[a-z_]+\d*\}|\|", pattern) is not None
    return has_choice and words(re.sub(r"[\\^$()?*+\[\]]", " ", pattern)) not in sentences


def check_intent(name, intent):
    examples, counter = intent.get("examples", []), intent.get("counter_examples", [])
    sentences = {words(text) for text in examples}
    general = {pattern for pattern in intent.get("patterns", []) if is_general(pattern, sentences)}
    found = []
    if len(general) < PATTERNS:
        found.append(f"{len(general)} patterns of its own (at least {PATTERNS})")
    if len(sentences) < EXAMPLES:
        found.append(f"{len(sentences)} examples (at least {EXAMPLES})")
    if len(sentences) < len(examples):
        found.append("an example twice")
    if len({words(text) for text in counter}) < COUNTER_EXAMPLES:
        found.append(f"{len(counter)} counter-examples (at least {COUNTER_EXAMPLES})")
    if sentences & {words(text) for text in counter}:
        found.append("an example that is a counter-example too")
    return [f"{name}: {intent['id']}: {what}" for what in found]


def take_out(folder, part):
    """Leaves out the examples of this part, which each has by its own words, so that a new example moves no other one; returns
    what was left out, (intent, text)."""
    out = []
    for path in sorted(Path(folder, "intents").glob("*.json")):
        data = json.loads(path.read_text())
        for intent in data.get("intents", []):
            kept = []
            is_open = not intent.get("scope") and not intent.get("after")
            for text in intent["examples"]:
                if is_open and zlib.crc32(text.encode()) % PARTS == part:
                    out.append((intent["id"], text))
                else:
                    kept.append(text)
            intent["examples"] = kept
        path.write_text(json.dumps(data, ensure_ascii=False))
    return out


def held_out(program, part):
    """What was left out and is neither answered nor offered, and how many were asked."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("intents", "responses"):
            shutil.copytree(name, Path(folder, name))
        asked = take_out(folder, part)
        questions, answers = Path(folder, "questions.tsv"), Path(folder, "answers.tsv")
        questions.write_text("text\tintent\n" + "".join(f"{text}\t{intent}\n" for intent, text in asked))
        subprocess.run([program, "eval", str(questions), "--content", folder, "--predictions", str(answers)], check=True,
                       stdout=subprocess.DEVNULL)
        said = [line.split("\t") for line in answers.read_text().splitlines()[1:]]
    if len(said) != len(asked):
        sys.exit(f"{len(asked)} examples asked, {len(said)} predictions came")
    lost = []
    for (intent, text), got in zip(asked, said):
        near = got[2:3] if got[1] == "answer" else got[2:5] if got[1] == "suggest" else []
        if intent not in near:
            lost.append(f"{intent}: held out and lost: {text} -> {got[1]} {' '.join(got[2:])}".rstrip())
    return lost, len(asked)


def main():
    problems, intents, asked = [], 0, 0
    for path in sorted(Path("intents").glob("*.json")):
        for intent in json.loads(path.read_text()).get("intents", []):
            intents += 1
            problems += check_intent(path.name, intent)
    for part in range(PARTS):
        lost, count = held_out(sys.argv[1], part)
        problems += lost
        asked += count
    print("\n".join(problems))
    print(f"examples: {intents} intents, {asked} examples held out, {len(problems)} problems")
    return 1 if problems or not asked else 0


if __name__ == "__main__":
    sys.exit(main())
