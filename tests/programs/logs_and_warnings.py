"""The standard ways of complaining."""

import asyncio
import logging
import sys
import warnings

logging.basicConfig(
    level=logging.INFO,
    format="%(levelname)s:%(taskName)s:%(message)s"
    if sys.version_info >= (3, 12)
    else "%(message)s",
)


async def main():
    logging.info("to stderr")
    warnings.warn("careful", stacklevel=1)
    warnings.warn("old", DeprecationWarning, stacklevel=1)
    try:
        raise KeyError("logged")
    except KeyError:
        logging.exception("with a traceback")
    sys.stderr.write("no newline at the end")


asyncio.run(main())
