package dev.jassay.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jassay.v1.GetServerInfoRequest;
import dev.jassay.v1.ProcessorServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class DrainTest {
    @Test
    void drain_noCalls_stopsAtOnce() throws Exception {
        try (Rig rig = Rig.start(options -> options.withGrace(Duration.ofDays(1)))) {
            rig.server.drain();
            rig.server.awaitTermination();
            assertThat(TestCall.start(rig.newChannel()).status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    @Test
    void drain_callThatEndsWithinTheGrace_getsItsResult() throws Exception {
        try (Rig rig = Rig.start(options -> options.withGrace(Duration.ofDays(1)))) {
            ManagedChannel channel = rig.newChannel();
            TestCall running = TestCall.start(channel).chunk("1\n");
            Rig.await("the call is open", () -> rig.engine.usage().sessions() == 1);
            CompletableFuture<Void> drained = drain(rig.server);
            Rig.await("health says so", () -> health(channel) == ServingStatus.NOT_SERVING);
            RefusalTest.assertRefused(TestCall.start(channel).failure(), Status.Code.UNAVAILABLE, "DRAINING");
            RefusalTest.assertRefused(TestCall.startCheck(channel).failure(), Status.Code.UNAVAILABLE, "DRAINING");
            assertThat(infoStatus(channel)).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(drained).isNotDone();
            assertThat(running.chunk("2\n").halfClose().result().getCounts().getValid())
                    .isEqualTo(2);
            drained.get(Rig.LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Test
    void drain_callsThatOutlastTheGrace_areEndedAndFreed() throws Exception {
        try (Rig rig = Rig.start(options -> options.withGrace(Duration.ofMillis(1)))) {
            ManagedChannel channel = rig.newChannel();
            List<TestCall> calls = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                calls.add(TestCall.start(channel).chunk("1\n"));
            }
            Rig.await("all are open", () -> rig.engine.usage().sessions() == 20);
            drain(rig.server).get(Rig.LIMIT.toSeconds(), TimeUnit.SECONDS);
            calls.forEach(call -> RefusalTest.assertRefused(call.failure(), Status.Code.UNAVAILABLE, "DRAINING"));
            assertThat(rig.engine.usage().sessions()).isZero();
            assertThat(rig.engine.usage().plans()).isZero();
            assertThat(rig.server.transport().bufferBytes()).isZero();
        }
    }

    @Test
    void drain_checkWithoutItsMessage_isEndedAndFreed() throws Exception {
        try (Rig rig = Rig.start()) {
            TestCall check = TestCall.startCheck(rig.newChannel());
            Rig.await("it is open", () -> rig.server.openCalls().list().size() == 1);
            drain(rig.server).get(Rig.LIMIT.toSeconds(), TimeUnit.SECONDS);
            RefusalTest.assertRefused(check.failure(), Status.Code.UNAVAILABLE, "DRAINING");
            assertThat(rig.engine.usage().memoryReserved()).isZero();
        }
    }

    @Test
    void close_callsAtWork_endsThemAll() {
        byte[] chunk = "{\"a\":[1,2,3]}\n".repeat(20_000).getBytes(UTF_8);
        try (Rig rig = Rig.start()) {
            ManagedChannel channel = rig.newChannel();
            List<TestCall> calls = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                TestCall call = TestCall.start(channel);
                for (int chunks = 0; chunks < 20; chunks++) {
                    call.chunk(chunk);
                }
                calls.add(call);
            }
            Rig.await("some are at work", () -> rig.engine.usage().sessions() > 0);
            rig.server.close();
            assertThat(rig.engine.usage().sessions()).isZero();
            calls.forEach(call -> assertThat(call.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
        }
    }

    @Test
    void close_secondTime_doesNothing() throws Exception {
        try (Rig rig = Rig.start()) {
            rig.server.close();
            rig.server.close();
            rig.server.drain();
            rig.server.awaitTermination();
        }
    }

    private static CompletableFuture<Void> drain(JassayServer server) {
        return CompletableFuture.runAsync(() -> {
            try {
                server.drain();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static ServingStatus health(ManagedChannel channel) {
        return HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus();
    }

    private static Status.Code infoStatus(ManagedChannel channel) {
        try {
            var _ = ProcessorServiceGrpc.newBlockingStub(channel)
                    .getServerInfo(GetServerInfoRequest.getDefaultInstance());
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
    }
}
