package dev.jassay.cli;

import java.io.PrintStream;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * One line of a terminal that is written over as bytes pass: their number and rate, records and how many of them are invalid, and where
 * the total is known a bar, the percentage and the time left.
 */
final class ProgressBar implements ProgressView {
    /** Often enough to look alive, seldom enough to cost nothing. */
    static final long REDRAW_NANOS = 100_000_000L;

    private static final int WIDTH = 16;
    private static final String CLEAR_LINE = "\r\u001B[K";
    /** What does not fit is left out: a second line would not be written over. */
    private static final String NO_WRAP = "\u001B[?7l";

    private static final String WRAP = "\u001B[?7h";

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

    /** Draws at most once in {@link #REDRAW_NANOS}. */
    @Override
    public synchronized void update(Passed passed) {
        long now = nanoClock.getAsLong();
        if (closed || now - drawn < REDRAW_NANOS) {
            return;
        }
        drawn = now;
        visible = true;
        String line = line(new ProgressFigures(passed, total, Figures.seconds(now - started)));
        terminal.print(CLEAR_LINE + NO_WRAP + line + WRAP);
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

    private String line(ProgressFigures figures) {
        String texts = String.join("  ", figures.texts());
        if (total.isEmpty() || total.getAsLong() == 0) {
            return texts;
        }
        int filled = (int) (figures.part() * WIDTH);
        return "[" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + (int) (figures.part() * 100) + " %  "
                + texts;
    }
}
