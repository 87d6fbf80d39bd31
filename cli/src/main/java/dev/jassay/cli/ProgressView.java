package dev.jassay.cli;

/** Shows people how far a work is. {@link #update} by one thread at a time; {@link #close} by any. */
interface ProgressView extends AutoCloseable {
    void update(Passed passed);

    /** Shows nothing more. */
    @Override
    void close();

    /** Shows nothing at all. */
    static ProgressView none() {
        return new ProgressView() {
            @Override
            public void update(Passed passed) {}

            @Override
            public void close() {}
        };
    }
}
