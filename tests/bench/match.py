#!/usr/bin/env python3
"""Runs `pandu bench match` on a folder of patterns and prints a table: match.py PANDU FOLDER [COUNT ...].

FOLDER holds patterns_COUNT.tsv and msgs_COUNT.txt (make_patterns.py makes them). Every count is also run through both
plain loops (--no-loops leaves them out; ten thousand patterns take half a minute each). Exit 1 if the prefilter and a
loop disagree on one hit. --bars also fails when a bar of docs/performance.md is missed; use it on an idle machine.
"""
import argparse
import glob
import json
import os
import re
import subprocess
import sys

GROWTH, SPEED_UP, LOAD_MS = 2.5, 500, 150


def run(pandu, folder, count, loop=None):
    command = [pandu, "bench", "match", "--patterns", os.path.join(folder, "patterns_%d.tsv" % count),
               "--messages", os.path.join(folder, "msgs_%d.txt" % count)] + (["--loop", loop] if loop else [])
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def show(result):
    print("| %s | %d | %.1f | %.2f | %.2f | %.2f | %.1f | %d |" % (
        result["way"], result["patterns"], result["load_ms"], result["first_us"], result["all_us"], result["p99_us"],
        result["rss_mb"], result["hits"]), flush=True)


def run_count(arguments, count):
    """The prefilter's figures, and those of the loops; None if they disagree."""
    result = run(arguments.pandu, arguments.folder, count)
    show(result)
    loops = []
    for loop in () if arguments.no_loops else ("interpreter", "jit"):
        loops.append(run(arguments.pandu, arguments.folder, count, loop))
        show(loops[-1])
        if any(loops[-1][key] != result[key] for key in ("hits", "checksum", "patterns", "messages")):
            print("disagree: %s" % {key: (result[key], loops[-1][key]) for key in ("hits", "checksum")})
            return None
    return result, loops


def bars(results):
    """Each bar as (what, figure, limit, met)."""
    counts = sorted(results)
    few, many = results[counts[0]][0], results[counts[-1]][0]
    growth = many["all_us"] / few["all_us"]
    yield "all hits, %d patterns against %d" % (counts[-1], counts[0]), growth, "<= %.1f" % GROWTH, growth <= GROWTH
    yield "load of %d, ms" % counts[-1], many["load_ms"], "<= %d" % LOAD_MS, many["load_ms"] <= LOAD_MS
    if results[counts[-1]][1]:
        ratio = min(loop["all_us"] for loop in results[counts[-1]][1]) / many["all_us"]
        yield "all hits, %d patterns, against the faster loop" % counts[-1], ratio, ">= %d" % SPEED_UP, ratio >= SPEED_UP


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pandu")
    parser.add_argument("folder")
    parser.add_argument("counts", nargs="*", type=int)
    parser.add_argument("--no-loops", action="store_true")
    parser.add_argument("--bars", action="store_true")
    arguments = parser.parse_args()
    files = glob.glob(os.path.join(arguments.folder, "patterns_*.tsv"))
    counts = sorted(arguments.counts or (int(re.search(r"(\d+)\.tsv$", name).group(1)) for name in files))
    if not counts:
        sys.exit("no patterns_COUNT.tsv in %s" % arguments.folder)
    print("| way | patterns | load ms | first us | all us | p99 us | rss MB | hits |\n|---|---|---|---|---|---|---|---|")
    results = {count: run_count(arguments, count) for count in counts}
    if None in results.values():
        sys.exit(1)
    missed = 0
    for what, figure, limit, is_met in bars(results):
        print("%s: %.2f (%s)%s" % (what, figure, limit, "" if is_met else " MISSED"))
        missed += not is_met
    sys.exit(1 if arguments.bars and missed else 0)


if __name__ == "__main__":
    main()
