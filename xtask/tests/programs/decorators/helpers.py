import functools
import time

CALLS = []
JOBS = {}


def timed(function):
    """Notes that a function was called; the time it took is of no interest here."""

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        start = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            CALLS.append((function.__name__, time.perf_counter() - start >= 0))

    return wrapper


def retry(times=2, on=Exception):
    """Calls again when it failed."""

    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for attempt in range(1, times + 1):
                try:
                    return function(*args, **kwargs)
                except on as error:
                    if attempt == times:
                        raise
                    print(f"{function.__name__}: {error}, again")

        return wrapper

    return decorate


def job(name):
    """Enters a function in JOBS."""

    def register(function):
        JOBS[name] = function
        return function

    return register
