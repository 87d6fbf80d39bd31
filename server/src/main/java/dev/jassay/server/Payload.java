package dev.jassay.server;

/** What one request message carries: the field of its {@code oneof} that stands. */
sealed interface Payload {
    /** Neither field. */
    record Nothing() implements Payload {}

    /** An encoded config, not looked into; whoever gets it closes it. */
    record Config(JoinedBytes encoded) implements Payload {}

    /** Bytes of the input: the next {@code length} of the message. */
    record Data(int length) implements Payload {}
}
