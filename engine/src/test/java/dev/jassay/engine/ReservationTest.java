package dev.jassay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

final class ReservationTest {
    private static final long LIMIT = 1_000;

    @Test
    void reserve_upToTheLimit_isGrantedAndOneMoreRefused() {
        try (Engine engine = Engines.openWithMemory(LIMIT)) {
            Reservation all = engine.reserve(LIMIT);
            assertThat(all.bytes()).isEqualTo(LIMIT);
            assertThat(engine.usage().memoryReserved()).isEqualTo(LIMIT);
            assertThatExceptionOfType(MemoryRefusedException.class)
                    .isThrownBy(() -> engine.reserve(1))
                    .withMessageMatching(".+");
            assertThat(engine.usage().memoryReserved()).isEqualTo(LIMIT);
            all.close();
            assertThat(engine.usage().memoryReserved()).isZero();
        }
    }

    @Test
    void reserve_overTheLimit_takesNothing() {
        try (Engine engine = Engines.openWithMemory(LIMIT)) {
            assertThatExceptionOfType(MemoryRefusedException.class).isThrownBy(() -> engine.reserve(LIMIT + 1));
            assertThatExceptionOfType(MemoryRefusedException.class).isThrownBy(() -> engine.reserve(Long.MAX_VALUE));
            assertThat(engine.usage().memoryReserved()).isZero();
        }
    }

    @Test
    void reserve_nothing_isGranted() {
        try (Engine engine = Engines.openWithMemory(LIMIT);
                Reservation nothing = engine.reserve(0)) {
            assertThat(nothing.bytes()).isZero();
            assertThat(engine.usage().memoryReserved()).isZero();
        }
    }

    @Test
    void reserve_lessThanNothing_throwsIllegalArgument() {
        try (Engine engine = Engines.openWithMemory(LIMIT)) {
            assertThatIllegalArgumentException().isThrownBy(() -> engine.reserve(-1));
        }
    }

    @Test
    void close_twice_givesBackOnce() {
        try (Engine engine = Engines.openWithMemory(LIMIT);
                Reservation other = engine.reserve(300)) {
            Reservation reservation = engine.reserve(200);
            reservation.close();
            reservation.close();
            assertThat(engine.usage().memoryReserved()).isEqualTo(other.bytes());
        }
    }

    @Test
    void close_afterTheEngine_doesNothing() {
        Engine engine = Engines.openWithMemory(LIMIT);
        Reservation reservation = engine.reserve(LIMIT);
        engine.close();
        reservation.close();
    }
}
