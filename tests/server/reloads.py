#!/usr/bin/env python3
"""Reload while people chat: SIGHUP and `pandu reload`, new and broken content, settings, certificate, and a server that is not there.
reloads.py PANDU"""
import json
import os
import shutil
import signal
import ssl
import threading
import time

from place import FREELY, ROOT, Refused, Server, Socket, Visitor, folder, run

QUESTION = "apa itu karier sosial?"
BOUND_SECONDS = 5  # a machine with other work and sanitizers; a reload that waits for the content takes the chats far longer


def copy_content(place):
    for name in ("intents", "responses"):
        shutil.copytree(ROOT / name, place / "content" / name)
    return place / "content"


def set_words(content, words):
    """The answer to QUESTION, in all its variants, begins with these words from the next reload on."""
    path = "responses/social_career.json"
    topic = json.loads((ROOT / path).read_text(encoding="utf-8"))
    reply = next(reply for reply in topic["replies"] if reply["id"] == "social_career_definition")
    for messages in reply["text"]["id"]:
        messages[0] = f"{words}. {messages[0]}"
    (content / path).write_text(json.dumps(topic), encoding="utf-8")


class Chats:
    """Twenty visitors that talk without end in threads of their own."""

    def __init__(self, port, count=20):
        self.is_over, self.problems, self.slowest, self.turns = False, [], 0, 0
        self.threads = [threading.Thread(target=self.talk, args=(port,)) for _ in range(count)]
        for thread in self.threads:
            thread.start()

    def talk(self, port):
        try:
            visitor = Visitor(port)
            while not self.is_over:
                began = time.monotonic()
                found, _ = visitor.say("halo")
                self.slowest = max(self.slowest, time.monotonic() - began)
                self.turns += 1
                if found["type"] != "ack":
                    self.problems.append(f"{found}")
                time.sleep(0.05)
            visitor.close()
        except Exception as error:  # whatever it is, it must be told
            self.problems.append(repr(error))

    def end(self):
        self.is_over = True
        for thread in self.threads:
            thread.join(60)
        assert not self.problems, self.problems[:5]
        assert self.turns >= 40, self.turns
        assert self.slowest < BOUND_SECONDS, f"somebody waited {self.slowest:.1f} s"


def ask(port):
    return Visitor(port).say(QUESTION)[1]["text"]


def reload(database, *flags):
    return run("reload", "--db", database, *flags)


def changes_content(place):
    content, database = copy_content(place), place / "content.db"
    with Server(database, *FREELY, "--content", content) as server:
        assert not ask(server.port).startswith("SATU")
        chats = Chats(server.port)
        set_words(content, "SATU")
        status, out, err = reload(database)
        assert status == 0, err
        assert "SATU." in ask(server.port), "after `pandu reload` the new content answers"
        # broken content: all mistakes, and what was there stays
        (content / "responses/broken.json").write_text('{"replies": 5}')
        (content / "intents/broken.json").write_text("{")
        set_words(content, "DUA")
        status, out, err = reload(database)
        assert status == 1 and "responses/broken.json:1:" in err and "intents/broken.json:1:" in err, err
        assert "SATU." in ask(server.port), "broken content is refused whole"
        os.unlink(content / "responses/broken.json")
        os.unlink(content / "intents/broken.json")
        # two signals in a row: what was changed before the second one is taken over, too
        server.tell(signal.SIGHUP)
        time.sleep(0.05)
        set_words(content, "TIGA")
        server.tell(signal.SIGHUP)
        until_words(server, "TIGA.")
        chats.end()
        assert server.metrics()["pandu_reloads_total"] >= 2
        server.end_well()


def until_words(server, words):
    end = time.monotonic() + 20
    while words not in ask(server.port):
        assert time.monotonic() < end, f"{words!r} never came: {server.log()[-2000:]}"
        time.sleep(0.2)


def needs_a_server(place):
    database = place / "absent.db"
    status, _, err = reload(database)
    assert status == 1 and "no server runs" in err, (status, err)
    with Server(database, *FREELY) as server:
        server.stop(signal.SIGKILL)
        stale = place / "absent.db.server"
        assert stale.exists(), "a killed server leaves its file"
        status, _, err = reload(database)
        assert status == 1 and "no server runs" in err, (status, err)
        # a number that is somebody else's now: it must not get a signal
        told = json.loads(stale.read_text())
        told["pid"] = os.getpid()
        stale.write_text(json.dumps(told))
        signal.signal(signal.SIGHUP, lambda number, frame: (_ for _ in ()).throw(AssertionError("a stranger got the signal")))
        status, _, err = reload(database)
        assert status == 1 and "no server runs" in err, (status, err)
    with Server(database, *FREELY) as server:
        status, _, err = reload(database)
        assert status == 0, err
        told = json.loads(stale.read_text())
        assert told["pid"] == server.process.pid and told["url"].endswith(f":{server.port}"), told
        server.end_well()
        assert not stale.exists()


def refused(port, origin):
    try:
        Socket(port, origin=origin).close()
    except Refused as error:
        assert error.status == 403, error
        return True
    return False


def changes_settings(place):
    config, database = place / "pandu.json", place / "settings.db"
    first, second = "https://one.example.org", "https://two.example.org"

    def set_config(**values):
        config.write_text(json.dumps({"conversation_burst": 1000, **values}))

    set_config(origins=[first])
    with Server(database, "--config", config) as server:
        assert not refused(server.port, first) and refused(server.port, second)
        talker = Visitor(server.port, origin=first)
        set_config(origins=[second], turn_burst=2, turns_per_minute=1, metrics="off")
        status, _, err = reload(database, "--config", config)
        assert status == 0, err
        assert refused(server.port, first) and not refused(server.port, second)
        assert talker.say("halo")[0]["type"] == "ack", "who is connected stays"
        fresh = Visitor(server.port)
        kinds = [fresh.say("halo")[0]["type"] for _ in range(3)]
        assert kinds == ["ack", "ack", "nak"], kinds
        assert server.request("GET", "/metrics")[0] == 404
        # mistakes: told, all of them, and nothing of it is taken over
        set_config(origins=["nonsense", first], turn_burst=-1, idle_after="soon")
        status, _, err = reload(database, "--config", config)
        assert status in (1, 2), status
        server.tell(signal.SIGHUP)
        server.wait_for_log("reload_refused", 3)
        for word in ("nonsense", "turn_burst", "idle_after"):
            assert word in server.log(), server.log()
        assert refused(server.port, first) and not refused(server.port, second)
        # what cannot change while it runs is not silently ignored
        server.end_well()


def trust():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def shown(visitor):
    return visitor.socket.getpeercert(binary_form=True)


def changes_certificate(place):
    pairs = ROOT / "tests/net/tls"
    for end in ("pem", "key"):
        shutil.copy(pairs / f"first.{end}", place / f"own.{end}")
    database = place / "tls.db"
    with Server(database, "--tls-certificate", place / "own.pem", "--tls-key", place / "own.key") as server:
        assert server.line.startswith("Pandu listens at https://"), server.line
        talker = Visitor(server.port, tls=trust())
        before = shown(talker)
        for end in ("pem", "key"):
            shutil.copy(pairs / f"second.{end}", place / f"own.{end}")
        assert reload(database)[0] == 0
        other = Visitor(server.port, tls=trust())
        assert shown(other) != before, "the new certificate is not used"
        assert talker.say("halo")[0]["type"] == "ack" and other.say("halo")[0]["type"] == "ack"
        (place / "own.pem").write_text("no certificate")
        status, _, err = reload(database)
        assert status == 1 and "own.pem" in err, err
        assert shown(Visitor(server.port, tls=trust())) == shown(other)
        server.end_well()


def main():
    with folder() as place:
        for part in (needs_a_server, changes_settings, changes_certificate, changes_content):
            part(place)
            print(part.__name__.replace("_", " "), "ok", flush=True)


if __name__ == "__main__":
    main()
