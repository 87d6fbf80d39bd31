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
final class ProgressLinesTest {
    private final AtomicLong nanos = new AtomicLong(5);
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    private ProgressLines lines(OptionalLong total) {
        return new ProgressLines(new PrintStream(written, true, UTF_8), total, nanos::get);
    }

    private String takeWritten() {
        String text = written.toString(UTF_8);
        written.reset();
        return text;
    }

    @Test
    void update_everyTenSeconds_writesALine() {
        ProgressLines lines = lines(OptionalLong.of(40_000_000));
        nanos.addAndGet(ProgressLines.LINE_NANOS - 1);
        lines.update(Passed.ofBytes(1));
        assertThat(takeWritten()).isEmpty();
        nanos.addAndGet(1);
        lines.update(new Passed(10_000_000, Optional.of(new Passed.Judged(1_234, 5))));
        assertThat(takeWritten())
                .isEqualTo("25 %, 30.0 s left, 1.00 MB/s, 1,234 records, 5 invalid, 10.0 MB of 40.0 MB\n");
        lines.update(Passed.ofBytes(20_000_000));
        assertThat(takeWritten()).isEmpty();
        nanos.addAndGet(ProgressLines.LINE_NANOS);
        lines.update(Passed.ofBytes(20_000_000));
        assertThat(takeWritten()).isEqualTo("50 %, 20.0 s left, 1.00 MB/s, 20.0 MB of 40.0 MB\n");
    }

    @Test
    void update_ofAnUnknownTotal_tellsWhatPassed() {
        ProgressLines lines = lines(OptionalLong.empty());
        nanos.addAndGet(ProgressLines.LINE_NANOS);
        lines.update(Passed.ofBytes(10_000_000));
        assertThat(takeWritten()).isEqualTo("10.0 MB, 1.00 MB/s, 10.0 s\n");
    }

    @Test
    void update_afterClose_writesNothing() {
        ProgressLines lines = lines(OptionalLong.empty());
        lines.close();
        nanos.addAndGet(ProgressLines.LINE_NANOS);
        lines.update(Passed.ofBytes(1));
        assertThat(takeWritten()).isEmpty();
    }
}
