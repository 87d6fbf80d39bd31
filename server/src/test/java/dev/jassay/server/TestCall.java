package dev.jassay.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.jassay.v1.CheckSchemaRequest;
import dev.jassay.v1.CheckSchemaResponse;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessRequest;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.ProcessorServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A call that sends whatever bytes it is told to as a message. */
final class TestCall {
    private static final MethodDescriptor<byte[], byte[]> PROCESS = ProcessorServiceGrpc.getProcessMethod().toBuilder(
                    new Bytes(), new Bytes())
            .build();
    private static final MethodDescriptor<byte[], byte[]> MERGE = ProcessorServiceGrpc.getMergeMethod().toBuilder(
                    new Bytes(), new Bytes())
            .build();

    private static final MethodDescriptor<byte[], byte[]> CHECK_SCHEMA =
            ProcessorServiceGrpc.getCheckSchemaMethod().toBuilder(new Bytes(), new Bytes())
                    // So that a test can send fewer messages than one, or more.
                    .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
                    .build();

    /** How a call ended. */
    record Failure(Status.Code code, String reason, com.google.rpc.Status details, Status status) {}

    private record End(Status status, Metadata trailers) {}

    private final ClientCall<byte[], byte[]> call;
    private final CompletableFuture<byte[]> response = new CompletableFuture<>();
    private final CompletableFuture<End> end = new CompletableFuture<>();

    private TestCall(ClientCall<byte[], byte[]> call) {
        this.call = call;
    }

    static TestCall start(Channel channel) {
        return start(channel, CallOptions.DEFAULT);
    }

    static TestCall start(Channel channel, CallOptions options) {
        return start(channel, PROCESS, options);
    }

    /** One that merges; its messages are the same on the wire. */
    static TestCall startMerge(Channel channel) {
        return start(channel, MERGE, CallOptions.DEFAULT);
    }

    /** One that checks a schema. */
    static TestCall startCheck(Channel channel) {
        return startCheck(channel, CallOptions.DEFAULT);
    }

    static TestCall startCheck(Channel channel, CallOptions options) {
        return start(channel, CHECK_SCHEMA, options);
    }

    /** A whole check, and its answer. */
    static CheckSchemaResponse checkSchema(Channel channel, CheckSchemaRequest request) {
        return startCheck(channel).message(request.toByteArray()).halfClose().checked();
    }

    private static TestCall start(Channel channel, MethodDescriptor<byte[], byte[]> method, CallOptions options) {
        TestCall test = new TestCall(channel.newCall(method, options));
        test.call.start(test.new Listener(), new Metadata());
        test.call.request(1);
        return test;
    }

    /** A whole stream, and its result. */
    static ProcessResult process(Channel channel, ProcessConfig config, String input) {
        return start(channel).config(config).chunk(input).halfClose().result();
    }

    TestCall config(ProcessConfig config) {
        return message(ProcessRequest.newBuilder().setConfig(config).build().toByteArray());
    }

    TestCall chunk(String chunk) {
        return chunk(chunk.getBytes(UTF_8));
    }

    TestCall chunk(byte[] chunk) {
        return message(ProcessRequest.newBuilder()
                .setChunk(ByteString.copyFrom(chunk))
                .build()
                .toByteArray());
    }

    TestCall text(String text) {
        return message(ProcessRequest.newBuilder().setText(text).build().toByteArray());
    }

    TestCall message(byte[] message) {
        call.sendMessage(message);
        return this;
    }

    TestCall compressed() {
        call.setMessageCompression(true);
        return this;
    }

    TestCall halfClose() {
        call.halfClose();
        return this;
    }

    TestCall cancel() {
        call.cancel("as the test wants it", null);
        return this;
    }

    boolean ended() {
        return end.isDone();
    }

    ProcessResult result() {
        try {
            return ProcessResult.parseFrom(response());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** The answer to a check. */
    CheckSchemaResponse checked() {
        try {
            return CheckSchemaResponse.parseFrom(response());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private byte[] response() {
        End ended = await(end);
        assertThat(ended.status())
                .extracting(Status::getCode, Status::getDescription)
                .containsExactly(Status.Code.OK, null);
        return await(response);
    }

    Status status() {
        return await(end).status();
    }

    /** With the details that every refusal has. */
    Failure failure() {
        End ended = await(end);
        com.google.rpc.Status details = StatusProto.fromStatusAndTrailers(ended.status(), ended.trailers());
        assertThat(details).isNotNull();
        assertThat(details.getDetailsList()).as("details of %s", ended.status()).isNotEmpty();
        Any first = details.getDetails(0);
        try {
            ErrorInfo info = first.unpack(ErrorInfo.class);
            assertThat(info.getDomain()).isEqualTo("jassay.dev");
            return new Failure(ended.status().getCode(), info.getReason(), details, ended.status());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(Rig.LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private final class Listener extends ClientCall.Listener<byte[]> {
        @Override
        public void onMessage(byte[] message) {
            response.complete(message);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            end.complete(new End(status, trailers));
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
