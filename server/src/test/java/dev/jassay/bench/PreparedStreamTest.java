package dev.jassay.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jassay.v1.ProcessRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PreparedStreamTest {
    @TempDir
    private Path folder = Path.of("");

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("data"), text);
    }

    private static List<String> chunks(PreparedStream stream) throws IOException {
        StringBuilder chunks = new StringBuilder();
        for (byte[] message : stream.messages()) {
            chunks.append(ProcessRequest.parseFrom(message).getChunk().toString(UTF_8))
                    .append('|');
        }
        return List.of(chunks.toString().split("\\|", -1));
    }

    @Test
    void ofFile_cutsItIntoChunksThatAddUp() throws IOException {
        PreparedStream stream = PreparedStream.ofFile(file("abcdefgh"), 3);
        assertThat(chunks(stream)).containsExactly("abc", "def", "gh", "");
        assertThat(stream.payloadBytes()).isEqualTo(8);
        assertThat(stream.encodedBytes()).isEqualTo(8 + 3 * 2);
        assertThat(stream.passesFor(8)).isEqualTo(1);
        assertThat(stream.passesFor(9)).isEqualTo(2);
    }

    @Test
    void ofLines_givesStreamsOfWholeLines() throws IOException {
        List<PreparedStream> streams = PreparedStream.ofLines(file("1\n22\n3\n4\n5\n"), 2, 10);
        assertThat(streams).hasSize(2);
        assertThat(chunks(streams.get(0))).containsExactly("1\n22\n", "");
        assertThat(chunks(streams.get(1))).containsExactly("3\n4\n", "");
        assertThat(streams.get(0).payloadBytes()).isEqualTo(5);
    }
}
