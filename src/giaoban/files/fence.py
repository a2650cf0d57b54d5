"""Bounds that a process puts on itself before it looks at an untrusted file: memory, time, no file, no network.

The network is closed by the kernel's own filter of calls (seccomp): no socket can be made any more, by this process or
any it starts. Where the kernel or the machine's kind does not offer it, the other bounds hold alone.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import resource
import struct

# socket, socketpair, io_uring_setup
_SOCKET = {"x86_64": (0xC000003E, (41, 53, 425)), "aarch64": (0xC00000B7, (198, 199, 425))}
_NO_NEW_PRIVILEGES, _SET_FILTER, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM


def bound(memory: int, seconds: int) -> None:
    """No more memory and processor time than this, no files, no core dump, no network."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    without_network()


def without_network() -> bool:
    """Whether the kernel now refuses this process every new socket."""
    known = _SOCKET.get(platform.machine())
    if known is None:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    program = _program(*known)
    held = ctypes.create_string_buffer(program, len(program))
    given = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(held)))
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return False
    return not libc.prctl(_SET_FILTER, _FILTER, ctypes.byref(given), 0, 0)


def _program(architecture: int, calls: tuple[int, ...]) -> bytes:
    """Instructions for the kernel: calls of another architecture and those that make sockets are refused."""
    steps = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _REFUSE), (_LOAD, 0, 0, 0)]
    steps += [(_EQUAL, len(calls) - n, 0, call) for n, call in enumerate(calls)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
