package dev.jassay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
final class SplitMix64Test {
    @Test
    void next_ofTheSeedThatOthersPublish_givesTheirNumbers() {
        SplitMix64 random = new SplitMix64(1234567);
        assertThat(IntStream.range(0, 5).mapToObj(_ -> Long.toUnsignedString(random.next())))
                .containsExactly(
                        "6457827717110365317",
                        "3203168211198807973",
                        "9817491932198370423",
                        "4593380528125082431",
                        "16408922859458223821");
    }

    @Test
    void below_aBound_givesEveryValueAndNoOther() {
        SplitMix64 random = new SplitMix64(1);
        assertThat(IntStream.range(0, 1_000)
                        .map(_ -> random.below(7))
                        .distinct()
                        .boxed())
                .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6);
    }

    @Test
    void restart_atAnIndex_forgetsWhatWasDrawn() {
        SplitMix64 random = new SplitMix64(1);
        random.restart(5, 9);
        long first = random.next();
        random.next();
        random.restart(5, 9);
        assertThat(random.next()).isEqualTo(first);
        random.restart(5, 10);
        assertThat(random.next()).isNotEqualTo(first);
    }
}
