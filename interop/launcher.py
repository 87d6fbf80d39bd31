"""Starts and stops what `make build` made, as a user does."""

import json
import re
import subprocess
import tempfile
import threading
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
LAUNCHER = ROOT / "bin" / "jassay"

# Far more than anything here takes, the 30 s of a drain among it: what is slower than that hangs.
DEADLINE_SECONDS = 180


def run(command, exit_code=0, **options):
    """Standard output of a command that has to end with an exit code."""
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, timeout=DEADLINE_SECONDS, **options
    )
    if done.returncode != exit_code:
        raise AssertionError(f"exit code {done.returncode}\n{done.args}\n{done.stdout}{done.stderr}")
    return done.stdout


def generate(path, records, faults_per_mille):
    run([LAUNCHER, "generate", "--records", records, "--faults", faults_per_mille, "-o", path])


def check(path, endpoint, source, *flags):
    """The result that the Java client gets."""
    done = subprocess.run(
        [LAUNCHER, "check", path, "--endpoint", endpoint, "--source", source, "--output", "json", *flags],
        stdout=subprocess.PIPE,
        timeout=DEADLINE_SECONDS,
    )
    if done.returncode not in (0, 1):
        raise AssertionError(f"exit code {done.returncode}")
    return json.loads(done.stdout)


def split(path, invalid):
    """Has the command line set the invalid records of a file aside, where there are some."""
    run([LAUNCHER, "split", path, "--valid", "/dev/null", "--invalid", invalid, "--quiet"], exit_code=1)


class Server:
    """A server of its own, on any free ports."""

    def __init__(self, log):
        self.log = log
        with open(log, "wb") as errors:
            self.process = subprocess.Popen(
                [LAUNCHER, "serve", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        line = self.first_line()
        address = re.match(r"serving on 127\.0\.0\.1:(\d+) and http://127\.0\.0\.1:(\d+)/ ", line)
        if not address:
            self.kill()
            raise AssertionError(f"no server: {line!r}\n{Path(log).read_text()}")
        self.port = int(address[1])
        self.http_port = int(address[2])
        self.endpoint = f"127.0.0.1:{self.port}"

    def first_line(self):
        """Empty where the server ends, or hangs, before it serves."""
        watch = threading.Timer(DEADLINE_SECONDS, self.process.kill)
        watch.start()
        try:
            return self.process.stdout.readline()
        finally:
            watch.cancel()

    def terminate(self):
        self.process.terminate()

    def wait(self):
        """Its exit code, once it has ended by itself."""
        try:
            return self.process.wait(DEADLINE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still there after SIGTERM\n{Path(self.log).read_text()}") from None
        finally:
            self.process.stdout.close()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class ServedTests:
    """Tests with one server and one folder for all of them. Stands before TestCase among a class's bases."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="jassay-interop-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.server = Server(cls.folder / "server.log")
        cls.addClassCleanup(cls._stop)

    @classmethod
    def _stop(cls):
        cls.server.terminate()
        code = cls.server.wait()
        if code != 0:
            raise AssertionError(f"the server's exit code is {code}\n{Path(cls.server.log).read_text()}")
