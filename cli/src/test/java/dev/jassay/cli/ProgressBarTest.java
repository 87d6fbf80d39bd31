package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
final class ProgressBarTest {
    private static final String CLEAR = "\r\u001B[K";

    private final AtomicLong nanos = new AtomicLong(5);
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final PrintStream terminal = new PrintStream(shown, true, UTF_8);

    private ProgressBar bar(OptionalLong total) {
        return new ProgressBar(terminal, total, nanos::get);
    }

    /** On one line, however narrow the terminal. */
    private static String shown(String line) {
        return CLEAR + "\u001B[?7l" + line + "\u001B[?7h";
    }

    private String takeShown() {
        String text = shown.toString(UTF_8);
        shown.reset();
        return text;
    }

    @Test
    void update_ofAKnownTotal_showsBarRateAndTimeLeft() {
        ProgressBar bar = bar(OptionalLong.of(1_000_000));
        nanos.addAndGet(1_000_000_000L);
        bar.update(Passed.ofBytes(250_000));
        assertThat(takeShown()).isEqualTo(shown("[####            ] 25 %  3.00 s left  250 kB/s  250 kB of 1.00 MB"));
    }

    @Test
    void update_ofAnUnknownTotal_showsWhatPassed() {
        ProgressBar bar = bar(OptionalLong.empty());
        nanos.addAndGet(2_000_000_000L);
        bar.update(Passed.ofBytes(3_000_000));
        assertThat(takeShown()).isEqualTo(shown("3.00 MB  1.50 MB/s  2.00 s"));
    }

    @Test
    void update_whereRecordsAreKnown_showsThem() {
        ProgressBar bar = bar(OptionalLong.empty());
        nanos.addAndGet(1_000_000_000L);
        bar.update(new Passed(3_000_000, Optional.of(new Passed.Judged(12_345, 7))));
        assertThat(takeShown()).isEqualTo(shown("3.00 MB  3.00 MB/s  12,345 records  7 invalid  1.00 s"));
    }

    @Test
    void update_beyondTheTotal_staysFull() {
        ProgressBar bar = bar(OptionalLong.of(10));
        nanos.addAndGet(1_000_000_000L);
        bar.update(Passed.ofBytes(20));
        assertThat(takeShown()).contains("] 100 %").contains("0.00 s left");
    }

    @Test
    void update_soonAfterAnother_drawsNothing() {
        ProgressBar bar = bar(OptionalLong.empty());
        nanos.addAndGet(ProgressBar.REDRAW_NANOS - 1);
        bar.update(Passed.ofBytes(1));
        assertThat(takeShown()).isEmpty();
        nanos.addAndGet(1);
        bar.update(Passed.ofBytes(1));
        assertThat(takeShown()).isNotEmpty();
        bar.update(Passed.ofBytes(2));
        assertThat(takeShown()).isEmpty();
    }

    @Test
    void close_ofAVisibleBar_clearsItsLineForGood() {
        ProgressBar bar = bar(OptionalLong.empty());
        nanos.addAndGet(ProgressBar.REDRAW_NANOS);
        bar.update(Passed.ofBytes(1));
        takeShown();
        bar.close();
        assertThat(takeShown()).isEqualTo(CLEAR);
        nanos.addAndGet(ProgressBar.REDRAW_NANOS);
        bar.update(Passed.ofBytes(2));
        bar.close();
        assertThat(takeShown()).isEmpty();
    }

    @Test
    void close_ofABarThatWasNeverDrawn_writesNothing() {
        bar(OptionalLong.empty()).close();
        assertThat(takeShown()).isEmpty();
    }
}
