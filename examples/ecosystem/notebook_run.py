# /// script
# requires-python = ">=3.11"
# dependencies = ["ipykernel", "nbclient"]
# [tool.loopscope]
# clock = "real"
# timeout = 30
# ///

"""A notebook, executed cell by cell."""

import asyncio

from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from traitlets.config import Config

CELLS = [
    "import asyncio",
    "await asyncio.sleep(0.1, 'hello')",
    "job = asyncio.create_task(asyncio.sleep(0.1, 'done'))",
    "await job",
    "%time await job",
    "asyncio.run(asyncio.sleep(0.1, 'hello'))",
    "loop = asyncio.get_event_loop()",
    "loop.run_until_complete(asyncio.sleep(0.1, 'hello'))",
    "await asyncio.to_thread(asyncio.run, asyncio.sleep(0.1, 'hello'))",
]


async def main() -> None:
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in CELLS])
    config = Config(KernelManager={"transport": "ipc"})
    await NotebookClient(
        notebook, allow_errors=True, config=config
    ).async_execute()
    for cell in notebook.cells:
        print(f"In [{cell.execution_count}]:", cell.source)
        for output in cell.outputs:
            text = output.get("evalue") or output["data"]["text/plain"]
            print(f"  {output.output_type}: {text}")


if __name__ == "__main__":
    asyncio.run(main())
