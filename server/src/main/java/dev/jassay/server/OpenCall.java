package dev.jassay.server;

import java.net.SocketAddress;
import java.util.Set;

/** A call that holds memory of the engine, as the server's watch and its end see it. Any thread. */
interface OpenCall {
    /** Ends the call as soon as nobody else acts on it, which is within 100 ms. */
    void interrupt(Refusal refusal);

    /** Ends the call if its client has sent nothing for too long. */
    void endIfStalled();

    /** Bytes that have come over the wire. */
    long receivedBytes();

    /** Whether somebody acts on the call at this moment. */
    boolean busy();

    /** Tells how far the call is, if it tells that, and works on what came in small pieces. */
    default void tellProgress() {}

    /** Ends the call if its client has not read what it was told for too long; clients at these addresses have not. */
    default void endIfUnread(Set<SocketAddress> unread) {}
}
