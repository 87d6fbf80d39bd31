package dev.jassay.cli;

/** What is to be tidied up if the process ends before this is closed, as by Ctrl-C. */
final class ShutdownHook implements AutoCloseable {
    private final Thread thread;

    private ShutdownHook(Thread thread) {
        this.thread = thread;
    }

    /** @param tidy runs on a thread of its own while others still run */
    static ShutdownHook of(Runnable tidy) {
        Thread thread = new Thread(tidy, "jassay-tidy");
        Runtime.getRuntime().addShutdownHook(thread);
        return new ShutdownHook(thread);
    }

    /** Takes it back, unless the process is about to end already. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException _) {
            // it runs, or is about to
        }
    }
}
