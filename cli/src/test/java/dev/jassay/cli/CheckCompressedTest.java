package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code check} of compressed files, in this process and on a server. */
@NullMarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CheckCompressedTest {
    private static final String RECORDS = "{\"a\":1}\n{\"a\":}\n";

    /** The records, as {@code zstd} writes them. */
    private static final byte[] ZSTD = Base64.getDecoder().decode("KLUv/QRYeQAAeyJhIjoxfQp7ImEiOn0KTbFTiA==");

    /** An empty frame whose window is 16 MiB. */
    private static final byte[] WIDE = HexFormat.of().parseHex("28b52ffd0070010000");

    private final LocalServer server = LocalServer.start();

    @TempDir
    private Path folder = Path.of("");

    @AfterAll
    void stop() {
        server.close();
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(compressed)) {
            out.write(text.getBytes(UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return compressed.toByteArray();
    }

    private String file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes).toString();
    }

    private Run check(String where, String... arguments) {
        Stream<String> all = Stream.concat(Stream.of("check"), Arrays.stream(arguments));
        return Run.of((where.equals("here") ? all : Stream.concat(all, Stream.of("--endpoint", server.endpoint())))
                .toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"here", "there"})
    void check_compressedFile_isJudgedAsWhatItDecompressesTo(String where) throws IOException {
        String[] files = {file("orders.ndjson.gz", gzip(RECORDS)), file("orders.ndjson.zst", ZSTD)};
        for (String file : files) {
            Run run = check(where, file);
            assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.FAIL);
            assertThat(run.out()).contains(":2 (byte 13) /a  SYNTAX").contains("15 bytes");
        }
        assertThat(check(where, files[0]).out()).contains("NDJSON in gzip, ");
        assertThat(check(where, files[1]).out()).contains("NDJSON in zstd, ");
        assertThat(check(where, file("valid.gz", gzip("{}\n"))).exitCode()).isEqualTo(ExitCode.PASS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"here", "there"})
    void exitCode_streamThatDoesNotEndWell_tellsWhy(String where) throws IOException {
        byte[] valid = gzip("{}\n");
        Run cut = check(where, file("cut.gz", Arrays.copyOf(valid, valid.length - 1)));
        assertThat(cut.exitCode()).isEqualTo(ExitCode.INPUT);
        assertThat(cut.out()).contains("stopped at byte 3: the input ends too early");

        Run trailing = check(where, file("trailing.gz", Arrays.copyOf(valid, valid.length + 1)));
        assertThat(trailing.exitCode()).isEqualTo(ExitCode.INPUT);
        assertThat(trailing.out()).contains("stopped at byte 3: what is compressed is damaged");

        Run wide = check(where, file("wide.zst", WIDE));
        assertThat(wide.exitCode()).isEqualTo(ExitCode.LIMIT);
        assertThat(wide.out()).contains("--max-zstd-window");
    }

    @Test
    void compression_identity_judgesTheBytesThemselves() throws IOException {
        Run run = check("here", file("in.gz", gzip("{}\n")), "--compression", "identity");
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAIL);
        assertThat(run.out()).contains("SYNTAX expected a value, found byte 0x1F");
    }

    @Test
    void maxZstdWindow_asLargeAsTheFrames_letsThemPass() throws IOException {
        String wide = file("wide.zst", WIDE);
        assertThat(check("here", wide, "--max-zstd-window=16MiB").exitCode()).isEqualTo(ExitCode.PASS);
        assertThat(check("here", wide, "--max-zstd-window=15MiB").exitCode()).isEqualTo(ExitCode.LIMIT);
    }

    @Test
    void bounds_outOfTheirRangeOrOfAServer_areRefused() throws IOException {
        String file = file("in.gz", gzip("{}\n"));
        assertThat(check("here", file, "--max-expansion=0").err())
                .contains("--max-expansion 0: choose 1 to 2147483647");
        assertThat(check("here", file, "--max-zstd-window=1").err())
                .contains("--max-zstd-window 1: choose 1KiB to 2GiB");
        assertThat(check("here", file, "--max-zstd-window=3GiB").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(check("there", file, "--max-expansion=9").err())
                .contains("--max-expansion is for judging here: with --endpoint the server decides");
    }
}
