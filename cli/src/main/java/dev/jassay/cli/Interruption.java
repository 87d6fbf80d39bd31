package dev.jassay.cli;

import java.util.ArrayList;
import java.util.List;

/** A person's wish that a work ends with what it has. Any thread. */
final class Interruption {
    private final List<Runnable> listeners = new ArrayList<>();
    private boolean requested;

    /** What is no longer to be told. */
    interface Listening extends AutoCloseable {
        @Override
        void close();
    }

    synchronized boolean isRequested() {
        return requested;
    }

    /** Tells all who listen, once. */
    synchronized void request() {
        if (!requested) {
            requested = true;
            listeners.forEach(Runnable::run);
        }
    }

    /** @param listener must not wait; it runs at once if the wish is there already */
    synchronized Listening listen(Runnable listener) {
        if (requested) {
            listener.run();
        }
        listeners.add(listener);
        return () -> forget(listener);
    }

    private synchronized void forget(Runnable listener) {
        listeners.remove(listener);
    }
}
