#!/usr/bin/env python3
"""SIGTERM and SIGKILL under load: it ends in time, what was acknowledged is there, what was not is sent again with the same id and is
there once. stops.py PANDU"""
import signal
import threading
import time

from place import FREELY, Closed, Server, Visitor, folder

STOP_SECONDS = 2  # issue: "graceful stop in <= 2 s"
SLOW_SECONDS = 3  # for what the machine takes to load and to end a program under sanitizers
CLIENTS, FLIGHT = 20, 6


class Talker(threading.Thread):
    """Sends without waiting; keeps what it was told, until the connection is gone."""

    def __init__(self, port, number, token=None, last=0):
        super().__init__()
        self.number, self.sent, self.acked, self.naks, self.code, self.problem = number, [], {}, 0, None, None
        self.visitor = Visitor(port, token, last)
        self.start()

    def run(self):
        visitor, waiting = self.visitor, 0
        try:
            while True:
                while waiting < FLIGHT:
                    self.sent.append(visitor.msg(f"halo {visitor.count}"))
                    waiting += 1
                message = visitor.next()
                if message["type"] == "ack":
                    assert message["id"] not in self.acked and not message["dup"], message
                    self.acked[message["id"]] = message["seq"]
                    waiting -= 1
                elif message["type"] == "nak":
                    self.naks += 1
                    waiting -= 1
        except Closed as closed:
            self.code = closed.code
        except Exception as error:
            self.problem = repr(error)


def check(server, talkers):
    """Sends everything again that was not acknowledged, and compares with what is stored."""
    for talker in talkers:
        visitor = Visitor(server.port, talker.visitor.token)
        known = visitor.welcome["next"] - 1
        events = visitor.read_events(known) if known else []
        assert [event["seq"] for event in events] == list(range(1, known + 1)), "the sequence is whole"
        stored = {event["id"]: event["seq"] for event in events if event["kind"] == "visitor"}
        assert len(stored) == sum(event["kind"] == "visitor" for event in events), "an id is stored twice"
        for name, seq in talker.acked.items():
            assert stored.get(name) == seq, f"{name} was acknowledged with {seq}, stored is {stored.get(name)}"
        again = [name for name in talker.sent if name not in talker.acked] + list(talker.acked)[-5:]
        for name in again:  # all at once: a busy disk takes them in few transactions
            visitor.msg(f"halo {int(name.split('-')[1]) - 1}", name)
        for name in again:
            found = visitor.answer(name)
            assert found["type"] == "ack" and found["dup"] == (name in stored), (found, name in stored)
            assert found["seq"] == stored.get(name, found["seq"]), found
        after = Visitor(server.port, talker.visitor.token)
        said = [event["id"] for event in after.read_events(after.welcome["next"] - 1) if event["kind"] == "visitor"]
        assert sorted(said) == sorted(set(talker.sent)), "each message is there once"
        visitor.close()
        after.close()


def stops(place, number, rounds):
    for part in range(rounds):
        database = place / f"stop-{number.name}-{part}.db"
        with Server(database, *FREELY) as server:
            talkers = [Talker(server.port, index) for index in range(CLIENTS)]
            time.sleep(0.5 + 0.3 * part)
            status, took = server.stop(number)
            for talker in talkers:
                talker.join(30)
                assert talker.problem is None and not talker.is_alive(), talker.problem
            if number == signal.SIGTERM:
                assert status == 0, server.log()
                assert took < STOP_SECONDS + SLOW_SECONDS, f"it took {took:.1f} s"
                assert all(talker.code in (1012, None) for talker in talkers), [talker.code for talker in talkers]
                assert any(talker.code == 1012 for talker in talkers)
        acked = sum(len(talker.acked) for talker in talkers)
        assert acked > 0 and any(len(talker.acked) < len(talker.sent) for talker in talkers)
        with Server(database, *FREELY) as server:
            check(server, talkers)
            server.end_well()
        print(f"{number.name}: {acked} acknowledged, ended after {took:.2f} s", flush=True)


def twice(place):
    """A second signal ends it at once, also while somebody does not read."""
    with Server(place / "twice.db", *FREELY) as server:
        visitor = Visitor(server.port)
        visitor.say("halo")
        server.tell(signal.SIGINT)
        server.tell(signal.SIGINT)
        assert server.process.wait(10) in (0, -signal.SIGINT)
    with Server(place / "twice.db", *FREELY) as server:
        assert Visitor(server.port, visitor.token).welcome["resume"]
        server.end_well()


def main():
    with folder() as place:
        stops(place, signal.SIGTERM, 1)
        stops(place, signal.SIGKILL, 2)
        twice(place)


if __name__ == "__main__":
    main()
