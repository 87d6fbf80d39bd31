package dev.jassay.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The bytes of several inputs, one after the other, each opened when it is due: there may be more of them than can be open. One thread. */
final class JoinedChannel implements ReadableByteChannel {
    private final Queue<String> due;
    private final Function<String, Input> opener;
    private @Nullable Input current;
    private boolean open = true;

    JoinedChannel(List<String> names, Function<String, Input> opener) {
        this.due = new ArrayDeque<>(names);
        this.opener = opener;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        while (true) {
            Input reading = current != null ? current : next();
            if (reading == null) {
                return -1;
            }
            int count = reading.channel().read(target);
            if (count >= 0) {
                return count;
            }
            reading.close();
            current = null;
        }
    }

    private @Nullable Input next() throws IOException {
        String name = due.poll();
        try {
            current = name == null ? null : opener.apply(name);
            return current;
        } catch (CommandFailure gone) {
            throw new IOException(gone.text(), gone);
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
        if (current != null) {
            current.close();
        }
    }
}
