"""Brings the data to the version this code needs. Can be run any number of times."""

import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))

from redis_client import Redis  # noqa: E402


def begin_counting(redis):
    redis.call("SETNX", "visits", 0)


def remember_the_first_day(redis):
    redis.call("SETNX", "since", int(time.time()))


MIGRATIONS = [begin_counting, remember_the_first_day]


def main():
    redis = Redis()
    redis.wait()
    version = int(redis.call("GET", "schema") or 0)
    print(f"The schema is at version {version}; this code needs {len(MIGRATIONS)}.", flush=True)
    for number, migrate in enumerate(MIGRATIONS[version:], start=version + 1):
        print(f"Applying {number}: {migrate.__name__.replace('_', ' ')}", flush=True)
        migrate(redis)
        redis.call("SET", "schema", number)
    print("The schema is up to date.", flush=True)


if __name__ == "__main__":
    main()
