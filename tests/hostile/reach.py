"""Tries everything that a program must not be able to do, and says what came of it: a line of JSON an attempt."""

import array
import ctypes
import errno
import fcntl
import glob
import json
import mmap
import os
import platform
import resource
import signal
import socket
import stat
import subprocess
import sys
import termios

# What the test that runs this knows of the machine outside is put in here.
OUTSIDE: dict = {}
SERVER = os.getppid()
X86 = platform.machine() == "x86_64"
libc = ctypes.CDLL(None, use_errno=True)
ATTEMPTS = []


def attempt(function):
    """An attempt gives what it got hold of, or nothing, or raises."""
    ATTEMPTS.append(function)
    return function


def checked(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def syscall(x86, arm, *arguments):
    return checked(
        libc.syscall(
            ctypes.c_long(x86 if X86 else arm),
            *[ctypes.c_long(each) if isinstance(each, int) else each for each in arguments],
        )
    )


def others():
    return [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and int(pid) != os.getpid()]


def each(function, things):
    """What `function` gives for the first thing for which it does not fail."""
    problem = None
    for thing in things:
        try:
            if got := function(thing):
                return got
        except OSError as failed:
            problem = failed
    if problem:
        raise problem
    return None


def any_of(*ways):
    """What the first way gives that does not fail."""
    return each(lambda way: way(), ways)


def content(path):
    with open(path, "rb") as file:
        return file.read(4096).decode(errors="replace") or f"{path} can be read"


def write(path):
    with open(path, "a") as file:
        file.write("evil")
    return f"wrote {path}"


def new_file(folder):
    return write(f"{folder}/evil")


# Secrets


@attempt
def secret_in_own_environment():
    return [name for name, value in os.environ.items() if OUTSIDE["secret"] in value]


@attempt
def environments_of_other_processes():
    return each(lambda pid: content(f"/proc/{pid}/environ"), others())


@attempt
def command_lines_of_the_machine():
    return [line for pid in others() if "pytest" in (line := content(f"/proc/{pid}/cmdline"))]


@attempt
def processes_of_the_machine():
    return [pid for pid in others() if pid != SERVER] or (SERVER != 1 and f"the server is {SERVER}")


@attempt
def the_secret_in_everything_readable_of_proc():
    """Also what a look-up by name does not find."""
    found = []
    for path in [
        *glob.glob("/proc/*"),
        *glob.glob(f"/proc/{SERVER}/*"),
        *glob.glob("/proc/1/*"),
        *glob.glob("/proc/self/*"),
    ]:
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        except OSError:
            continue
        try:
            for _ in range(100):
                if OUTSIDE["secret"].encode() in (data := os.read(descriptor, 1 << 16)):
                    found.append(path)
                if not data:
                    break
        except OSError:
            pass
        finally:
            os.close(descriptor)
    return found


@attempt
def home():
    return each(
        lambda path: os.listdir(path) if os.path.isdir(path) else content(path),
        [OUTSIDE["home"], f"{OUTSIDE['home']}/.netrc"],
    )


@attempt
def real_home():
    return each(
        content,
        [
            f"{OUTSIDE['real home']}/{name}"
            for name in (
                ".bashrc",
                ".profile",
                ".bash_history",
                ".netrc",
                ".ssh/id_rsa",
                ".gitconfig",
            )
        ],
    )


@attempt
def the_rest_of_the_checkout():
    names = (
        ".git/config",
        ".git",
        ".cache",
        "docs",
        "docs/index.md",
        "mkdocs.yml",
        "site",
        "README.md",
        "sitebuild",
        "tests",
    )
    return each(
        lambda path: os.listdir(path) if os.path.isdir(path) else content(path),
        [f"{OUTSIDE['root']}/{name}" for name in names],
    )


@attempt
def the_checkout_of_our_own_code():
    return [
        name
        for name in os.listdir(OUTSIDE["code"])
        if name not in ("loopscope", ".venv", "examples")
    ]


@attempt
def files_of_the_machine():
    paths = (
        "/etc/shadow",
        "/etc/sudoers",
        "/etc/ssh",
        "/etc/machine-id",
        "/etc/resolv.conf",
        "/etc/fstab",
        "/var",
        "/run",
        "/sys",
        "/boot",
        "/home",
    )
    needed = [
        OUTSIDE["code"],
        sys.prefix,
        sys.base_prefix,
    ]  # the folders that lead there show nothing else

    def beside_needed(folder):
        return [
            name
            for name in os.listdir(folder)
            if not any(f"{path}/".startswith(f"{folder}/{name}/") for path in needed)
        ]

    return each(
        lambda path: beside_needed(path) if os.path.isdir(path) else content(path),
        [*paths, "/mnt", "/srv", "/opt", "/var/run/docker.sock"],
    )


@attempt
def files_beside_ours_in_tmp():
    return each(content, [OUTSIDE["file in tmp"], OUTSIDE["file in shm"]])


@attempt
def kernel_memory_and_log():
    return each(content, ["/proc/kcore", "/dev/mem", "/dev/kmsg", "/proc/kmsg", "/dev/port"])


@attempt
def disks():
    devices = [path for path in glob.glob("/dev/*") if stat.S_ISBLK(os.lstat(path).st_mode)]
    return devices or each(content, ["/dev/vda", "/dev/sda", "/dev/nvme0n1", "/dev/loop0"])


@attempt
def a_disk_of_my_own_making():
    os.mknod("/tmp/disk", stat.S_IFBLK | 0o600, os.makedev(254, 0))
    return content("/tmp/disk")


@attempt
def keys_of_the_session():
    return syscall(250, 219, 0, -3, 1)  # KEYCTL_GET_KEYRING_ID of the session's


@attempt
def a_key_that_outlives_me():
    return syscall(248, 217, b"user", b"evil", b"x", 1, -4)


# Its own server, and the builder


@attempt
def memory_of_the_server():
    return each(lambda path: open(path, "r+b"), [f"/proc/{pid}/mem" for pid in others()])


@attempt
def tracing_the_server():
    return each(
        lambda how: checked(libc.ptrace(how, SERVER, 0, 0)) == 0 and "attached", (16, 0x4206)
    )


@attempt
def reading_the_server_s_memory_by_its_addresses():
    """A fork has everything where the server has it."""
    place = ctypes.create_string_buffer(64)

    class Vector(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]

    to, of = Vector(ctypes.addressof(place), 64), Vector(id(None), 64)
    return checked(libc.process_vm_readv(SERVER, ctypes.byref(to), 1, ctypes.byref(of), 1, 0))


@attempt
def writing_the_server_s_memory():
    place = ctypes.create_string_buffer(8)

    class Vector(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]

    of, nowhere = Vector(ctypes.addressof(place), 8), Vector(8, 8)
    libc.process_vm_writev(SERVER, ctypes.byref(of), 1, ctypes.byref(nowhere), 1, 0)
    return ctypes.get_errno() != errno.EPERM and f"may: {errno.errorcode.get(ctypes.get_errno())}"


@attempt
def descriptors_of_the_server_by_name():
    return each(
        lambda path: os.open(path, os.O_RDWR),
        [f"/proc/{pid}/fd/{number}" for pid in others() for number in range(12)],
    )


@attempt
def descriptors_of_the_server_by_pidfd():
    server = os.pidfd_open(SERVER)
    return each(lambda number: syscall(438, 438, server, number, 0) + 1, range(12))


@attempt
def other_ways_into_the_server():
    return any_of(
        lambda: each(
            lambda name: os.listdir(f"/proc/{SERVER}/{name}"),
            ("fd", "fdinfo", "map_files", "cwd", "root"),
        ),
        lambda: each(
            lambda name: content(f"/proc/{SERVER}/{name}"),
            ("maps", "auxv", "syscall", "stack", "io", "pagemap", "timers"),
        ),
    )


@attempt
def making_the_server_the_first_to_be_killed():
    return each(
        write,
        [
            f"/proc/{SERVER}/{name}"
            for name in (
                "oom_score_adj",
                "oom_adj",
                "coredump_filter",
                "comm",
                "timerslack_ns",
                "clear_refs",
                "autogroup",
            )
        ],
    )


@attempt
def limits_of_the_server():
    resource.prlimit(SERVER, resource.RLIMIT_NOFILE, (5, 5))
    return "the server has 5 descriptors left"


@attempt
def cores_of_the_server():
    os.sched_setaffinity(SERVER, {0})
    return "the server has one core"


@attempt
def scheduling_of_the_server():
    os.sched_setscheduler(SERVER, 5, os.sched_param(0))
    return "the server runs when nothing else wants to"


@attempt
def priority_of_the_server():
    return each(
        lambda who: os.setpriority(*who, 19) or "the server gives way",
        ((os.PRIO_PROCESS, SERVER), (os.PRIO_USER, 0), (os.PRIO_USER, os.getuid())),
    )


@attempt
def disk_priority_of_the_server():
    return each(
        lambda who: (
            syscall(251, 30, who[0], who[1], 3 << 13) == 0 and "the server's files come last"
        ),
        ((1, SERVER), (3, os.getuid())),
    )


@attempt
def better_priority_of_my_own():
    before = os.getpriority(os.PRIO_PROCESS, 0)
    os.setpriority(os.PRIO_PROCESS, 0, before - 5)
    return "comes first"


@attempt
def real_time():
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    return "runs before everything else"


@attempt
def signals_to_the_builder():
    """Inside, their numbers may be those of processes of the sandbox; when those began tells them apart."""

    def signal_it(pid):
        os.kill(pid, 0)
        try:
            with open(f"/proc/{pid}/stat") as file:
                began = int(file.read().rpartition(")")[2].split()[19])
        except OSError:
            began = 0
        return f"may signal {pid}" if began in (0, OUTSIDE["builders"][pid]) else None

    return each(signal_it, OUTSIDE["builders"])


@attempt
def signals_to_the_server():
    """It may send them; none does anything, or there would be nothing more to read of this program."""
    for number in range(1, 65):
        try:
            os.kill(SERVER, number)
        except OSError:
            continue


# The file system


@attempt
def writing_beside_the_sources():
    return each(
        new_file,
        [OUTSIDE["root"], f"{OUTSIDE['root']}/examples", f"{OUTSIDE['root']}/examples/chapter", f"{OUTSIDE['root']}/docs", f"{OUTSIDE['root']}/.cache",
         f"{OUTSIDE['root']}/.git/hooks", f"{OUTSIDE['code']}/loopscope", OUTSIDE["code"], OUTSIDE["home"]],
    )  # fmt: skip


@attempt
def changing_my_own_source():
    return write(__file__)


@attempt
def writing_into_the_environment():
    folders = [
        sys.prefix,
        sys.base_prefix,
        f"{sys.prefix}/bin",
        *(path for path in sys.path if os.path.isdir(path)),
    ]
    return any_of(
        lambda: each(new_file, folders),
        lambda: each(write, glob.glob(f"{sys.prefix}/lib/*/site-packages/*.pth")),
    )


@attempt
def writing_into_the_system():
    folders = (
        "/",
        "/usr",
        "/usr/local",
        "/usr/local/bin",
        "/etc",
        "/dev",
        "/dev/pts",
        "/proc",
        "/bin",
        "/lib",
        "/root",
        "/home",
        "/var/tmp",
    )
    files = ("/etc/passwd", "/etc/group", "/etc/ld.so.preload", "/etc/hosts", "/etc/ld.so.cache")
    return any_of(lambda: each(new_file, folders), lambda: each(write, files))


@attempt
def mounts_that_can_be_written():
    may = {"/tmp", "/dev/shm", "/proc", "/dev/pts"}
    with open("/proc/self/mountinfo") as file:
        rows = [line.split() for line in file]
    return [
        row[4]
        for row in rows
        if "ro" not in row[5].split(",")
        and row[4] not in may
        and not stat.S_ISCHR(os.stat(row[4]).st_mode)
    ]


@attempt
def devices():
    """Beyond those that every program is used to."""
    usual = {
        "null",
        "zero",
        "full",
        "random",
        "urandom",
        "tty",
        "ptmx",
        "pts",
        "shm",
        "stdin",
        "stdout",
        "stderr",
        "fd",
        "core",
    }
    return set(os.listdir("/dev")) - usual


@attempt
def settings_of_the_kernel():
    """One of them anybody may open for writing; what is written is refused."""
    paths = [f"{folder}/{name}" for folder, _, names in os.walk("/proc/sys") for name in names]

    def set_again(path):
        with open(path, "r+b", buffering=0) as file:
            return file.write(file.read(4096)) and f"wrote {path}"

    return any_of(
        lambda: each(set_again, [*paths, "/proc/sysrq-trigger"]),
        lambda: each(write, ("/proc/sys/kernel/core_pattern", "/proc/sys/vm/drop_caches")),
    )


@attempt
def remounting():
    flags = 32 | 4096  # MS_REMOUNT, MS_BIND: writable again
    return each(
        lambda path: checked(libc.mount(None, path, None, flags, None)) == 0 and "remounted",
        (b"/", b"/usr", OUTSIDE["root"].encode() + b"/examples"),
    )


@attempt
def mounting():
    return each(
        lambda kind: checked(libc.mount(b"none", b"/tmp", kind, 0, None)) == 0 and "mounted",
        (b"tmpfs", b"proc", b"sysfs", b"devtmpfs"),
    )


@attempt
def the_new_way_of_mounting():
    return each(
        lambda call: syscall(*call),
        ((430, 430, b"tmpfs", 0), (428, 428, -100, b"/", 1), (442, 442, -100, b"/", 0, 0, 0)),
    )


@attempt
def unmounting():
    return each(
        lambda path: checked(libc.umount2(path, 2)) == 0 and "unmounted",
        (b"/tmp", b"/proc", b"/dev/shm", b"/dev"),
    )


@attempt
def out_of_a_chroot():
    os.mkdir("/tmp/root")
    os.chroot("/tmp/root")
    return "changed the root"


@attempt
def the_root_of_another_process():
    return each(lambda pid: os.listdir(f"/proc/{pid}/root"), others())


@attempt
def a_file_by_its_handle():
    handle = array.array("I", [8, 1, 2, 0]).tobytes()
    return syscall(304, 265, os.open("/usr", os.O_RDONLY), handle, 0)


@attempt
def a_hard_link_to_what_is_not_mine():
    os.link("/etc/passwd", "/tmp/passwd")
    return "linked"


# Rights


@attempt
def new_namespaces():
    def unshared(flag):
        if pid := os.fork():
            return os.waitpid(pid, 0)[1] == 0 and f"unshared {flag:#x}"
        os._exit(libc.unshare(flag) != 0)

    return each(
        unshared,
        (0x10000000, 0x20000, 0x40000000, 0x20000000, 0x8000000, 0x4000000, 0x2000000, 0x80),
    )


@attempt
def a_child_in_a_new_user_namespace():
    pid = syscall(56, 220, 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0)
    if pid == 0:
        os._exit(0)
    return f"{pid} is in a new user namespace"


@attempt
def a_child_in_one_by_the_new_call():
    arguments = array.array("Q", [0x10000000, 0, 0, 0, signal.SIGCHLD, *[0] * 6]).tobytes()
    pid = syscall(435, 435, arguments, len(arguments))
    if pid == 0:
        os._exit(0)
    return f"{pid} is in a new user namespace"


@attempt
def namespaces_of_others():
    return each(
        lambda path: syscall(308, 268, os.open(path, os.O_RDONLY), 0) == 0 and f"joined {path}",
        [
            f"/proc/{pid}/ns/{name}"
            for pid in (SERVER, os.getpid())
            for name in ("user", "mnt", "net", "pid")
        ],
    )


@attempt
def root():
    return any_of(
        lambda: each(
            lambda become: become(0) is None and "root",
            (os.setuid, os.seteuid, os.setgid, os.setegid),
        ),
        lambda: each(
            lambda become: become(0, 0, 0) is None and "root", (os.setresuid, os.setresgid)
        ),
    )


@attempt
def the_user_of_the_machine_s_files():
    return os.getuid() == 0 or os.geteuid() == 0 or 0 in os.getgroups()


@attempt
def capabilities():
    with open("/proc/self/status") as file:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
    held = {
        name: status[name]
        for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")
        if int(status[name], 16)
    }
    return held or status["NoNewPrivs"] != "1" or status["Seccomp"] != "2"


@attempt
def programs_that_give_rights():
    for command in (
        ["sudo", "-n", "id", "-u"],
        ["su", "-c", "id -u"],
        ["mount", "--bind", "/tmp", "/usr"],
        ["newuidmap", str(os.getpid()), "0", "0", "1"],
    ):
        try:
            if (
                subprocess.run(
                    command, capture_output=True, stdin=subprocess.DEVNULL, timeout=5
                ).returncode
                == 0
            ):
                return command
        except OSError:
            continue
    return None


@attempt
def calls_of_another_kind_of_processor():
    """32-bit calls have other numbers, which a filter may have forgotten: number 20 is getpid."""
    if not X86:
        return None
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")
    called = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
    return called > 0 and f"32-bit getpid gave {called}"


@attempt
def calls_of_x32():
    return X86 and checked(libc.syscall(ctypes.c_long(0x40000000 | 39)))


@attempt
def kernel_interfaces_that_nobody_needs():
    calls = (
        (425, 425, 8, b"\0" * 120),
        (321, 280, 0, b"\0" * 72, 72),
        (298, 241, b"\0" * 120, 0, -1, -1, 0),
        (323, 282, 1),
        (300, 262, 0, 0),
    )
    return each(lambda call: syscall(*call) + 1, calls)


@attempt
def memory_that_outlives_me():
    return each(
        lambda call: syscall(*call) + 1,
        (
            (29, 194, 0, 4096, 0o1600),
            (64, 190, 0, 1, 0o1600),
            (68, 186, 0, 0o1600),
            (240, 180, b"evil", 0o102, 0o600, 0),
        ),
    )


@attempt
def memory_that_no_process_need_have_mapped():
    """No limit sees it."""

    def memfd():
        return os.memfd_create("evil") and "memfd"

    def shared():
        mmap.mmap(-1, 4096)
        return "shared, of no file"

    def zero():
        with open("/dev/zero", "r+b") as file:
            mmap.mmap(file.fileno(), 4096)
        return "shared, of /dev/zero"

    def secret():
        return f"secret memory {syscall(447, 447, 0)}"

    def gift():
        _, into = os.pipe()
        page = ctypes.create_string_buffer(16)
        return (
            syscall(278, 75, into, array.array("Q", [ctypes.addressof(page), 16]).tobytes(), 1, 0)
            and "a page in a pipe"
        )

    return each(lambda function: function(), (memfd, shared, zero, secret, gift))


@attempt
def contexts_of_asynchronous_io():
    """There is one number of them for the whole machine."""
    return syscall(206, 0, 1, ctypes.create_string_buffer(8)) == 0 and "has one"


@attempt
def holding_up_who_opens_a_file():
    """Such as the builder, who has the same user where that is not root."""

    def lease(path):
        descriptor = os.open(path, os.O_RDONLY)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        return f"leases {path}"

    with open("/tmp/lease", "x"):
        pass
    return each(lease, ("/tmp/lease", __file__))


@attempt
def news_of_what_others_do_in_a_folder():
    folder = os.open(os.path.dirname(__file__), os.O_RDONLY)
    try:
        fcntl.fcntl(folder, fcntl.F_NOTIFY, fcntl.DN_ACCESS)
        return "is told"
    except PermissionError:
        fcntl.fcntl(
            folder, 1040, array.array("I", [0, 0]).tobytes()
        )  # F_SETDELEG, where the kernel has it
        return "is asked before"


@attempt
def core_dumps():
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    return hard


# The network, and other processes' sockets


def connect(family, address, kind=socket.SOCK_STREAM):
    with socket.socket(family, kind) as opened:
        opened.settimeout(1)
        opened.connect(address)
        return f"connected to {address}"


@attempt
def the_machine_s_own_loopback():
    return each(
        lambda target: connect(*target),
        (
            (socket.AF_INET, ("127.0.0.1", OUTSIDE["port"])),
            (socket.AF_INET6, ("::1", OUTSIDE["port"])),
        ),
    )


@attempt
def the_machine_s_own_addresses():
    return each(
        lambda address: connect(
            socket.AF_INET6 if ":" in address else socket.AF_INET, (address, OUTSIDE["port"])
        ),
        OUTSIDE["addresses"],
    )


@attempt
def any_other_address():
    """A route is enough: it would be used."""
    targets = [
        "192.0.2.1",
        "10.0.0.1",
        "169.254.169.254",
        "1.1.1.1",
        "255.255.255.255",
        "224.0.0.1",
        "2001:db8::1",
        "fd00::1",
        "fe80::1%lo",
        "ff02::1",
    ]
    return each(
        lambda address: connect(
            socket.AF_INET6 if ":" in address else socket.AF_INET, (address, 53), socket.SOCK_DGRAM
        ),
        targets,
    )


@attempt
def names_of_hosts():
    return socket.getaddrinfo("example.org", 80)


@attempt
def interfaces():
    return [name for _, name in socket.if_nameindex() if name != "lo"]


@attempt
def the_host_of_this_virtual_machine():
    return each(lambda number: connect(socket.AF_VSOCK, (number, 1)), (2, 1, 0))


@attempt
def other_families():
    def opened(family):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
            try:
                socket.socket(family, kind).close()
            except OSError:
                continue
            return f"family {family}"
        return None

    return [
        found
        for family in range(1, 50)
        if family not in (1, 2, 10, 16) and (found := opened(family))
    ]


@attempt
def other_families_in_pairs():
    return [
        family
        for family in range(1, 50)
        if family not in (1, 2, 10, 16) and says_of_a_pair(family) != errno.EAFNOSUPPORT
    ]


def says_of_a_pair(family):
    """Not every family has them, but none is even asked."""
    try:
        socket.socketpair(family, socket.SOCK_STREAM, 0)
    except OSError as problem:
        return problem.errno
    return None


@attempt
def news_of_the_machine_s_devices():
    """Netlink has more than addresses: events of devices, audit, firewall."""

    def opened(protocol):
        socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol).close()
        return f"netlink {protocol}"

    return each(opened, range(1, 32))


@attempt
def raw_packets():
    return each(
        lambda family: socket.socket(family, socket.SOCK_RAW, 1), (socket.AF_INET, socket.AF_INET6)
    )


@attempt
def changing_the_network():
    with socket.socket() as opened:
        fcntl.ioctl(
            opened, 0x8914, b"lo".ljust(16, b"\0") + (0).to_bytes(24, "little")
        )  # SIOCSIFFLAGS: down
    return "took the interface down"


@attempt
def sockets_of_the_machine():
    return each(
        lambda path: connect(socket.AF_UNIX, path),
        [
            *OUTSIDE["sockets"],
            "/var/run/docker.sock",
            "/run/docker.sock",
            "/run/dbus/system_bus_socket",
        ],
    )


# The terminal


@attempt
def the_terminal():
    return os.open("/dev/tty", os.O_RDWR)


@attempt
def keystrokes():
    return each(lambda number: fcntl.ioctl(number, termios.TIOCSTI, b"x") or "typed", (0, 1, 2))


@attempt
def keystrokes_into_a_terminal_of_my_own():
    """The call itself is refused, wherever the terminal comes from."""
    _, own = os.openpty()
    fcntl.ioctl(own, termios.TIOCSTI, b"x")
    return "typed"


def main() -> None:
    for function in ATTEMPTS:
        try:
            got = function()
            print(
                json.dumps(
                    {
                        "attempt": function.__name__,
                        "got": repr(got)[:300] if got else "",
                        "why": "nothing there",
                    }
                )
            )
        except OSError as problem:
            print(
                json.dumps(
                    {
                        "attempt": function.__name__,
                        "got": "",
                        "why": f"{type(problem).__name__}: {problem}"[:300],
                    }
                )
            )
        except BaseException as problem:  # then it has not been tried
            print(
                json.dumps(
                    {
                        "attempt": function.__name__,
                        "got": f"a mistake: {type(problem).__name__}: {problem}"[:300],
                        "why": "",
                    }
                )
            )


if __name__ == "__main__":
    main()
