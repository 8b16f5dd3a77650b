#!/usr/bin/env python3
"""A backup under load, put back: every turn acknowledged before it is there, and who was erased since is erased again.
restores.py PANDU"""
import sqlite3
import stat
import threading
import time

from place import FREELY, Server, Visitor, folder, run


class Talker(threading.Thread):
    """Keeps what was acknowledged, and when."""

    def __init__(self, port, number):
        super().__init__()
        self.number, self.acked, self.is_over, self.problem = number, [], False, None
        self.visitor = Visitor(port)
        self.token = self.visitor.token
        self.start()

    def run(self):
        try:
            while not self.is_over:
                found, _ = self.visitor.say(f"halo {self.number}")
                assert found["type"] == "ack", found
                self.acked.append((time.monotonic(), found["id"], found["seq"]))
        except Exception as error:
            self.problem = repr(error)

    def end(self):
        self.is_over = True
        self.join(60)
        assert self.problem is None, self.problem
        self.visitor.close()


def stored(port, token):
    """id to seq of what the visitor said, as a client sees it."""
    visitor = Visitor(port, token)
    if not visitor.welcome["resume"] or visitor.welcome["next"] == 1:
        return {}
    events = visitor.read_events(visitor.welcome["next"] - 1)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1)), "the sequence is whole"
    return {event["id"]: event["seq"] for event in events if event["kind"] == "visitor"}


def main():
    with folder() as place:
        database, copy = place / "pandu.db", place / "copy.db"
        with Server(database, *FREELY) as server:
            erased_before, erased_after = Visitor(server.port), Visitor(server.port)
            for visitor in (erased_before, erased_after):
                visitor.say("namaku rahasia")
            assert server.request("DELETE", "/conversation", token=erased_before.token)[0] == 204
            talkers = [Talker(server.port, number) for number in range(8)]
            time.sleep(1)
            began = time.monotonic()
            status, out, err = run("backup", "--db", database, copy)
            assert status == 0 and "checked" in out, (out, err)
            time.sleep(0.5)
            status, _, err = run("backup", "--db", database, copy)
            assert status == 1 and "copy.db" in err, "a copy is not overwritten"
            assert server.request("DELETE", "/conversation", token=erased_after.token)[0] == 204
            status, _, err = run("restore", "--db", database, copy)
            assert status == 1 and "another pandu" in err, f"a running server's database is not replaced: {err}"
            for talker in talkers:
                talker.end()
            server.end_well()
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        with sqlite3.connect(f"file:{copy}?mode=ro", uri=True) as reader:
            assert reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        status, out, err = run("restore", "--db", database, copy)
        assert status == 0 and "1 erased again" in out, (out, err)
        assert len(list(place.glob("pandu.db.before-restore-*"))) >= 1, "the former database is kept"
        total = 0
        with Server(database, *FREELY) as server:
            for talker in talkers:
                found = stored(server.port, talker.token)
                before = [(name, seq) for at, name, seq in talker.acked if at < began]
                total += len(before)
                assert before, "it must have talked before the backup"
                for name, seq in before:
                    assert found.get(name) == seq, f"{name} was acknowledged before the backup and is not in it"
                # whoever comes back has seen more than there is now, and goes on all the same
                ahead = Visitor(server.port, talker.token, last=talker.acked[-1][2])
                assert ahead.say("lanjut", f"after-{talker.number}")[0]["type"] == "ack"
            for gone in (erased_before, erased_after):
                status, _, text = server.request("GET", "/export", token=gone.token)
                assert "rahasia" not in text and "inbound\":{" not in text, text
                again = Visitor(server.port, gone.token)
                if gone is erased_after:  # no event in the backup tells it: the client must not sit before an empty window
                    assert not again.welcome["resume"] and again.welcome["greeting"] and again.welcome["conv"] != gone.token, again.welcome
                assert again.say("halo")[0]["type"] == "ack"
                assert "rahasia" not in str(again.events)
            server.end_well()
        assert b"rahasia" not in database.read_bytes()
        # a broken copy changes nothing
        copy.write_bytes(copy.read_bytes()[:8192] + b"\xff" * 8192)
        before = database.read_bytes()
        status, _, err = run("restore", "--db", database, copy)
        assert status == 1 and ("damaged" in err or "malformed" in err) and database.read_bytes() == before, err
        status, _, err = run("restore", "--db", database, place / "missing.db")
        assert status == 1 and "missing.db" in err and database.read_bytes() == before, err
    print(f"{total} turns acknowledged before the backup are in it; the erased are erased")


if __name__ == "__main__":
    main()
