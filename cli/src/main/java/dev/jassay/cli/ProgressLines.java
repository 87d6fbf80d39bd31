package dev.jassay.cli;

import java.io.PrintStream;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** A line now and then, for logs: what {@link ProgressBar} shows, without what only a terminal understands. */
final class ProgressLines implements ProgressView {
    /** Seldom enough that the log of a long work stays short. */
    static final long LINE_NANOS = 10_000_000_000L;

    private final PrintStream log;
    private final OptionalLong total;
    private final LongSupplier nanoClock;
    private final long started;
    private long told;
    private boolean closed;

    ProgressLines(PrintStream log, OptionalLong total, LongSupplier nanoClock) {
        this.log = log;
        this.total = total;
        this.nanoClock = nanoClock;
        this.started = nanoClock.getAsLong();
        this.told = started;
    }

    /** Tells at most once in {@link #LINE_NANOS}. */
    @Override
    public synchronized void update(Passed passed) {
        long now = nanoClock.getAsLong();
        if (closed || now - told < LINE_NANOS) {
            return;
        }
        told = now;
        ProgressFigures figures = new ProgressFigures(passed, total, Figures.seconds(now - started));
        String part = total.isPresent() ? (int) (figures.part() * 100) + " %, " : "";
        log.println(part + String.join(", ", figures.texts()));
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
