package dev.jassay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
final class InterruptionTest {
    private final Interruption interruption = new Interruption();
    private final AtomicInteger told = new AtomicInteger();

    @Test
    void request_twice_tellsWhoListensOnce() {
        interruption.listen(told::incrementAndGet);
        assertThat(interruption.isRequested()).isFalse();
        interruption.request();
        interruption.request();
        assertThat(interruption.isRequested()).isTrue();
        assertThat(told).hasValue(1);
    }

    @Test
    void listen_afterTheRequest_isToldAtOnce() {
        interruption.request();
        interruption.listen(told::incrementAndGet);
        assertThat(told).hasValue(1);
    }

    @Test
    void listen_whereClosed_isToldNothing() {
        interruption.listen(told::incrementAndGet).close();
        interruption.request();
        assertThat(told).hasValue(0);
    }
}
