"""Takes visits from the list that web fills, and counts each into the minute it happened in. A visit is never lost nor counted twice."""

import pathlib
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))

from redis_client import Redis, RedisError  # noqa: E402

KEEP_SECONDS = 2 * 60 * 60
stopping = False


def stop(*_):
    global stopping
    stopping = True
    print("Stopping: finishing the visit in hand.", flush=True)


def count(redis, visit):
    minute = f"minute:{int(visit) // 60}"
    # One transaction: the count rises exactly when the visit leaves the list of those in hand.
    redis.calls([("MULTI",), ("INCR", minute), ("EXPIRE", minute, KEEP_SECONDS), ("LREM", "in-hand", 1, visit), ("EXEC",)])


def main():
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    redis = Redis()
    redis.wait()
    for visit in redis.call("LRANGE", "in-hand", 0, -1):
        count(redis, visit)
        print("Counted a visit that was in hand when the worker before stopped.", flush=True)
    pathlib.Path("/tmp/ready").touch()
    print("Waiting for visits.", flush=True)
    counted, said = 0, time.monotonic()
    while not stopping:
        try:
            visit = redis.call("BRPOPLPUSH", "queue", "in-hand", 1)
            if visit is not None:
                count(redis, visit)
                counted += 1
        except (OSError, RedisError) as problem:
            print(f"Redis does not answer, trying again: {problem}", file=sys.stderr, flush=True)
            time.sleep(1)
        if counted and time.monotonic() - said > 10:
            print(f"Counted {counted} visits.", flush=True)
            counted, said = 0, time.monotonic()
    print("Stopped.", flush=True)


if __name__ == "__main__":
    main()
