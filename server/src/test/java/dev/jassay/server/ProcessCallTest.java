package dev.jassay.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jassay.engine.Progress;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import io.grpc.Status;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that come by another way than gRPC. */
final class ProcessCallTest {
    private static final byte[] RECORDS =
            "{\"a\":[1,2,3]}\n[01]\n".repeat(400_000).getBytes(UTF_8);

    private final Rig rig = Rig.start();
    private final ProcessCalls calls = rig.server.processCalls();

    @AfterEach
    void stop() {
        rig.awaitBaseline();
        rig.close();
    }

    @Test
    void call_givesWhatOneOfGrpcGives() throws Exception {
        TestCall grpc = TestCall.start(rig.newChannel()).config(ProcessConfig.getDefaultInstance());
        for (int at = 0; at < RECORDS.length; at += 1 << 20) {
            grpc.chunk(Arrays.copyOfRange(RECORDS, at, Math.min(RECORDS.length, at + (1 << 20))));
        }
        ProcessResult expected = plain(grpc.halfClose().result());
        try (ProcessCall call = calls.admit(0, () -> {})) {
            call.configure(new byte[0]);
            assertThat(call.accept(ByteBuffer.wrap(RECORDS))).isEqualTo(Progress.MORE);
            assertThat(plain(ProcessResult.parseFrom(call.finish()))).isEqualTo(expected);
        }
    }

    @Test
    void call_onAVirtualThread_worksOnThreadsOfTheServer() throws InterruptedException, ExecutionException {
        AtomicReference<Thread> worker = new AtomicReference<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            byte[] result = threads.submit(() -> {
                        try (ProcessCall call = calls.admit(0, () -> {})) {
                            call.runOnServerThread(() -> {
                                worker.set(Thread.currentThread());
                                acceptAll(call);
                            });
                            return call.finish();
                        }
                    })
                    .get();
            assertThat(result).isNotEmpty();
        }
        assertThat(worker.get().isVirtual()).isFalse();
        assertThat(worker.get().getName()).startsWith("jassay-call");
    }

    @Test
    void calls_ofBothWays_shareOneLimit() throws RefusedException {
        try (Rig full = Rig.startWithMemory(ServerOptions.defaults().leastMemoryBytes(Rig.ENGINE_THREADS));
                ProcessCall _ = full.server.processCalls().admit(0, () -> {})) {
            assertThatThrownBy(() -> full.server.processCalls().admit(0, () -> {}))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            e -> assertThat(e.refusal().reason()).isEqualTo("ADMISSION_LIMIT"));
            RefusalTest.assertRefused(
                    TestCall.start(full.newChannel()).failure(), Status.Code.RESOURCE_EXHAUSTED, "ADMISSION_LIMIT");
        }
    }

    @Test
    void call_cancelled_refusesWhatFollowsAndTellsOnce() throws RefusedException {
        AtomicInteger told = new AtomicInteger();
        try (ProcessCall call = calls.admit(0, told::incrementAndGet)) {
            assertThat(call.accept(ByteBuffer.wrap(RECORDS))).isEqualTo(Progress.MORE);
            call.cancel();
            call.cancel();
            Rig.await("it is told", () -> told.get() == 1);
            assertThatThrownBy(call::finish)
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            e -> assertThat(e.refusal().reason()).isEqualTo("CANCELLED"));
        }
        assertThat(told).hasValue(1);
    }

    @Test
    void call_nothingSentForTheIdleTime_isEndedButNotBefore() throws RefusedException {
        Duration idle = ServerOptions.DEFAULT_IDLE;
        try (ProcessCall call = calls.admit(0, () -> {})) {
            rig.pass(idle.minusNanos(1));
            call.received(1);
            rig.pass(idle.minusNanos(1));
            assertThat(call.interruption()).isEmpty();
            rig.pass(Duration.ofNanos(1));
            assertThat(call.interruption().map(Refusal::reason)).hasValue("CLIENT_STALLED");
        }
    }

    @Test
    void call_answered_keepsItsResultReservedUntilItIsClosed() throws RefusedException {
        ProcessCall call = calls.admit(0, () -> {});
        byte[] result = call.finish();
        assertThat(rig.engine.usage().memoryReserved()).isGreaterThanOrEqualTo(result.length);
        rig.pass(ServerOptions.DEFAULT_IDLE);
        assertThat(call.interruption()).isEmpty();
        call.close();
        call.close();
    }

    private static void acceptAll(ProcessCall call) {
        try {
            var _ = call.accept(ByteBuffer.wrap(RECORDS));
            var _ = call.workOnWhatCame();
        } catch (RefusedException e) {
            throw new AssertionError(e);
        }
    }

    private static ProcessResult plain(ProcessResult result) {
        return result.toBuilder().clearTiming().clearProvenance().build();
    }
}
