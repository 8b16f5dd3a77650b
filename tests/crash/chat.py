"""A minimal WebSocket client for the crash tests: blocking handshake, then frames as they come. Never reconnects by itself."""
import base64
import json
import os
import socket


class Closed(Exception):
    """The connection is gone: the server was killed, or ended it."""


class Chat:
    def __init__(self, port, seconds=5):
        self.rest, self.ended = b"", None
        try:
            self.socket = socket.create_connection(("127.0.0.1", port), seconds)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            key = base64.b64encode(os.urandom(16)).decode()
            self.socket.sendall((f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                 f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: pandu.v1\r\n\r\n")
                                .encode())
            while b"\r\n\r\n" not in self.rest:
                self.fill()
        except OSError as error:
            raise Closed(str(error)) from error
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        if not head.startswith(b"HTTP/1.1 101"):
            raise Closed(head.decode(errors="replace"))

    def fill(self):
        try:
            block = self.socket.recv(1 << 16)
        except OSError as error:
            raise Closed(str(error)) from error
        if not block:
            raise Closed("end")
        self.rest += block

    def send(self, message):
        payload, mask = json.dumps(message).encode(), os.urandom(4)
        length = bytes([0x80 | len(payload)]) if len(payload) < 126 else bytes([0x80 | 126]) + len(payload).to_bytes(2, "big")
        masked = bytes(byte ^ mask[i & 3] for i, byte in enumerate(payload))
        try:
            self.socket.sendall(b"\x81" + length + mask + masked)
        except OSError as error:
            raise Closed(str(error)) from error

    def take(self):
        """The messages that are here whole; never waits."""
        messages = []
        if self.ended is not None:
            raise Closed(self.ended)
        while len(self.rest) >= 2:
            size, head = self.rest[1] & 127, 2
            if size == 126:
                size, head = int.from_bytes(self.rest[2:4], "big"), 4
            elif size == 127:
                size, head = int.from_bytes(self.rest[2:10], "big"), 10
            if len(self.rest) < head + size:
                break
            opcode, payload, self.rest = self.rest[0] & 15, self.rest[head:head + size], self.rest[head + size:]
            if opcode == 8:
                self.ended = f"close {int.from_bytes(payload[:2], 'big')} {payload[2:].decode()}"
                if not messages:
                    raise Closed(self.ended)
                break
            if opcode == 1:
                messages.append(json.loads(payload))
        return messages

    def receive(self):
        """At least one message; waits for it."""
        messages = self.take()
        while not messages:
            self.fill()
            messages = self.take()
        return messages

    def close(self):
        self.socket.close()
