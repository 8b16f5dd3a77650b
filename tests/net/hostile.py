#!/usr/bin/python3
"""Clients that mean harm, or are broken: floods, crawling senders, readers that never read, a thousand connects a second,
no descriptors left, request smuggling, foreign origins. Each check says what the server has to do; all of them run
against the real one. Usage: hostile.py ECHO"""
import resource
import select
import socket
import struct
import sys
import threading
import time

from raw import CLOSE, CONT, PING, PONG, TEXT, Client, Raw, Server, close_payload, frame, handshake

FAILURES = []
PROGRAM = sys.argv[1] if len(sys.argv) > 1 else ""


def check(condition, what):
    if not condition:
        FAILURES.append(what)
        print("FAILED:", what, flush=True)


def get(port, path="/x", extra=(), method="GET", http="HTTP/1.1"):
    client = Raw(port)
    client.send("\r\n".join([f"{method} {path} {http}", "Host: h", *extra, "", ""]).encode("latin-1"))
    return client


def still_serves(port, what):
    client = Client(port)
    client.text("still there")
    check(client.receive() == (TEXT, b"still there"), f"{what}: the server still serves others")
    client.close()


class Crawler:
    """Sends its bytes one at a time; notes when the server had enough."""

    def __init__(self, port, begin, rest, pause, name):
        self.raw, self.rest, self.pause, self.name = Raw(port), rest, pause, name
        self.raw.send(begin)
        self.begin = self.last = time.monotonic()
        self.over = None

    def step(self):
        now = time.monotonic()
        if self.over is None and self.rest and now - self.last >= self.pause:
            self.raw.send(self.rest[:1])
            self.rest, self.last = self.rest[1:], now
        while self.over is None and select.select([self.raw.socket], [], [], 0)[0]:
            if not self.raw.more():
                self.over = now - self.begin

    def run(self, most):
        while self.over is None and time.monotonic() - self.begin < most + 2:
            self.step()
            time.sleep(0.02)

    def finish(self, least, most, status=None):
        self.thread.join()
        check(self.over is not None and least <= self.over <= most,
              f"{self.name}: closed after {self.over} s instead of {least} to {most}")
        if status is not None:
            check(self.raw.data.startswith(f"HTTP/1.1 {status} ".encode()), f"{self.name}: {self.raw.data[:40]!r}")
        self.raw.close()


def start_crawlers(port):
    crawlers = [(Crawler(port, b"", b"", 1, "silent from the start"), 9, 13, None),
                (Crawler(port, b"GET /x HTTP/1.1\r\nHost: h\r\n", b"", 1, "half a head"), 9, 13, 408),
                (Crawler(port, b"GET /x HTTP/1.1\r\nHost: h\r\nX: ", b"a" * 500, 0.1, "a dripping head"), 9, 13, 408),
                (Crawler(port, b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 500\r\n\r\n", b"a" * 400, 0.1,
                         "a dripping body"), 18, 23, 408),
                (Crawler(port, b"GET /x HTTP/1.1\r\nHost: h\r\n\r\nGET /", b"a" * 500, 0.1, "a dripping second head"), 9, 13, 200),
                (Crawler(port, b"GET /x HTTP/1.1\r\nHost: h\r\n\r\n", b"", 1, "silent after an answer"), 14, 18, 200),
                (Crawler(port, b"GET /never HTTP/1.1\r\nHost: h\r\n\r\n", b"", 1, "an answer that never comes"), 29, 34, 504),
                (Crawler(port, handshake() + frame(TEXT, b"!close 4000"), b"", 1, "no answer to a close"), 4, 8, 101),
                (Crawler(port, handshake() + frame(TEXT, b"!close 4000"), frame(PING) * 50, 0.1, "pings after a close"), 4, 8,
                 101)]
    for crawler, _, most, _ in crawlers:
        crawler.thread = threading.Thread(target=crawler.run, args=(most,))
        crawler.thread.start()
    return crawlers


def header_floods(port):
    flood = [f"X-{i}: {i}" for i in range(100)]
    for name, extra, path, status in (("100 headers", flood, "/x", 431), ("a header of 9 KB", ["X: " + "a" * 9000], "/x", 431),
                                      ("a path of 3 KB", [], "/" + "a" * 3000, 414),
                                      ("a path of 100 KB", [], "/" + "a" * 100000, 431)):
        client = get(port, path, extra)
        got = client.answer()
        check(got[0] == status, f"{name}: {got[0]} instead of {status}")
        check(client.is_over(), f"{name}: the connection is closed")
    client = Raw(port)
    begin = time.monotonic()
    client.socket.settimeout(1)
    try:
        for _ in range(200):
            client.socket.sendall(b"X: " + b"a" * 65536 + b"\r\n")
    except OSError:
        pass
    check(time.monotonic() - begin < 5, "an endless header is cut off soon")
    still_serves(port, "header floods")


SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"


def smuggling(port):
    cases = [("length and chunked", ["Content-Length: 4", "Transfer-Encoding: chunked"], 400),
             ("chunked", ["Transfer-Encoding: chunked"], 501), ("chunked, other case", ["transfer-ENCODING: Chunked"], 501),
             ("identity", ["Transfer-Encoding: identity"], 501), ("x chunked", ["Transfer-Encoding: xchunked"], 501),
             ("blank before the colon", ["Transfer-Encoding : chunked"], 400),
             ("folded", ["Transfer-Encoding:", " chunked"], 400), ("negative length", ["Content-Length: -1"], 400),
             ("plus", ["Content-Length: +4"], 400), ("hex", ["Content-Length: 0x4"], 400), ("two words", ["Content-Length: 4 4"], 400),
             ("list", ["Content-Length: 4, 4"], 400), ("doubled", ["Content-Length: 4", "Content-Length: 4"], 400),
             ("two lengths", ["Content-Length: 4", "Content-Length: 40"], 400), ("empty", ["Content-Length:"], 400),
             ("overflow", ["Content-Length: 18446744073709551620"], 413), ("h2c", ["Upgrade: h2c", "Connection: Upgrade"], 400),
             ("h2c with settings", ["Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", "HTTP2-Settings: AAMAAABkAAQAAP__"], 400),
             ("unknown upgrade", ["Upgrade: quux", "Connection: Upgrade"], 400), ("bare line feed", ["A: b\nContent-Length: 4"], 400),
             ("bare return", ["A: b\rContent-Length: 4"], 400), ("NUL", ["A: b\0c"], 400)]
    for name, extra, status in cases:
        client = get(port, "/x", extra, "POST")
        client.send(b"0\r\n\r\n" + SMUGGLED)
        got = client.answer()
        check(got[0] == status, f"smuggling, {name}: {got[0]} instead of {status}")
        check(client.is_over() and b"smuggled" not in client.data and client.data == b"",
              f"smuggling, {name}: nothing behind it is answered: {client.data[:60]!r}")
        client.close()
    for name, data in (("HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"), ("garbage", b"\x16\x03\x01\x02\0" * 50),
                       ("HTTP/0.9", b"GET /\r\n\r\n"), ("blank line", b"\r\n\r\n"), ("no method", b" / HTTP/1.1\r\nHost: h\r\n\r\n")):
        client = Raw(port)
        client.send(data)
        status = client.answer()[0]
        check(400 <= status <= 505 and client.is_over(), f"{name}: {status}")
        client.close()


def origins():
    server = Server(PROGRAM, "--origin", "https://karier.example.org", "--origin", "http://localhost:3000",
                    "--origin", "https://busy.example")
    cases = [((), 101), (("https://karier.example.org",), 101), (("https://KARIER.example.org",), 101),
             (("http://localhost:3000",), 101), (("http://karier.example.org",), 403), (("https://karier.example.org:8443",), 403),
             (("https://karier.example.org.evil.example",), 403), (("https://evil-karier.example.org",), 403),
             (("https://example.org",), 403), (("http://localhost",), 403), (("http://localhost:30000",), 403), (("null",), 403),
             (("NULL",), 403), (("",), 403), (("*",), 403), (("file://",), 403), (("https://karier.example.org/",), 403),
             (("https://karier.example.org, https://karier.example.org",), 403),
             (("https://karier.example.org", "https://karier.example.org"), 403),
             (("https://karier.example.org", "https://evil.example"), 403), (("null", "https://karier.example.org"), 403),
             (("https://busy.example",), 429)]
    for sent, status in cases:
        client = Raw(server.port)
        client.send(handshake(extra=[f"Origin: {origin}" for origin in sent]))
        got = client.head()[0]
        check(got == status, f"Origin {sent}: {got} instead of {status}")
        client.close()
    server.stop()
    server = Server(PROGRAM, "--origin", "*")
    for origin, status in (("https://anybody.example", 101), ("null", 403), ("nonsense", 403)):
        client = Raw(server.port)
        client.send(handshake(extra=[f"Origin: {origin}"]))
        got = client.head()[0]
        check(got == status, f"Origin {origin} where all are let in: {got}")
        client.close()
    server.stop()


def never_reading(server):
    client = Raw(server.port)
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.send(handshake())
    client.head()
    before = server.memory_kb()
    for _ in range(40):
        client.send(frame(TEXT, b"!flood 4000"))
    time.sleep(0.3)
    other = Client(server.port)
    other.text("!count")
    count = other.receive()[1]
    other.receive()
    check(count.endswith(b" 1"), f"a reader that never reads is given up once: {count}")
    check(server.memory_kb() - before < 20000, "its queue stays small")
    client.socket.settimeout(8)
    data = b""
    try:
        while piece := client.socket.recv(1 << 20):
            data += piece
    except OSError:
        pass
    check(len(data) > 100000 and close_payload(1013) in data[-200:],
          f"once it reads, the last it finds is 1013: {data[-40:]!r}")
    check(len(data) < 6 << 20, f"what was kept for it is bounded: {len(data)}")
    other.close()
    client.close()


def reading_late(port):
    client, other = Client(port), Client(port)
    sent, queued = 0, 0
    while queued < 50000 and sent < 400:
        client.text("!flood 1000")
        sent += 1
        time.sleep(0.01)
        other.text("!count")
        other.receive()
        queued = int(other.receive()[1].split()[1])
    check(queued >= 50000, f"a reader that pauses makes a queue: {queued}")
    got = sum(client.receive()[0] == TEXT for _ in range(sent * 1000 - 1000))
    check(got == sent * 1000 - 1000, f"and gets all of it once it reads: {got} of {sent * 1000}")
    while client.data or got < sent * 1000:
        opcode = client.receive()[0]
        if opcode != TEXT:
            check(opcode == PING, f"only pings between: {opcode}")
            continue
        got += 1
    client.text("in step")
    check(client.receive() == (TEXT, b"in step"), "the connection goes on")
    client.close()
    other.close()


def ping_flood(port):
    client = Client(port)
    client.socket.settimeout(0.5)
    sent = 0
    try:
        for _ in range(4000):
            client.socket.sendall(frame(PING, b"x" * 125) * 100)
            sent += 1
    except OSError:
        pass
    check(sent < 4000, "pings whose answers nobody reads come to an end")
    still_serves(port, "ping flood")
    client.close()


def pausing(port):
    client = Client(port)
    client.text("!pause")
    for i in range(2000):
        client.text(f"{i} " + "x" * 100)
    begin = time.monotonic()
    check(all(client.receive()[1].startswith(b"%d " % i) for i in range(2000)), "what is sent into a pause comes in order")
    check(time.monotonic() - begin > 0.01, "and only after it")
    client.text("!pause")
    client.send(frame(TEXT, b"x" * 8000) * 400)  # 3.2 MB: more than is held here
    check(all(client.receive() == (TEXT, b"x" * 8000) for _ in range(400)), "the kernel holds what we do not")
    client.close()


class Starer:
    """Asks for 30 MB and does not read for longer than the server waits."""

    def __init__(self, port):
        self.raw, self.begin = Raw(port), time.monotonic()
        self.raw.send(b"GET /large HTTP/1.1\r\nHost: h\r\n\r\n" * 100)

    def finish(self):
        time.sleep(max(0, 33 - (time.monotonic() - self.begin)))
        check(self.raw.is_over() and len(self.raw.data) < 29_000_000, f"answers nobody reads are given up: {len(self.raw.data)}")


def many_connects(port):
    begin = time.monotonic()
    for i in range(2000):
        one = socket.create_connection(("127.0.0.1", port))
        if i % 3 == 0:
            one.sendall(b"GET /x HTTP/1.1\r\n")
        if i % 3 == 1:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # ends with a reset
        one.close()
    check(time.monotonic() - begin < 20, "2,000 connects take no longer than 20 s")
    still_serves(port, "many connects")
    for i in range(300):
        client = Client(port)
        client.text("!flood 20")
        if i % 2:
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
    for _ in range(50):
        client = get(port, "/later")
        client.close()
    still_serves(port, "resets while writing")


def descriptors():
    server = Server(PROGRAM, limit=64)
    clients = []
    for _ in range(150):
        clients.append(socket.create_connection(("127.0.0.1", server.port), 5))
    time.sleep(0.3)
    before = server.cpu()
    time.sleep(1.2)
    check(server.cpu() - before <= 0.1, f"no spinning without descriptors: {server.cpu() - before} s of CPU in 1.2 s")
    check(server.said().count("all places are taken") == 1, f"one line of log: {server.said()}")
    answered = 0
    for one in clients:
        one.settimeout(0.2)
        try:
            answered += one.recv(100).startswith(b"HTTP/1.1 503")
        except OSError:
            pass
    check(answered >= 80, f"those beyond the limit are told 503: {answered}")
    for one in clients:
        one.close()
    time.sleep(0.3)
    still_serves(server.port, "after descriptors ran out")
    server.stop()
    server = Server(PROGRAM)
    resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (10, 20000))  # as if the program had opened much else
    waiting = [socket.create_connection(("127.0.0.1", server.port), 5) for _ in range(30)]
    time.sleep(0.3)
    before = server.cpu()
    time.sleep(1.2)
    check(server.cpu() - before <= 0.1, f"no spinning when accept fails: {server.cpu() - before} s of CPU in 1.2 s")
    check(server.said().count("turned away or wait") == 1, f"it is logged, not all the time: {server.said()}")
    resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (1000, 20000))
    still_serves(server.port, "descriptors are back")
    for one in waiting:
        one.close()
    server.stop()


def limits():
    server = Server(PROGRAM, "--most", 5)
    clients = [Client(server.port) for _ in range(5)]
    sixth = Raw(server.port)
    check(sixth.answer()[0] == 503 and sixth.is_over(), "the sixth of five connections gets 503")
    clients.pop().close()
    time.sleep(0.2)
    still_serves(server.port, "a place became free")
    server.stop()
    server = Server(PROGRAM, "--per-address", 3)
    clients = [Client(server.port) for _ in range(3)]
    fourth = Raw(server.port)
    check(fourth.answer()[0] == 429, "the fourth of three connections of one address gets 429")
    clients.pop().close()
    time.sleep(0.2)
    still_serves(server.port, "an address has room again")
    server.stop()
    server = Server(PROGRAM, "--per-address", 2, "--proxy", "127.0.0.0/8")
    first = [Client(server.port, extra=["X-Forwarded-For: 203.0.113.7"]) for _ in range(2)]
    third = Raw(server.port)
    third.send(handshake(extra=["X-Forwarded-For: 203.0.113.7"]))
    check(third.answer()[0] == 429, "behind a proxy the visitor's address counts")
    other = Client(server.port, extra=["X-Forwarded-For: 6.6.6.6, 203.0.113.8"])
    other.text("hi")
    check(other.receive() == (TEXT, b"hi"), "another visitor behind the same proxy has room")
    for client in (*first, third, other):
        client.close()
    server.stop()


def silence():
    server = Server(PROGRAM, "--ping", 400, "--timeout", 1600)
    good, dead, drip, endless = (Client(server.port) for _ in range(4))
    drip.send(frame(TEXT, b"x" * 100)[:20])
    endless.send(frame(TEXT, b"begin", fin=False))
    begin, over = time.monotonic(), {}
    while time.monotonic() - begin < 8 and len(over) < 3:
        for name, client in (("dead", dead), ("drip", drip), ("endless", endless), ("good", good)):
            while name not in over and select.select([client.socket], [], [], 0)[0]:
                if not client.more():
                    over[name] = time.monotonic() - begin
        if good.data:
            check(good.data == b"\x89\0", f"only pings while all is quiet: {good.data!r}")
            good.data = b""
            good.send(frame(PONG))
        drip.send(b"y")
        endless.send(frame(CONT, b"more", fin=False))
        time.sleep(0.1)
    check("good" not in over, "who answers pings stays")
    check(dead.data == b"\x89\0", f"one ping is enough: {dead.data}")
    check(1.2 < over.get("dead", 0) < 4, f"who does not is given up: {over}")
    check(1.2 < over.get("drip", 0) < 5 and close_payload(1008) in drip.data, f"a dripped frame ends: {over} {drip.data}")
    check(1.2 < over.get("endless", 0) < 5 and close_payload(1008) in endless.data, f"an endless message ends: {over}")
    good.text("still")
    got = good.receive()
    while got[0] == PING:
        got = good.receive()
    check(got == (TEXT, b"still"), f"the good one was not disturbed: {got}")
    for client in (good, dead, drip, endless):
        client.close()
    server.stop()


def silent_pause():
    server = Server(PROGRAM, "--ping", 200, "--timeout", 500)
    client = Client(server.port)
    for i in range(4):
        client.text("!pause")
        client.text(f"round {i}")
        got = client.receive()
        while got[0] == PING:
            client.send(frame(PONG))
            got = client.receive()
        check(got == (TEXT, b"round %d" % i), f"while the server does not listen it does not count silence: {got}")
    client.close()
    server.stop()


def stopping():
    server = Server(PROGRAM, "--grace", 2000)
    polite, busy, silent = Client(server.port), Client(server.port), Client(server.port)
    waiting, idle = get(server.port, "/later"), get(server.port, "/x")
    check(idle.answer()[0] == 200, "idle")
    busy.text("!flood 2000")
    time.sleep(0.1)
    polite.text("!stop")
    check(polite.receive() == (CLOSE, close_payload(1012, b"restarting")), "1012 at the stop")
    polite.send(frame(CLOSE, close_payload(1012)))
    check(polite.is_over(), "closed after the answer")
    got = 0
    while (one := busy.receive())[0] == TEXT:
        got += 1
    check(got == 2000 and one == (CLOSE, close_payload(1012, b"restarting")), f"queues are written out: {got} {one}")
    check(waiting.answer()[2] == b"later", "an exchange is still answered")
    check(idle.is_over(), "idle connections are closed")
    took = server.stop()
    check(0.5 < took < 4, f"the grace is kept, and not longer: {took:.2f} s")
    try:
        Raw(server.port)
        check(False, "nobody listens any more")
    except OSError:
        pass
    check(silent.receive()[0] == CLOSE and silent.is_over(), "who does not answer is dropped at the end of the grace")


def main():
    server = Server(PROGRAM)
    crawlers, starer = start_crawlers(server.port), Starer(server.port)
    for part in (lambda: header_floods(server.port), lambda: smuggling(server.port), origins, lambda: never_reading(server),
                 lambda: reading_late(server.port),
                 lambda: ping_flood(server.port), lambda: pausing(server.port), lambda: many_connects(server.port), descriptors, limits, silence,
                 silent_pause, stopping):
        part()
    for crawler, least, most, status in crawlers:
        crawler.finish(least, most, status)
    starer.finish()
    time.sleep(2.5)  # for those that were read on after their last answer
    last = Client(server.port)
    last.text("!count")
    got = last.receive()[1]
    check(got.startswith(b"open 1 "), f"nobody is left behind: {got}")
    last.close()
    server.stop()
    print(f"hostile clients: {len(FAILURES)} failures")
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
