package dev.jassay.bench;

import com.google.protobuf.UnsafeByteOperations;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A stream as encoded messages, made before any time is taken.
 *
 * @param config comes first and once, however often the stream passes
 * @param payloadBytes bytes of the stream
 * @param encodedBytes bytes of all messages but the config
 */
record PreparedStream(Optional<byte[]> config, List<byte[]> messages, long payloadBytes, long encodedBytes) {
    /** The bytes of a file in chunks. */
    static PreparedStream ofFile(Path file, int chunkBytes) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        List<byte[]> messages = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += chunkBytes) {
            messages.add(encode(bytes, at, Math.min(bytes.length, at + chunkBytes)));
        }
        return of(messages, bytes.length);
    }

    /** Streams of one message each, with the given number of lines of a file. */
    static List<PreparedStream> ofLines(Path file, int lines, int count) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        List<PreparedStream> streams = new ArrayList<>();
        int start = 0;
        int seen = 0;
        for (int at = 0; at < bytes.length && streams.size() < count; at++) {
            if (bytes[at] == '\n' && ++seen == lines) {
                streams.add(of(List.of(encode(bytes, start, at + 1)), at + 1L - start));
                start = at + 1;
                seen = 0;
            }
        }
        return streams;
    }

    private static byte[] encode(byte[] bytes, int start, int end) {
        return ProcessRequest.newBuilder()
                .setChunk(UnsafeByteOperations.unsafeWrap(bytes, start, end - start))
                .build()
                .toByteArray();
    }

    private static PreparedStream of(List<byte[]> messages, long payloadBytes) {
        return new PreparedStream(
                Optional.empty(),
                List.copyOf(messages),
                payloadBytes,
                messages.stream().mapToLong(message -> message.length).sum());
    }

    /** Streams one after the other. */
    static PreparedStream joined(List<PreparedStream> streams) {
        return of(
                streams.stream().flatMap(stream -> stream.messages().stream()).toList(),
                streams.stream().mapToLong(PreparedStream::payloadBytes).sum());
    }

    /** The same with a config. */
    PreparedStream with(ProcessConfig wanted) {
        byte[] first = ProcessRequest.newBuilder().setConfig(wanted).build().toByteArray();
        return new PreparedStream(Optional.of(first), messages, payloadBytes, encodedBytes);
    }

    /** How often the stream has to pass until at least so many bytes have. */
    long passesFor(long bytes) {
        return Math.ceilDiv(bytes, payloadBytes);
    }
}
