#!/usr/bin/env python3
"""Kills a program that stores turns, again and again, and proves that nothing it acknowledged was lost or doubled.

The writer (tests/crash/writer.c) prints a line for every reply, after it was acknowledged; the line is this test's journal,
outside the process that dies. After each SIGKILL the writer is started anew and given, per conversation, the number of the
last acknowledged turn: that one is sent again (its reply must be the same), and then all later ones with the same ids as
before. The engine counts the turns of its conversation, so a lost or doubled one shows in the next reply; at the end the
rows of the database are compared with the journal.

  run.py --writer PROGRAM [--kills N] [--turns N] [--expect-loss]

--expect-loss is for the control, a build that acknowledges before COMMIT: the test then ends with the first loss, and passes
only if there was one.
"""
import argparse
import os
import random
import select
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time

from outcome import Outcome

PEOPLE = 64
START_SECONDS = 30  # for one start: sanitizers are slow
EVENTS_A_TURN = 2   # the visitor's message and one reply


class Journal(Outcome):
    """What was acknowledged: per conversation {turn: (first, last, reply)}."""

    def __init__(self):
        super().__init__()
        self.turns = [{} for _ in range(PEOPLE)]

    def start_of(self, person):
        """The last acknowledged turn is sent again."""
        return max(self.turns[person].keys(), default=1)

    def note(self, line):
        fields = line.split(" ", 5)
        person, turn, status = int(fields[0]), int(fields[1]), fields[2]
        entry = (int(fields[3]), int(fields[4]), fields[5])
        known = self.turns[person].get(turn)
        if status not in ("ok", "duplicate"):
            self.lost.add((person, turn)) if known else None
            self.problem(f"person {person}, turn {turn}: {line}")
        elif known is not None:
            self.again(person, turn, status, entry, known)
        else:
            self.first(person, turn, status, entry)

    def first(self, person, turn, status, entry):
        self.acknowledged += 1
        self.found += status == "duplicate"  # stored, but killed before it was acknowledged
        self.turns[person][turn] = entry
        if entry[2] != f"{turn}: kata {turn}":
            self.problem(f"person {person}, turn {turn}: the reply is \"{entry[2]}\": a turn was lost or doubled")
        before = self.turns[person].get(turn - 1)
        if before is not None and entry[0] != before[1] + 1:
            self.problem(f"person {person}, turn {turn}: starts at {entry[0]} after {before[1]}")

    def again(self, person, turn, status, entry, known):
        self.repeated += 1
        if status != "duplicate":
            self.lost.add((person, turn))
            self.problem(f"person {person}, turn {turn}: was acknowledged, and is stored anew: it was lost")
            self.turns[person][turn] = entry
        elif entry != known:
            self.problem(f"person {person}, turn {turn}: answered {known}, the second time {entry}")


class Writer:
    def __init__(self, program, database, journal, turns_each=0):
        self.journal = journal
        self.rest = b""
        self.was_ready = False
        self.was_closed = False
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen([program, database, str(turns_each)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=self.errors)
        starts = "".join(f"{journal.start_of(person)}\n" for person in range(PEOPLE))
        self.process.stdin.write(starts.encode())
        self.process.stdin.close()

    def read(self, seconds):
        """Notes what arrives; False at the end of the output."""
        readable, _, _ = select.select([self.process.stdout], [], [], max(0, seconds))
        if not readable:
            return True
        block = os.read(self.process.stdout.fileno(), 1 << 20)
        *lines, self.rest = (self.rest + block).split(b"\n")
        for line in lines:
            if line == b"ready":
                self.was_ready = True
            elif line == b"closed":
                self.was_closed = True
            else:
                self.journal.note(line.decode())
        return block != b""

    def run_for(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not self.read(end - time.monotonic()):
                return

    def wait_for_reply(self):
        while select.select([self.process.stdout], [], [], 0)[0] and self.read(0):
            pass
        select.select([self.process.stdout], [], [], 1)

    def wait_ready(self):
        end = time.monotonic() + START_SECONDS
        while not self.was_ready and time.monotonic() < end and self.read(0.1):
            pass
        if not self.was_ready:
            self.journal.problem("the writer did not start")

    def finish(self):
        while self.read(60):
            pass
        status = self.process.wait(timeout=60)
        if status not in (0, -9):
            self.errors.seek(0)
            self.journal.problem(f"the writer ended with {status}: {self.errors.read().decode()[-2000:]}")
        self.process.stdout.close()
        self.errors.close()

    def kill(self):
        self.process.kill()  # this process, by its id
        self.finish()


def check_rows(database, journal, is_filing=False):
    """The rows against the journal and against themselves. Returns the number of turns stored.

    is_filing: a run of places may be half filed, as it is between two of its pieces, each a transaction of its own.
    """
    connection = sqlite3.connect(database)
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'filed'").fetchone():
        journal.problem("the database was never finished")
        return 0
    for row in connection.execute("PRAGMA integrity_check"):
        if row[0] != "ok":
            journal.problem(f"integrity_check: {row[0]}")
    for row in connection.execute("PRAGMA foreign_key_check"):
        journal.problem(f"foreign_key_check: {row}")
    stored = 0
    for person in range(PEOPLE):
        rows = connection.execute(
            "SELECT turn.id, version, first_seq, last_seq, inbound, outcome FROM turn JOIN conversation"
            " ON conversation.number = turn.conversation WHERE conversation.id = ? ORDER BY turn.number",
            (f"person-{person}",)).fetchall()
        stored += len(rows)
        check_person(person, rows, journal)
    places = connection.execute("SELECT conversation, number, id_hash FROM place").fetchall()
    for conversation, first, last, filed in connection.execute("SELECT conversation, first, last, places FROM place_list").fetchall():
        row = [(conversation, *place) for place in struct.iter_unpack("<qq", filed)]
        if (row[0][1], row[-1][1]) != (first, last):
            journal.problem(f"places of conversation {conversation}: {first} to {last} is wrong")
        places += row
    places.sort(key=lambda place: place[1])
    (up_to,) = connection.execute("SELECT up_to FROM filed").fetchone()
    turns = connection.execute("SELECT conversation, number, id_hash FROM turn ORDER BY number").fetchall()
    filed = [turn for turn in turns if turn[1] <= up_to]
    if [place for place in places if place[1] <= up_to] != filed:
        journal.problem(f"the {len(filed)} turns up to {up_to} should have places, {len(places)} places are there")
    begun = [place for place in places if place[1] > up_to]
    if begun and (not is_filing or not set(begun) <= set(turns)):
        journal.problem(f"{len(begun)} places behind {up_to}, where the filed ones end")
    journal.check_states(connection)
    connection.close()
    return stored


def check_person(person, rows, journal):
    ids = [row[0] for row in rows]
    for turn, entry in journal.turns[person].items():
        if f"t-{turn}" not in ids:
            journal.lost.add((person, turn))
            journal.problem(f"person {person}, turn {turn} was acknowledged and is not stored")
    if len(set(ids)) != len(ids):
        journal.problem(f"person {person}: doubled turns")
    next_seq = 1
    for index, (turn_id, version, first, last, inbound, outcome) in enumerate(rows):
        number = index + 1
        if turn_id != f"t-{number}" or version != number or first != next_seq or last != first + EVENTS_A_TURN - 1:
            journal.problem(f"person {person}, row {number}: {turn_id}, version {version}, numbers {first} to {last}")
            return
        if f"kata {number}\"".encode() not in inbound or f"{number}: kata {number}\"".encode() not in outcome:
            journal.problem(f"person {person}, row {number}: {inbound} -> {outcome}")
        next_seq = last + 1


def kill_often(arguments, database, journal):
    chance = random.Random(arguments.seed)
    end = time.monotonic() + arguments.seconds
    kills = 0
    while kills < arguments.kills or journal.acknowledged < arguments.turns:
        if time.monotonic() > end:
            journal.problem(f"time is over after {kills} kills and {journal.acknowledged} turns")
            break
        writer = Writer(arguments.writer, database, journal)
        if chance.random() < 0.1:
            writer.run_for(chance.uniform(0, 0.02))  # while it creates, migrates, recovers or opens the database
        else:
            writer.wait_ready()
            writer.run_for(chance.uniform(0.005, 0.15))
            if chance.random() < 0.5:
                writer.wait_for_reply()  # just after an acknowledgement is when a lie would show
        writer.kill()
        kills += 1
        if journal.problems:
            break
    return kills


def kill_while_opening(arguments, folder, number, chance):
    """A new database, killed while it is made, must open the next time. Returns the journal."""
    journal = Journal()
    database = os.path.join(folder, f"new-{number}.db")
    for _ in range(2):
        writer = Writer(arguments.writer, database, journal)
        writer.run_for(chance.uniform(0, arguments.opening_seconds))
        writer.kill()
    writer = Writer(arguments.writer, database, journal, turns_each=1)
    writer.finish()
    if not writer.was_closed:
        journal.problem("a database killed while it was made does not open")
    check_rows(database, journal)
    return journal


def back_up_under_load(arguments, folder):
    """A copy made while turns are stored holds everything acknowledged before it began, and opens. Returns the journal."""
    journal = Journal()
    database, copy = os.path.join(folder, "busy.db"), os.path.join(folder, "copy.db")
    writer = Writer(arguments.writer, database, journal)
    writer.wait_ready()
    writer.run_for(0.3)
    acknowledged = [dict(turns) for turns in journal.turns]
    source, target = sqlite3.connect(database), sqlite3.connect(copy)
    source.backup(target)
    source.close()
    target.close()
    writer.kill()
    copied = Journal()
    copied.turns = acknowledged
    check_rows(copy, copied, is_filing=True)
    again = Writer(arguments.writer, copy, copied, turns_each=2)
    again.finish()
    if not again.was_closed:
        copied.problem("the copy does not open")
    check_rows(copy, copied)
    copied.problems += journal.problems
    return copied


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--writer", required=True)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--openings", type=int, default=10, help="databases killed while they are made")
    parser.add_argument("--opening-seconds", type=float, default=0.03)
    parser.add_argument("--turns", type=int, default=0, help="go on until so many are acknowledged")
    parser.add_argument("--seconds", type=float, default=300, help="longest run")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--expect-loss", action="store_true")
    arguments = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="pandu-crash-")
    database = os.path.join(folder, "pandu.db")
    journal = Journal()
    try:
        kills = kill_often(arguments, database, journal)
        if not journal.problems:
            writer = Writer(arguments.writer, database, journal, turns_each=3)  # and one that may close in peace
            writer.finish()
            if not writer.was_closed or os.path.exists(database + "-wal"):
                journal.problem("the store did not close in peace")
        stored = check_rows(database, journal)
        chance = random.Random(arguments.seed + 1)
        if not arguments.expect_loss:
            journal.problems += back_up_under_load(arguments, folder).problems
        for number in range(0 if arguments.expect_loss else arguments.openings):
            journal.problems += kill_while_opening(arguments, folder, number, chance).problems
    finally:
        shutil.rmtree(folder)
    return journal.close(arguments.seed, kills, stored, arguments.expect_loss)


if __name__ == "__main__":
    sys.exit(main())
