#!/usr/bin/env python3
"""The example clients of docs/clients against the real server: a talk with buttons, a server that is killed and comes back, a client
that is killed and comes back, another window. Whatever happens, each line is stored once, in order, and each reply is shown once.
They are examples because they are short: 60 lines at most.
clients.py PANDU; needs node with the package ws (NODE_PATH) and Debian's python3-websockets."""
import base64
import hashlib
import json
import os
import queue
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/crash"))
from serve import START_SECONDS, Server  # noqa: E402

LINES_MAX = 60
CLIENTS = {"pandu.js": ["node", "--no-warnings"], "pandu.py": ["/usr/bin/python3"]}


class Client:
    """One run of an example client; its lines come through a thread."""

    def __init__(self, name, port, state):
        self.name = name
        self.process = subprocess.Popen([*CLIENTS[name], ROOT / "docs/clients" / name, f"ws://127.0.0.1:{port}/ws", state],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.lines, self.shown = queue.Queue(), []
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def wait_quiet(self, seconds=20, quiet=0.7):
        """What it shows until it falls silent; at least one line."""
        end, new = time.monotonic() + seconds, []
        while True:
            try:
                new.append(self.lines.get(timeout=quiet if new else max(0.1, end - time.monotonic())))
            except queue.Empty:
                self.shown += new
                assert new, f"{self.name} showed nothing in {seconds} s: {self.errors()}"
                return new

    def errors(self):
        if self.process.poll() is None:
            self.process.kill()
        return self.process.stderr.read()[-1000:]

    def finish(self):
        """The end of its input: it ends by itself once everything is answered."""
        self.process.stdin.close()
        status = self.process.wait(timeout=60)
        assert status == 0, f"{self.name} ended with {status}: {self.errors()}"
        self.reader.join(timeout=20)
        while not self.lines.empty():
            self.shown.append(self.lines.get())


class Place:
    """A folder with a database, and a server that can be killed and started again at the same port."""

    def __init__(self, program):
        self.program, self.folder = program, tempfile.mkdtemp(prefix="pandu-clients-")
        self.database = os.path.join(self.folder, "pandu.db")
        self.server = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def start(self):
        self.server = Server(self.program, self.database, self.port)
        assert self.server.wait_port(START_SECONDS) == self.port, f"the server did not start: {self.server.end()}"

    def kill(self):
        self.server.end()
        self.server = None

    def close(self):
        if self.server is not None:
            status, words = self.server.end(is_kill=False)
            assert status == 0, f"the server ended with {status}: {words}"
        shutil.rmtree(self.folder)

    def state(self, name):
        return os.path.join(self.folder, name + ".json")

    def stored(self, state):
        """What the visitor of this state file said, as it is stored: [(id, text or choice)]; also checks the numbers."""
        token = json.loads(Path(state).read_text())["conv"]
        name = "w-" + base64.urlsafe_b64encode(hashlib.sha256(f"conversation:{token}".encode()).digest()).decode().rstrip("=")
        connection = sqlite3.connect(self.database)
        rows = connection.execute("SELECT turn.id, first_seq, last_seq, inbound, outcome FROM turn JOIN conversation ON"
                                  " conversation.number = turn.conversation WHERE conversation.id = ? ORDER BY turn.number",
                                  (name,)).fetchall()
        connection.close()
        next_seq, said, replies = 1, [], []
        for turn_id, first, last, inbound, outcome in rows:
            assert first == next_seq, f"number {first} after {next_seq - 1}"
            next_seq = last + 1
            replies += [reply["text"] for reply in json.loads(outcome)["replies"]]
            if inbound:
                content = json.loads(inbound)
                said.append((turn_id, content.get("text", content.get("choice"))))
        return said, replies


def expect_each_once(client, texts):
    """Every reply was shown, and as often as it was said."""
    shown = "\n".join(client.shown) + "\n"
    for text in set(texts):
        assert shown.count(text + "\n") == texts.count(text), \
            f"{client.name}: shown {shown.count(text + chr(10))} times, said {texts.count(text)} times: {text}"


def talk_with_buttons(name, place):
    client = Client(name, place.port, place.state(name))
    greeting = client.wait_quiet()
    assert any(line.startswith("  1. ") for line in greeting), f"no buttons in the greeting: {greeting}"
    client.say("aku cocok ga ya kerja sosial?")
    first = client.wait_quiet()
    assert any(line.startswith("  1. ") for line in first), f"no buttons in the answer: {first}"
    client.say("1")
    client.wait_quiet()
    client.say("makasih ya 😀 \"kutip\" \\ é")
    client.wait_quiet()
    client.finish()
    said, _ = place.stored(place.state(name))
    assert [text for _, text in said][::2] == ["aku cocok ga ya kerja sosial?", "makasih ya 😀 \"kutip\" \\ é"], said
    assert ":" in said[1][1], f"a pressed button is stored as its payload: {said}"


def come_back(name, place):
    """The second run knows the conversation, shows nothing twice, and goes on; another window sees all of it."""
    client = Client(name, place.port, place.state(name))
    client.say("apa itu karier?")
    new = client.wait_quiet()
    client.finish()
    before = json.loads(Path(place.state(name)).read_text())
    assert len(place.stored(place.state(name))[0]) == 4 and not any("cocok ga" in line for line in new), new
    Path(place.state("other")).write_text(json.dumps({**before, "last": 0, "outbox": []}))
    other = Client(name, place.port, place.state("other"))
    replay = other.wait_quiet()
    other.finish()
    assert "> aku cocok ga ya kerja sosial?" in replay and "> apa itu karier?" in replay, replay
    assert json.loads(Path(place.state("other")).read_text())["last"] == before["last"]


def killed_server(name, place):
    """Lines typed before the server is there, while it dies, and while it is gone."""
    lines = [f"halo {number}" for number in range(1, 31)]
    client = Client(name, place.port, place.state(name))
    for line in lines[:10]:
        client.say(line)
    place.start()
    client.wait_quiet()
    for line in lines[10:20]:
        client.say(line)
    time.sleep(0.03)
    place.kill()
    for line in lines[20:]:
        client.say(line)
    time.sleep(0.5)
    place.start()
    client.wait_quiet(seconds=40, quiet=3)
    client.finish()
    said, replies = place.stored(place.state(name))
    assert [text for _, text in said] == lines, f"stored: {said}"
    expect_each_once(client, replies)


def killed_client(name, place):
    """A client that dies with lines it has not sent yet sends them when it is started again."""
    place.start()
    client = Client(name, place.port, place.state(name))
    client.wait_quiet()
    place.kill()
    for line in ("satu", "dua", "tiga"):
        client.say(line)
    end = time.monotonic() + 20
    while len(json.loads(Path(place.state(name)).read_text())["outbox"]) < 3 and time.monotonic() < end:
        time.sleep(0.05)
    client.process.kill()
    client.process.wait()
    place.start()
    again = Client(name, place.port, place.state(name))
    again.wait_quiet()
    again.finish()
    assert [text for _, text in place.stored(place.state(name))[0]] == ["satu", "dua", "tiga"]


def main():
    program = os.path.abspath(sys.argv[1])
    failed = 0
    for name in CLIENTS:
        lines = len((ROOT / "docs/clients" / name).read_text().splitlines())
        if lines > LINES_MAX:
            failed += 1
            print(f"FAILED  {name}: {lines} lines, {LINES_MAX} at most")
        for tests, is_started in (((talk_with_buttons, come_back), True), ((killed_server,), False), ((killed_client,), False)):
            place = Place(program)
            try:
                if is_started:
                    place.start()
                for test in tests:
                    test(name, place)
                    print(f"ok      {name} {test.__name__}")
            except AssertionError as error:
                failed += 1
                print(f"FAILED  {name}: {error}")
            finally:
                place.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
