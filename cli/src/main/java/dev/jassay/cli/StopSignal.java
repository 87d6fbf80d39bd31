package dev.jassay.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets a command end itself in order on SIGTERM or SIGINT, where Java would end the process with the signal's exit code. A second
 * signal ends it at once.
 */
final class StopSignal {
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicInteger received = new AtomicInteger();

    private StopSignal() {}

    /** Takes over both signals for the rest of the process. */
    static StopSignal install() {
        StopSignal stop = new StopSignal();
        var _ = Signals.take("TERM", () -> stop.receive(15));
        var _ = Signals.take("INT", () -> stop.receive(2));
        return stop;
    }

    /** Waits for the first signal. */
    void await() throws InterruptedException {
        stop.await();
    }

    private void receive(int number) {
        if (received.incrementAndGet() == 1) {
            stop.countDown();
        } else {
            Runtime.getRuntime().halt(Signals.EXIT_BY_SIGNAL + number);
        }
    }
}
