#!/usr/bin/env python3
"""What must be understood: the development split (even rows of tests/data/examples.tsv), groups that have content.
Judged here from `pandu eval --predictions`, not from its summary. Usage: check_bars.py PANDU; exit 1 below a bar."""
import csv
import subprocess
import sys
import tempfile
from pathlib import Path

GROUPS = ["conversation", "control", "service", "counselling", "safety", "job_to_career", "social_career", "portfolio_career",
          "career_management", "career_choice", "work_experience"]
BARS = {"right": 88.0, "right or offered": 96.0, "wrong": 4.0, "crisis found": 100.0}


def table(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def main():
    group_of = {row["id"]: row["group"] for row in table("tests/data/taxonomy.tsv")}
    rows = [row for number, row in enumerate(table("tests/data/examples.tsv"), 1) if number % 2 == 0]
    rows = [row for row in rows if any(group_of.get(intent) in GROUPS for intent in row["intent"].split("|"))]
    with tempfile.TemporaryDirectory() as folder:
        questions, answers = Path(folder, "questions.tsv"), Path(folder, "answers.tsv")
        with open(questions, "w") as file:
            file.write("text\tintent\tlang\tstyle\n")
            file.writelines("\t".join((row["text"], row["intent"], row["lang"], row["style"])) + "\n" for row in rows)
        subprocess.run([sys.argv[1], "eval", str(questions), "--groups", ",".join(GROUPS), "--predictions", str(answers)],
                       check=True, stdout=subprocess.DEVNULL)
        predictions = table(answers)
    if len(predictions) != len(rows) or not rows:
        sys.exit(f"{len(rows)} messages judged, {len(predictions)} predictions came")
    right = offered = wrong = danger = found = 0
    for row, said in zip(rows, predictions):
        expected = row["intent"].split("|")
        is_right = said["outcome"] == "answer" and said["first"] in expected
        right += is_right
        wrong += said["outcome"] == "answer" and not is_right
        offered += is_right or (said["outcome"] == "suggest" and
                                any(said[place] in expected for place in ("first", "second", "third")))
        if "crisis" in expected:
            danger += 1
            found += is_right
    figures = {"right": 100 * right / len(rows), "right or offered": 100 * offered / len(rows),
               "wrong": 100 * wrong / len(rows), "crisis found": 100 * found / max(1, danger)}
    failed = [name for name, bar in BARS.items() if (figures[name] > bar if name == "wrong" else figures[name] < bar)]
    for name, bar in BARS.items():
        print(f"{name}: {figures[name]:.1f} % (bar: {'at most' if name == 'wrong' else 'at least'} {bar:.0f} %)"
              + (" BELOW THE BAR" if name in failed else ""))
    print(f"bars: {len(rows)} messages, {len(failed)} bars missed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
