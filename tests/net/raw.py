"""Raw sockets for the network tests: an echo server to talk to, and a client that sends exactly the bytes it is told."""
import base64
import hashlib
import os
import signal
import socket
import struct
import subprocess
import tempfile
import time

ACCEPT_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
CONT, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


class Server:
    """The echo program; its port is read back. stop() checks that it ended well (under the sanitizers, too)."""

    def __init__(self, program, *options, limit=None, wrap=()):
        words = [*wrap, program, *map(str, options)]
        if limit:
            words = ["sh", "-c", f'ulimit -n {limit} && exec "$@"', "sh", *words]
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=self.errors)
        line = self.process.stdout.readline()
        if not line.strip().isdigit():
            self.process.wait(10)
            raise SystemExit(f"the echo server did not start: {line!r} {self.said()}")
        self.port = int(line)

    def said(self):
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace")

    def cpu(self):
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_kb(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))

    def stop(self, within=5):
        """Seconds until it ended; raises when it did not end well."""
        begin = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            out = self.process.communicate(timeout=within)[0].decode()
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"the server did not stop: {self.said()}")
        if self.process.returncode != 0:
            raise AssertionError(f"the server ended with {self.process.returncode}: {out} {self.said()[-3000:]}")
        self.out = out
        return time.monotonic() - begin


def frame(opcode, payload=b"", fin=True, rsv=0, mask=b"\x12\x34\x56\x78", size=None, claim=None):
    """One client frame. mask None: unmasked. size: 0, 2 or 8 bytes of length whatever is needed. claim: another length."""
    length = len(payload) if claim is None else claim
    if size is None:
        size = 0 if length < 126 else 2 if length < 65536 else 8
    first = (0x80 if fin else 0) | rsv << 4 | opcode
    second = {0: length, 2: 126, 8: 127}[size] | (0x80 if mask is not None else 0)
    out = bytes([first, second]) + {0: b"", 2: struct.pack("!H", length & 0xFFFF), 8: struct.pack("!Q", length)}[size]
    if mask is None:
        return out + payload
    if len(payload) > 64:
        stream = (mask * (len(payload) // 4 + 1))[:len(payload)]
        body = (int.from_bytes(payload, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(payload), "big")
    else:
        body = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
    return out + mask + body


def close_payload(code, reason=b""):
    return struct.pack("!H", code) + reason


def handshake(path="/ws", host="127.0.0.1", protocol="pandu.v1", extra=(), key=KEY, version="13", upgrade="websocket",
              connection="Upgrade", method="GET", http="HTTP/1.1"):
    """Bytes of an opening handshake; None leaves a header out."""
    lines = [f"{method} {path} {http}"]
    for name, value in (("Host", host), ("Upgrade", upgrade), ("Connection", connection),
                        ("Sec-WebSocket-Key", key.decode() if key is not None else None),
                        ("Sec-WebSocket-Version", version), ("Sec-WebSocket-Protocol", protocol)):
        if value is not None:
            lines.append(f"{name}: {value}")
    return "\r\n".join([*lines, *extra, "", ""]).encode("latin-1")


class Raw:
    """A socket with what came in so far."""

    def __init__(self, port, timeout=5, wrap=None):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if wrap:
            self.socket = wrap(self.socket)
        self.data = b""

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            pass  # the other side gave up: what it said before is what counts

    def more(self):
        """0 when the other side is done."""
        try:
            piece = self.socket.recv(65536)
        except TimeoutError:
            raise
        except OSError:
            piece = b""
        self.data += piece
        return len(piece)

    def need(self, count):
        while len(self.data) < count:
            if not self.more():
                return False
        return True

    def take(self, count):
        piece, self.data = self.data[:count], self.data[count:]
        return piece

    def head(self):
        """(status, headers as a list of pairs); status 0 when the connection ended without an answer."""
        while b"\r\n\r\n" not in self.data:
            if not self.more():
                return 0, []
        head, self.data = self.data.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        pairs = [tuple(line.split(": ", 1)) for line in lines[1:]]
        return int(lines[0].split(" ")[1]), [(name.lower(), value) for name, value in pairs]

    def answer(self, method="GET"):
        """(status, headers, body) of one response."""
        status, headers = self.head()
        length = int(dict(headers).get("content-length", 0)) if method != "HEAD" else 0
        self.need(length)
        return status, dict(headers), self.take(length)

    def is_over(self):
        """Reads to the end: True when the other side closed, False after the timeout."""
        try:
            while self.more():
                pass
            return True
        except TimeoutError:
            return False

    def close(self):
        self.socket.close()


class Client(Raw):
    """An open WebSocket."""

    def __init__(self, port, extra=(), timeout=5, wrap=None, **changed):
        super().__init__(port, timeout, wrap)
        self.send(handshake(extra=extra, **changed))
        self.status, headers = self.head()
        if self.status != 101:
            raise ConnectionError(f"handshake: {self.status}")
        accept = base64.b64encode(hashlib.sha1(KEY + ACCEPT_GUID).digest()).decode()
        assert dict(headers)["sec-websocket-accept"] == accept and dict(headers)["sec-websocket-protocol"] == "pandu.v1"

    def receive(self):
        """(opcode, payload) of the next frame; (None, b"") when the connection ended."""
        if not self.need(2):
            return None, b""
        first, second = self.data[0], self.data[1]
        assert first & 0x70 == 0 and second & 0x80 == 0 and first & 0x80, "a server frame is whole and never masked"
        size = {126: 2, 127: 8}.get(second, 0)
        if not self.need(2 + size):
            return None, b""
        length = int.from_bytes(self.data[2:2 + size], "big") if size else second
        assert size != 2 or length > 125
        assert size != 8 or length > 65535
        if not self.need(2 + size + length):
            return None, b""
        self.take(2 + size)
        return first & 15, self.take(length)

    def text(self, text):
        self.send(frame(TEXT, text.encode() if isinstance(text, str) else text))
