package dev.jassay.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Where the bytes of a stream come from. One thread at a time. */
@FunctionalInterface
interface ByteSource {
    /**
     * Reads until the buffer is full, the source has nothing more at hand, or it ends: a slow source is sent on as it comes.
     *
     * @return the bytes read, 0 if there were none, -1 at the end of the source
     */
    int fill(byte[] buffer) throws IOException;

    static ByteSource of(InputStream stream) {
        return buffer -> {
            int filled = Math.max(stream.read(buffer, 0, buffer.length), -1);
            while (filled > 0 && filled < buffer.length && stream.available() > 0) {
                int read = stream.read(buffer, filled, buffer.length - filled);
                if (read <= 0) {
                    break;
                }
                filled += read;
            }
            return filled;
        };
    }

    static ByteSource of(ReadableByteChannel channel) {
        return buffer -> channel.read(ByteBuffer.wrap(buffer));
    }
}
