#!/usr/bin/env python3
"""Who a visitor is: signed identities on two devices, wrong ones, tokens of somebody else, and the order of a connection's messages.
identities.py PANDU"""
import base64
import hashlib
import hmac
import json
import time

from place import FREELY, Closed, Server, Socket, Visitor, folder

SECRET = "a-secret-of-the-host-page-of-at-least-32-bytes"


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sign(claims, secret=SECRET, header=None, digest=hashlib.sha256):
    head = encode(json.dumps(header or {"alg": "HS256", "typ": "JWT"}).encode())
    body = encode(json.dumps(claims).encode())
    return f"{head}.{body}." + encode(hmac.new(secret.encode(), f"{head}.{body}".encode(), digest).digest())


def claims(subject="siswa-17", life=300, **more):
    now = int(time.time())
    return {"sub": subject, "iat": now, "exp": now + life, **more}


def says_hello(port, **words):
    chat = Socket(port)
    chat.send({"type": "hello", "v": 1, "client": "identities", **words})
    return chat, chat.next()


def is_one_person(server):
    """The same conversation on two devices, and another one for somebody else."""
    first = Visitor(server.port, hello={"identity": sign(claims())})
    assert not first.welcome["resume"]
    found, reply = first.say("halo")
    second = Visitor(server.port, hello={"identity": sign(claims())})
    assert second.welcome["resume"] and second.welcome["next"] > found["seq"]
    events = second.read_events(reply["seq"])
    assert [event.get("text") for event in events if event["kind"] == "visitor"] == ["halo"]
    second.msg("dari gawai kedua", "other-1")
    told = [event for event in first.read_events(second.answer("other-1")["seq"]) if event["kind"] == "visitor"]
    assert told[-1]["text"] == "dari gawai kedua"
    other = Visitor(server.port, hello={"identity": sign(claims("siswa-18"))})
    assert not other.welcome["resume"]
    # the identity goes before a token
    mine = Visitor(server.port)
    mine.say("halo")
    both = Visitor(server.port, mine.token, hello={"identity": sign(claims())})
    assert both.welcome["next"] >= second.welcome["next"], "the conversation is the person's"
    # and it opens the person's own data
    status, _, text = server.request("GET", "/export", token=sign(claims()))
    assert status == 200 and "dari gawai kedua" in text
    assert "dari gawai kedua" not in server.request("GET", "/export", token=mine.token)[2]


def is_denied(server):
    now = int(time.time())
    good = sign(claims())
    head, body, signature = good.split(".")
    none = encode(b'{"alg":"none","typ":"JWT"}')
    wrong = {
        "expired": sign({"sub": "a", "iat": now - 700, "exp": now - 120}),
        "too long": sign(claims(life=86400)),
        "no end": sign({"sub": "a", "iat": now}),
        "not yet": sign({"sub": "a", "iat": now + 300, "exp": now + 600}),
        "another key": sign(claims(), secret="b" * 40),
        "another algorithm": sign(claims(), header={"alg": "HS512", "typ": "JWT"}, digest=hashlib.sha512),
        "HS256 signed, RS256 named": sign(claims(), header={"alg": "RS256", "typ": "JWT"}),
        "none": f"{none}.{body}.",
        "none, with the signature": f"{none}.{body}.{signature}",
        "None": encode(b'{"alg":"None"}') + f".{body}.",
        "no signature": f"{head}.{body}.",
        "another's body": head + "." + sign(claims("admin")).split(".")[1] + "." + signature,
        "no subject": sign({"iat": now, "exp": now + 60}),
        "empty subject": sign(claims("")),
        "a number as subject": sign({**claims(), "sub": 17}),
        "critical extension": sign(claims(), header={"alg": "HS256", "crit": ["exp"]}),
        "no JSON": encode(b"no json") + "." + encode(b"no json") + "." + signature,
        "two parts": f"{head}.{body}", "four parts": good + ".x", "empty": "..", "text": "halo"}
    for name, token in wrong.items():
        chat, answer = says_hello(server.port, identity=token)
        assert answer["type"] == "nak" and answer["code"] == "denied", (name, answer)
        assert chat.close_code() == 1008, name
        status, _, _ = server.request("GET", "/export", token=token)
        assert status == 401 or (status == 429), (name, status)


def keeps_tokens_apart(server):
    mine, other = Visitor(server.port), Visitor(server.port)
    mine.say("rahasia saya")
    other.say("halo")
    assert mine.token != other.token and len(mine.token) >= 22
    # who has the token reads the conversation; who has another one does not
    assert Visitor(server.port, other.token).welcome["next"] != 1
    unknown = Visitor(server.port, "A" * 22)
    assert not unknown.welcome["resume"] and unknown.welcome["conv"] != "A" * 22, "a made-up token is not taken over"
    changed = Visitor(server.port, ("B" if mine.token[0] != "B" else "C") + mine.token[1:])
    assert not changed.welcome["resume"]
    for bad in ("", "x", "A" * 23, "A" * 65, "../../etc/passwd", "A" * 21 + "=", "ä" * 11, 17, ["A" * 22], {"a": 1}):
        chat, answer = says_hello(server.port, conv=bad)
        assert answer["type"] == "nak" and answer["code"] == "bad", (bad, answer)
        chat.send({"type": "hello", "v": 1, "client": "identities"})
        assert chat.next()["type"] == "welcome", "a second, right hello is taken"


def keeps_the_order(server):
    chat = Socket(server.port)
    chat.send({"type": "msg", "id": "early", "text": "halo"})
    answer = chat.next()
    assert answer["type"] == "nak" and answer["code"] == "bad" and answer["id"] == "early", answer
    assert chat.close_code() == 1008
    visitor = Visitor(server.port)
    visitor.send({"type": "hello", "v": 1, "client": "again"})
    answer = visitor.next()
    assert answer["type"] == "nak" and answer["code"] == "bad", answer
    assert visitor.say("halo")[0]["type"] == "ack", "hello twice is an error, and no end"
    visitor.send({"type": "seen", "seq": visitor.events[-1]["seq"]})
    visitor.send({"type": "wave", "hand": "left"})
    visitor.send({"type": "msg", "id": "x", "text": "halo", "mood": "new member", "nothing": None})
    assert visitor.answer("x")["type"] == "ack"
    visitor.send({"type": "ping"})
    while True:
        message = visitor.next()
        if message["type"] != "event":
            break
    assert message["type"] == "pong", message
    visitor.send({"type": "seen", "seq": 10000})
    assert visitor.close_code() == 1008
    chat = Socket(server.port)
    chat.send({"type": "hello", "v": 2, "client": "from the future"})
    answer = chat.next()
    assert answer["type"] == "nak" and answer["code"] in ("version", "bad"), answer
    chat, answer = says_hello(server.port, v=2)
    assert answer["code"] == "version" and chat.close_code() == 1008, answer


def refuses_bad_messages(server):
    """Each is answered and changes nothing; the conversation goes on."""
    visitor = Visitor(server.port)
    deep = b'{"type":"msg","id":"d","text":' + b"[" * 100 + b"]" * 100 + b"}"
    for bad, code in ((b"{", "bad"), (b"[]", "bad"), (b"null", "bad"), (b"{}", "bad"), (deep, "bad"), (b'{"type":5}', "bad"),
                      (b'{"type":"msg"}', "bad"), (b'{"type":"msg","id":"a"}', "bad"), (b'{"type":"msg","text":"a"}', "bad"),
                      (b'{"type":"msg","id":"a","text":5}', "bad"), (b'{"type":"msg","id":5,"text":"a"}', "bad"),
                      (b'{"type":"msg","id":"a","id":"b","text":"a"}', "bad"),
                      (b'{"type":"msg","id":"a","text":"x","choice":"y"}', "bad"), (b'{"type":"msg","id":"a b","text":"x"}', "bad"),
                      (b'{"type":"msg","id":"' + b"i" * 97 + b'","text":"x"}', "bad"),
                      (b'{"type":"msg","id":"a","text":"nul \\u0000 here"}', "bad"),
                      (b'{"type":"msg","id":"a","text":"\\ud800"}', "bad"), (b'{"type":"msg","id":"a","text":"x"} {}', "bad"),
                      (b'{"type":"msg","id":"a","text":"' + b"x" * 4097 + b'"}', "too_big"),
                      (b'{"type":"seen","seq":-1}', "bad"), (b'{"type":"seen","seq":"1"}', "bad")):
        try:
            visitor.send(bad)
            answer = visitor.next()
        except Closed as closed:  # the protocol allows to close after many bad messages
            assert closed.code == 1008, (bad, closed)
            visitor = Visitor(server.port)
            continue
        assert answer["type"] == "nak" and answer["code"] == code, (bad, answer)
    visitor = Visitor(server.port)
    assert visitor.say("halo")[0]["seq"] == 2, "nothing of it was stored"


def main():
    with folder() as place, Server(place / "pandu.db", *FREELY, PANDU_IDENTITY_SECRET=SECRET) as server:
        for part in (is_one_person, is_denied, keeps_tokens_apart, keeps_the_order, refuses_bad_messages):
            part(server)
            print(part.__name__.replace("_", " "), "ok", flush=True)
        assert SECRET not in server.log() and "siswa-17" not in server.log()
        server.end_well()
    with folder() as place, Server(place / "pandu.db", *FREELY) as server:
        chat, answer = says_hello(server.port, identity=sign(claims()))
        assert answer["code"] in ("denied", "unsupported") and chat.close_code() == 1008, "without a secret nobody is believed"
        chat, answer = says_hello(server.port, identity=sign(claims(), secret=""))
        assert answer["code"] in ("denied", "unsupported"), answer
        server.end_well()


if __name__ == "__main__":
    main()
