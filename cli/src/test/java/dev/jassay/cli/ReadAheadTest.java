package dev.jassay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jassay.engine.Engine;
import dev.jassay.engine.EngineOptions;
import dev.jassay.engine.Slab;
import dev.jassay.engine.SlabPool;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NullMarked
@Timeout(60)
final class ReadAheadTest {
    private final Engine engine = Engine.open(EngineOptions.of(1, 64 << 20));
    private final SlabPool slabs = engine.slabs();

    /** Gives what is offered, waits where nothing is, ends at an empty offer. */
    private static final class Offered implements ReadableByteChannel {
        final BlockingQueue<byte[]> offers = new LinkedBlockingQueue<>();

        @Override
        public int read(ByteBuffer target) throws IOException {
            try {
                byte[] next = offers.take();
                target.put(next);
                return next.length == 0 ? -1 : next.length;
            } catch (InterruptedException interrupt) {
                throw new IOException(interrupt);
            }
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private void awaitAllGivenBack() {
        while (slabs.idle() != slabs.allocated()) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(slabs.allocated()).isEqualTo(ReadAhead.SLABS);
    }

    @Test
    void take_untilTheEnd_givesEveryByte() throws IOException, InterruptedException {
        byte[] input = new byte[5 * slabs.slabBytes() + 7];
        long taken = 0;
        try (ReadAhead reader = ReadAhead.start(Channels.newChannel(new ByteArrayInputStream(input)), slabs)) {
            Optional<Slab> slab = reader.take();
            while (slab.isPresent()) {
                taken += slab.get().length();
                reader.giveBack(slab.get());
                slab = reader.take();
            }
            assertThat(reader.take()).isEmpty();
        }
        assertThat(taken).isEqualTo(input.length);
        awaitAllGivenBack();
    }

    @Test
    void take_ofASlowChannel_doesNotWaitForAFullSlab() throws IOException, InterruptedException {
        Offered channel = new Offered();
        try (ReadAhead reader = ReadAhead.start(channel, slabs)) {
            channel.offers.add(new byte[5]);
            Slab slab = reader.take().orElseThrow();
            assertThat(slab.length()).isEqualTo(5);
            reader.giveBack(slab);
            channel.offers.add(new byte[0]);
            assertThat(reader.take()).isEmpty();
        }
        awaitAllGivenBack();
    }

    @Test
    void take_ofAChannelThatBreaks_givesWhatCameBeforeAndThenThrows() throws IOException, InterruptedException {
        ReadableByteChannel broken = new ReadableByteChannel() {
            private int reads;

            @Override
            public int read(ByteBuffer target) throws IOException {
                if (reads++ == 3) {
                    throw new IOException("the disk is gone");
                }
                target.put((byte) 1);
                return 1;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
        long taken = 0;
        try (ReadAhead reader = ReadAhead.start(broken, slabs)) {
            while (taken < 3) {
                Slab slab = reader.take().orElseThrow();
                taken += slab.length();
                reader.giveBack(slab);
            }
            assertThatThrownBy(reader::take).isInstanceOf(IOException.class).hasMessage("the disk is gone");
        }
        awaitAllGivenBack();
    }

    @Test
    void close_whileTheChannelBlocks_givesTheRestBackAtOnceAndThatSlabLater() {
        Offered channel = new Offered();
        try (ReadAhead _ = ReadAhead.start(channel, slabs)) {
            assertThat(slabs.idle()).isZero();
        }
        channel.offers.add(new byte[0]);
        awaitAllGivenBack();
    }
}
