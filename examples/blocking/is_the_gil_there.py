"""Asking this Python whether it has a GIL."""

# /// script
# requires-python = ">=3.13"
# ///

import asyncio
import sys
import sysconfig


async def main() -> None:
    print(
        "built without a GIL:",
        bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    )
    print("the GIL is in use:", sys._is_gil_enabled())


if __name__ == "__main__":
    asyncio.run(main())
