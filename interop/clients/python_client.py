"""A client made of grpcio and the stubs of the proto file, nothing else.

usage: python_client.py ENDPOINT process FILE CHUNK_BYTES none|gzip [SCHEMA_FILE]
       python_client.py ENDPOINT live FILE CHUNK_BYTES
       python_client.py ENDPOINT early
       python_client.py ENDPOINT refused

Prints one JSON object: the ProcessResult, what a live call told before it, or how the call was refused.
"""

import json
import sys
import threading

import grpc
from google.protobuf import json_format
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from jassay.v1 import jassay_pb2 as v1
from jassay.v1 import jassay_pb2_grpc

# Far more than any of these calls takes: what is slower than that hangs.
DEADLINE_SECONDS = 120
BLANKS = b" " * 65536


def process(stub, path, chunk_bytes, compression, schema=None):
    def requests():
        profile = v1.Profile(scope=v1.PROFILE_SCOPE_VALID)
        config = v1.ProcessConfig(source="orders", profile=profile)
        if schema:
            with open(schema, encoding="utf-8") as file:
                config.validation.schema_json = file.read()
        yield v1.ProcessRequest(config=config)
        with open(path, "rb") as file:
            while chunk := file.read(int(chunk_bytes)):
                yield v1.ProcessRequest(chunk=chunk)

    codec = {"none": grpc.Compression.NoCompression, "gzip": grpc.Compression.Gzip}[compression]
    return as_json(stub.Process(requests(), timeout=DEADLINE_SECONDS, compression=codec))


def live(stub, path, chunk_bytes):
    """Gets the invalid records back while it sends."""

    def requests():
        profile = v1.Profile(scope=v1.PROFILE_SCOPE_VALID)
        split = v1.Split(records=v1.SPLIT_RECORDS_INVALID)
        yield v1.ProcessRequest(config=v1.ProcessConfig(source="orders", profile=profile, split=split))
        with open(path, "rb") as file:
            while chunk := file.read(int(chunk_bytes)):
                yield v1.ProcessRequest(chunk=chunk)

    kinds, violations, content, result = [], 0, b"", None
    for event in stub.ProcessLive(requests(), timeout=DEADLINE_SECONDS):
        kinds.append(event.WhichOneof("event"))
        violations += len(event.violations.violations)
        content += b"".join(record.content + b"\n" * record.last for record in event.records.records)
        result = event.result
    told = {"first": kinds[0], "last": kinds[-1], "violations": violations, "content": content.hex()}
    return json.dumps(told | {"result": json_format.MessageToDict(result)})


def early(stub):
    """Never half-closes: only a result that comes while the client sends can end the call."""
    stopped = threading.Event()

    def requests():
        try:
            yield v1.ProcessRequest(config=v1.ProcessConfig(format=v1.FORMAT_ARRAY))
            yield v1.ProcessRequest(chunk=b"{}")
            while True:
                yield v1.ProcessRequest(chunk=BLANKS)
        finally:
            stopped.set()

    result = stub.Process(requests(), timeout=DEADLINE_SECONDS)
    if not stopped.wait(DEADLINE_SECONDS):
        sys.exit("the result is there, but requests are still being sent")
    return as_json(result)


def refused(stub):
    config = v1.ProcessConfig(validation=v1.Validation(max_depth=1025), report=v1.Report(max_per_group=1001))
    try:
        stub.Process(iter([v1.ProcessRequest(config=config)]), timeout=DEADLINE_SECONDS)
    except grpc.RpcError as error:
        return json.dumps(details(error))
    sys.exit("the call was served")


def details(error):
    seen = {"code": error.code().value[0], "message": error.details()}
    for detail in rpc_status.from_call(error).details:
        info, bad_request = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        if detail.Unpack(info):
            seen |= {"reason": info.reason, "domain": info.domain}
        elif detail.Unpack(bad_request):
            seen["violations"] = [[v.field, v.description] for v in bad_request.field_violations]
    return seen


def as_json(result):
    return json_format.MessageToJson(result)


def main():
    endpoint, command, *arguments = sys.argv[1:]
    with grpc.insecure_channel(endpoint) as channel:
        stub = jassay_pb2_grpc.ProcessorServiceStub(channel)
        print({"process": process, "live": live, "early": early, "refused": refused}[command](stub, *arguments))


main()
