package dev.jassay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls from several threads. Which one comes first is left to chance, over many rounds; what may come of it is not. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class SessionConcurrencyTest {
    private static final int ROUNDS = 300;
    private static final String RECORD = "{\"name\":\"a record\",\"numbers\":[1,2,3]}\n";

    private final Engine engine = Engines.open();
    private final ExecutorService threads = Executors.newFixedThreadPool(3);
    private EngineUsage baseline = engine.usage();

    @BeforeEach
    void readBaseline() {
        baseline = engine.usage();
    }

    @AfterEach
    void everythingIsFreed() throws InterruptedException {
        threads.shutdown();
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        assertThat(engine.usage()).isEqualTo(baseline);
        assertThat(engine.slabs().idle()).isEqualTo(engine.slabs().allocated());
        engine.close();
    }

    @Test
    void cancel_whileAnotherThreadFeeds_endsItsCalls() throws Exception {
        try (Plan plan = Engines.compile(engine, Engines.DEFAULTS);
                Session session = engine.newSession(plan);
                Slab slab = fullSlab()) {
            CountDownLatch fed = new CountDownLatch(1);
            Future<RuntimeException> failure = threads.submit(() -> feedUntilFailure(session, slab, fed));
            fed.await();
            session.cancel();
            assertThat(failure.get()).isInstanceOf(SessionCancelledException.class);
        }
    }

    @Test
    void close_whileAnotherThreadFeeds_endsItsCallsAndFreesAll() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            try (Plan plan = Engines.compile(engine, Engines.DEFAULTS)) {
                Session session = engine.newSession(plan);
                Slab slab = fullSlab();
                CountDownLatch fed = new CountDownLatch(1);
                Future<RuntimeException> failure = threads.submit(() -> feedUntilFailure(session, slab, fed));
                fed.await();
                slab.close();
                session.close();
                assertThat(failure.get()).isInstanceOfAny(SessionCancelledException.class, IllegalStateException.class);
            }
        }
    }

    @Test
    void cancel_racingWithClose_isSafe() throws Exception {
        try (Plan plan = Engines.compile(engine, Engines.DEFAULTS)) {
            for (int round = 0; round < ROUNDS; round++) {
                Session session = engine.newSession(plan);
                CyclicBarrier start = new CyclicBarrier(3);
                Callable<Void> cancel = () -> {
                    start.await();
                    session.cancel();
                    return null;
                };
                Callable<Void> close = () -> {
                    start.await();
                    session.close();
                    return null;
                };
                for (Future<Void> done : threads.invokeAll(List.of(cancel, close, close))) {
                    done.get();
                }
            }
        }
    }

    @Test
    void slab_whileInUse_refusesEveryOtherCall() throws Exception {
        Pipe pipe = Pipe.open();
        try (Slab slab = engine.slabs().acquire();
                Plan plan = Engines.compile(engine, Engines.DEFAULTS);
                Session session = engine.newSession(plan)) {
            Future<Integer> read = threads.submit(() -> slab.readFrom(pipe.source()));
            awaitInUse(slab);

            assertThatIllegalStateException().isThrownBy(slab::clear).withMessage("the slab is in use");
            assertThatIllegalStateException().isThrownBy(() -> session.feed(slab));
            slab.close();
            assertThat(engine.slabs().idle()).isZero();
            assertThatIllegalStateException().isThrownBy(slab::clear).withMessage("the slab is closed");

            assertThat(pipe.sink().write(ByteBuffer.wrap(new byte[] {1}))).isEqualTo(1);
            assertThat(read.get()).isEqualTo(1);
            assertThat(engine.slabs().idle()).isEqualTo(1);
        } finally {
            pipe.sink().close();
            pipe.source().close();
        }
    }

    private Slab fullSlab() {
        byte[] records =
                RECORD.repeat(engine.slabs().slabBytes() / RECORD.length()).getBytes(StandardCharsets.UTF_8);
        return Engines.slabOf(engine, records);
    }

    private static RuntimeException feedUntilFailure(Session session, Slab slab, CountDownLatch fed) {
        try {
            while (true) {
                session.feed(slab);
                fed.countDown();
            }
        } catch (SessionCancelledException | IllegalStateException e) {
            return e;
        }
    }

    private static void awaitInUse(Slab slab) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < deadline) {
            try {
                slab.length();
            } catch (IllegalStateException e) {
                return;
            }
            Thread.onSpinWait();
        }
        fail("no thread uses the slab");
    }
}
