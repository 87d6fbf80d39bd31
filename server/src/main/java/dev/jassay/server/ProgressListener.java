package dev.jassay.server;

import dev.jassay.engine.SessionListener;
import dev.jassay.engine.SessionProgress;

/** Hears what a session tells, and how far it is when it is time for that. On the thread that acts on the call. */
interface ProgressListener extends SessionListener {
    /** Whether it is time to tell what waits in the engine for its batch to be full. */
    boolean due();

    /** All that waited has been told. */
    void progressed(SessionProgress now);
}
