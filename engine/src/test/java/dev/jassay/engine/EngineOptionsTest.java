package dev.jassay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EngineOptionsTest {
    @Test
    void threads_atTheirBounds_areTakenAndBeyondRefused() {
        assertThat(EngineOptions.of(1, 1).threads()).isEqualTo(1);
        assertThat(EngineOptions.of(EngineOptions.MAX_THREADS, 1).threads()).isEqualTo(EngineOptions.MAX_THREADS);
        assertThatIllegalArgumentException().isThrownBy(() -> EngineOptions.of(0, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EngineOptions.of(EngineOptions.MAX_THREADS + 1, 1))
                .withMessage("threads must be 1 to 1024, not 1025");
    }

    @Test
    void memoryBytes_belowOne_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> EngineOptions.of(1, 0));
    }

    @Test
    void defaults_onThisMachine_areWithinTheirBounds() {
        EngineOptions defaults = EngineOptions.defaults();
        assertThat(defaults.threads()).isBetween(1, Runtime.getRuntime().availableProcessors());
        assertThat(defaults.memoryBytes()).isBetween(1L, EngineOptions.MAX_DEFAULT_MEMORY_BYTES);
    }

    @Test
    void of_propertyNamesALibrary_takesIt() {
        assertThat(EngineOptions.of(1, 1).library()).isEmpty();
        System.setProperty(EngineOptions.LIBRARY_PROPERTY, "/somewhere/libjassay.so");
        try {
            assertThat(EngineOptions.of(1, 1).library()).isEqualTo(Optional.of(Path.of("/somewhere/libjassay.so")));
        } finally {
            System.clearProperty(EngineOptions.LIBRARY_PROPERTY);
        }
    }
}
