package dev.jassay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NativeHandleTest {
    private final MemorySegment address = MemorySegment.ofAddress(64);
    private final List<MemorySegment> freed = new ArrayList<>();
    private final NativeHandle handle = new NativeHandle("thing", address, freed::add);

    @Test
    void close_noCallRuns_freesOnce() {
        handle.close();
        handle.close();
        assertThat(freed).containsExactly(address);
    }

    @Test
    void close_duringCalls_freesAfterTheLast() {
        handle.callIfOpen(_ -> {
            handle.callIfOpen(_ -> handle.close());
            assertThat(freed).isEmpty();
            handle.callIfOpen(_ -> freed.add(MemorySegment.NULL));
            handle.close();
            assertThat(freed).isEmpty();
        });
        assertThat(freed).containsExactly(address);
    }

    @Test
    void close_duringACallThatThrows_frees() {
        assertThatIllegalStateException()
                .isThrownBy(() -> handle.call(_ -> {
                    handle.close();
                    throw new IllegalStateException("of the call");
                }));
        assertThat(freed).containsExactly(address);
    }

    @Test
    void call_afterClose_throwsIllegalStateAndRunsNothing() {
        handle.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> handle.call(_ -> freed.add(MemorySegment.NULL)))
                .withMessage("the thing is closed");
        assertThat(freed).containsExactly(address);
    }
}
