"""The names that TimeoutError goes by, and its family."""

import asyncio
import concurrent.futures

if __name__ == "__main__":
    futures_timeout = concurrent.futures.TimeoutError
    print("asyncio's is Python's:", asyncio.TimeoutError is TimeoutError)
    print("concurrent.futures' too:", futures_timeout is TimeoutError)
    print("an OSError:", issubclass(asyncio.TimeoutError, OSError))
