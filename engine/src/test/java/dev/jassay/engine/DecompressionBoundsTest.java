package dev.jassay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

final class DecompressionBoundsTest {
    @Test
    void maxExpansion_atItsBound_isTakenAndBeyondRefused() {
        assertThat(new DecompressionBounds(1, 1 << 20).maxExpansion()).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DecompressionBounds(0, 1 << 20))
                .withMessage("maxExpansion must be at least 1, not 0");
    }

    @Test
    void maxZstdWindow_atItsBounds_isTakenAndBeyondRefused() {
        assertThat(new DecompressionBounds(1, 1 << 10).maxZstdWindow()).isEqualTo(1 << 10);
        assertThat(new DecompressionBounds(1, 1L << 31).maxZstdWindow()).isEqualTo(1L << 31);
        assertThatIllegalArgumentException().isThrownBy(() -> new DecompressionBounds(1, (1 << 10) - 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new DecompressionBounds(1, (1L << 31) + 1));
    }

    @Test
    void open_anEngineWithBoundsAtTheirEdges_works() {
        for (long window : new long[] {DecompressionBounds.MIN_ZSTD_WINDOW, DecompressionBounds.MAX_ZSTD_WINDOW}) {
            EngineOptions options = EngineOptions.of(1, 1 << 20).withDecompression(new DecompressionBounds(1, window));
            try (Engine engine = Engine.open(options)) {
                assertThat(engine.threads()).isEqualTo(1);
            }
        }
    }
}
