"""The same tests for each client that was written elsewhere."""

import json
import sys
from pathlib import Path
from unittest import TestCase, skipUnless

from google.protobuf import json_format

import launcher
from jassay.v1 import jassay_pb2 as v1

RECORDS = 20_000
FAULTY = 200
SOURCE = "orders"

INVALID_ARGUMENT = 3

GO_CLIENT = launcher.HERE / "target" / "bin" / "go-client"


def comparable(result_json):
    """A result without what differs from call to call."""
    result = json_format.ParseDict(result_json, v1.ProcessResult())
    result.ClearField("timing")
    result.ClearField("provenance")
    return result


class ClientTests(launcher.ServedTests):
    """What every client has to see. The command is that of a program as in clients/."""

    maxDiff = None
    command: list

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = cls.folder / "orders.ndjson"
        launcher.generate(cls.orders, RECORDS, faults_per_mille=FAULTY * 1000 // RECORDS)
        cls.expected = comparable(launcher.check(cls.orders, cls.server.endpoint, SOURCE))

    def call(self, *arguments):
        return json.loads(launcher.run([*self.command, self.server.endpoint, *arguments]))

    def assert_same_as_java_client(self, result):
        self.assertEqual((self.expected.counts.records, self.expected.counts.invalid), (RECORDS, FAULTY))
        self.assertEqual(comparable(result), self.expected)

    def test_process_64_kib_chunks_gives_what_java_client_gets(self):
        self.assert_same_as_java_client(self.call("process", self.orders, 65536, "none"))

    def test_process_odd_chunks_gives_what_java_client_gets(self):
        self.assert_same_as_java_client(self.call("process", self.orders, 4_099, "none"))

    def test_process_compressed_messages_gives_what_java_client_gets(self):
        self.assert_same_as_java_client(self.call("process", self.orders, 65536, "gzip"))

    def test_process_by_a_schema_gives_what_java_client_gets(self):
        schema = self.folder / "schema.json"
        schema.write_text('{"properties": {"total": {"maximum": 1000}}}')
        expected = comparable(launcher.check(self.orders, self.server.endpoint, SOURCE, "--schema", schema))
        self.assertGreater(expected.counts.schema_invalid, 0)
        self.assertEqual(comparable(self.call("process", self.orders, 65536, "none", schema)), expected)

    def test_live_tells_violations_and_gives_invalid_records_back(self):
        told = self.call("live", self.orders, 65536)
        self.assert_same_as_java_client(told["result"])
        self.assertEqual((told["first"], told["last"]), ("accepted", "result"))
        self.assertEqual(told["violations"], self.expected.counts.violations)
        invalid = self.folder / "invalid.ndjson"
        launcher.split(self.orders, invalid)
        content = bytes.fromhex(told["content"])
        self.assertEqual(content, invalid.read_bytes())
        self.assertEqual(content.count(b"\n"), FAULTY)

    def test_process_result_known_early_ends_an_endless_client(self):
        result = comparable(self.call("early"))
        self.assertEqual(v1.Termination.Name(result.termination), "TERMINATION_UNRECOVERABLE_SYNTAX")
        self.assertEqual(v1.Verdict.Name(result.verdict), "VERDICT_FAIL")
        self.assertEqual((result.HasField("stopped_at"), result.stopped_at), (True, 0))
        self.assertEqual(result.counts.records, 0)

    def test_process_config_out_of_range_is_refused_with_details(self):
        refusal = self.call("refused")
        self.assertEqual(refusal["code"], INVALID_ARGUMENT)
        self.assertEqual((refusal["reason"], refusal["domain"]), ("CONFIG_INVALID", "jassay.dev"))
        violations = dict(refusal["violations"])
        self.assertEqual(list(violations), ["validation.max_depth", "report.max_per_group"])
        self.assertTrue(all(violations.values()), "each has a description")


class PythonClientTest(ClientTests, TestCase):
    command = [sys.executable, launcher.HERE / "clients" / "python_client.py"]


@skipUnless(GO_CLIENT.exists(), "Go is not installed")
class GoClientTest(ClientTests, TestCase):
    command = [GO_CLIENT]
