"""How the server ends."""

import tempfile
import threading
import time
from pathlib import Path
from unittest import TestCase

import grpc

import launcher
from jassay.v1 import jassay_pb2 as v1
from jassay.v1 import jassay_pb2_grpc

POLL_SECONDS = 0.02


class ServerTest(TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="jassay-interop-")
        self.addCleanup(folder.cleanup)
        self.server = launcher.Server(Path(folder.name) / "server.log")
        self.addCleanup(self.server.kill)
        channel = grpc.insecure_channel(self.server.endpoint)
        self.addCleanup(channel.close)
        self.stub = jassay_pb2_grpc.ProcessorServiceStub(channel)

    def wait_until_refusing(self):
        end = time.monotonic() + launcher.DEADLINE_SECONDS
        while time.monotonic() < end:
            try:
                self.stub.GetServerInfo(v1.GetServerInfoRequest(), timeout=launcher.DEADLINE_SECONDS)
            except grpc.RpcError as refusal:
                return refusal.code()
            time.sleep(POLL_SECONDS)
        self.fail("the server goes on taking calls after SIGTERM")

    def test_sigterm_during_a_call_refuses_others_lets_it_end_and_exits_0(self):
        sent, go_on = threading.Event(), threading.Event()

        def requests():
            yield v1.ProcessRequest(chunk=b"1\n2\n")
            sent.set()
            go_on.wait(launcher.DEADLINE_SECONDS)
            yield v1.ProcessRequest(chunk=b"3\n")

        running = self.stub.Process.future(requests(), timeout=launcher.DEADLINE_SECONDS)
        self.addCleanup(go_on.set)
        self.assertTrue(sent.wait(launcher.DEADLINE_SECONDS))
        # On one connection an answer to a later call means that the server has the earlier one.
        self.stub.GetServerInfo(v1.GetServerInfoRequest(), timeout=launcher.DEADLINE_SECONDS)

        self.server.terminate()
        self.assertEqual(self.wait_until_refusing(), grpc.StatusCode.UNAVAILABLE)
        self.assertFalse(running.done())
        go_on.set()

        self.assertEqual(running.result().counts.valid, 3)
        self.assertEqual(self.server.wait(), 0)
