#!/usr/bin/env python3
"""Idle and retention: rows of the database, set back by hand while the server is stopped instead of waiting. They fire once, and a
clock that was set back fires nothing early, also when it is set back while people talk. timers.py PANDU [COMPILER]"""
import os
import sqlite3
import subprocess
import sys
import time

from place import FREELY, ROOT, Server, Visitor, folder, until

MINUTE, DAY = 60 * 1000, 24 * 3600 * 1000
FLAGS = [*FREELY, "--idle-after", "1m", "--retention", "2d"]


class Database:
    """The file of a stopped server."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        self.connection = sqlite3.connect(self.path)
        return self.connection

    def __exit__(self, *trouble):
        self.connection.commit()
        self.connection.close()


def due(path):
    with Database(path) as database:
        return dict(database.execute("SELECT kind, at_ms FROM due"))


def notes(path):
    with Database(path) as database:
        return [bytes(row[0]) for row in database.execute("SELECT outcome FROM turn WHERE length(inbound) = 0")]


def system_events(server, token):
    visitor = Visitor(server.port, token)
    if visitor.welcome["next"] == 1:
        return visitor, []
    events = visitor.read_events(visitor.welcome["next"] - 1)
    return visitor, [event["what"] for event in events if event["kind"] == "system"]


def set_back(path, ms):
    """As if so much time had passed: everything stored happened earlier. The session keeps its own clock in its bytes, as distances
    to its first moment: that one is replaced in every whole state."""
    with Database(path) as database:
        database.execute("UPDATE turn SET at_ms = at_ms - ?", (ms,))
        database.execute("UPDATE due SET at_ms = at_ms - ?", (ms,))
        for turn, state in database.execute("SELECT number, state FROM turn WHERE base IS NULL").fetchall():
            database.execute("UPDATE turn SET state = ? WHERE number = ?", (shift(bytes(state), ms), turn))


def number(value):
    """As a session holds it: twice the number, seven bits a byte."""
    value, found = value * 2, []
    while value >= 0x80:
        found.append(0x80 | value & 0x7F)
        value >>= 7
    return bytes([*found, value])


def shift(state, ms):
    """Behind the mark and the version stands the first moment. An erased session has none."""
    end = next(at for at in range(2, len(state)) if state[at] < 0x80) + 1
    first = sum((byte & 0x7F) << 7 * place for place, byte in enumerate(state[2:end])) // 2
    if first == 0:
        return state
    assert state[:2] == b"\xb5\x04" and abs(first / 1000 - time.time()) < 30 * 24 * 3600, "no time where this test looks for it"
    return state[:2] + number(first - ms) + state[end:]


def talks(path):
    with Server(path, *FLAGS) as server:
        visitor = Visitor(server.port)
        assert visitor.say("namaku kenarihijau")[0]["type"] == "ack"
        time.sleep(2.5)  # two rounds of what is due
        assert server.metrics()["pandu_idle_total"] == 0, "it fired early"
        server.end_well()
    return visitor.token


def idle_fires_once(path, token):
    rows = due(path)
    assert set(rows) == {"idle", "retention"}, rows
    set_back(path, 2 * MINUTE)
    with Server(path, *FLAGS) as server:
        visitor = Visitor(server.port, token)
        until(lambda: server.metrics()["pandu_idle_total"] == 1, "the idle event did not fire")
        events = visitor.read_events(visitor.welcome["next"])
        assert events[-1]["kind"] == "system" and events[-1]["what"] == "idle", events[-1]
        time.sleep(2.5)
        assert server.metrics()["pandu_idle_total"] == 1, "it fired twice"
        server.end_well()
    assert "idle" not in due(path)
    with Server(path, *FLAGS) as server:
        time.sleep(2.5)
        assert system_events(server, token)[1] == ["idle"], "once, also after a restart"
        assert server.metrics()["pandu_idle_total"] == 0
        server.end_well()


def clock_set_back(path, token):
    """Now is before what is stored: nothing is due, and talking goes on."""
    set_back(path, -3 * DAY)
    before = due(path)
    with Server(path, *FLAGS) as server:
        time.sleep(2.5)
        figures = server.metrics()
        assert figures["pandu_idle_total"] == 0 and figures["pandu_erased_total"] == 0 and figures["pandu_due_failures_total"] == 0
        server.end_well()
    assert due(path) == before
    with Server(path, *FLAGS) as server:
        visitor, what = system_events(server, token)
        assert what == ["idle"]
        assert visitor.say("halo lagi")[0]["type"] == "ack"
        server.end_well()
    now = time.time() * 1000
    rows = due(path)
    assert now < rows["idle"] <= now + MINUTE + 1000 and now < rows["retention"] <= now + 2 * DAY + 1000, "times are of the new clock"


def talks_with_a_shifted_clock(place):
    """The wall clock of a running server goes back by a minute, a day, is put right, and goes back by years: every message is acknowledged,
    the sequence goes on, other tabs see it, newcomers are let in, and nothing is due before its time."""
    shim, control = place / "shifted_clock.so", place / "shift"
    compiler = sys.argv[2] if len(sys.argv) > 2 else "cc"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", shim, ROOT / "tests/server/shifted_clock.c", "-ldl"], check=True)
    libraries = ":".join(filter(None, [os.environ.get("PANDU_PRELOAD", ""), str(shim)]))
    path = place / "shifted.db"
    with Server(path, *FREELY, "--idle-after", "3d", "--retention", "30d", LD_PRELOAD=libraries, SHIFTED_CLOCK=str(control),
                ASAN_OPTIONS="verify_asan_link_order=0") as server:
        visitor, last = Visitor(server.port), 0
        for shift in (0, -60, -24 * 3600, 0, -20 * 365 * 24 * 3600):
            (place / "new").write_text(str(shift))
            os.replace(place / "new", control)
            before = time.time() * 1000 + shift * 1000
            found, reply = visitor.say("halo")
            assert found["type"] == "ack" and found["seq"] > last, (shift, found)
            tab = Visitor(server.port, visitor.token)
            events = tab.read_events(reply["seq"])
            assert [event["seq"] for event in events] == list(range(1, reply["seq"] + 1)), (shift, "the sequence is whole")
            tab.close()
            last = reply["seq"]
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as reader:
                at_ms, = reader.execute("SELECT at_ms FROM turn ORDER BY number DESC LIMIT 1").fetchone()
            assert before - 1000 <= at_ms <= before + 10000, "the test itself does not shift the clock"
            assert Visitor(server.port).say("halo")[0]["type"] == "ack", shift
            time.sleep(1.2)  # a round of what is due
            assert server.healthz() == 200
            figures = server.metrics()
            assert not any(figures[f"pandu_{name}_total"] for name in ("idle", "erased", "due_failures")), (shift, figures)
        server.end_well()


def due_row_alone(path, token):
    """A row that is due although somebody talked since (every turn would be too dear to write it) only moves."""
    with Database(path) as database:
        database.execute("UPDATE due SET at_ms = 1")
    with Server(path, *FLAGS) as server:
        time.sleep(2.5)
        figures = server.metrics()
        assert figures["pandu_idle_total"] == 0 and figures["pandu_erased_total"] == 0, figures
        assert system_events(server, token)[1] == ["idle"]
        server.end_well()
    assert all(at > time.time() * 1000 for at in due(path).values())


def retention_erases(path, token):
    set_back(path, 3 * DAY)
    with Server(path, *FLAGS) as server:
        until(lambda: server.metrics()["pandu_erased_total"] == 1, "retention did not erase")
        time.sleep(1.5)
        assert server.metrics()["pandu_erased_total"] == 1
        visitor, what = system_events(server, token)
        assert what == ["erased"], what
        assert "kenarihijau" not in server.request("GET", "/export", token=token)[2]
        server.end_well()
    assert b"kenarihijau" not in path.read_bytes(), "the words are overwritten"
    assert due(path) == {}


def main():
    with folder() as place:
        path = place / "pandu.db"
        token = talks(path)
        for part in (idle_fires_once, clock_set_back, due_row_alone, retention_erases):
            part(path, token)
            print(part.__name__.replace("_", " "), "ok", flush=True)
        talks_with_a_shifted_clock(place)
        print("talks with a shifted clock ok", flush=True)


if __name__ == "__main__":
    main()
