"""A PostgreSQL server of the benchmarks' own, on loopback, over a folder that is kept: loading takes minutes.

Settings as a province's machine would have them (4 GB of shared buffers at full scale); commits reach the disk, so that
what is measured about writing is true.
"""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOMES = Path("/usr/lib/postgresql")


class NoPostgres(Exception):
    """PostgreSQL is not installed: apt-get install postgresql."""


def programs() -> Path:
    found = sorted(HOMES.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise NoPostgres("PostgreSQL is not installed: apt-get install postgresql")
    return found[-1].parent


def run(*command: str | Path) -> None:
    """As the user postgres where we are root: the server refuses to run as root."""
    drop = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    subprocess.run([*drop, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd="/")


@contextmanager
def serving(home: Path, shared_buffers: str = "4GB") -> Iterator[str]:
    """The server over `home`/pg, made when it is not there; gives the DATABASE_URL."""
    bin, place = programs(), home / "pg"
    if not (place / "data").exists():
        place.mkdir(parents=True)
        if os.getuid() == 0:
            subprocess.run(["chown", "postgres", place], check=True)
        run(bin / "initdb", "-D", place / "data", "-U", "giaoban", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "shared_buffers": shared_buffers,
        "effective_cache_size": "8GB" if shared_buffers == "4GB" else "1GB",
        "work_mem": "256MB",
        "maintenance_work_mem": "1GB",
        "max_wal_size": "8GB",
        "max_connections": 60,
        "random_page_cost": 1.1,
    }
    given = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    run(bin / "pg_ctl", "-D", place / "data", "-w", "-t", "120", "-l", place / "log", "-o", given, "start")
    try:
        yield f"postgres://giaoban@127.0.0.1:{port}/postgres"
    finally:
        run(bin / "pg_ctl", "-D", place / "data", "-w", "-m", "fast", "stop")
