"""As much of a Redis client as this application needs, on the standard library alone."""

import os
import socket
import time


class RedisError(Exception):
    """Redis answered with an error."""


class Redis:
    """One connection, made when it is first needed and again after it broke. Not to be shared by threads."""

    def __init__(self, timeout=5.0):
        self._address = (os.environ.get("REDIS_HOST", "redis"), int(os.environ.get("REDIS_PORT", "6379")))
        self._timeout = timeout
        self._socket = None
        self._file = None

    def call(self, *words):
        return self.calls([words])[0]

    def calls(self, commands):
        """Sends all commands at once and returns their answers in order."""
        try:
            self._connect()
            self._socket.sendall(b"".join(_encode(words) for words in commands))
            answers = [self._read() for _ in commands]
        except OSError:
            self.close()
            raise
        for answer in answers:
            if isinstance(answer, RedisError):
                raise answer
        return answers

    def wait(self, seconds=30):
        """Returns once Redis answers; it may be starting, or reading its data."""
        end = time.monotonic() + seconds
        while True:
            try:
                return self.call("PING")
            except (OSError, RedisError) as problem:
                if time.monotonic() > end:
                    raise
                print(f"Waiting for Redis at {self._address[0]}:{self._address[1]}: {problem}", flush=True)
                time.sleep(0.5)

    def close(self):
        if self._socket is not None:
            self._socket.close()
        self._socket = None
        self._file = None

    def _connect(self):
        if self._socket is None:
            self._socket = socket.create_connection(self._address, self._timeout)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._file = self._socket.makefile("rb")

    def _read(self):
        line = self._file.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("Redis closed the connection")
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest.decode()
        if kind == b"-":
            return RedisError(rest.decode())
        if kind == b":":
            return int(rest)
        if kind == b"$":
            size = int(rest)
            return None if size < 0 else self._file.read(size + 2)[:-2].decode()
        if kind == b"*":
            size = int(rest)
            return None if size < 0 else [self._read() for _ in range(size)]
        raise RedisError(f"not an answer of Redis: {line!r}")


def _encode(words):
    parts = [b"*%d\r\n" % len(words)]
    for word in words:
        data = str(word).encode()
        parts.append(b"$%d\r\n%s\r\n" % (len(data), data))
    return b"".join(parts)
