"""What the tests of the running server share: a folder of their own, `pandu serve` in it at a free port, and visitors that talk to it
over raw sockets. Everything they start they end, by its process number."""
import base64
import contextlib
import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60  # sanitizers are slow, and a machine may be busy
WAIT_SECONDS = 20
FREELY = ["--turn-burst", "100000", "--turns-per-minute", "1000000", "--conversation-burst", "100000",
          "--conversations-per-minute", "1000000", "--connections-per-address", "100000"]


def program():
    """The program to test is the first argument of every test."""
    return os.path.abspath(sys.argv[1])


def environment(**more):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PANDU_")}
    return {**clean, **more}


def run(*words, seconds=60, **more):
    """A verb that ends by itself: (status, standard output, standard error)."""
    done = subprocess.run([program(), *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=seconds,
                          env=environment(**more), stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr


@contextlib.contextmanager
def folder():
    with tempfile.TemporaryDirectory(prefix="pandu-server-") as path:
        yield Path(path)


class Server:
    """`pandu serve`. before: words in front of it (a shell that limits it); environment: more variables."""

    def __init__(self, database, *flags, before=(), listen="127.0.0.1:0", **more):
        self.database, self.log_file = str(database), tempfile.NamedTemporaryFile(prefix="pandu-log-", delete=False)
        self.process = subprocess.Popen([*before, program(), "serve", "--listen", listen, "--db", self.database, *map(str, flags)],
                                        stdout=subprocess.PIPE, stderr=self.log_file, stdin=subprocess.DEVNULL, text=True,
                                        env=environment(**more))
        self.line = self.process.stdout.readline()
        found = re.search(r"at \w+://\S+:(\d+)", self.line)
        if not found:
            self.process.wait(START_SECONDS)
            raise AssertionError(f"the server did not start: {self.line} {self.log()}")
        self.port = int(found.group(1))

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        if kind is not None:
            print("---- the log of the server\n" + self.log()[-4000:], file=sys.stderr)
        self.log_file.close()
        os.unlink(self.log_file.name)

    def log(self):
        with open(self.log_file.name, encoding="utf-8") as file:
            return file.read()

    def wait_for_log(self, text, count=1, seconds=WAIT_SECONDS):
        until(lambda: self.log().count(text) >= count, f"the log never said {text!r} {count} times", seconds)

    def tell(self, number):
        self.process.send_signal(number)

    def stop(self, number=signal.SIGTERM, seconds=30):
        """Its exit status, and how long it took."""
        began = time.monotonic()
        self.tell(number)
        return self.process.wait(seconds), time.monotonic() - began

    def end_well(self):
        status, _ = self.stop()
        assert status == 0, f"it ended with {status}: {self.log()[-3000:]}"

    def request(self, method, path, headers=None, token=None, body=None):
        """(status, headers in lower case, text)"""
        return request(self.port, method, path, headers, token, body)

    def healthz(self):
        return self.request("GET", "/healthz")[0]

    def metrics(self):
        """Name and labels, as they are written, to the value."""
        status, _, text = self.request("GET", "/metrics")
        assert status == 200, status
        return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in text.splitlines() if not line.startswith("#")}


def request(port, method, path, headers=None, token=None, body=None, host="127.0.0.1", tls=None):
    connection = http.client.HTTPSConnection(host, port, timeout=WAIT_SECONDS, context=tls) if tls else \
        http.client.HTTPConnection(host, port, timeout=WAIT_SECONDS)
    words = dict(headers or {})
    if token is not None:
        words["Authorization"] = "Bearer " + token
    connection.request(method, path, body=body, headers=words)
    answer = connection.getresponse()
    text = answer.read().decode()
    found = {name.lower(): value for name, value in answer.getheaders()}
    connection.close()
    return answer.status, found, text


def until(condition, what, seconds=WAIT_SECONDS, pause=0.02):
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < end, what
        time.sleep(pause)


class Closed(Exception):
    """The connection is gone; .code is the close code, or None."""

    def __init__(self, why, code=None):
        super().__init__(why)
        self.code = code


class Refused(Exception):
    """The handshake was answered with another status."""

    def __init__(self, head):
        super().__init__(head)
        self.status = int(head.split()[1]) if head.startswith("HTTP/") else 0


class Socket:
    """One WebSocket. origin: as a browser would send it; headers: more lines; tls: a context; source: the own address."""

    def __init__(self, port, origin=None, headers=(), tls=None, host="127.0.0.1", seconds=WAIT_SECONDS, source=None):
        lines = ["GET /ws HTTP/1.1", f"Host: localhost:{port}", "Upgrade: websocket", "Connection: Upgrade",
                 "Sec-WebSocket-Key: " + base64.b64encode(os.urandom(16)).decode(), "Sec-WebSocket-Version: 13",
                 "Sec-WebSocket-Protocol: pandu.v1", *headers]
        if origin is not None:
            lines.append("Origin: " + origin)
        self.rest = b""
        self.socket = socket.create_connection((host, port), seconds, source_address=(source, 0) if source else None)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost")
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        while b"\r\n\r\n" not in self.rest:
            self.fill()
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        if not head.startswith(b"HTTP/1.1 101"):
            self.socket.close()
            raise Refused(head.decode(errors="replace"))

    def fill(self):
        try:
            block = self.socket.recv(1 << 16)
        except socket.timeout:
            raise
        except (OSError, ssl.SSLError) as error:
            raise Closed(str(error)) from error
        if not block:
            raise Closed("end")
        self.rest += block

    def send(self, message):
        payload, mask = json.dumps(message).encode() if isinstance(message, dict) else message, os.urandom(4)
        length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
        pad = (mask * (len(payload) // 4 + 1))[:len(payload)]
        masked = (int.from_bytes(payload, "big") ^ int.from_bytes(pad, "big")).to_bytes(len(payload), "big")
        try:
            self.socket.sendall(b"\x81" + length + mask + masked)
        except OSError as error:
            raise Closed(str(error)) from error

    def take(self):
        """One message that is here whole, or None."""
        while len(self.rest) >= 2:
            size, head = self.rest[1] & 127, 2
            if size == 126:
                size, head = int.from_bytes(self.rest[2:4], "big"), 4
            elif size == 127:
                size, head = int.from_bytes(self.rest[2:10], "big"), 10
            if len(self.rest) < head + size:
                return None
            opcode, payload, self.rest = self.rest[0] & 15, self.rest[head:head + size], self.rest[head + size:]
            if opcode == 8:
                code = int.from_bytes(payload[:2], "big")
                raise Closed(f"close {code} {payload[2:].decode(errors='replace')}", code)
            if opcode == 1:
                return json.loads(payload)
        return None

    def next(self, seconds=WAIT_SECONDS):
        end = time.monotonic() + seconds
        message = self.take()
        while message is None:
            self.socket.settimeout(max(0.001, end - time.monotonic()))
            self.fill()
            message = self.take()
        return message

    def quiet(self, seconds):
        """Whether nothing comes for so long."""
        try:
            message = self.next(seconds)
        except socket.timeout:
            return True
        raise AssertionError(f"unexpected: {message}")

    def close_code(self):
        """Reads until the server closes."""
        try:
            while True:
                self.next()
        except Closed as closed:
            return closed.code

    def close(self):
        self.socket.close()


class Visitor(Socket):
    """Says hello, and talks. hello: more members of it."""

    def __init__(self, port, token=None, last=0, hello=None, **how):
        super().__init__(port, **how)
        self.client = os.urandom(4).hex()
        words = {"type": "hello", "v": 1, "client": self.client, "last": last, **(hello or {})}
        self.send({**words, "conv": token} if token else words)
        self.welcome = self.next()
        assert self.welcome["type"] == "welcome", self.welcome
        self.token, self.count, self.events = self.welcome.get("conv", token), 0, []

    def msg(self, text, name=None):
        """Only sends; returns the id."""
        self.count += 1
        name = name or f"{self.client}-{self.count}"
        self.send({"type": "msg", "id": name, "text": text})
        return name

    def answer(self, name, seconds=WAIT_SECONDS):
        """The ack or nak of the message; events before it are kept in .events."""
        while True:
            message = self.next(seconds)
            if message["type"] == "event":
                self.events.append(message)
            elif message.get("id") == name:
                return message
            else:
                raise AssertionError(f"unexpected: {message}")

    def reply(self, name, seconds=WAIT_SECONDS):
        """The first thing the bot said to the message."""
        while True:
            for event in self.events:
                if event["kind"] == "bot" and event.get("re") == name:
                    return event
            message = self.next(seconds)
            assert message["type"] == "event", message
            self.events.append(message)

    def say(self, text, name=None):
        """Sends, and returns (ack or nak, first reply or None)."""
        name = self.msg(text, name)
        found = self.answer(name)
        return found, self.reply(name) if found["type"] == "ack" else None

    def read_events(self, last):
        """Events up to this number, in the order they came."""
        found = []
        while not found or found[-1]["seq"] < last:
            message = self.next()
            assert message["type"] == "event", message
            found.append(message)
        return found
