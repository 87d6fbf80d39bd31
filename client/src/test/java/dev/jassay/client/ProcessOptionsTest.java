package dev.jassay.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
final class ProcessOptionsTest {
    @ParameterizedTest
    @ValueSource(ints = {1, ProcessOptions.MAX_CHUNK_BYTES})
    void chunkBytes_atItsBounds_isTaken(int bytes) {
        assertThat(ProcessOptions.defaults().withChunkBytes(bytes).chunkBytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, ProcessOptions.MAX_CHUNK_BYTES + 1})
    void chunkBytes_beyondItsBounds_isRefused(int bytes) {
        assertThatThrownBy(() -> ProcessOptions.defaults().withChunkBytes(bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Integer.toString(bytes))
                .hasMessageContaining("4194304");
    }

    @Test
    void deadline_ofNothing_isRefused() {
        assertThatThrownBy(() -> ProcessOptions.defaults().withDeadline(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
