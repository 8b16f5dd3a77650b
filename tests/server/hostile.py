#!/usr/bin/env python3
"""The whole server under clients that are broken or mean harm: frames of every wrong kind, a reader that never reads, a thousand
connects at once, no descriptors left, floods of headers. Each time a good visitor goes on talking, and nothing wrong is stored.
hostile.py PANDU"""
import json
import os
import select
import socket
import time

from place import FREELY, Closed, Refused, Server, Socket, Visitor, folder, until

CONTINUATION, TEXT, BINARY, PING = 0, 1, 2, 9
FRAME_MAX = 16384  # docs/protocol.yaml


def frame(opcode, payload, final=True, mask=True, reserved=0):
    """One frame as RFC 6455 section 5.2 lays it out, or as it forbids."""
    first, size = (0x80 if final else 0) | reserved | opcode, len(payload)
    length = bytes([size]) if size < 126 else b"\x7e" + size.to_bytes(2, "big") if size < 65536 else b"\x7f" + size.to_bytes(8, "big")
    if not mask:
        return bytes([first]) + length + payload
    key = os.urandom(4)
    masked = bytes(byte ^ key[place % 4] for place, byte in enumerate(payload))
    return bytes([first, length[0] | 0x80]) + length[1:] + key + masked


def said(text, name):
    return json.dumps({"type": "msg", "id": name, "text": text}).encode()


def is_well(good, what):
    """The visitor who does nothing wrong is answered as ever."""
    found, reply = good.say("terima kasih")
    assert found["type"] == "ack" and reply, (what, found)


def stored(server, visitor):
    """What the visitor said, as another tab is told."""
    tab = Visitor(server.port, visitor.token)
    events = tab.read_events(tab.welcome["next"] - 1)
    tab.close()
    return [event["text"] for event in events if event["kind"] == "visitor"]


def in_pieces(server, good):
    visitor = Visitor(server.port)
    payload = said("halo dari potongan kecil", "pieces")
    frames = [frame(TEXT if place == 0 else CONTINUATION, payload[place:place + 1], place == len(payload) - 1) for place in range(len(payload))]
    visitor.socket.sendall(b"".join(frames[:20]) + frame(PING, b"between") + b"".join(frames[20:]))
    assert visitor.answer("pieces")["type"] == "ack"
    visitor.reply("pieces")
    for byte in frame(TEXT, said("satu byte sekali", "drops")):
        visitor.socket.sendall(bytes([byte]))
    assert visitor.answer("drops")["type"] == "ack"
    assert stored(server, visitor) == ["halo dari potongan kecil", "satu byte sekali"]
    is_well(good, "fragments")


def wrong_frames(server, good):
    whole = said("ini tidak boleh tersimpan", "bad")
    cases = [("binary", frame(BINARY, whole), 1003), ("unmasked", frame(TEXT, whole, mask=False), 1002),
             ("reserved bit", frame(TEXT, whole, reserved=0x40), 1002), ("unknown opcode", frame(3, whole), 1002),
             ("bad UTF-8", frame(TEXT, whole.replace(b"tidak", b"ti\xff\xfek")), 1007),
             ("half a character", frame(TEXT, whole + b"\xc3"), 1007), ("surrogate", frame(TEXT, whole.replace(b"ini", b"\xed\xa0\x80")), 1007),
             ("too long", frame(TEXT, whole + b" " * FRAME_MAX), 1009), ("announced as 2^62", b"\x81\xff" + (1 << 62).to_bytes(8, "big") + b"mask", 1009),
             ("too long in pieces", frame(TEXT, whole[:9], False) + frame(CONTINUATION, b" " * 8000, False) * 3, 1009),
             ("continuation of nothing", frame(CONTINUATION, whole), 1002), ("text in a text", frame(TEXT, whole[:9], False) + frame(TEXT, whole), 1002),
             ("ping in pieces", frame(PING, b"x", False), 1002), ("long ping", frame(PING, b"x" * 126), 1002)]
    for name, sent, code in cases:
        visitor = Visitor(server.port)
        visitor.say("halo")
        visitor.socket.sendall(sent)
        try:
            found = visitor.close_code()
        except TimeoutError as error:
            raise AssertionError(f"{name}: not closed") from error
        assert found == code, f"{name}: closed with {found}, not {code}"
        assert stored(server, visitor) == ["halo"], name
        visitor.close()
        is_well(good, name)


def unfinished_frames(server, good):
    whole = frame(TEXT, said("belum selesai", "half"))
    for name, sent in (("cut in the head", whole[:3]), ("cut in the text", whole[:-5]), ("first of several", frame(TEXT, b'{"type"', False))):
        gone, waiting = Visitor(server.port), Visitor(server.port)
        for visitor in (gone, waiting):
            visitor.say("halo")
            visitor.socket.sendall(sent)
        gone.close()
        is_well(good, name)
        waiting.quiet(0.1)
        assert stored(server, gone) == stored(server, waiting) == ["halo"], name
        waiting.close()


def wrong_words(server, good):
    visitor = Visitor(server.port)
    visitor.say("halo")
    cases = [b"", b"null", b"[]", b"7", b'"msg"', b"{", b"{}", b'{"type":7}', b'{"type":"nonsense"}', b'{"type":"msg"}', b'{"type":"msg","id":"a"}',
             b'{"type":"msg","id":7,"text":"x"}', b'{"type":"msg","id":"a","text":7}', b'{"type":"msg","id":"a","text":["x"]}',
             b'{"type":"msg","id":"a","text":"x","choice":"y"}', b'{"type":"msg","id":"","text":"x"}', b'{"type":"msg","id":"a","text":"x","text":"y"}',
             b'{"type":"msg","id":"a","text":"x\x00y"}', b'{"type":"msg","id":"a","text":"x\\u0000y"}', b'{"type":"msg","id":"a","text":"\\ud800"}',
             b'{"type":"msg","id":"a","text":"' + b"x" * 5000 + b'"}', b'{"type":"msg","id":"' + b"a" * 300 + b'","text":"x"}',
             b'{"type":"msg","id":"a","more":' + b'{"a":' * 200 + b"1" + b"}" * 200 + b',"text":"x"}', b'{"type":"msg","id":"a","text":"x"} trailing']
    for words in cases:
        visitor.socket.sendall(frame(TEXT, words))
        visitor.send({"type": "ping"})
        told = []
        while not told or told[-1]["type"] != "pong":
            told.append(visitor.next())
        kinds = [message["type"] for message in told]
        assert kinds in (["nak", "pong"], ["pong"]), (words[:60], told)
        assert kinds == ["pong"] or told[0]["code"] in ("bad", "too_big", "unsupported"), (words[:60], told)
        assert kinds == ["nak", "pong"] or words == b'{"type":"nonsense"}', ("unanswered", words[:60])
    found, _ = visitor.say("masih di sini", "a")
    assert found["type"] == "ack", "the id of what was refused is free"
    assert stored(server, visitor) == ["halo", "masih di sini"]
    is_well(good, "words")


def memory_kb(server):
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))


def never_reads(server, good):
    """Sends thousands and reads none of the answers, until the server takes no more or gives it up."""
    visitor, sent = Visitor(server.port), 0
    visitor.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    visitor.say("halo")
    before = memory_kb(server)
    visitor.socket.settimeout(0.5)
    try:
        while sent < 20000:
            visitor.socket.sendall(frame(TEXT, said("terima kasih", f"never-{sent}")))
            sent += 1
            if sent % 1000 == 0:
                is_well(good, "beside one who never reads")
    except OSError:
        pass
    is_well(good, "after one who never reads")
    assert memory_kb(server) - before < 40000, "what waits for one who never reads is bounded"
    acked = 0
    try:
        while sent:
            acked += visitor.next(0.5)["type"] == "ack"
            if acked % 500 == 499:
                is_well(good, "while all is read at last")  # it can take minutes: nobody may be silent for so long
    except (Closed, OSError):
        pass
    visitor.close()
    assert stored(server, visitor).count("terima kasih") >= acked, "what was acknowledged is stored"
    return acked


def floods_of_headers(server, good):
    flood = "".join(f"X-{number}: {number}\r\n" for number in range(500))
    for name, head in (("500 headers", "GET /ws HTTP/1.1\r\nHost: h\r\n" + flood + "\r\n"), ("64 KB in one", "GET /healthz HTTP/1.1\r\nHost: h\r\nX: " + "a" * 65536 + "\r\n\r\n"),
                       ("a path of 64 KB", "GET /" + "a" * 65536 + " HTTP/1.1\r\nHost: h\r\n\r\n")):
        raw = socket.create_connection(("127.0.0.1", server.port), 10)
        try:
            raw.sendall(head.encode())
        except OSError:
            pass  # it need not read to the end
        answer = b""
        try:
            while block := raw.recv(65536):
                answer += block
        except ConnectionError:
            pass
        assert answer == b"" or answer.split()[1] in (b"400", b"414", b"431"), (name, answer[:80])
        raw.close()
        is_well(good, name)
    endless = socket.create_connection(("127.0.0.1", server.port), 10)
    endless.sendall(b"GET /ws HTTP/1.1\r\nHost: h\r\n")
    began = time.monotonic()
    try:
        for _ in range(2000):
            endless.sendall(b"X: " + b"a" * 8192 + b"\r\n")
        raise AssertionError("16 MB of headers were taken")
    except OSError:
        pass
    assert time.monotonic() - began < 10
    endless.close()
    is_well(good, "an endless header")


def thousand_connects(server, good):
    """As fast as this process can, none waits for another; half of them leave without a word."""
    request = b"GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" \
              b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: pandu.v1\r\n\r\n"
    began, sockets, open_ones = time.monotonic(), [], 0
    for number in range(1000):
        one = socket.socket()
        one.setblocking(False)
        one.connect_ex(("127.0.0.1", server.port))
        sockets.append(one)
        if number % 100 == 99:
            is_well(good, f"after {number} connects")
    poll = select.poll()
    waiting = {one.fileno(): one for one in sockets}
    for descriptor in waiting:
        poll.register(descriptor, select.POLLOUT)
    end = time.monotonic() + 60
    while waiting and time.monotonic() < end:
        for descriptor, event in poll.poll(1000):
            one = waiting[descriptor]
            if event & select.POLLOUT and not event & (select.POLLERR | select.POLLHUP):
                if descriptor % 2:  # these leave at once
                    waiting.pop(descriptor)
                    poll.unregister(descriptor)
                    one.close()
                    continue
                one.send(request)
                poll.modify(descriptor, select.POLLIN)
            else:
                try:
                    answer = one.recv(4096)
                except OSError:
                    answer = b""
                open_ones += answer.startswith(b"HTTP/1.1 101")
                waiting.pop(descriptor)
                poll.unregister(descriptor)
    assert not waiting and open_ones >= 400, (len(waiting), open_ones)
    took = time.monotonic() - began
    is_well(good, "with a thousand connects behind")
    for one in sockets:
        one.close()
    until(lambda: server.metrics()["pandu_connections_open"] <= 3, "connections of those who left are still counted")
    return open_ones, took


def without_descriptors(place):
    """A limit of 64: those beyond wait or are sent away, who is in goes on, and when some leave others come in."""
    shell = ("sh", "-c", 'ulimit -n 64 && exec "$@"', "sh")
    with Server(place / "few.db", *FREELY, before=shell) as server:
        good = Visitor(server.port)
        is_well(good, "before")
        inside, away = [], 0
        for _ in range(120):
            try:
                one = Socket(server.port, seconds=0.5)
                inside.append(one)
            except (Refused, Closed, OSError):
                away += 1
            if (len(inside) + away) % 20 == 0:
                is_well(good, f"{len(inside)} inside, {away} away")
        assert len(inside) >= 10 and away >= 20, (len(inside), away)
        assert server.process.poll() is None
        for one in inside:
            one.close()

        def comes_in():
            try:
                return Visitor(server.port, seconds=2)
            except (Refused, Closed, OSError):
                return None
        late = until(comes_in, "nobody comes in after some left")
        is_well(late, "who came in later")
        is_well(good, "after")
        server.end_well()
    return len(inside), away


def main():
    with folder() as place:
        with Server(place / "pandu.db", *FREELY) as server:
            good = Visitor(server.port)
            for part in (in_pieces, wrong_frames, unfinished_frames, wrong_words, floods_of_headers):
                part(server, good)
                print(part.__name__, flush=True)
            print(f"never reads: {never_reads(server, good)} acknowledged", flush=True)
            print("of 1,000 connects {} opened, {:.1f} s".format(*thousand_connects(server, good)), flush=True)
            server.end_well()
        print("64 descriptors: {} inside, {} away".format(*without_descriptors(place)), flush=True)


if __name__ == "__main__":
    main()
