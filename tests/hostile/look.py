"""Says what a program before this one has left."""

import os
import resource
import stat

SERVER = os.getppid()
mine = {str(SERVER), str(os.getpid())}
print([name for name in os.listdir("/proc") if name.isdigit() and name not in mine])
print(
    [
        name
        for name in os.listdir("/tmp")
        if name != os.path.basename(os.environ["HOME"]) and not os.path.ismount(f"/tmp/{name}")
    ]
)
print(
    [name for name in os.listdir("/dev/shm") if not os.path.ismount(f"/dev/shm/{name}")],
    os.listdir(os.environ["HOME"]),
)
print(
    *(oct(stat.S_IMODE(os.stat(folder).st_mode)) for folder in ("/tmp", "/dev/shm")),
    os.listxattr("/tmp"),
)
for folder in ("/tmp", "/dev/shm", os.environ["HOME"]):
    with open(f"{folder}/new", "wb") as file:
        file.write(b"\0" * 1_000_000)
    os.unlink(f"{folder}/new")
print(
    resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 100,
    os.getpriority(os.PRIO_PROCESS, SERVER),
    os.sched_getscheduler(SERVER),
)
