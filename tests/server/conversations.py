#!/usr/bin/env python3
"""Two tabs, a replay of 2,000 events, ids used twice, many messages under way, and the limits: of a conversation, and of an address
that a whole school shares. conversations.py PANDU"""
import time

from place import FREELY, Server, Visitor, folder

SCHOOL = 200


def two_tabs(server):
    first = Visitor(server.port)
    first.say("halo")
    second = Visitor(server.port, first.token)
    last = second.read_events(second.welcome["next"] - 1)[-1]["seq"]
    for number in range(10):
        talker, listener = (first, second) if number % 2 else (second, first)
        name = talker.msg(f"pesan {number}", f"tab-{number}")
        found = talker.answer(name)
        reply = talker.reply(name)
        heard = listener.read_events(reply["seq"])
        assert [(event["seq"], event.get("text")) for event in heard if event["kind"] == "visitor"] == [(found["seq"], f"pesan {number}")]
        assert reply in heard, "both tabs show the same"
        assert [event["seq"] for event in heard] == list(range(last + 1, last + 1 + len(heard))), "nothing twice, nothing missing"
        rest = heard[-1]["seq"]
        while talker.events[-1]["seq"] < rest:
            talker.events.append(talker.next())
        last = rest
        listener.quiet(0.05)


def replays(server):
    """2,000 events, from the beginning and from the middle, while another tab goes on."""
    talker, sent = Visitor(server.port), []
    shown = {}
    while talker.welcome["next"] == 1 or max(shown) < 2000:
        burst = [talker.msg("terima kasih") for _ in range(8)]
        for name in burst:
            found = talker.answer(name)
            assert found["type"] == "ack" and not found["dup"], found
            shown[found["seq"]] = name
            sent.append(name)
        reply = talker.reply(burst[-1])
        shown.update((event["seq"], event["text"]) for event in talker.events)
        talker.events = [reply]
        talker.welcome["next"] = reply["seq"]
    end = max(shown)
    assert sorted(shown) == list(range(1, end + 1)), "acks and events number everything"
    for after in (0, 777, end - 1):
        visitor = Visitor(server.port, talker.token, last=after)
        extra = None
        if after == 777:
            extra = talker.msg("di tengah")
        events = visitor.read_events(end)
        assert [event["seq"] for event in events] == list(range(after + 1, events[-1]["seq"] + 1)), "in order, each once"
        for event in events:
            known = shown.get(event["seq"])
            assert known is None or known == (event["id"] if event["kind"] == "visitor" else event["text"]), event
        if extra:
            assert talker.answer(extra)["type"] == "ack"
            reply = talker.reply(extra)
            rest = visitor.read_events(reply["seq"])
            assert [event["seq"] for event in rest] == list(range(events[-1]["seq"] + 1, rest[-1]["seq"] + 1))
        visitor.close()
    ahead = Visitor(server.port, talker.token, last=10**9)
    assert ahead.welcome["resume"] and ahead.welcome["next"] > end
    ahead.quiet(0.2)
    return end


def left_before_a_word(server):
    """Two tabs whose lines broke before the first word was stored come back into the conversation that both know."""
    first = Visitor(server.port)
    first.close()
    time.sleep(0.2)
    second = Visitor(server.port, first.token)
    assert second.welcome["resume"] and second.welcome["next"] == 1, second.welcome
    third = Visitor(server.port, first.token)
    assert third.welcome["resume"], third.welcome
    found, _ = second.say("halo")
    assert found["type"] == "ack", found
    second.close()
    third.close()
    again = Visitor(server.port, first.token)
    said = [event["text"] for event in again.read_events(again.welcome["next"] - 1) if event["kind"] == "visitor"]
    assert said == ["halo"], said
    others = [Visitor(server.port) for _ in range(3)]
    for other in others:
        other.close()
    never = Visitor(server.port, "A" * 22)
    assert not never.welcome["resume"] and never.token != "A" * 22, "a name that only a client claims is never made"


def uses_ids_twice(server):
    visitor = Visitor(server.port)
    first, reply = visitor.say("halo", "same")
    again = visitor.msg("halo", "same")
    visitor.events.clear()
    found = visitor.answer(again)
    assert found == {"type": "ack", "id": "same", "seq": first["seq"], "dup": True}, found
    repeated = visitor.reply("same")
    assert repeated == reply, "the stored reply, and no other"
    found, _ = visitor.say("lain", "same")
    assert found["type"] == "nak" and found["code"] == "conflict", found
    other = Visitor(server.port)
    assert other.say("lain", "same")[0]["type"] == "ack", "ids belong to a conversation"
    again = Visitor(server.port, visitor.token)
    count = again.welcome["next"] - 1
    said = [event for event in again.read_events(count) if event["kind"] == "visitor"]
    assert [event["text"] for event in said] == ["halo"]


def many_under_way(server):
    """Far more at once than may be under way: every one gets ack or nak, those that got nak busy are taken later."""
    visitor = Visitor(server.port)
    assert visitor.welcome["limits"]["turns"] >= 8
    waiting = {visitor.msg("terima kasih", f"way-{number}") for number in range(64)}
    acked = []
    end = time.monotonic() + 30
    while waiting:
        message = visitor.next()
        if message["type"] == "ack":
            acked.append(message["seq"])
            waiting.discard(message["id"])
        elif message["type"] == "nak":
            assert message["code"] == "busy" and message["retry_ms"] > 0 and time.monotonic() < end, message
            visitor.msg("terima kasih", message["id"])
            time.sleep(0.01)
    assert len(acked) == 64 == len(set(acked))


def stays_in_rate(place):
    """With the limits as they are delivered."""
    with Server(place / "rate.db") as server:
        visitor = Visitor(server.port)
        names = [visitor.msg("terima kasih") for _ in range(100)]
        answers = {}
        while len(answers) < 100:
            message = visitor.next()
            if message["type"] in ("ack", "nak"):
                answers[message["id"]] = message
        refused = [name for name in names if answers[name]["type"] == "nak"]
        assert 50 <= len(refused) <= 80, len(refused)
        assert all(answers[name]["code"] == "rate" and 0 < answers[name]["retry_ms"] <= 1000 for name in refused)
        assert Visitor(server.port).say("halo")[0]["type"] == "ack", "others are not held up"
        for name in refused[:6]:  # sent again after the time it was told: taken, with the same id
            while True:
                found, _ = visitor.say("terima kasih", name)
                if found["type"] == "ack":
                    break
                assert found["code"] == "rate", found
                time.sleep(found["retry_ms"] / 1000)
        again = Visitor(server.port, visitor.token)
        said = [event["id"] for event in again.read_events(again.welcome["next"] - 1) if event["kind"] == "visitor"]
        assert sorted(said) == sorted(set(names) - set(refused[6:])), "each once, nothing lost"
        assert server.metrics()['pandu_naks_total{code="rate"}'] >= len(refused)
        server.end_well()


def school(port, headers, problems):
    """Everybody of a school at once: 200 conversations, 3 messages each."""
    visitors = []
    try:
        for number in range(SCHOOL):
            visitors.append(Visitor(port, headers=headers))
        for part in range(3):
            names = [visitor.msg("halo kak") for visitor in visitors]
            for visitor, name in zip(visitors, names):
                found = visitor.answer(name)
                if found["type"] != "ack":
                    problems.append(found)
    except Exception as error:
        problems.append(repr(error))
    return visitors


def whole_school(place):
    """One address for everybody: turns are not its limit, only beginning conversations is."""
    for name, flags, headers in (("plain", [], []), ("proxy", ["--trusted-proxies", "127.0.0.1"], ["X-Forwarded-For: 203.0.113.7"])):
        with Server(place / f"{name}.db", *flags) as server:
            problems = []
            visitors = school(server.port, headers, problems)
            assert not problems, problems[:3]
            for visitor in visitors:
                visitor.close()
            began, answers = time.monotonic(), []
            for _ in range(230):
                visitor = Visitor(server.port, headers=headers)
                answers.append(visitor.say("halo")[0])
                visitor.close()
                if answers[-1]["type"] == "nak":
                    break
            refilled = int(time.monotonic() - began) + 60  # one a second comes back
            assert answers[-1]["type"] == "nak" and answers[-1]["code"] == "rate" and answers[-1]["retry_ms"] > 0, answers[-1]
            assert 200 <= len(answers) - 1 <= 200 + refilled, len(answers)
            # who has a conversation goes on; another address may begin
            back = Visitor(server.port, visitors[0].token, headers=headers)
            back.read_events(back.welcome["next"] - 1)
            found = back.say("masih di sini")[0]
            assert found["type"] == "ack", found
            if name == "proxy":
                other = Visitor(server.port, headers=["X-Forwarded-For: 203.0.113.8"])
                assert other.say("halo")[0]["type"] == "ack"
                chain = Visitor(server.port, headers=["X-Forwarded-For: 198.51.100.1, 203.0.113.7"])
                assert chain.say("halo")[0]["type"] == "nak", "what a visitor wrote before the proxy's entry is not believed"
            else:
                lying = Visitor(server.port, headers=["X-Forwarded-For: 203.0.113.9"])
                assert lying.say("halo")[0]["type"] == "nak", "nobody's header is believed without a trusted proxy"
            server.end_well()
        print(f"school behind one address ({name}): {len(answers) - 1 + SCHOOL} conversations, then rate", flush=True)


def main():
    with folder() as place:
        with Server(place / "pandu.db", *FREELY) as server:
            two_tabs(server)
            left_before_a_word(server)
            uses_ids_twice(server)
            many_under_way(server)
            print(f"replayed {replays(server)} events", flush=True)
            server.end_well()
        stays_in_rate(place)
        whole_school(place)


if __name__ == "__main__":
    main()
