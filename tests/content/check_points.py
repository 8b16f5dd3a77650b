#!/usr/bin/env python3
"""Every point of the sources that are in the content (tests/data/points.tsv) is said by a reply of its intent or dialogue, and a
conversation case asks for that reply in every language. Points marked "-" must not be said. What is asked most, the answers and
the small talk of the taxonomy, is said in at least two ways. Exit 1 with what is missing."""
import csv
import json
import sys
from pathlib import Path

SOURCES = {"000", "001", "002", "003", "004"}
LANGUAGES = {"id", "en"}
VARIANTS = 2


def replies_by_intent():
    """Intent id -> reply ids it can lead to (its own reply; for a dialogue its intro and results; then what may be asked only
    right after one of them: the parts that follow)."""
    dialogues = {}
    for path in Path("responses/dialogues").glob("*.json"):
        data = json.loads(path.read_text())
        ids = [data["intro"]] if data.get("intro") else []
        dialogues[data["id"]] = (ids + [result["reply"] for result in data["results"]], data.get("source", []))
    out, following = {}, []
    for path in Path("intents").glob("*.json"):
        for intent in json.loads(path.read_text()).get("intents", []):
            then = intent.get("then", {})
            ids, extra = dialogues.get(then.get("dialogue"), ([], []))
            out[intent["id"]] = (([then["reply"]] if "reply" in then else []) + ids, extra)
            following += [(first, then["reply"]) for first in intent.get("after", []) if "reply" in then]
    for replies, _ in out.values():
        replies += [then for first, then in following if first in replies and then not in replies]
    return out


def said_points():
    out = {}
    for path in Path("responses").glob("*.json"):
        for reply in json.loads(path.read_text()).get("replies", []):
            out[reply["id"]] = set(reply.get("source", []))
    return out


def asked_replies():
    """Reply id -> languages of the cases that expect it."""
    out = {}

    def visit(node, language):
        if isinstance(node, dict):
            language = node.get("lang", node.get("given", {}).get("lang", language)) if isinstance(node.get("given", {}), dict) else language
            for key in ("reply", "reply_includes", "replies"):
                names = node.get(key, [])
                for name in [names] if isinstance(names, str) else names if isinstance(names, list) else []:
                    out.setdefault(name, set()).add(language)
            for child in node.values():
                visit(child, language)
        elif isinstance(node, list):
            for child in node:
                visit(child, language)

    for path in Path("tests/cases").rglob("*.json"):
        visit(json.loads(path.read_text()), "id")
    return out


def said_in_one_way(intents):
    """Replies that answer an intent of the taxonomy that is met often, and have a language with fewer than two variants."""
    texts = {reply["id"]: reply["text"] for path in Path("responses").glob("*.json") for reply in json.loads(path.read_text()).get("replies", [])}
    with open("tests/data/taxonomy.tsv", newline="") as file:
        often = [row["id"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
                 if row["kind"] == "answer" or (row["kind"], row["group"]) == ("reply", "conversation")]
    firsts = {intent: intents[intent][0][:1] for intent in often if intent in intents}
    found = [f"{intent}: the taxonomy's intent has no reply" for intent in often if not firsts.get(intent)]
    for intent, replies in firsts.items():
        found += [f"{reply}: said in one way only in '{language}'. Remedy: write a second variant" for reply in replies
                  for language in sorted(LANGUAGES) if len(texts[reply].get(language, [])) < VARIANTS]
    return found, len(firsts)


def main():
    intents, said, asked = replies_by_intent(), said_points(), asked_replies()
    problems, often = said_in_one_way(intents)
    points = 0
    with open("tests/data/points.tsv", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            point, intent = row["id"], row["intent"]
            if row["source"] not in SOURCES:
                continue
            if intent == "-":
                problems += [f"{reply} says {point}, which must not be repeated" for reply, ids in said.items() if point in ids]
                continue
            points += 1
            replies, extra = intents.get(intent, ([], []))
            saying = [reply for reply in replies if point in said.get(reply, set())]
            if not saying and not (point in extra and replies):
                problems.append(f"{point}: no reply of intent {intent} has it in its source. Remedy: say it and list it")
                continue
            for language in LANGUAGES:
                if not any(language in asked.get(reply, set()) for reply in (saying or replies)):
                    problems.append(f"{point}: no case in '{language}' asks for {' or '.join(saying or replies)}. "
                                    "Remedy: add one to tests/cases")
    for problem in problems:
        print(problem)
    print(f"points: {points} points, {often} answers met often, {len(problems)} problems")
    return 1 if problems or not points or not often else 0


if __name__ == "__main__":
    sys.exit(main())
