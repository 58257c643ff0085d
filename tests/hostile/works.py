"""Does the ordinary things that programs do with the machine."""

import asyncio
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from multiprocessing import shared_memory


async def echo(reader, writer) -> None:
    writer.write(await reader.readline())
    await writer.drain()
    writer.close()


async def main() -> None:
    for host in ("127.0.0.1", "localhost", "::1"):
        server = await asyncio.start_server(echo, host, 0)
        reader, writer = await asyncio.open_connection(host, server.sockets[0].getsockname()[1])
        writer.write(b"hello\n")
        print(host, await reader.readline())
        writer.close()
        server.close()
    with tempfile.TemporaryDirectory() as folder:
        server = await asyncio.start_unix_server(echo, f"{folder}/socket")
        reader, writer = await asyncio.open_unix_connection(f"{folder}/socket")
        writer.write(b"hello\n")
        print("unix", await reader.readline())
        writer.close()
        server.close()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "print(6 * 7)", stdout=subprocess.PIPE
    )
    print(await process.communicate())
    print(await asyncio.to_thread(lambda: threading.current_thread() is threading.main_thread()))
    came = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, came.set)
    os.kill(os.getpid(), signal.SIGTERM)
    await came.wait()
    print(
        "signal",
        socket.gethostname(),
        os.path.expanduser("~") == os.getcwd() == os.environ["TMPDIR"],
    )


if __name__ == "__main__":
    asyncio.run(main())
    shared = shared_memory.SharedMemory(create=True, size=1000)
    shared.close()
    shared.unlink()
    for how in ("fork", "forkserver"):
        with multiprocessing.get_context(how).Pool(2) as pool:
            print(how, pool.map(abs, [-1, -2]))
    print(os.ttyname(os.openpty()[1]).startswith("/dev/pts/"))
    for command in (["bash", "-c", "echo $((1 + 1))"], ["getent", "hosts", "127.0.0.1"]):
        print(subprocess.run(command, capture_output=True, text=True).stdout.split()[0])
    os.nice(1)
    os.sched_setaffinity(os.getpid(), os.sched_getaffinity(0))
    print(open("/proc/self/environ").read(4), open(f"/proc/{os.getpid()}/mem", "rb").fileno() > 2)
