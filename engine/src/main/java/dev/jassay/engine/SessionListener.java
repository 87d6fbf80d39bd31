package dev.jassay.engine;

import java.nio.ByteBuffer;

/** Hears of a stream in its order, while it is judged. */
@FunctionalInterface
public interface SessionListener {
    /**
     * Takes what is told, on the thread that feeds the session, which waits meanwhile. Of the session, only {@link Session#cancel} may be
     * called. What it throws ends the session, and comes out of the method of the session that runs.
     *
     * @param bytes lent for the duration of the call, read-only
     */
    void hear(Told told, ByteBuffer bytes);
}
