#!/usr/bin/env python3
"""Fixed words that are looked up by their first letter (struct by_letter, the rows of entity_words.c): each stands under its own
letter, or it would never be found, and once; where second letters stand before a colon, these are all and no others. Usage: check_words.py [ROOT]; exit 1 on a breach."""
import re
import sys
from pathlib import Path

MEMBER = re.compile(r'\.([a-z]) =\s*((?:"[^"]*"\s*)+)')
ROWS = re.compile(r'\bwords_([a-z])\[\] = \{(.*?)\};', re.S)


def lists(text):
    """Every list of a file: (its letter, the second letters it is said to have or None, its words)."""
    for start in re.finditer(r'struct by_letter [a-z_]+(?:\[\])? = |(?<=, )[a-z]+ = (?=\{\.)', text):
        end = text.index(";", start.end())
        body = text[start.end():end]
        separator = "|" if "[] = " in start.group() else None
        for member in MEMBER.finditer(body):
            written = "".join(re.findall(r'"([^"]*)"', member[2]))
            seconds, _, words = written.rpartition(":")
            yield member[1], seconds if separator else None, (words if separator else written).split(separator)


def second(word):
    """The second letter of a phrase; "_" when its first word has but one."""
    return word[1] if len(word) > 1 and word[1] != " " else "_"


def problems_of(path, text):
    for letter, seconds, words in lists(text):
        if seconds is not None and sorted(seconds) != sorted({second(word) for word in words}):
            yield f"{path}: under {letter}, second letters: {''.join(sorted({second(word) for word in words}))}"
        if any(not word.startswith(letter) for word in words):
            yield f"{path}: under {letter}: {' '.join(word for word in words if not word.startswith(letter))}"
        if len(set(words)) < len(words):
            yield f"{path}: twice under {letter}: {' '.join(sorted({word for word in words if words.count(word) > 1}))}"
    for rows in ROWS.finditer(text):
        wrong = [word for word in re.findall(r'\{"([^"]*)"', rows[2]) if not word.startswith(rows[1])]
        if wrong:
            yield f"{path}: in words_{rows[1]}: {' '.join(wrong)}"
    named = [rows[1] for rows in ROWS.finditer(text)]
    if named and re.findall(r"ROW\(words_([a-z])\)", text) != sorted(named):
        yield f"{path}: the table of rows is not in the order of letters, or lacks one"


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    problems, seen = [], 0
    for path in sorted(root.glob("bot/**/*.c")):
        text = path.read_text()
        seen += sum(1 for _ in lists(text)) + len(ROWS.findall(text))
        problems += problems_of(path.relative_to(root), text)
    print("\n".join(problems) if problems else f"{seen} lists of words: all under their own letters")
    return 1 if problems or seen == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
