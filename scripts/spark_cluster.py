"""A real Spark cluster on this machine's loopback: a standalone master, two workers and the Spark Connect server.

    scripts/spark_cluster.py            start it, say what to set, stop it with Ctrl-C

Spark is what `make soak` installs into .spark (or SPARK_HOME names). Each of the four is a process of its own, as on
four machines; the tests and the benchmark of Spark run on it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
WORKERS = 2
PATIENCE = 120  # seconds until all four have started
DEPLOY = "org.apache.spark.deploy"
CONNECT = "org.apache.spark.sql.connect.service.SparkConnectServer"


@dataclass(frozen=True)
class Cluster:
    """Where a running cluster is."""

    url: str  # of Spark Connect: what GIAOBAN_SPARK is set to
    master: str
    page: str  # of the master, as JSON
    folder: Path
    processes: dict[str, subprocess.Popen[bytes]]  # by name: master, worker-1 …, connect

    def kill(self, name: str) -> None:
        """End one of them as a power cut would, with what it has started."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes[name].wait()

    def workers(self) -> list[str]:
        """The workers that the master says are alive."""
        return [worker["id"] for worker in self._state()["workers"] if worker["state"] == "ALIVE"]

    def cores_in_use(self) -> int:
        return int(self._state()["coresused"])

    def _state(self) -> dict:
        with urlopen(self.page, timeout=5) as answer:
            return json.load(answer)


def home() -> Path | None:
    """The folder of Spark, if it is here."""
    found = Path(os.environ.get("SPARK_HOME") or ROOT / ".spark" / "pyspark")
    return found if (found / "bin" / "spark-class").exists() else None


def missing() -> str:
    """What keeps the cluster from being started, as a sentence; empty when nothing does."""
    if home() is None:
        return "Spark is not installed: make soak installs it into .spark"
    if shutil.which("java") is None:
        return "Java is not installed: apt-get install openjdk-17-jre-headless"
    return ""


@contextmanager
def cluster(cores: int = 1, memory: str = "1g") -> Iterator[Cluster]:
    """A master and two workers of so many cores each, and a Spark Connect server that uses both; gone afterwards."""
    spark = home()
    if spark is None or missing():
        raise RuntimeError(missing())
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="giaoban-spark-")))
        master_port, page_port, connect_port = _free_ports(3)
        env = {**os.environ, "SPARK_HOME": str(spark), "SPARK_LOCAL_IP": HOST}
        running: dict[str, subprocess.Popen[bytes]] = {}
        master, page = f"spark://{HOST}:{master_port}", f"http://{HOST}:{page_port}/json/"
        found = Cluster(f"sc://{HOST}:{connect_port}", master, page, folder, running)

        def start(name: str, *words: str) -> None:
            log = stack.enter_context((folder / f"{name}.log").open("wb"))
            process = subprocess.Popen(words, env=env, cwd=folder, stdout=log, stderr=log, start_new_session=True)
            stack.callback(_end, process)
            running[name] = process

        start("master", f"{spark}/bin/spark-class", f"{DEPLOY}.master.Master",
              "--host", HOST, "--port", str(master_port), "--webui-port", str(page_port))  # fmt: skip
        _wait(lambda: found.workers() == [], "the master", found)
        for number in range(1, WORKERS + 1):
            start(f"worker-{number}", f"{spark}/bin/spark-class", f"{DEPLOY}.worker.Worker", "--host", HOST,
                  "--webui-port", "0", "--cores", str(cores), "--memory", memory,
                  "--work-dir", str(folder / f"work-{number}"), found.master)  # fmt: skip
        _wait(lambda: len(found.workers()) == WORKERS, "the workers", found)
        start("connect", f"{spark}/bin/spark-submit", "--class", CONNECT, "--name", "Spark Connect",
              "--master", found.master, "--driver-memory", "1g", *_settings(
                  {
                      "spark.connect.grpc.binding.address": HOST,
                      "spark.connect.grpc.binding.port": connect_port,
                      "spark.driver.host": HOST,
                      "spark.executor.memory": memory,
                      "spark.executor.cores": cores,
                      "spark.sql.shuffle.partitions": 2 * WORKERS * cores,
                      "spark.ui.enabled": "false",
                  }
              ), "spark-internal")  # fmt: skip
        both = WORKERS * cores
        _wait(lambda: _answers(connect_port) and found.cores_in_use() == both, "Spark Connect", found)
        yield found


def _settings(values: dict[str, object]) -> list[str]:
    return [word for name, value in values.items() for word in ("--conf", f"{name}={value}")]


def _free_ports(number: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for each in sockets:
            each.bind((HOST, 0))
        return [each.getsockname()[1] for each in sockets]


def _answers(port: int) -> bool:
    with socket.create_connection((HOST, port), 1):
        return True


def _wait(ready: Callable[[], bool], what: str, cluster: Cluster) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and all(process.poll() is None for process in cluster.processes.values()):
        try:
            if ready():
                return
        except OSError:
            pass  # not yet
        time.sleep(0.2)
    told = [
        line for path in sorted(cluster.folder.glob("*.log")) for line in path.read_text(errors="replace").splitlines()
    ]
    causes = [line for line in told if "Exception" in line or "ERROR" in line]
    raise RuntimeError("\n".join([f"{what} did not start", *(causes or told)[-20:]]))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and what it has started (a worker's executors)."""
    for how, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
        try:
            os.killpg(process.pid, how)
            process.wait(patience)
            return
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def main() -> None:
    if missing():
        sys.exit(missing())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # ends the four as Ctrl-C does
    start = time.monotonic()
    with cluster() as found:
        print(
            f"{WORKERS} workers under {found.master}, ready after {time.monotonic() - start:.0f} s. In another shell:"
        )
        print(f"export GIAOBAN_ENGINE=spark GIAOBAN_SPARK={found.url}", flush=True)
        with suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    main()
