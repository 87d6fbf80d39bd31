package dev.jassay.cli;

import java.io.PrintStream;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * One line of a terminal that is written over as bytes pass: their number and rate, and where the total is known a bar, the percentage
 * and the time left. One thread at a time, but for {@link #close}.
 */
final class ProgressBar implements AutoCloseable {
    /** Often enough to look alive, seldom enough to cost nothing. */
    static final long REDRAW_NANOS = 100_000_000L;

    private static final int WIDTH = 24;
    private static final String CLEAR_LINE = "\r\u001B[K";

    private final PrintStream terminal;
    private final OptionalLong total;
    private final LongSupplier nanoClock;
    private final long started;
    private long drawn;
    private boolean visible;
    private boolean closed;

    ProgressBar(PrintStream terminal, OptionalLong total, LongSupplier nanoClock) {
        this.terminal = terminal;
        this.total = total;
        this.nanoClock = nanoClock;
        this.started = nanoClock.getAsLong();
        this.drawn = started;
    }

    /** Tells how many bytes have passed; draws at most once in {@link #REDRAW_NANOS}. */
    synchronized void update(long bytes) {
        long now = nanoClock.getAsLong();
        if (closed || now - drawn < REDRAW_NANOS) {
            return;
        }
        drawn = now;
        visible = true;
        terminal.print(CLEAR_LINE + line(bytes, Figures.seconds(now - started)));
        terminal.flush();
    }

    /** Leaves the line empty for what comes next. */
    @Override
    public synchronized void close() {
        closed = true;
        if (visible) {
            visible = false;
            terminal.print(CLEAR_LINE);
            terminal.flush();
        }
    }

    private String line(long bytes, double seconds) {
        double rate = bytes / seconds;
        String passed = Figures.bytes((double) bytes);
        String speed = Figures.bytes(rate) + "/s";
        if (total.isEmpty() || total.getAsLong() == 0) {
            return passed + "  " + speed + "  " + Figures.duration(seconds);
        }
        double part = Math.clamp((double) bytes / total.getAsLong(), 0.0, 1.0);
        int filled = (int) (part * WIDTH);
        return "[" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + (int) (part * 100) + " %  " + passed
                + " of "
                + Figures.bytes((double) total.getAsLong()) + "  " + speed + "  "
                + Figures.duration(Math.max(total.getAsLong() - bytes, 0) / Math.max(rate, 1)) + " left";
    }
}
