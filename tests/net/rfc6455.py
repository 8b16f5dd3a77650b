#!/usr/bin/python3
"""RFC 6455 against the real server, frame by raw frame, in the groups of Autobahn's test suite. Every case says what
a server has to answer. Where ours is stricter than it has to be, the case is marked with a name from the table
"Waivers" in docs/rfc6455.md; a name that stands only here or only there fails. Usage: rfc6455.py ECHO DOCUMENT"""
import re
import sys
from pathlib import Path

from raw import (BINARY, CLOSE, CONT, PING, PONG, TEXT, Client, Raw, Server, close_payload, frame, handshake)

CASES = []       # (name, pieces to send, expected frames, close code or "alive", waiver)


def case(name, pieces, frames=(), end="alive", waiver=None):
    CASES.append((name, pieces if isinstance(pieces, list) else [pieces], list(frames), end, waiver))


def echo(name, text, **how):
    case(name, frame(TEXT, text, **how), [(TEXT, text)])


def bytewise(data):
    return [data[i:i + 1] for i in range(len(data))]


def framing():
    for size in (0, 1, 2, 3, 4, 5, 7, 8, 9, 63, 64, 124, 125, 126, 127, 128, 255, 256, 1000, 4095, 4096, 4097, 8191, 16383,
                 16384):
        echo(f"1.1 text of {size}", b"*" * size)
    for size in (126, 1000, 16384):
        data = frame(TEXT, b"*" * size)
        case(f"1.1 text of {size} in pieces of 997", [data[i:i + 997] for i in range(0, len(data), 997)],
             [(TEXT, b"*" * size)])
    case("1.1 text of 300, byte by byte", bytewise(frame(TEXT, b"*" * 300)), [(TEXT, b"*" * 300)])
    for size in (16385, 65535, 65536, 1 << 20):
        case(f"1.1 text of {size}", frame(TEXT, b"*" * min(size, 200), claim=size, size=2 if size < 65536 else 8), [], 1009,
             "message-size")
    case("1.1 text of 2^63-1 is announced", frame(TEXT, b"", claim=(1 << 63) - 1, size=8), [], 1009, "message-size")
    for size in (0, 125, 126, 127, 128, 1000):
        case(f"1.2 binary of {size}", frame(BINARY, b"\xfe" * size), [], 1003, "binary")
    case("1.2 binary in fragments", frame(BINARY, b"a", fin=False), [], 1003, "binary")
    for mask in (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\0\xff\0\xff", b"abcd", b"\x80\0\0\0"):
        echo(f"1.3 mask {mask.hex()}", b"mask me, please \xe2\x82\xac", mask=mask)
    for size in (0, 5, 125, 126, 1000):
        case(f"1.4 unmasked text of {size}", frame(TEXT, b"x" * size, mask=None), [], 1002)
    for opcode in (PING, PONG, CLOSE, CONT, BINARY):
        case(f"1.4 unmasked opcode {opcode}", frame(opcode, b"", mask=None), [], 1002)
    case("1.5 length 5 in two bytes", frame(TEXT, b"hello", size=2), [], 1002)
    case("1.5 length 125 in two bytes", frame(TEXT, b"x" * 125, size=2), [], 1002)
    case("1.5 length 5 in eight bytes", frame(TEXT, b"hello", size=8), [], 1002)
    case("1.5 length 126 in eight bytes", frame(TEXT, b"x" * 126, size=8), [], 1002)
    case("1.5 length 65535 in eight bytes", frame(TEXT, b"", claim=65535, size=8), [], 1002)
    case("1.5 top bit of the length", frame(TEXT, b"", claim=1 << 63, size=8), [], 1002)
    case("1.6 many messages in one segment", b"".join(frame(TEXT, b"m%d" % i) for i in range(100)),
         [(TEXT, b"m%d" % i) for i in range(100)])


def pings():
    for size in (0, 1, 4, 124, 125):
        payload = bytes((i * 7) & 255 for i in range(size))
        case(f"2.1 ping of {size}", frame(PING, payload), [(PONG, payload)])
    case("2.5 ping of 126", frame(PING, b"x" * 126), [], 1002)
    case("2.5 ping of 65536", frame(PING, b"", claim=65536, size=8), [], 1002)
    case("2.5 pong of 126", frame(PONG, b"x" * 126), [], 1002)
    case("2.5 ping with a length in two bytes", frame(PING, b"x", size=2), [], 1002)
    case("2.6 ping byte by byte", bytewise(frame(PING, b"x" * 125)), [(PONG, b"x" * 125)])
    case("2.7 pong nobody asked for", frame(PONG))
    case("2.8 pong with payload nobody asked for", frame(PONG, b"unsolicited"))
    case("2.9 pong, then ping", frame(PONG, b"a") + frame(PING, b"b"), [(PONG, b"b")])
    case("2.10 ten pings at once", b"".join(frame(PING, b"%d" % i) for i in range(10)),
         [(PONG, b"%d" % i) for i in range(10)])
    case("2.11 ten pings, byte by byte", bytewise(b"".join(frame(PING, b"%d" % i) for i in range(10))),
         [(PONG, b"%d" % i) for i in range(10)])
    case("2.12 pong of 125", frame(PONG, b"x" * 125))


def reserved():
    for rsv in range(1, 8):
        case(f"3.1 RSV {rsv} in text", frame(TEXT, b"hello", rsv=rsv), [], 1002)
        case(f"3.2 text, then RSV {rsv} in text", frame(TEXT, b"first") + frame(TEXT, b"x", rsv=rsv), [(TEXT, b"first")],
             1002)
    for opcode in (PING, PONG, CLOSE, CONT):
        case(f"3.3 RSV 4 in opcode {opcode}", frame(opcode, b"", rsv=4), [], 1002)
    case("3.4 RSV 1, byte by byte", bytewise(frame(TEXT, b"hello", rsv=1)), [], 1002)
    for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15):
        case(f"4.1 opcode {opcode}, empty", frame(opcode), [], 1002)
        case(f"4.2 opcode {opcode}, with payload, after text", frame(TEXT, b"first") + frame(opcode, b"x"),
             [(TEXT, b"first")], 1002)


def fragments():
    case("5.1 ping in two fragments", frame(PING, b"a", fin=False) + frame(CONT, b"b"), [], 1002)
    case("5.2 pong in two fragments", frame(PONG, b"a", fin=False) + frame(CONT, b"b"), [], 1002)
    two = frame(TEXT, b"frag1", fin=False) + frame(CONT, b"frag2")
    case("5.3 text in two fragments, one segment", two, [(TEXT, b"frag1frag2")])
    case("5.4 text in two fragments, two segments", [frame(TEXT, b"frag1", fin=False), frame(CONT, b"frag2")],
         [(TEXT, b"frag1frag2")])
    case("5.5 text in two fragments, byte by byte", bytewise(two), [(TEXT, b"frag1frag2")])
    ping_between = frame(TEXT, b"frag1", fin=False) + frame(PING, b"ping") + frame(CONT, b"frag2")
    case("5.6 ping between fragments", ping_between, [(PONG, b"ping"), (TEXT, b"frag1frag2")])
    case("5.7 the same, frame by frame",
         [frame(TEXT, b"frag1", fin=False), frame(PING, b"ping"), frame(CONT, b"frag2")],
         [(PONG, b"ping"), (TEXT, b"frag1frag2")])
    case("5.8 the same, byte by byte", bytewise(ping_between), [(PONG, b"ping"), (TEXT, b"frag1frag2")])
    for name, fin in (("final", True), ("open", False)):
        case(f"5.9 {name} continuation of nothing", frame(CONT, b"x", fin=fin), [], 1002)
        case(f"5.10 {name} continuation of nothing, then text", frame(CONT, b"x", fin=fin) + frame(TEXT, b"y"), [], 1002)
        case(f"5.11 {name} continuation after a whole text", frame(TEXT, b"whole") + frame(CONT, b"x", fin=fin),
             [(TEXT, b"whole")], 1002)
    case("5.15 fragments, then a continuation of nothing", two + frame(CONT, b"x"), [(TEXT, b"frag1frag2")], 1002)
    case("5.18 text inside a text", frame(TEXT, b"a", fin=False) + frame(TEXT, b"b"), [], 1002)
    case("5.18 open text inside a text", frame(TEXT, b"a", fin=False) + frame(TEXT, b"b", fin=False), [], 1002)
    case("5.18 binary inside a text", frame(TEXT, b"a", fin=False) + frame(BINARY, b"b"), [], 1002)
    five = (frame(TEXT, b"f1", fin=False) + frame(CONT, b"f2", fin=False) + frame(PING, b"p1") +
            frame(CONT, b"f3", fin=False) + frame(CONT, b"f4", fin=False) + frame(PING, b"p2") + frame(CONT, b"f5"))
    case("5.19 five fragments and two pings", five, [(PONG, b"p1"), (PONG, b"p2"), (TEXT, b"f1f2f3f4f5")])
    case("5.20 the same, byte by byte", bytewise(five), [(PONG, b"p1"), (PONG, b"p2"), (TEXT, b"f1f2f3f4f5")])
    case("5.21 empty fragments", frame(TEXT, b"", fin=False) + frame(CONT, b"", fin=False) + frame(CONT, b""),
         [(TEXT, b"")])
    case("5.22 empty first and last fragment", frame(TEXT, b"", fin=False) + frame(CONT, b"mid", fin=False) + frame(CONT),
         [(TEXT, b"mid")])
    case("5.23 a thousand fragments of one byte",
         frame(TEXT, b"x", fin=False) + frame(CONT, b"x", fin=False) * 998 + frame(CONT, b"x"), [(TEXT, b"x" * 1000)])
    half = b"y" * 8192
    case("5.24 fragments of just the most", frame(TEXT, half, fin=False) + frame(CONT, half), [(TEXT, half + half)])
    case("5.25 fragments of one byte more", frame(TEXT, half, fin=False) + frame(CONT, half + b"z"), [], 1009,
         "message-size")
    case("5.26 two fragmented messages", two + two, [(TEXT, b"frag1frag2"), (TEXT, b"frag1frag2")])
    case("5.27 close between fragments", frame(TEXT, b"a", fin=False) + frame(CLOSE, close_payload(1000)), [], 1000)
    case("5.28 pong between fragments", frame(TEXT, b"a", fin=False) + frame(PONG, b"x") + frame(CONT, b"b"),
         [(TEXT, b"ab")])


VALID = {"ASCII": b"Hello-world", "Greek": "κόσμε".encode(), "two bytes": "é".encode(), "first of two": b"\xc2\x80",
         "last of two": b"\xdf\xbf", "first of three": b"\xe0\xa0\x80", "before the surrogates": b"\xed\x9f\xbf",
         "after the surrogates": b"\xee\x80\x80", "replacement character": b"\xef\xbf\xbd", "U+FFFE": b"\xef\xbf\xbe",
         "U+FFFF": b"\xef\xbf\xbf", "first of four": b"\xf0\x90\x80\x80", "the last": b"\xf4\x8f\xbf\xbf",
         "U+1FFFE": b"\xf0\x9f\xbf\xbe", "emoji with joiners": "👩‍🎓".encode(), "NUL": b"a\0b", "BOM": b"\xef\xbb\xbfx",
         "Javanese": "ꦲꦏ꧀ꦱꦫ".encode(), "DEL": b"\x7f"}
INVALID = {"lone continuation": b"\x80", "two continuations": b"\x80\xbf", "FE": b"\xfe", "FF": b"\xff",
           "overlong slash": b"\xc0\xaf", "overlong slash of three": b"\xe0\x80\xaf", "overlong slash of four": b"\xf0\x80\x80\xaf",
           "overlong NUL": b"\xc0\x80", "overlong, the last of two": b"\xc1\xbf", "overlong, the last of three": b"\xe0\x9f\xbf",
           "overlong, the last of four": b"\xf0\x8f\xbf\xbf", "first surrogate": b"\xed\xa0\x80",
           "last surrogate": b"\xed\xbf\xbf", "a pair of surrogates": b"\xed\xa0\x80\xed\xb0\x80", "above the last": b"\xf4\x90\x80\x80",
           "five bytes": b"\xf8\x88\x80\x80\x80", "six bytes": b"\xfc\x84\x80\x80\x80\x80", "cut after one of two": b"\xc3",
           "cut after two of three": b"\xe2\x82", "cut after three of four": b"\xf0\x9f\x98",
           "cut in the middle": b"ab\xe2\x82cd", "Greek with a surrogate": "κόσμε".encode() + b"\xed\xa0\x80edited"}


def utf8():
    for name, text in VALID.items():
        echo(f"6.1 {name}, whole", text)
        middle = len(text) // 2
        case(f"6.2 {name}, in two fragments", frame(TEXT, text[:middle], fin=False) + frame(CONT, text[middle:]),
             [(TEXT, text)])
        singles = b"".join(frame(TEXT if i == 0 else CONT, text[i:i + 1], fin=i == len(text) - 1) for i in range(len(text)))
        case(f"6.3 {name}, a fragment a byte", singles, [(TEXT, text)])
        case(f"6.4 {name}, byte by byte", bytewise(frame(TEXT, text)), [(TEXT, text)])
    for name, text in INVALID.items():
        case(f"6.5 {name}, whole", frame(TEXT, text), [], 1007)
        case(f"6.6 {name}, closed by an empty fragment", frame(TEXT, text, fin=False) + frame(CONT), [], 1007)
        case(f"6.7 {name}, after good text", frame(TEXT, b"good") + frame(TEXT, b"good" + text), [(TEXT, b"good")], 1007)


def closing():
    case("7.1 close with 1000", frame(CLOSE, close_payload(1000)), [], 1000)
    case("7.1 close without a code", frame(CLOSE), [], 1000)
    case("7.1 close with a reason", frame(CLOSE, close_payload(1000, b"bye")), [], 1000)
    case("7.1 close with the longest reason", frame(CLOSE, close_payload(1000, b"x" * 123)), [], 1000)
    case("7.1 close, then text", frame(CLOSE, close_payload(1000)) + frame(TEXT, b"late"), [], 1000)
    case("7.1 close, then ping", frame(CLOSE, close_payload(1000)) + frame(PING, b"late"), [], 1000)
    case("7.1 close twice", frame(CLOSE, close_payload(1000)) * 2, [], 1000)
    case("7.1 text, then close", frame(TEXT, b"last") + frame(CLOSE, close_payload(1000)), [(TEXT, b"last")], 1000)
    case("7.1 close byte by byte", bytewise(frame(CLOSE, close_payload(1001, b"gone"))), [], 1001)
    case("7.3 close of one byte", frame(CLOSE, b"\x03"), [], 1002)
    case("7.3 close of 126", frame(CLOSE, close_payload(1000, b"x" * 124)), [], 1002)
    case("7.3 close that is not final", frame(CLOSE, close_payload(1000), fin=False), [], 1002)
    case("7.5 reason is no UTF-8", frame(CLOSE, close_payload(1000, b"\xce\xba\xff")), [], 1007)
    case("7.5 reason is cut UTF-8", frame(CLOSE, close_payload(1000, b"\xe2\x82")), [], 1007)
    for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999):
        case(f"7.7 close code {code}", frame(CLOSE, close_payload(code)), [], code)
    for code in (0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535):
        case(f"7.9 close code {code}", frame(CLOSE, close_payload(code)), [], 1002)
    case("7.10 the server closes", frame(TEXT, b"!close 4001 done"), [], 4001)
    case("7.10 the server closes with 1000", frame(TEXT, b"!close 1000"), [], 1000)
    case("7.10 the server closes behind its words", frame(TEXT, b"last") + frame(TEXT, b"!close 1000"), [(TEXT, b"last")],
         1000)


# Opening handshakes: (name, bytes, status).
def handshakes():
    one = handshake
    return [
        ("plain", one(), 101),
        ("token in another case", one(upgrade="WebSocket", connection="upgrade"), 101),
        ("Connection is a list", one(connection="keep-alive, Upgrade"), 101),
        ("several subprotocols", one(protocol="chat, pandu.v1"), 101),
        ("subprotocols in two headers", one(extra=["Sec-WebSocket-Protocol: soap"]), 101),
        ("an extension is offered", one(extra=["Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"]), 101),
        ("an unknown header", one(extra=["X-Anything: goes"]), 101),
        ("a query", one(path="/ws?x=1"), 101),
        ("no Upgrade", one(upgrade=None), 426),
        ("Upgrade: h2c", one(upgrade="h2c"), 400),
        ("Upgrade: websocket, h2c", one(upgrade="websocket, h2c"), 400),
        ("two Upgrades", one(extra=["Upgrade: websocket"]), 400),
        ("empty Upgrade", one(upgrade=""), 400),
        ("no Connection", one(connection=None), 400),
        ("Connection without upgrade", one(connection="keep-alive"), 400),
        ("Connection: Upgraded", one(connection="Upgraded"), 400),
        ("no Host", one(host=None), 400),
        ("two Hosts", one(extra=["Host: other"]), 400),
        ("no key", one(key=None), 400),
        ("two keys", one(extra=["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]), 400),
        ("empty key", one(key=b""), 400),
        ("short key", one(key=b"c2hvcnQ="), 400),
        ("long key", one(key=b"dGhlIHNhbXBsZSBub25jZQdGhlIHNhbXBsZSBub25jZQ=="), 400),
        ("key that is no base64", one(key=b"dGhlIHNhbXBsZSBub25j!Q=="), 400),
        ("no version", one(version=None), 426),
        ("version 8", one(version="8"), 426),
        ("version 12", one(version="12"), 426),
        ("version 14", one(version="14"), 426),
        ("version 013", one(version="013"), 426),
        ("version 13, 8", one(version="13, 8"), 426),
        ("two versions", one(extra=["Sec-WebSocket-Version: 13"]), 426),
        ("no subprotocol", one(protocol=None), 400),
        ("another subprotocol", one(protocol="pandu.v2"), 400),
        ("subprotocol in another case", one(protocol="PANDU.V1"), 400),
        ("subprotocol that only begins so", one(protocol="pandu.v11"), 400),
        ("POST", one(method="POST"), 405),
        ("HEAD", one(method="HEAD"), 405),
        ("HTTP/1.0", one(http="HTTP/1.0"), 400),
        ("HTTP/2.0", one(http="HTTP/2.0"), 505),
        ("another path", one(path="/other"), 404),
        ("path with a slash more", one(path="/ws/"), 404),
        ("path in another case", one(path="/WS"), 404),
        ("with a body", one(extra=["Content-Length: 1"]) + b"x", 400),
        ("with an empty body", one(extra=["Content-Length: 0"]), 101),
        ("frames right behind it", one() + frame(TEXT, b"early"), 101),
    ]


def run_handshake(port, name, data, status):
    client = Raw(port)
    for piece in [data] if len(name) % 2 else [data[:40], data[40:]]:
        client.send(piece)
    got, headers = client.head()
    names = [header for header, _ in headers]
    problems = [] if got == status else [f"status {got} instead of {status}"]
    if got == 101 and "sec-websocket-extensions" in names:
        problems.append("an extension was agreed to")
    if got == 426 and dict(headers).get("sec-websocket-version") != "13":
        problems.append("426 does not tell the version")
    if got != 101 and not client.is_over():
        problems.append("the connection stays open after a refused handshake")
    if name.startswith("frames right") and got == 101 and (not client.need(7) or client.data != b"\x81\x05early"):
        problems.append(f"early frame answered with {client.data!r}")
    client.close()
    return problems


def run_case(port, pieces, frames, end):
    client = Client(port)
    for piece in pieces:
        client.send(piece)
    problems = []
    for wanted in frames:
        got = client.receive()
        if got != wanted:
            return [f"got {got[0]} {got[1][:60]!r} instead of {wanted[0]} {wanted[1][:60]!r}"]
    if end == "alive":
        client.text("probe")
        got = client.receive()
        if got != (TEXT, b"probe"):
            problems.append(f"the connection is dead or lost its place: {got}")
    else:
        got = client.receive()
        code = int.from_bytes(got[1][:2], "big") if got[0] == CLOSE else None
        if code != end:
            problems.append(f"got {got[0]} {got[1][:60]!r} instead of close {end}")
        if end in (1000, 1001) or end > 1009:
            client.send(frame(CLOSE, close_payload(1000)))  # after a breach of the rules the server waits for nothing
        if not client.is_over() or client.data:
            problems.append(f"behind the close frame: {client.data[:40]!r}, or the connection stays open")
    client.close()
    return problems


def check_waivers(document):
    listed = set(re.findall(r"^\| `([a-z0-9-]+)` \|", Path(document).read_text().split("## Waivers")[1], re.M))
    used = {waiver for *_, waiver in CASES if waiver}
    return [f"waiver '{name}' stands only in {document}" for name in listed - used] + \
           [f"waiver '{name}' is missing in {document}" for name in used - listed]


def main():
    program, document = sys.argv[1:3]
    for group in (framing, pings, reserved, fragments, utf8, closing):
        group()
    failures = check_waivers(document)
    server = Server(program)
    for name, pieces, frames, end, _ in CASES:
        failures += [f"{name}: {problem}" for problem in run_case(server.port, pieces, frames, end)]
    opening = handshakes()
    for name, data, status in opening:
        failures += [f"handshake, {name}: {problem}" for problem in run_handshake(server.port, name, data, status)]
    server.stop()
    for failure in failures:
        print(failure)
    print(f"RFC 6455: {len(CASES) + len(opening)} cases, {sum(1 for c in CASES if c[4])} waived, {len(failures)} failures")
    return 1 if failures or len(CASES) + len(opening) < 200 else 0


if __name__ == "__main__":
    sys.exit(main())
