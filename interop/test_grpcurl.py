"""The service as grpcurl sees it, which knows nothing of it but what reflection tells."""

import base64
import json
import subprocess
from unittest import TestCase, skipUnless

import launcher

GRPCURL = launcher.HERE / "target" / "bin" / "grpcurl"


@skipUnless(GRPCURL.exists(), "Go is not installed")
class GrpcurlTest(launcher.ServedTests, TestCase):
    maxDiff = None

    def grpcurl(self, *arguments):
        return launcher.run([GRPCURL, "-plaintext", *arguments])

    def test_list_of_services_has_processor_service_and_health(self):
        services = self.grpcurl(self.server.endpoint, "list").split()
        self.assertIn("jassay.v1.ProcessorService", services)
        self.assertIn("grpc.health.v1.Health", services)

    def test_describe_process_tells_its_messages(self):
        text = self.grpcurl(self.server.endpoint, "describe", "jassay.v1.ProcessorService.Process")
        self.assertIn("rpc Process ( stream .jassay.v1.ProcessRequest ) returns ( .jassay.v1.ProcessResult );", text)

    def test_describe_request_tells_its_fields(self):
        text = self.grpcurl(self.server.endpoint, "describe", "jassay.v1.ProcessRequest")
        for field in (".jassay.v1.ProcessConfig config = 1;", "bytes chunk = 2;", "string text = 3;"):
            self.assertIn(field, text)

    def test_health_check_of_a_running_server_is_serving(self):
        answer = json.loads(self.grpcurl(self.server.endpoint, "grpc.health.v1.Health/Check"))
        self.assertEqual(answer, {"status": "SERVING"})

    def test_process_texts_and_chunks_are_one_stream(self):
        requests = [{"config": {"source": "mixed"}}, {"text": '{"a": "é'}, {"chunk": "w6kifQpu"}, {"text": "ull\n"}]
        answer = self.call("Process", requests)
        self.assertEqual(answer["counts"], {"records": "2", "valid": "2", "bytes": "19"})
        self.assertEqual((answer["verdict"], answer["source"]), ("VERDICT_PASS", "mixed"))

    def call(self, method, requests):
        """The answer to some messages."""
        (answer,) = self.events(method, requests)
        return answer

    def events(self, method, requests):
        """The answers to some messages."""
        text = launcher.run(
            [GRPCURL, "-plaintext", "-d", "@", self.server.endpoint, f"jassay.v1.ProcessorService/{method}"],
            input="\n".join(map(json.dumps, requests)),
        ).strip()
        answers = []
        while text:
            answer, end = json.JSONDecoder().raw_decode(text)
            answers.append(answer)
            text = text[end:].lstrip()
        return answers

    def test_live_call_is_a_stream_of_events(self):
        requests = [{"config": {"split": {"records": "SPLIT_RECORDS_BOTH"}}}, {"text": '{"a": 1}\n{"a": }\n'}]
        events = self.events("ProcessLive", requests)
        self.assertEqual(next(iter(events[0])), "accepted")
        records = [record for event in events for record in event.get("records", {}).get("records", [])]
        self.assertEqual(
            [(base64.b64decode(record["content"]), record.get("valid", False)) for record in records],
            [(b'{"a": 1}', True), (b'{"a": }', False)],
        )
        violations = [v for event in events for v in event.get("violations", {}).get("violations", [])]
        self.assertEqual([violation["error_offset"] for violation in violations], ["15"])
        self.assertEqual(events[-1]["result"]["counts"]["invalid"], "1")

    def test_merge_of_states_is_the_result_of_the_whole(self):
        parts = ['{"a": 1}\n{"a": }\n', '{"a": 2}\n']
        scope = {"scope": "PROFILE_SCOPE_VALID"}
        whole = self.call("Process", [{"config": {"profile": scope}}, *({"text": part} for part in parts)])
        states = [
            self.call("Process", [{"config": {"profile": scope | {"with_state": True}, "part": number}}, {"text": part}])["state"]
            for number, part in enumerate(parts)
        ]
        merged = self.call("Merge", [{"chunk": state} for state in reversed(states)])
        for result in (whole, merged):
            del result["timing"], result["provenance"]
        # A merge leaves it out.
        self.assertEqual(whole.pop("invalid_over_stream"), {"bucket_bytes": "1024", "counts": ["1"]})
        self.assertEqual(merged, whole)

    def test_process_by_a_schema_names_keyword_and_place(self):
        schema = json.dumps({"properties": {"price": {"type": "number"}}})
        answer = self.call("Process", [{"config": {"validation": {"schema_json": schema}}}, {"text": '{"price": "n/a"}\n'}])
        violation = answer["violations"][0]
        self.assertEqual((violation["code"], violation["keyword"]), ("VIOLATION_CODE_SCHEMA", "type"))
        self.assertEqual((violation["instance_pointer"], violation["schema_pointer"]), ("/price", "/properties/price/type"))
        self.assertEqual(violation["error_offset"], "10")
        self.assertEqual(answer["counts"]["schema_invalid"], "1")

    def test_check_schema_tells_what_is_wrong_with_it(self):
        self.assertEqual(self.call("CheckSchema", [{"schema_json": "{}"}])["usable"], True)
        answer = self.call("CheckSchema", [{"schema_json": '{"type": 5}'}])
        self.assertNotIn("usable", answer)
        problem = answer["problems"][0]
        self.assertEqual((problem["reason"], problem["pointer"]), ("SCHEMA_PROBLEM_REASON_SCHEMA_INVALID", "/type"))

    def test_process_config_out_of_range_is_an_error_that_names_the_field(self):
        done = subprocess.run(
            [GRPCURL, "-plaintext", "-d", '{"config": {"validation": {"max_depth": 1025}}}', self.server.endpoint]
            + ["jassay.v1.ProcessorService/Process"],
            capture_output=True,
            text=True,
            timeout=launcher.DEADLINE_SECONDS,
        )
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("InvalidArgument", done.stderr)
        self.assertIn("validation.max_depth", done.stderr)
