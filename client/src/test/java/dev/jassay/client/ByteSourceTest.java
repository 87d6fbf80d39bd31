package dev.jassay.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.channels.Channels;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
final class ByteSourceTest {
    @Test
    void fill_ofStreamThatGivesLittleAtOnce_goesOnWhileMoreIsAtHand() throws IOException {
        InputStream drops = new ByteArrayInputStream(new byte[10]) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                return super.read(buffer, offset, Math.min(length, 3));
            }
        };
        assertThat(ByteSource.of(drops).fill(new byte[8])).isEqualTo(8);
    }

    @Test
    void fill_ofStreamWithNothingMoreAtHand_givesWhatIsThere() throws IOException {
        InputStream pause =
                new SequenceInputStream(new ByteArrayInputStream(new byte[3]), new ByteArrayInputStream(new byte[5]));
        assertThat(ByteSource.of(pause).fill(new byte[8])).isEqualTo(3);
    }

    @Test
    void fill_atTheEnd_tellsIt() throws IOException {
        assertThat(ByteSource.of(InputStream.nullInputStream()).fill(new byte[8]))
                .isEqualTo(-1);
        assertThat(ByteSource.of(Channels.newChannel(InputStream.nullInputStream()))
                        .fill(new byte[8]))
                .isEqualTo(-1);
    }
}
