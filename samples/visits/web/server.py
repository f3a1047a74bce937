"""The page. Counts a visit, hands it to the worker, and shows what the worker made of the visits before."""

import html
import json
import os
import pathlib
import signal
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))

from redis_client import Redis, RedisError  # noqa: E402

HERE = pathlib.Path(__file__).parent
COMMIT = os.environ.get("COMMIT") or os.environ.get("RELEASE_COMMIT_SHA", "unknown")
MINUTES = 30
_local = threading.local()


def redis():
    if not hasattr(_local, "redis"):
        _local.redis = Redis()
    return _local.redis


def statistics():
    """Visits of each of the last minutes, oldest first, as the worker counted them."""
    now = int(time.time()) // 60
    minutes = list(range(now - MINUTES + 1, now + 1))
    visits, schema, *counts = redis().calls([("GET", "visits"), ("GET", "schema")] + [("GET", f"minute:{m}") for m in minutes])
    return {"visits": int(visits or 0), "schema": int(schema or 0), "minutes": [int(c or 0) for c in counts]}


def page(state):
    greeting = (HERE / "greeting.txt").read_text(encoding="utf-8").strip()
    values = {
        "greeting": greeting,
        "visits": state["visits"],
        "schema": state["schema"],
        "commit": COMMIT,
        "short": COMMIT[:7],
        "branch": os.environ.get("BRANCH", ""),
        "environment": os.environ.get("ENVIRONMENT", ""),
        "instance": socket.gethostname(),
        "data": json.dumps(state["minutes"]),
    }
    text = (HERE / "page.html").read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace("{{" + name + "}}", html.escape(str(value)))
    return text


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "visits"
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 120

    def setup(self):
        super().setup()
        self.server.enter(self.connection)

    def finish(self):
        self.server.leave(self.connection)
        super().finish()

    def parse_request(self):
        # From here on the connection is busy: a stop waits for its answer.
        self.server.begin(self.connection)
        return super().parse_request()

    def handle_one_request(self):
        super().handle_one_request()
        if self.server.end(self.connection):
            self.close_connection = True

    def do_GET(self):
        path = self.path.split("?", 1)[0]
        try:
            if path == "/":
                redis().calls([("INCR", "visits"), ("LPUSH", "queue", int(time.time()))])
                self.answer(200, "text/html; charset=utf-8", page(statistics()))
            elif path == "/statistics":
                self.answer(200, "application/json", json.dumps(statistics()))
            elif path == "/commit":
                self.answer(200, "text/plain; charset=utf-8", COMMIT)
            elif path == "/health":
                redis().call("PING")
                self.answer(200, "text/plain; charset=utf-8", "ok")
            else:
                self.answer(404, "text/plain; charset=utf-8", "There is no such page.")
        except (OSError, RedisError) as problem:
            print(f"{path}: Redis does not answer: {problem}", file=sys.stderr, flush=True)
            self.answer(503, "text/plain; charset=utf-8", "The counter does not answer at the moment. Try again.")

    do_HEAD = do_GET

    def answer(self, status, kind, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        if self.server.stopping:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format, *args):
        if not self.path.startswith(("/health", "/statistics")):
            print(f"{self.command} {self.path} {args[1] if len(args) > 1 else ''}", flush=True)


class Server(ThreadingHTTPServer):
    """Stops without breaking an answer: idle connections are closed at once, busy ones after their answer."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 256

    def __init__(self, address):
        self._lock = threading.Lock()
        self._idle = set()
        self.stopping = False
        super().__init__(address, Handler)

    def enter(self, connection):
        with self._lock:
            self._idle.add(connection)

    def leave(self, connection):
        with self._lock:
            self._idle.discard(connection)

    def begin(self, connection):
        with self._lock:
            self._idle.discard(connection)

    def end(self, connection):
        with self._lock:
            if not self.stopping:
                self._idle.add(connection)
            return self.stopping

    def stop(self):
        with self._lock:
            self.stopping = True
            idle = list(self._idle)
        for connection in idle:
            try:
                connection.shutdown(socket.SHUT_RD)
            except OSError:
                pass
        self.shutdown()


def main():
    server = Server(("0.0.0.0", int(os.environ.get("PORT", "8080"))))

    def stop(*_):
        print("Stopping: finishing the requests under way.", flush=True)
        # In a thread: shutdown waits for the loop that this handler interrupts.
        threading.Thread(target=server.stop).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"Serving commit {COMMIT[:7]} on port {server.server_port}.", flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    print("Stopped.", flush=True)


if __name__ == "__main__":
    main()
