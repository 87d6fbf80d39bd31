"""Runs the examples of the project's README as they are printed, and compares what they print.

A code block is part of an example where the line before it says so: `<!-- example: NAME, ROLE -->`. NAME `any` is part of all. ROLE is
`run` (commands, run in the order they stand; `run 1` where they end with that exit code), `file NAME` (saved under that name), or `answer`
(what the last commands print).
"""

import json
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple
from unittest import TestCase, skipUnless

import launcher

README = launcher.ROOT / "README.md"
BLOCK = re.compile(r"^<!-- example: (\w+), (run|file|answer)(?: (\S+))? -->\n```\w*\n(.*?)^```$", re.M | re.S)
DEFAULT_ENDPOINT = "localhost:50051"
DEFAULT_HTTP = "localhost:50080"
TARGET = launcher.HERE / "target"


class Block(NamedTuple):
    example: str
    role: str
    argument: str
    text: str


def blocks(*names):
    return [block for block in map(Block._make, BLOCK.findall(README.read_text())) if block.example in ("any", *names)]


class ReadmeTest(launcher.ServedTests, TestCase):
    maxDiff = None

    def run_example(self, *names):
        """What the last commands of examples that build on each other print, and what the README says that they print."""
        # Stands for the clone, which examples may write into.
        clone = Path(tempfile.mkdtemp(dir=self.folder))
        for link in ("bin", "cli", "proto"):
            (clone / link).symlink_to(launcher.ROOT / link)
        (clone / "target").mkdir()

        printed = answered = answer = None
        for block in blocks(*names):
            text = block.text.replace(DEFAULT_ENDPOINT, f"localhost:{self.server.port}")
            text = text.replace(DEFAULT_HTTP, f"localhost:{self.server.http_port}")
            if block.role == "file":
                (clone / block.argument).write_text(text)
            elif block.role == "run":
                printed = launcher.run(
                    ["bash", "-euo", "pipefail", "-c", text],
                    exit_code=int(block.argument or 0),
                    cwd=clone,
                    env=self.environment(),
                )
            else:
                answered, answer = printed, block.text
        self.assertIsNotNone(answered, f"the README has no commands marked as example {names}")
        self.assertIsNotNone(answer, f"the README has no answer marked as example {names}")
        return answered, answer

    @staticmethod
    def environment():
        """grpcurl is found, and pip takes the packages that set-up fetched, in their pinned versions."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PIP_"))}
        environment["PATH"] = f"{TARGET / 'bin'}{os.pathsep}{environment['PATH']}"
        environment |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(TARGET / "wheels")}
        return environment

    def test_check_by_schema_example_prints_what_readme_says(self):
        printed, answer = self.run_example("checkschema")
        # Of a report that tells times too.
        self.assertIn(answer, printed)

    def test_split_example_prints_what_readme_says(self):
        printed, answer = self.run_example("split")
        self.assertEqual(printed, answer)

    @skipUnless((TARGET / "bin" / "grpcurl").exists(), "Go is not installed")
    def test_grpcurl_example_prints_what_readme_says(self):
        self.assert_prints_result("grpcurl")

    @skipUnless((TARGET / "bin" / "grpcurl").exists(), "Go is not installed")
    def test_grpcurl_by_schema_example_prints_what_readme_says(self):
        self.assert_prints_result("grpcurlschema")

    def assert_prints_result(self, name):
        printed, answer = self.run_example(name)
        result = json.loads(printed)
        self.assertEqual(result.pop("timing")["received_bytes"], result["counts"]["bytes"])
        self.assertIn("engine_version", result.pop("provenance"))
        self.assertEqual(json.dumps(result, indent=2, ensure_ascii=False) + "\n", answer)

    @skipUnless(shutil.which("curl"), "curl is not installed")
    def test_curl_example_prints_what_readme_says(self):
        printed, answer = self.run_example("curl")
        self.assertEqual(printed, answer)

    @skipUnless(shutil.which("curl"), "curl is not installed")
    def test_curl_by_schema_example_prints_what_readme_says(self):
        printed, answer = self.run_example("curlschema")
        self.assertEqual(printed, answer)

    def test_python_example_prints_what_readme_says(self):
        printed, answer = self.run_example("python")
        self.assertEqual(printed, answer)

    def test_python_live_example_prints_what_readme_says(self):
        printed, answer = self.run_example("python", "pythonlive")
        self.assertEqual(printed, answer)

    def test_java_example_prints_what_readme_says(self):
        printed, answer = self.run_example("java")
        self.assertEqual(printed, answer)
