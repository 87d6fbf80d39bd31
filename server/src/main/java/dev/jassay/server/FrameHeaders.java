package dev.jassay.server;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;

/** Finds the frame headers in the bytes of an HTTP/2 connection, however they are cut. */
final class FrameHeaders {
    private static final int HEADER_BYTES = 9;

    /** Takes what a header says. */
    interface Listener {
        void frame(int type, int stream);
    }

    /** Of the header under way, its bytes so far and how many they are. */
    private int headerBytes;

    private int length;
    private int type;
    private int stream;

    /** Of the frame under way, what is still to come behind its header. */
    private int payloadBytes;

    /** Reads the readable bytes, and leaves them readable. */
    void read(ByteBuf bytes, Listener listener) {
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex()) {
            if (payloadBytes > 0) {
                int passed = Math.min(payloadBytes, bytes.writerIndex() - at);
                payloadBytes -= passed;
                at += passed;
            } else {
                header(bytes.getUnsignedByte(at++), listener);
            }
        }
    }

    /** Three bytes of length, one of type, one of flags, four of the stream, whose highest bit means nothing. */
    private void header(int value, Listener listener) {
        switch (headerBytes++) {
            case 0, 1, 2 -> length = (length << 8) | value;
            case 3 -> type = value;
            case 4 -> {}
            default -> stream = (stream << 8) | value;
        }
        if (headerBytes == HEADER_BYTES) {
            listener.frame(type, stream & Integer.MAX_VALUE);
            payloadBytes = length;
            headerBytes = 0;
            length = 0;
            stream = 0;
        }
    }
}
