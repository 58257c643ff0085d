"""Leaves behind whatever it can, for the next program and for whoever cleans up."""

import ctypes
import os
import signal
import sys
import time

NAME = sys.argv[1] if len(sys.argv) > 1 else "evil"
libc = ctypes.CDLL(None)


def daemon(name: str) -> None:
    """As one is made: forked twice, in a session of its own, deaf to signals, holding nothing."""
    if os.fork():
        os.wait()
        return
    os.setsid()
    if os.fork():
        os._exit(0)
    libc.prctl(15, name.encode(), 0, 0, 0)
    for number in range(1, 65):
        if number not in (signal.SIGKILL, signal.SIGSTOP, 32, 33):
            signal.signal(number, signal.SIG_IGN)
    os.closerange(0, 1 << 16)
    while True:
        try:
            os.unlink("/tmp/alive")
        except OSError:
            time.sleep(0.01)


def files(folder: str) -> None:
    """Such as are hard to remove."""
    os.makedirs(f"{folder}/unreadable/inner/more")
    open(f"{folder}/unreadable/inner/file", "w").close()
    os.chmod(f"{folder}/unreadable/inner", 0)
    os.chmod(f"{folder}/unreadable", 0)
    os.mkdir(f"{folder}/odd \n\t\udcff\x01")
    os.symlink("/etc", f"{folder}/link")
    os.symlink("loop", f"{folder}/loop")
    os.mkfifo(f"{folder}/pipe")
    open(f"{folder}/empty", "w").close()
    os.link(f"{folder}/empty", f"{folder}/hard")
    os.chmod(f"{folder}/empty", 0)
    os.mkdir(f"{folder}/.lifted-0")
    place = os.getcwd()
    os.mkdir(f"{folder}/deep")
    os.chdir(f"{folder}/deep")
    for _ in range(3000):  # longer than any path may be, and deeper than Python's stack
        os.mkdir("d" * 50)
        os.chdir("d" * 50)
    os.chdir(place)


def fill(folder: str) -> int:
    """As full as it gets; gives how many million bytes that are."""
    written = 0
    try:
        for number in range(1000):
            with open(f"{folder}/full{number}", "wb", buffering=0) as file:
                for _ in range(9):
                    written += file.write(b"\0" * 10_000_000)
    except OSError:
        return written // 1_000_000
    return written // 1_000_000


print(os.listdir(os.environ["HOME"]), os.getcwd() == os.environ["HOME"])
for folder in ("/tmp", "/dev/shm", os.environ["HOME"]):
    files(folder)
print(all(100 < fill(folder) < 300 for folder in ("/tmp", "/dev/shm")))
daemon(NAME)
try:  # where the folder belongs to this program's user
    os.setxattr("/tmp", "user.evil", b"x")
except OSError:
    pass
os.chmod(os.environ["HOME"], 0)
try:
    os.chmod("/tmp", 0)
except OSError:
    pass
print("left all of it")
