package dev.jassay.server;

import dev.jassay.engine.Progress;
import java.io.IOException;
import java.time.Duration;

/**
 * What a call does with its messages.
 *
 * <p>One thread at a time, which may block; {@link #cancel} from any, and so where it says so. {@link #close} frees what is held in the engine, and must not run
 * beside another method but {@link #cancel}; a second time does nothing.
 */
sealed interface CallWork extends AutoCloseable permits EngineStream, SchemaCheck {
    /**
     * Takes what a message carries; the message is not needed afterwards.
     *
     * @return DONE if no message that could still come would change the answer
     * @throws RefusedException if the message is at fault
     */
    Progress accept(MessageBytes message) throws IOException, RefusedException;

    /** Works on what has come, while the next message comes. */
    Progress workOnWhatCame() throws RefusedException;

    /**
     * Gives the encoded answer, once the client has sent all or there is nothing left to do.
     *
     * @throws RefusedException if a message is missing
     */
    byte[] finish() throws RefusedException;

    /**
     * Works on what waits for more to come, and tells how far the work is, where that is told.
     *
     * @return DONE if no message that could still come would change the answer
     */
    default Progress flush() {
        return Progress.MORE;
    }

    /**
     * The same beside other methods, as far as it can be done there: tells how far the work is, if it is time. Any thread.
     *
     * @return whether {@link #flush} would do something
     */
    default boolean tellProgress() {
        return false;
    }

    /** The transport may take more. Any thread. */
    default void ready() {}

    /** Whether what was told has been lying unread in the transport for so long. Any thread. */
    default boolean unreadFor(Duration time) {
        return false;
    }

    /** Makes running or later work fail as soon as it can be stopped. */
    void cancel();

    /** From now on tells nothing; whether it has, and so sent response headers. */
    default boolean endTelling() {
        return false;
    }

    @Override
    void close();
}
