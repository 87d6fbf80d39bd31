package dev.jassay.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Bytes over a plain connection: what loopback gives at best, to one who sends and one who throws away. */
public final class TcpCopy {
    private static final int BUFFER_BYTES = 1 << 20;

    private TcpCopy() {}

    /** Takes connections one after the other, and answers each with the count of its bytes. Returns when the channel is closed. */
    public static void serve(ServerSocketChannel listening) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        while (listening.isOpen()) {
            try (SocketChannel connection = listening.accept()) {
                long count = 0;
                int read;
                while ((read = connection.read(buffer.clear())) >= 0) {
                    count += read;
                }
                connection.write(buffer.clear().putLong(count).flip());
            }
        }
    }

    /** Sends the stream so many times over one connection; GB/s until the count of its bytes has come back. */
    static double rate(int port, PreparedStream stream, long passes) throws IOException {
        long began = System.nanoTime();
        try (SocketChannel connection =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            for (long pass = 0; pass < passes; pass++) {
                for (byte[] message : stream.messages()) {
                    ByteBuffer bytes = ByteBuffer.wrap(message);
                    while (bytes.hasRemaining()) {
                        connection.write(bytes);
                    }
                }
            }
            connection.shutdownOutput();
            ByteBuffer answer = ByteBuffer.allocate(Long.BYTES);
            while (answer.hasRemaining() && connection.read(answer) >= 0) {}
            long nanos = System.nanoTime() - began;
            if (answer.flip().getLong() != passes * stream.encodedBytes()) {
                throw new IOException("bytes got lost");
            }
            return (double) passes * stream.payloadBytes() / nanos;
        }
    }
}
