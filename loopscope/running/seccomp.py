"""A filter for system calls that lead out of a sandbox or into its server.

Programs of a course do not need these calls.

Namespaces do not close everything. A socket of the family AF_VSOCK reaches the machine's host
whatever the network namespace; keys of the builder's session are inherited; a program may change
the limits and the priority of its server, which has the same user; a lease on a file blocks
whoever opens the file outside; the contexts of asynchronous I/O are shared by the whole machine;
memory that no process needs to have mapped is counted by no limit; and most holes of recent kernels
began with a new user namespace or with io_uring. Container engines refuse much the same calls by
default.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2  # linux/prctl.h, linux/seccomp.h
# SECCOMP_FILTER_FLAG_SPEC_ALLOW: older kernels slow a filtered process down otherwise
_SPECULATION_ALLOWED = 4

_ARCHITECTURES = {"x86_64": (0, 0xC000003E, 317), "aarch64": (1, 0xC00000B7, 277)}
"""Per processor: column in the table below, AUDIT_ARCH_…, number of the call `seccomp`."""

_TABLE = """
mount 165 40, umount2 166 39, pivot_root 155 41, chroot 161 51, unshare 272 97, setns 308 268,
open_tree 428 428, move_mount 429 429, fsopen 430 430, fsconfig 431 431, fsmount 432 432,
fspick 433 433, mount_setattr 442 442, open_tree_attr 467 467, add_key 248 217,
request_key 249 218, keyctl 250 219, ptrace 101 117, kcmp 312 272, pidfd_getfd 438 438,
bpf 321 280, perf_event_open 298 241, userfaultfd 323 282, shmget 29 194, semget 64 190,
msgget 68 186, mq_open 240 180, mq_unlink 241 181, open_by_handle_at 304 265,
fanotify_init 300 262, quotactl 179 60, quotactl_fd 443 443, acct 163 89, swapon 167 224,
swapoff 168 225, init_module 175 105, finit_module 313 273, delete_module 176 106,
kexec_load 246 104, kexec_file_load 320 294, reboot 169 142, syslog 103 116,
settimeofday 164 170, clock_settime 227 112, sethostname 170 161, setdomainname 171 162,
vhangup 153 58, iopl 172 -1, ioperm 173 -1, clone 56 220, clone3 435 435, ioctl 16 29,
socket 41 198, io_uring_setup 425 425, io_uring_enter 426 426, io_uring_register 427 427,
setpriority 141 140, ioprio_set 251 30, prlimit64 302 261, sched_setaffinity 203 122,
sched_setscheduler 144 119, sched_setparam 142 118, sched_setattr 314 274, socketpair 53 199,
fcntl 72 25, io_setup 206 0, mmap 9 222, memfd_create 319 279, memfd_secret 447 447,
vmsplice 278 75
"""

# calls that Python, glibc and others do without on kernels that do not have them
_ANSWERED_ENOSYS = {"clone3", "io_uring_setup", "io_uring_enter", "io_uring_register"}

# Calls that can change another process of the same user: the value that the first argument must
# have (it selects a process, not a group or a user), and which argument must not be the server.
_TARGETED = {
    "setpriority": (0, 1),
    "ioprio_set": (1, 1),
    **dict.fromkeys(
        ("prlimit64", "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr"),
        (None, 0),
    ),
}
_NAMESPACES = 0x7E020080  # CLONE_NEW…, all of them
_TERMINAL = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX: they put keystrokes into a terminal
_FAMILIES = (1, 2, 10, 16)  # AF_UNIX, AF_INET, AF_INET6, AF_NETLINK
# the C library looks up addresses with NETLINK_ROUTE; other protocols show the machine's devices
_NETLINK, _ROUTE = 16, 0
# F_SETLEASE, F_NOTIFY, F_SETDELEG (a lease on a folder, new in Linux 6.19)
_LEASES = (1024, 1026, 1040)
_SHARED, _ANONYMOUS = 0x01, 0x20  # MAP_SHARED (a bit of MAP_SHARED_VALIDATE, too), MAP_ANONYMOUS

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # linux/bpf_common.h
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data

_Instruction = tuple[int, int, int, int]  # code, how many to skip if true, if false, operand


def install() -> bool:
    """Put the filter in force, for good, for this process (the server) and all that it starts.

    Nothing that it starts can gain privileges any more.

    Returns:
        False if there is no filter: another system or processor, or a kernel without seccomp.
    """
    if sys.platform != "linux" or platform.machine() not in _ARCHITECTURES or sys.maxsize < 2**32:
        return False
    column, architecture, seccomp = _ARCHITECTURES[platform.machine()]
    code = b"".join(
        struct.pack("HBBI", *each) for each in _program(column, architecture, os.getpid())
    )
    buffer = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(buffer))  # struct sock_fprog
    libc = ctypes.CDLL(None)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if (
        libc.syscall(
            ctypes.c_long(seccomp), ctypes.c_uint(1), ctypes.c_uint(_SPECULATION_ALLOWED), program
        )
        == 0
    ):
        return True
    return bool(libc.prctl(_SECCOMP, _FILTER, program, 0, 0) == 0)


def _program(column: int, architecture: int, server: int) -> list[_Instruction]:
    """Return the filter as a program for the kernel.

    Each rule begins with the call's number loaded, and is skipped unless it is about that call.

    Args:
        column: The processor's column in the table of calls.
        architecture: The processor, as AUDIT_ARCH_….
        server: Process id of the server.
    """
    code = [
        # 32-bit calls have other numbers
        *((_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, architecture), _refuse(errno.EPERM)),
        (_LOAD, 0, 0, _NUMBER),
        *((_AT_LEAST, 0, 1, 0x40000000), _refuse(errno.ENOSYS)),  # and so do those of x32
    ]
    for name, number in _numbers(column).items():
        body = _rule(name, server)
        code += [(_EQUAL, 0, len(body), number), *body]
    return [*code, (_RETURN, 0, 0, _ALLOW)]


def _numbers(column: int) -> dict[str, int]:
    rows = [row.split() for row in _TABLE.replace("\n", " ").split(",")]
    return {row[0]: int(row[1 + column]) for row in rows if int(row[1 + column]) >= 0}


def _rule(name: str, server: int) -> list[_Instruction]:
    """Return the instructions for one call, which end with a verdict in any case."""
    allow = (_RETURN, 0, 0, _ALLOW)
    if name in _TARGETED:
        process, index = _TARGETED[name]
        code = [_argument(index), (_EQUAL, 0, 1, server), _refuse(errno.EPERM), allow]
        return (
            code
            if process is None
            else [_argument(0), (_EQUAL, 1, 0, process), _refuse(errno.EPERM), *code]
        )
    if name == "clone":
        return [_argument(0), (_ANY_BIT, 0, 1, _NAMESPACES), _refuse(errno.EPERM), allow]
    if name == "ioctl":
        return [
            _argument(1),
            *((_EQUAL, 1, 0, _TERMINAL[0]), (_EQUAL, 0, 1, _TERMINAL[1])),
            _refuse(errno.EPERM),
            allow,
        ]
    if name == "fcntl":
        count = len(_LEASES)
        refused = [(_EQUAL, count - index, 0, command) for index, command in enumerate(_LEASES)]
        return [_argument(1), *refused, allow, _refuse(errno.EPERM)]
    if name == "mmap":
        return [
            _argument(3),
            (_ANY_BIT, 0, 2, _SHARED),
            (_ANY_BIT, 0, 1, _ANONYMOUS),
            _refuse(errno.EPERM),
            allow,
        ]
    if name in ("socket", "socketpair"):
        count = len(_FAMILIES)
        known = [(_EQUAL, count - index, 0, family) for index, family in enumerate(_FAMILIES)]
        route = [
            (_EQUAL, 0, 3, _NETLINK),
            _argument(2),
            (_EQUAL, 1, 0, _ROUTE),
            _refuse(errno.EPROTONOSUPPORT),
        ]
        return [_argument(0), *known, _refuse(errno.EAFNOSUPPORT), *route, allow]
    return [_refuse(errno.ENOSYS if name in _ANSWERED_ENOSYS else errno.EPERM)]


def _argument(index: int) -> _Instruction:
    """Load the lower half of an argument, which is all that the kernel looks at (little-endian)."""
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * index)


def _refuse(number: int) -> _Instruction:
    return (_RETURN, 0, 0, _ERRNO | number)
