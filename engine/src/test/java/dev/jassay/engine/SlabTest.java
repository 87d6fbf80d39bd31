package dev.jassay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SlabTest {
    private static final int SLAB_BYTES = 1 << 16;

    private final SlabPool pool = new SlabPool(SLAB_BYTES);

    @Test
    void acquire_freshPool_givesAnEmptySlab() {
        try (Slab slab = pool.acquire()) {
            assertThat(slab.room()).isEqualTo(SLAB_BYTES);
            assertThat(slab.length()).isZero();
            assertThat(pool.allocated()).isEqualTo(1);
            assertThat(pool.idle()).isZero();
        }
        assertThat(pool.idle()).isEqualTo(1);
    }

    @Test
    void acquire_slabWasClosed_reusesItsMemory() {
        for (int i = 0; i < 100; i++) {
            try (Slab slab = pool.acquire()) {
                assertThat(slab.length()).isZero();
                slab.put(new byte[] {1, 2, 3}, 0, 3);
            }
        }
        assertThat(pool.allocated()).isEqualTo(1);
    }

    @Test
    void acquire_whileOthersAreOpen_givesEachItsOwn() {
        try (Slab first = pool.acquire();
                Slab second = pool.acquire()) {
            first.put(new byte[] {1}, 0, 1);
            second.put(new byte[] {2}, 0, 1);
            assertThat(bytesOf(first)).containsExactly(1);
            assertThat(bytesOf(second)).containsExactly(2);
        }
        assertThat(pool.allocated()).isEqualTo(2);
        assertThat(pool.idle()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "8, 8", "9, 8", "1024, 8"})
    void slabBytes_byThreads_isAMebibyteEachUpToEight(int threads, int mebibytes) {
        assertThat(SlabPool.slabBytes(threads)).isEqualTo(mebibytes << 20);
    }

    @Test
    void close_twice_givesBackOnce() {
        Slab slab = pool.acquire();
        slab.close();
        slab.close();
        assertThat(pool.idle()).isEqualTo(1);
    }

    @Test
    void close_againAfterTheMemoryHasANewOwner_leavesItAlone() {
        Slab old = pool.acquire();
        old.close();
        try (Slab current = pool.acquire()) {
            old.close();
            assertThat(pool.idle()).isZero();
            assertThatIllegalStateException().isThrownBy(() -> old.put(new byte[1], 0, 1));
            assertThat(current.length()).isZero();
        }
    }

    @Test
    void anyCall_afterClose_throwsIllegalState() {
        Slab slab = pool.acquire();
        slab.close();
        assertThatIllegalStateException().isThrownBy(slab::room).withMessage("the slab is closed");
        assertThatIllegalStateException().isThrownBy(slab::length);
        assertThatIllegalStateException().isThrownBy(slab::clear);
        assertThatIllegalStateException().isThrownBy(() -> slab.put(ByteBuffer.allocate(1)));
        assertThatIllegalStateException().isThrownBy(() -> slab.readFrom(channelOf(1)));
    }

    @Test
    void put_buffer_advancesItByWhatFits() {
        try (Slab slab = pool.acquire()) {
            ByteBuffer buffer = ByteBuffer.allocate(SLAB_BYTES + 5);
            buffer.position(2);
            assertThat(slab.put(buffer)).isEqualTo(SLAB_BYTES);
            assertThat(buffer.remaining()).isEqualTo(3);
            assertThat(slab.room()).isZero();
            assertThat(slab.put(buffer)).isZero();
            assertThat(buffer.remaining()).isEqualTo(3);
        }
    }

    @Test
    void put_directAndReadOnlyBuffers_areCopied() {
        try (Slab slab = pool.acquire()) {
            slab.put(ByteBuffer.allocateDirect(2).put(0, (byte) 1).put(1, (byte) 2));
            slab.put(ByteBuffer.wrap(new byte[] {3}).asReadOnlyBuffer());
            assertThat(bytesOf(slab)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void put_array_copiesThePartThatFits() {
        try (Slab slab = pool.acquire()) {
            assertThat(slab.put(new byte[SLAB_BYTES - 1], 0, SLAB_BYTES - 1)).isEqualTo(SLAB_BYTES - 1);
            assertThat(slab.put(new byte[] {7, 8, 9}, 1, 2)).isEqualTo(1);
            assertThat(bytesOf(slab)).endsWith(8);
            assertThat(slab.put(new byte[1], 0, 1)).isZero();
        }
    }

    @Test
    void put_partOutsideTheArray_throwsAndChangesNothing() {
        try (Slab slab = pool.acquire()) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> slab.put(new byte[2], 1, 2));
            assertThat(slab.length()).isZero();
        }
    }

    @Test
    void clear_filledSlab_isEmptyAgain() {
        try (Slab slab = pool.acquire()) {
            slab.put(new byte[10], 0, 10);
            slab.clear();
            assertThat(slab.length()).isZero();
            assertThat(slab.room()).isEqualTo(SLAB_BYTES);
        }
    }

    @Test
    void readFrom_channel_readsUpToTheRoomThenTellsTheEnd() throws IOException {
        try (Slab slab = pool.acquire();
                ReadableByteChannel channel = channelOf(SLAB_BYTES + 1)) {
            int read = 0;
            while (slab.room() > 0) {
                read += slab.readFrom(channel);
            }
            assertThat(read).isEqualTo(SLAB_BYTES);
            assertThat(slab.readFrom(channel)).isZero();
            slab.clear();
            assertThat(slab.readFrom(channel)).isEqualTo(1);
            assertThat(slab.readFrom(channel)).isEqualTo(-1);
            assertThat(slab.length()).isEqualTo(1);
        }
    }

    private static ReadableByteChannel channelOf(int bytes) {
        return Channels.newChannel(new ByteArrayInputStream(new byte[bytes]));
    }

    private static byte[] bytesOf(Slab slab) {
        return slab.lend(bytes -> bytes.toArray(ValueLayout.JAVA_BYTE));
    }
}
