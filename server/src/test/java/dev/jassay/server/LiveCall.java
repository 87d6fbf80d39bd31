package dev.jassay.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessEvent;
import dev.jassay.v1.ProcessRequest;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.ProcessorServiceGrpc;
import dev.jassay.v1.Record;
import dev.jassay.v1.Violation;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A live call that reads no more than it is told to. One thread. */
final class LiveCall {
    private static final int ALL = Integer.MAX_VALUE;

    private final ClientCall<ProcessRequest, ProcessEvent> call;
    private final BlockingQueue<ProcessEvent> arrived = new LinkedBlockingQueue<>();
    private final List<ProcessEvent> taken = new ArrayList<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private volatile Metadata trailers = new Metadata();

    private LiveCall(ClientCall<ProcessRequest, ProcessEvent> call) {
        this.call = call;
    }

    /** One that does not read yet. */
    static LiveCall start(Channel channel) {
        LiveCall live = new LiveCall(channel.newCall(ProcessorServiceGrpc.getProcessLiveMethod(), CallOptions.DEFAULT));
        live.call.start(live.new Listener(), new Metadata());
        return live;
    }

    LiveCall config(ProcessConfig config) {
        call.sendMessage(ProcessRequest.newBuilder().setConfig(config).build());
        return this;
    }

    LiveCall chunk(String chunk) {
        return chunk(chunk.getBytes(UTF_8));
    }

    LiveCall chunk(byte[] chunk) {
        call.sendMessage(
                ProcessRequest.newBuilder().setChunk(ByteString.copyFrom(chunk)).build());
        return this;
    }

    LiveCall halfClose() {
        call.halfClose();
        return this;
    }

    LiveCall cancel() {
        call.cancel("as the test wants it", null);
        return this;
    }

    /** Whether the server takes more. */
    boolean takes() {
        return call.isReady();
    }

    LiveCall read(int events) {
        call.request(events);
        return this;
    }

    LiveCall readAll() {
        return read(ALL);
    }

    /** The next event, which is read already or will be. */
    ProcessEvent next() {
        try {
            ProcessEvent event = arrived.poll(Rig.LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(event).as("an event, taken so far: %s", taken).isNotNull();
            taken.add(event);
            return event;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Takes events up to one of a kind, and gives that. */
    ProcessEvent next(ProcessEvent.EventCase kind) {
        ProcessEvent event = next();
        while (event.getEventCase() != kind) {
            event = next();
        }
        return event;
    }

    /** Takes all events, the last of which is the result. */
    ProcessResult result() {
        Status status = status();
        assertThat(status.getCode()).as("%s", status).isEqualTo(Status.Code.OK);
        arrived.drainTo(taken);
        assertThat(taken.getFirst().hasAccepted()).isTrue();
        assertThat(taken.stream().filter(ProcessEvent::hasAccepted)).hasSize(1);
        assertThat(taken.stream().filter(ProcessEvent::hasResult)).hasSize(1);
        return taken.getLast().getResult();
    }

    /** Those of all events that were taken. */
    List<Violation> violations() {
        return taken.stream()
                .flatMap(event -> event.getViolations().getViolationsList().stream())
                .toList();
    }

    /** Those of all events that were taken. */
    List<Record> records() {
        return taken.stream()
                .flatMap(event -> event.getRecords().getRecordsList().stream())
                .toList();
    }

    Status status() {
        try {
            return end.get(Rig.LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("after " + taken, e);
        }
    }

    /** Of a call that was refused. */
    String reason() {
        com.google.rpc.Status details = StatusProto.fromStatusAndTrailers(status(), trailers);
        try {
            return details.getDetails(0).unpack(ErrorInfo.class).getReason();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private final class Listener extends ClientCall.Listener<ProcessEvent> {
        @Override
        public void onMessage(ProcessEvent event) {
            arrived.add(event);
        }

        @Override
        public void onClose(Status status, Metadata last) {
            trailers = last;
            end.complete(status);
        }
    }
}
