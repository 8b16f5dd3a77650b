#!/usr/bin/env python3
"""What must be understood: the development split (even rows of tests/data/examples.tsv) and the messages nobody wrote patterns
from: fresh paraphrases (tests/data/unseen.tsv) and what people wrote in public pages (tests/data/real_wording.tsv).
Judged here from `pandu eval --predictions`, not from its summary. Usage: check_bars.py PANDU; exit 1 below a bar."""
import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path

UNSEEN = {"right": 88.0, "right or offered": 96.0, "wrong": 4.0, "out of scope answered": 5.0, "crisis found": 98.0, "false alarm": 1.0}
LISTS = {
    "development split": ("tests/data/examples.tsv", {"right": 90.0, "right or offered": 97.0, "wrong": 3.0,
                                                      "out of scope answered": 4.0, "crisis found": 100.0, "false alarm": 1.0}),
    "unseen": ("tests/data/unseen.tsv", UNSEEN),
    "real wording": ("tests/data/real_wording.tsv", UNSEEN),
}
AT_MOST = {"wrong", "out of scope answered", "false alarm"}


def table(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def outside_intents():
    """Intents that say "not my field": for a message out of scope they are no answer, for any other a wrong one."""
    return {intent["id"] for path in Path("intents").glob("*.json")
            for intent in json.loads(path.read_text()).get("intents", []) if intent.get("out_of_scope")}


def predictions(program, rows):
    with tempfile.TemporaryDirectory() as folder:
        questions, answers = Path(folder, "questions.tsv"), Path(folder, "answers.tsv")
        with open(questions, "w") as file:
            file.write("text\tintent\n")
            file.writelines(row["text"] + "\t" + row["intent"] + "\n" for row in rows)
        subprocess.run([program, "eval", str(questions), "--predictions", str(answers)], check=True, stdout=subprocess.DEVNULL)
        said = table(answers)
    if len(said) != len(rows) or not rows:
        sys.exit(f"{len(rows)} messages judged, {len(said)} predictions came")
    return said


def share(part, whole):
    return 100 * part / max(1, whole)


def judge(rows, said, outside):
    inside = right = offered = wrong = out = answered_out = danger = found = alarms = 0
    for row, got in zip(rows, said):
        expected = row["intent"].split("|")
        answered = got["outcome"] == "answer"
        alarms += answered and got["first"] == "crisis" and "crisis" not in expected
        if expected == ["none"]:
            out += 1
            answered_out += answered and got["first"] not in outside
            continue
        inside += 1
        is_right = answered and got["first"] in expected
        right += is_right
        wrong += answered and not is_right
        offered += is_right or (got["outcome"] == "suggest" and any(got[place] in expected for place in ("first", "second", "third")))
        if "crisis" in expected:
            danger += 1
            found += is_right
    return {"right": share(right, inside), "right or offered": share(offered, inside), "wrong": share(wrong, inside),
            "out of scope answered": share(answered_out, out), "crisis found": share(found, danger),
            "false alarm": share(alarms, len(rows) - danger)}


def main():
    missed = 0
    for name, (path, bars) in LISTS.items():
        rows = table(path)
        if name == "development split":
            rows = [row for number, row in enumerate(rows, 1) if number % 2 == 0]
        figures = judge(rows, predictions(sys.argv[1], rows), outside_intents())
        for bar, limit in bars.items():
            is_missed = figures[bar] > limit if bar in AT_MOST else figures[bar] < limit
            missed += is_missed
            print(f"{name}: {bar}: {figures[bar]:.1f} % (bar: {'at most' if bar in AT_MOST else 'at least'} {limit:.0f} %)"
                  + (" BELOW THE BAR" if is_missed else ""))
    print(f"bars: {missed} missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
