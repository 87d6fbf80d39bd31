package dev.jassay.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.jassay.v1.ProcessRequest;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** A connection that speaks HTTP/2 frame by frame, and so can do what no client library would. One thread at a time. */
final class RawConnection implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;

    private static final int WINDOW_UPDATE = 8;

    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int ACK = 1;

    /** The headers of a call, pseudo-headers first. */
    private static final Map<String, String> CALL = call();

    /** Their size as HTTP/2 counts it. */
    static final int HEADER_LIST_BYTES = CALL.entrySet().stream()
            .mapToInt(header -> header.getKey().length() + header.getValue().length() + 32)
            .sum();

    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int CANCEL = 8;

    /** A frame that the server has sent. */
    record Frame(int type, int flags, int stream, int length) {}

    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;

    /** Opens a connection on whose streams the server may send so many bytes of data. */
    RawConnection(InetSocketAddress address, int window) throws IOException {
        this(address);
        ByteArrayOutputStream settings = new ByteArrayOutputStream();
        DataOutputStream values = new DataOutputStream(settings);
        values.writeShort(INITIAL_WINDOW_SIZE);
        values.writeInt(window);
        greet(settings.toByteArray());
        await(frame -> frame.type() == SETTINGS && frame.flags() == 0);
        send(SETTINGS, ACK, 0, new byte[0]);
    }

    /** Opens a connection, and says nothing. */
    RawConnection(InetSocketAddress address) throws IOException {
        socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout((int) Rig.LIMIT.toMillis());
        socket.setTcpNoDelay(true);
        out = new DataOutputStream(socket.getOutputStream());
        in = new DataInputStream(socket.getInputStream());
    }

    /** Sends what a connection begins with. */
    void greet(byte[] settings) throws IOException {
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
        send(SETTINGS, 0, 0, settings);
    }

    /** Begins a call of Process. Streams have odd numbers, rising. */
    void begin(int stream) throws IOException {
        begin(stream, new byte[0]);
    }

    /** Begins a call of Process with further headers. */
    void begin(int stream, byte[] more) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        CALL.forEach((name, value) -> header(block, name, value));
        block.writeBytes(more);
        send(HEADERS, END_HEADERS, stream, block.toByteArray());
    }

    private static Map<String, String> call() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(":method", "POST");
        headers.put(":scheme", "http");
        headers.put(":path", "/" + ProcessorService.NAME + "/Process");
        headers.put(":authority", "localhost");
        headers.put("te", "trailers");
        headers.put("content-type", "application/grpc");
        return headers;
    }

    /** A header, as HPACK writes one that is not indexed. */
    static void header(ByteArrayOutputStream block, String name, String value) {
        block.write(0);
        string(block, name);
        string(block, value);
    }

    private static void string(ByteArrayOutputStream block, String text) {
        int prefix = 127;
        if (text.length() < prefix) {
            block.write(text.length());
        } else {
            block.write(prefix);
            int rest = text.length() - prefix;
            for (; rest >= 128; rest >>>= 7) {
                block.write((rest & 0x7F) | 0x80);
            }
            block.write(rest);
        }
        block.writeBytes(text.getBytes(US_ASCII));
    }

    /** A chunk, encoded, with gRPC's header of a message before it. */
    static byte[] message(byte[] chunk) {
        byte[] encoded = ProcessRequest.newBuilder()
                .setChunk(ByteString.copyFrom(chunk))
                .build()
                .toByteArray();
        return ByteBuffer.allocate(1 + Integer.BYTES + encoded.length)
                .put((byte) 0)
                .putInt(encoded.length)
                .put(encoded)
                .array();
    }

    void reset(int stream) throws IOException {
        send(RST_STREAM, 0, stream, new byte[] {0, 0, 0, CANCEL});
    }

    /** Lets the server send so many bytes more on a stream. */
    void openWindow(int stream, int bytes) throws IOException {
        send(
                WINDOW_UPDATE,
                0,
                stream,
                ByteBuffer.allocate(Integer.BYTES).putInt(bytes).array());
    }

    void send(int type, int flags, int stream, byte[] payload) throws IOException {
        out.writeByte(payload.length >>> 16);
        out.writeShort(payload.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
        out.flush();
    }

    /** Reads until such a frame comes. */
    Frame await(Predicate<Frame> wanted) throws IOException {
        while (true) {
            int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
            Frame frame = new Frame(in.readUnsignedByte(), in.readUnsignedByte(), in.readInt(), length);
            in.skipNBytes(length);
            if (wanted.test(frame)) {
                return frame;
            }
        }
    }

    /** Reads until the server has closed the connection. */
    void awaitEnd() {
        assertThatExceptionOfType(EOFException.class).isThrownBy(() -> await(frame -> false));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
