package dev.jassay.cli;

import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets a command end itself in order on SIGTERM or SIGINT, where Java would end the process with the signal's exit code. A second
 * signal ends it at once.
 */
final class StopSignal {
    /** What a shell adds to the number of the signal that ended a process. */
    private static final int EXIT_BY_SIGNAL = 128;

    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicInteger received = new AtomicInteger();

    private StopSignal() {}

    /** Takes over both signals for the rest of the process. */
    static StopSignal install() {
        StopSignal stop = new StopSignal();
        stop.handle("TERM", 15);
        stop.handle("INT", 2);
        return stop;
    }

    /** Waits for the first signal. */
    void await() throws InterruptedException {
        stop.await();
    }

    /** By reflection: the compiler warns of this class, the only one that does it, and cannot be told that we know. */
    private void handle(String name, int number) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object receiver = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        receive(number);
                        return null;
                    });
            var _ = signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), receiver);
        } catch (ReflectiveOperationException unavailable) {
            throw new IllegalStateException("cannot take SIG" + name, unavailable);
        }
    }

    private void receive(int number) {
        if (received.incrementAndGet() == 1) {
            stop.countDown();
        } else {
            Runtime.getRuntime().halt(EXIT_BY_SIGNAL + number);
        }
    }
}
