#!/usr/bin/env python3
"""The server on real sockets and a real database: talk, several tabs, a long replay to a slow reader, pipelined messages, routes,
reload, a kill, a graceful stop.

  live.py --program SERVED"""
import argparse
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "crash"))
from chat import Chat, Closed  # noqa: E402


class Server:
    def __init__(self, program, database):
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen([program, database], stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.port = int(self.process.stdout.readline())

    def end(self, number):
        self.process.send_signal(number)
        status = self.process.wait(30)
        self.process.stdout.close()
        self.log.seek(0)
        return status, self.log.read()

    def request(self, method, path, token=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, headers={"Authorization": "Bearer " + token} if token else {})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, body


class Visitor:
    def __init__(self, server, token=None, last=0):
        self.chat, self.waiting = Chat(server.port, 30), []
        hello = {"type": "hello", "v": 1, "client": "live", "last": last}
        self.chat.send({**hello, "conv": token} if token else hello)
        self.welcome = self.next()
        assert self.welcome["type"] == "welcome", self.welcome
        self.token = self.welcome.get("conv", token)

    def next(self):
        while not self.waiting:
            self.waiting += self.chat.receive()
        return self.waiting.pop(0)

    def say(self, number, text):
        self.chat.send({"type": "msg", "id": f"live-{number}", "text": text})

    def until(self, seq):
        """Messages up to the event with this number."""
        found = [self.next()]
        while found[-1].get("type") != "event" or found[-1]["seq"] < seq:
            found.append(self.next())
        return found


def events(messages):
    return [message["seq"] for message in messages if message["type"] == "event"]


def talks(server):
    visitor = Visitor(server)
    assert [message["text"] for message in visitor.welcome["greeting"]] == ["halo"]
    visitor.say(1, "satu")
    found = visitor.until(3)
    assert events(found) == [1, 3] and found[1] == {"type": "ack", "id": "live-1", "seq": 2, "dup": False}, found
    tab = Visitor(server, visitor.token, 3)
    assert tab.welcome["resume"] and tab.welcome["next"] == 4
    visitor.say(2, "dua")
    visitor.until(5)
    assert [message.get("text") for message in tab.until(5)] == ["dua", "2: dua"]
    visitor.say(2, "dua")
    assert visitor.next()["dup"] and visitor.next()["seq"] == 5
    visitor.say(2, "lain")
    assert visitor.next()["code"] == "conflict"
    return visitor.token


def pipelines(server):
    """100 messages in one go, far more than may be under way: all are answered, in order."""
    visitor = Visitor(server)
    for number in range(100):
        visitor.say(number, "x")
    found = visitor.until(201)
    assert events(found) == [1] + list(range(3, 202, 2))
    assert [message["id"] for message in found if message["type"] == "ack"] == [f"live-{number}" for number in range(100)]


def replays_slowly(server):
    """Several times the send queue, to somebody who reads late, while another tab goes on."""
    talker = Visitor(server)
    for number in range(150):
        talker.say(number, "a" * 4000)
        talker.until(3 + 2 * number)
    reader = Visitor(server, talker.token)
    for number in range(150, 170):
        talker.say(number, "hidup")
        talker.until(3 + 2 * number)
    assert events(reader.until(341)) == list(range(1, 342))


def routes(server, token):
    assert server.request("GET", "/healthz") == (200, '{"status":"ok"}')
    status, body = server.request("GET", "/metrics")
    assert status == 200 and 'pandu_turns_total{result="conflict"} 1' in body, body
    status, body = server.request("GET", "/export", token)
    assert status == 200 and json.loads(body)["turns"][1]["inbound"] == {"text": "satu"}, body
    visitor = Visitor(server, token, 5)
    assert server.request("DELETE", "/conversation", token)[0] == 204
    assert visitor.next()["what"] == "erased"
    status, body = server.request("GET", "/export", token)
    assert status == 200 and "satu" not in body, body
    assert server.request("DELETE", "/conversation", "A" * 22)[0] == 404
    assert server.request("GET", "/nothing")[0] == 404


def reloads(server):
    visitor = Visitor(server)
    server.process.send_signal(signal.SIGHUP)
    codes = []
    for number in range(200):
        visitor.say(number, "x")
        answer = visitor.next()
        while answer["type"] == "event":
            answer = visitor.next()
        codes.append(answer.get("code", answer["type"]))
        if codes[-1] == "rate":
            break
    assert codes[-1] == "rate" and "ack" in codes, codes
    assert answer["retry_ms"] > 0


def stops(server):
    """Everything taken before is answered; then the connection is closed with 1012."""
    visitor = Visitor(server)
    visitor.say(1, "sebelum")
    visitor.until(3)
    server.process.send_signal(signal.SIGTERM)
    try:
        while True:
            visitor.next()
    except Closed as closed:
        assert str(closed).startswith("close 1012"), closed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    program = parser.parse_args().program
    with tempfile.TemporaryDirectory(prefix="pandu-live-") as folder:
        database = os.path.join(folder, "pandu.db")
        server = Server(program, database)
        token = talks(server)
        pipelines(server)
        replays_slowly(server)
        server.end(signal.SIGKILL)
        server = Server(program, database)
        visitor = Visitor(server, token)
        assert events(visitor.until(5)) == [1, 2, 3, 4, 5]
        visitor.say(2, "lain")
        assert visitor.next()["code"] == "conflict"
        routes(server, token)
        stops(server)
        status, log = server.end(signal.SIGTERM)
        assert status == 0, log
        assert "satu" not in log and token not in log, log
        server = Server(program, database)
        reloads(server)
        status, log = server.end(signal.SIGINT)
        assert status == 0 and "reload" in log, log
    print("the server talks, resumes, replays, reloads and stops")


if __name__ == "__main__":
    main()
