#!/usr/bin/env python3
"""Talks to the real server with every message of the protocol, wrong ones too, and writes all that was said in both directions to a
file, one JSON object a line, for tests/e2e/protocol.js to hold against docs/protocol.yaml. record.py PANDU FILE"""
import json
import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/crash"))
from chat import Chat  # noqa: E402
from serve import START_SECONDS, Server  # noqa: E402


class Recorder:
    """A connection whose messages are written down; wrong ones are not, for no schema fits them."""

    def __init__(self, port, out):
        self.chat, self.out, self.waiting = Chat(port, 10), out, []

    def write(self, sender, message):
        self.out.write(json.dumps({"from": sender, "message": message}) + "\n")

    def say(self, message, is_right=True):
        if is_right:
            self.write("client", message)
        self.chat.send(message)

    def hear(self, kind):
        """The next message of this type; what came before it is kept."""
        for index, message in enumerate(self.waiting):
            if message["type"] == kind:
                return self.waiting.pop(index)
        while True:
            for message in self.chat.receive():
                self.write("server", message)
                self.waiting.append(message)
            found = [message for message in self.waiting if message["type"] == kind]
            if found:
                self.waiting.remove(found[0])
                return found[0]

    def hear_answer(self, name):
        """The ack of a message; returns the last thing the bot says to it."""
        self.hear("ack")
        self.say({"type": "ping"})  # its answer comes after all of them
        self.hear("pong")
        events = [message for message in self.waiting if message["type"] == "event"]
        self.waiting = [message for message in self.waiting if message["type"] != "event"]
        return [event for event in events if event.get("re") == name][-1]


def talk(port, out):
    """The whole life of a conversation. Returns its token."""
    visitor = Recorder(port, out)
    visitor.say({"type": "hello", "v": 1, "client": "record", "language": "id", "conv": None})
    token = visitor.hear("welcome")["conv"]
    visitor.say({"type": "ping"})
    visitor.hear("pong")
    for number, text in enumerate(["halo", "aku cocok ga ya kerja sosial?", "apa saja lowongan kerja sosial?", "zzz qqq"]):
        visitor.say({"type": "msg", "id": f"r-{number}", "text": text})
        visitor.hear_answer(f"r-{number}")
    dialogue(visitor)
    visitor.say({"type": "msg", "id": "r-0", "text": "halo"})
    assert visitor.hear("ack")["dup"] is True
    visitor.say({"type": "seen", "seq": 1})
    visitor.say({"type": "history", "after": 2})
    assert visitor.hear("history")["upto"] > 2
    visitor.say({"type": "rating", "id": "r-end", "helped": True})
    assert visitor.hear("ack")["dup"] is False
    while visitor.hear("event").get("what") != "helped":
        pass
    visitor.say({"type": "msg", "id": "r-0", "text": "bukan halo"})
    assert visitor.hear("nak")["code"] == "conflict"
    visitor.say({"type": "msg", "id": "r-big", "text": "x" * 4097})
    assert visitor.hear("nak")["code"] == "too_big"
    visitor.say({"type": "msg", "id": "r-bad", "text": 5}, is_right=False)
    assert visitor.hear("nak") == {"type": "nak", "id": "r-bad", "code": "bad", "why": "text must be a text"}
    visitor.say({"type": "later", "x": 1}, is_right=False)  # of a later version: ignored
    visitor.say({"type": "ping"})
    visitor.hear("pong")
    visitor.chat.close()
    return token


def dialogue(visitor):
    """A guide to its end, by its first buttons: results bring bars and links."""
    visitor.say({"type": "msg", "id": "d-0", "text": "cek mindset karierku dong"})
    event = visitor.hear_answer("d-0")
    for number in range(1, 15):
        if "progress" not in event:
            break
        visitor.say({"type": "msg", "id": f"d-{number}", "choice": event["choices"][0]["payload"]})
        event = visitor.hear_answer(f"d-{number}")


def come_back(port, out, token):
    visitor = Recorder(port, out)
    visitor.say({"type": "hello", "v": 1, "client": "record2", "conv": token, "last": 0})
    welcome = visitor.hear("welcome")
    assert welcome["resume"] is True, welcome
    said = []
    while not any(event["kind"] == "visitor" for event in said):
        said.append(visitor.hear("event"))
    visitor.say({"type": "hello", "v": 2, "client": "record"}, is_right=False)
    assert visitor.hear("nak")["code"] in ("version", "bad")
    visitor.chat.close()


def main():
    program, path = sys.argv[1:]
    folder = tempfile.mkdtemp(prefix="pandu-record-")
    server = Server(os.path.abspath(program), os.path.join(folder, "pandu.db"))
    try:
        assert server.wait_port(START_SECONDS) is not None, "the server did not start"
        with open(path, "w", encoding="utf-8") as out:
            token = talk(server.port, out)
            come_back(server.port, out, token)
    finally:
        status, words = server.end(is_kill=False)
        shutil.rmtree(folder)
    assert status == 0, f"the server ended with {status}: {words}"


if __name__ == "__main__":
    socket.setdefaulttimeout(30)
    main()
