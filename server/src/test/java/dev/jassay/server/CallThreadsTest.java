package dev.jassay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class CallThreadsTest {
    private static final int COUNT = 3;

    @Test
    void execute_moreThanThereAreThreads_runsAllOnNoMoreThreadsThanBothPoolsHave() throws Exception {
        Set<Thread> used = ConcurrentHashMap.newKeySet();
        AtomicInteger done = new AtomicInteger();
        CountDownLatch busy = new CountDownLatch(2 * COUNT);
        CountDownLatch release = new CountDownLatch(1);
        try (CallThreads threads =
                new CallThreads(COUNT, Thread.ofPlatform().daemon().factory())) {
            for (int task = 0; task < 10 * COUNT; task++) {
                threads.execute(() -> {
                    used.add(Thread.currentThread());
                    busy.countDown();
                    awaitQuietly(release);
                    done.incrementAndGet();
                });
            }
            assertThat(busy.await(1, TimeUnit.MINUTES)).isTrue();
            assertThat(used).hasSize(2 * COUNT);
            release.countDown();
        }
        assertThat(done).hasValue(10 * COUNT);
        assertThat(used).hasSize(2 * COUNT);
    }

    @Test
    void execute_afterClose_isRejected() {
        CallThreads threads =
                new CallThreads(COUNT, Thread.ofPlatform().daemon().factory());
        threads.close();
        assertThatThrownBy(() -> threads.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
