#!/usr/bin/env python3
"""Kills the real server, again and again, while visitors talk to it over WebSocket, and proves that no turn it acknowledged was
lost, doubled or answered differently.

Each visitor keeps, outside the process that dies, what it sent and what it was told: its journal. It sends every message until it is
acknowledged, always with the same id; after each restart it also sends one again that was acknowledged before: that must be a
duplicate with the same number and the same reply. What was shown under a number must never change. In the end the rows of the
database are compared with the journals.

  serve.py --program PANDU [--kills N] [--turns N] [--seconds S] [--seed N] [--expect-loss]

--expect-loss is for the control, a build that acknowledges before COMMIT: the test ends with the first loss, and passes only if
there was one."""
import argparse
import base64
import hashlib
import json
import os
import random
import re
import selectors
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

from chat import Chat, Closed
from outcome import Outcome

START_SECONDS = 60  # sanitizers are slow
SETTINGS = ["--turn-burst", "100000", "--turns-per-minute", "1000000", "--conversation-burst", "1000000",
            "--conversations-per-minute", "1000000", "--connections-per-address", "100000"]
SAID = ["halo", "apa itu karier sosial?", "aku cocok ga ya kerja sosial", "gaji kerja sosial berapa ya?", "makasih kak", "bingung nih",
        "what is a career?", "bedanya karier sama pekerjaan apa?", "zzz qqq xxx", "kembali", "lewati", "mau pindah karier"]


class Visitor:
    def __init__(self, number, journal, chance):
        self.number, self.journal, self.chance = number, journal, chance
        self.chat, self.is_welcome, self.token = None, False, None
        self.count, self.last, self.choices = 0, 0, []
        self.outbox = []    # (id, content) sent or to be sent, not acknowledged
        self.contents = {}  # id -> content, all that was ever sent
        self.acks = {}      # id -> seq
        self.shown = {}     # seq -> what the bot said
        self.again = None   # an acknowledged id that was sent once more

    def problem(self, text):
        self.journal.problem(f"visitor {self.number}: {text}")

    def connect(self, port):
        self.is_welcome = False
        self.chat = Chat(port)
        self.chat.send({"type": "hello", "v": 1, "client": f"crash{self.number}", "conv": self.token, "last": self.last})

    def disconnect(self):
        if self.chat is not None:
            self.chat.close()
        self.chat, self.is_welcome, self.again = None, False, None

    def say_next(self):
        """One message under way, sometimes two."""
        while len(self.outbox) < 2 and (not self.outbox or self.chance.random() < 0.3):
            self.count += 1
            picked = self.choices and self.chance.random() < 0.6
            content = {"choice": self.chance.choice(self.choices)["payload"]} if picked else \
                {"text": f"{self.chance.choice(SAID)} {self.count}" if self.chance.random() < 0.3 else self.chance.choice(SAID)}
            name = f"crash{self.number}-{self.count}"
            self.contents[name] = content
            self.outbox.append(name)
            self.send(name)

    def send(self, name):
        self.chat.send({"type": "msg", "id": name, **self.contents[name]})

    def take(self, message):
        getattr(self, "take_" + message["type"], lambda message: None)(message)

    def take_welcome(self, message):
        if not message["resume"] and self.acks:
            self.journal.lost.add(self.number)
            self.problem("an acknowledged conversation is not known")
        if message["resume"] and message["next"] <= max([self.last, *self.acks.values()], default=0):
            self.journal.lost.add(self.number)
            self.problem(f"the next number is {message['next']} after {self.last}")
        if not message["resume"]:
            self.token, self.last = message.get("conv", self.token), 0
        self.is_welcome = True
        for name in self.outbox:
            self.send(name)
        if self.acks:
            self.again = max(self.acks, key=self.acks.get) if self.chance.random() < 0.5 else self.chance.choice(list(self.acks))
            self.send(self.again)
        self.say_next()

    def take_ack(self, message):
        name, seq = message["id"], message["seq"]
        if name in self.acks:
            self.journal.repeated += 1
            if not message["dup"]:
                self.journal.lost.add((self.number, name))
                self.problem(f"{name} was acknowledged, and is stored anew: it was lost")
            elif self.acks[name] != seq:
                self.problem(f"{name} had number {self.acks[name]}, now {seq}")
        else:
            self.journal.acknowledged += 1
            self.journal.found += message["dup"]  # stored, but killed before it was acknowledged
            if seq in self.acks.values():
                self.problem(f"{name} has number {seq}, which another has")
            self.acks[name] = seq
        if name in self.outbox:
            self.outbox.remove(name)
        self.say_next()

    def take_nak(self, message):
        if message["code"] in ("busy", "rate", "storage"):
            time.sleep(0.01)
            self.send(message["id"])
        else:
            self.problem(f"refused: {message}")

    def take_event(self, message):
        seq = message["seq"]
        said = {key: message.get(key) for key in ("kind", "re", "id", "reply", "text", "choice", "choices")}
        if message["kind"] == "bot":
            if seq in self.shown and self.shown[seq] != said:
                self.problem(f"number {seq} was {self.shown[seq]}, now {said}")
            self.shown[seq] = said
            self.choices = message["choices"] or self.choices
        self.last = max(self.last, seq)


class Server:
    def __init__(self, program, database, port=0, settings=SETTINGS):
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen([program, "serve", "--listen", f"127.0.0.1:{port}", "--db", database, *settings],
                                        stdout=subprocess.PIPE, stderr=self.errors)
        os.set_blocking(self.process.stdout.fileno(), False)
        self.port, self.said = None, b""

    def wait_port(self, seconds):
        """The port, or None if it is not open yet."""
        end = time.monotonic() + seconds
        while self.port is None and time.monotonic() < end and self.process.poll() is None:
            self.said += self.process.stdout.read() or b""
            found = re.search(rb"127\.0\.0\.1:(\d+)", self.said)
            self.port = int(found.group(1)) if found else None
            time.sleep(0 if self.port else 0.002)
        return self.port

    def end(self, is_kill=True):
        """Kills this process by its id, or asks it to stop. Returns its status and last words."""
        self.process.kill() if is_kill else self.process.terminate()
        status = self.process.wait(timeout=60)
        self.process.stdout.close()
        self.errors.seek(0)
        return status, self.errors.read().decode(errors="replace")[-1500:]


def talk(visitors, port, seconds, journal):
    """Lets all visitors talk until the time is over; those whose connection breaks stay away."""
    selector = selectors.DefaultSelector()
    for visitor in visitors:
        try:
            visitor.connect(port)
            selector.register(visitor.chat.socket, selectors.EVENT_READ, visitor)
        except Closed as error:
            journal.problem(f"visitor {visitor.number} cannot connect: {error}")
    end = time.monotonic() + seconds
    while time.monotonic() < end and selector.get_map() and not journal.problems:
        take_all(selector, max(0, end - time.monotonic()), journal)
    return selector


def take_all(selector, seconds, journal):
    """What comes within the time; 0 if nothing did."""
    ready = selector.select(seconds)
    for key, _ in ready:
        try:
            key.data.chat.fill()
            for message in key.data.chat.take():
                key.data.take(message)
        except Closed as error:
            selector.unregister(key.fileobj)
            journal.problem(f"visitor {key.data.number}: the server closed: {error}")
    return len(ready)


def wait_for_answer(selector, journal):
    """Just after an acknowledgement is when a lie would show: until nothing more is there, and then something is."""
    for _ in range(1000):
        if not take_all(selector, 0, journal):
            break
    selector.select(0.2)


def drain(selector):
    """What the server had sent before it died counts: its acknowledgements are promises."""
    for key in list(selector.get_map().values()):
        try:
            key.fileobj.settimeout(2)
            while True:
                key.data.chat.fill()
        except Closed:
            pass
        chat = key.data.chat
        try:
            for message in chat.take():
                key.data.chat = Deaf()
                key.data.take(message)
        except Closed:
            pass
        chat.close()


class Deaf:
    """Stands for the connection of a killed server."""

    def send(self, message):
        pass

    def close(self):
        pass


def check_rows(database, visitors, journal):
    """The rows against the journals. Returns the number of turns stored."""
    connection = sqlite3.connect(database)
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'filed'").fetchone():
        journal.problem("the database was never finished")
        return 0
    for row in connection.execute("PRAGMA integrity_check"):
        if row[0] != "ok":
            journal.problem(f"integrity_check: {row[0]}")
    stored = 0
    for visitor in visitors:
        name = "w-" + base64.urlsafe_b64encode(hashlib.sha256(f"conversation:{visitor.token}".encode()).digest()).decode().rstrip("=")
        rows = connection.execute(
            "SELECT turn.id, version, first_seq, last_seq, inbound, outcome FROM turn JOIN conversation"
            " ON conversation.number = turn.conversation WHERE conversation.id = ? ORDER BY turn.number", (name,)).fetchall()
        stored += sum(row[0] in visitor.contents for row in rows)
        check_visitor(visitor, rows, journal)
    journal.check_states(connection)
    connection.close()
    return stored


def check_visitor(visitor, rows, journal):
    ids = [row[0] for row in rows]
    for name in visitor.acks:
        if name not in ids:
            journal.lost.add((visitor.number, name))
            visitor.problem(f"{name} was acknowledged and is not stored")
    if len(set(ids)) != len(ids):
        visitor.problem("doubled turns")
    next_seq = 1
    for number, (name, version, first, last, inbound, outcome) in enumerate(rows, 1):
        replies = json.loads(outcome)["replies"]
        if version != number or first != next_seq or last - first + 1 != len(replies) + (1 if inbound else 0):
            visitor.problem(f"row {number} ({name}): version {version}, numbers {first} to {last} after {next_seq - 1}, {len(replies)} replies")
            return
        next_seq = last + 1
        if name in visitor.contents and json.loads(inbound) != visitor.contents[name]:
            visitor.problem(f"{name}: sent {visitor.contents[name]}, stored {inbound}")
        if name in visitor.acks and visitor.acks[name] != first:
            visitor.problem(f"{name} was told number {visitor.acks[name]}, stored under {first}")
        for seq, reply in enumerate(replies, last - len(replies) + 1):
            shown = visitor.shown.get(seq)
            if shown and (shown["reply"], shown["text"]) != (reply["reply"], reply["text"]):
                visitor.problem(f"number {seq}: shown {shown['text']}, stored {reply['text']}")


def kill_often(arguments, database, visitors, journal):
    chance = random.Random(arguments.seed)
    end = time.monotonic() + arguments.seconds
    kills = 0
    while (kills < arguments.kills or journal.acknowledged < arguments.turns) and not journal.problems:
        if time.monotonic() > end:
            journal.problem(f"time is over after {kills} kills and {journal.acknowledged} turns")
            break
        server = Server(arguments.program, database)
        if chance.random() < 0.1:
            time.sleep(chance.uniform(0, 0.3))  # while it loads, migrates, recovers or opens the database
            server.end()
        else:
            kill_talking(server, visitors, journal, chance)
        kills += 1
    return kills


def kill_talking(server, visitors, journal, chance):
    if server.wait_port(START_SECONDS) is None:
        journal.problem(f"the server did not start: {server.end()}")
        return
    selector = talk(visitors, server.port, chance.uniform(0.02, 0.25), journal)
    if chance.random() < 0.5:
        wait_for_answer(selector, journal)
    server.end()
    drain(selector)
    selector.close()
    for visitor in visitors:
        visitor.disconnect()


def end_in_peace(arguments, database, visitors, journal):
    """Once more, without a kill: everything open is acknowledged, and SIGTERM ends it at once with all of it on disk."""
    server = Server(arguments.program, database)
    if server.wait_port(START_SECONDS) is None:
        journal.problem(f"the server did not start: {server.end()}")
        return
    selector = talk(visitors, server.port, 1, journal)
    began = time.monotonic()
    status, words = server.end(is_kill=False)
    if status != 0 or time.monotonic() - began > arguments.stop_seconds:
        journal.problem(f"SIGTERM: status {status} after {time.monotonic() - began:.1f} s: {words}")
    drain(selector)
    selector.close()
    if os.path.exists(database + "-wal"):
        journal.problem("the store did not close in peace")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--turns", type=int, default=0, help="go on until so many are acknowledged")
    parser.add_argument("--visitors", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=300, help="longest run")
    parser.add_argument("--stop-seconds", type=float, default=4, help="longest stop: 2 s and what a busy machine adds")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--expect-loss", action="store_true")
    arguments = parser.parse_args()
    arguments.program = os.path.abspath(arguments.program)
    folder = tempfile.mkdtemp(prefix="pandu-serve-")
    database = os.path.join(folder, "pandu.db")
    journal = Outcome()
    visitors = [Visitor(number, journal, random.Random(arguments.seed + number)) for number in range(arguments.visitors)]
    try:
        kills = kill_often(arguments, database, visitors, journal)
        if not journal.problems:
            end_in_peace(arguments, database, visitors, journal)
        stored = check_rows(database, visitors, journal)
    finally:
        shutil.rmtree(folder)
    return journal.close(arguments.seed, kills, stored, arguments.expect_loss)


if __name__ == "__main__":
    sys.exit(main())
