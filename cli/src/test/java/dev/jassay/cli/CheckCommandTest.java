package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.Provenance;
import dev.jassay.v1.Timing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CheckCommandTest {
    private final LocalServer server = LocalServer.start();
    private final String endpoint = server.endpoint();

    @TempDir
    private Path folder = Path.of("");

    @AfterAll
    void stop() {
        server.close();
    }

    private String file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes).toString();
    }

    private String file(String name, String text) throws IOException {
        return file(name, text.getBytes(UTF_8));
    }

    private static ProcessResult result(String json) throws InvalidProtocolBufferException {
        ProcessResult.Builder result = ProcessResult.newBuilder();
        JsonFormat.parser().merge(json, result);
        return result.build();
    }

    private static ProcessResult comparable(String json) throws InvalidProtocolBufferException {
        return result(json).toBuilder()
                .setTiming(Timing.getDefaultInstance())
                .setProvenance(Provenance.getDefaultInstance())
                .build();
    }

    @ParameterizedTest
    @CsvSource({
        "'{}', auto, 0",
        "'', auto, 0",
        "'{}\n{', auto, 1",
        "'[{}', array, 3",
        "'{\"a\": {', concatenated, 3",
        "'{\"a\": {', document, 1",
        "'x', array, 1"
    })
    void exitCode_tellsTheVerdict(String input, String format, int exitCode) throws IOException {
        String file = file("in.json", input);
        assertThat(Run.of("check", file, "--format", format).exitCode()).isEqualTo(exitCode);
        assertThat(Run.of("check", file, "--format", format, "--endpoint", endpoint)
                        .exitCode())
                .isEqualTo(exitCode);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NDJSON", "ARRAY", "CONCATENATED"})
    void result_ofTheServer_equalsThatOfThisProcess(SampleFormat format) throws IOException {
        String file = file("sample", SampleTest.bytes(new Sample(20_000, 50, 1, format)));
        Run here = Run.of("check", file, "--output=json", "--source=s", "--label=a=b");
        Run there = Run.of("check", file, "--output=json", "--source=s", "--label=a=b", "--endpoint", endpoint);

        assertThat(here.exitCode()).isEqualTo(there.exitCode()).isEqualTo(ExitCode.FAIL);
        assertThat(comparable(here.out())).isEqualTo(comparable(there.out()));
        assertThat(result(here.out()).getProvenance())
                .isEqualTo(result(there.out()).getProvenance());
        assertThat(comparable(here.out()).getCounts().getInvalid()).isEqualTo(1_000);
    }

    @Test
    void recordsPath_leadsToTheRecordsOfADocument() throws IOException {
        String file = file("export.json", """
                {"count": 3, "data": {"items": [
                 {"id": 1},
                 {"id": 02},
                 {"id": 3}]}, "next": null}
                """);
        Run here = Run.of("check", file, "--records-path=/data/items");
        Run there = Run.of("check", file, "--records-path=/data/items", "--endpoint", endpoint);
        Run elsewhere = Run.of("check", file, "--records-path=/data/rows");

        assertThat(here.exitCode()).isEqualTo(there.exitCode()).isEqualTo(ExitCode.FAIL);
        assertThat(here.out())
                .contains("1 of 3 records is invalid")
                .contains("export.json:3 (byte 54) /id  SYNTAX expected ',' or '}', found '2'");
        assertThat(elsewhere.exitCode()).isEqualTo(ExitCode.FAIL);
        assertThat(elsewhere.out()).contains("no records").contains("stopped at byte 69");
    }

    @Test
    void recordsPath_thatIsNoPointer_isAMistakeOfUsage() throws IOException {
        Run run = Run.of("check", file("export.json", "{}"), "--records-path=data/items");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("records_path (--records-path): a JSON Pointer begins with '/'");
    }

    @Test
    void result_withOneThreadOrMore_isTheSame() throws IOException {
        String file = file("sample", SampleTest.bytes(new Sample(20_000, 50, 1, SampleFormat.NDJSON)));
        assertThat(comparable(
                        Run.of("check", file, "--output=json", "--threads=1").out()))
                .isEqualTo(comparable(
                        Run.of("check", file, "--output=json", "--threads=3").out()));
    }

    @Test
    void result_ofStandardInput_isThatOfTheFile() throws IOException {
        byte[] sample = SampleTest.bytes(new Sample(20_000, 50, 1, SampleFormat.NDJSON));
        Run piped = Run.withInput(sample, "check", "-", "--output=json");
        assertThat(comparable(piped.out()))
                .isEqualTo(comparable(
                        Run.of("check", file("sample", sample), "--output=json").out()));
        assertThat(Run.withInput("{x".getBytes(UTF_8), "check", "-").out()).contains("stdin:1 (byte 1)  SYNTAX ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"here", "there"})
    void result_thatNothingCanChangeAnyMore_isToldBeforeTheInputEnds(String where) {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                Arrays.fill(buffer, offset, offset + length, (byte) 'x');
                return length;
            }
        };
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StandardStreams streams =
                new StandardStreams(endless, out, System.err, EnumSet.noneOf(StandardStreams.Which.class));
        List<String> arguments = new ArrayList<>(List.of("check", "-", "--format=array"));
        if (where.equals("there")) {
            arguments.addAll(List.of("--endpoint", endpoint));
        }

        assertThat(Jassay.run(streams, arguments.toArray(String[]::new))).isEqualTo(ExitCode.FAIL);
        assertThat(out.toString(UTF_8)).contains("stopped at byte 0: ");
    }

    @Test
    void json_holdsFieldsThatAreZero() throws IOException {
        assertThat(Run.of("check", file("in", "{}"), "--output=json").out())
                .contains("\"invalid\": \"0\"")
                .contains("\"source\": \"\"")
                .contains("\"groups\": []");
    }

    @Test
    void text_locatesTheViolation() throws IOException {
        Run run = Run.of("check", file("in", "{}\n{\"a\":[01]}\n"), "--source=orders");
        assertThat(run.out())
                .startsWith("FAIL  orders: 1 of 2 records is invalid (50 %)\n")
                .contains("\norders:2 (byte 10) /a/0  SYNTAX ")
                .contains("\n    {\"a\":[01]}\n           ^\n");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void text_ofHostileInput_obeysNothing() throws IOException {
        String hostile = "{\"a\u001B[2Jb\u202E\":1,\"a\\u001b[2Jb\u202E\":\u009B}\n";
        Run run = Run.of("check", file("evil\u001B[31m\u202Ename", hostile), "--label=\u001B]0;x\u0007=\u2066y");
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAIL);
        assertThat(run.out().replace("\n", ""))
                .isEqualTo(VisibleText.of(run.out().replace("\n", "")));
        assertThat(run.out()).contains("evil\u241B[31m<U+202E>name:1");
    }

    @Test
    void messages_ofHostileArguments_obeyNothing() {
        for (String[] arguments : new String[][] {
            {"check", "no\u001B[31m"},
            {"\u001B[31m"},
            {"check", "x", "--\u001B[31m"},
            {"check", "x", "--max-depth=\u001B"}
        }) {
            Run run = Run.of(arguments);
            assertThat(run.exitCode()).isNotZero();
            assertThat(run.err().strip()).doesNotContain("\u001B");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere.json", "no/where.json"})
    void file_thatIsMissing_isTold(String name) {
        Run run = Run.of("check", name);
        assertThat(run.exitCode()).isEqualTo(ExitCode.INPUT);
        assertThat(run.err()).isEqualTo("jassay: " + name + " does not exist\n");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void file_withoutAName_isAUsageError() {
        assertThat(Run.of("check", ""))
                .isEqualTo(new Run(
                        ExitCode.USAGE,
                        "",
                        "jassay: the name of the input is empty: name a file, or - for standard input\n"));
    }

    @Test
    void outputFile_holdsTheWholeResult() throws IOException {
        Path out = folder.resolve("result.json");
        Run run = Run.of("check", file("in", "{}"), "--output=json", "-o", out.toString());
        assertThat(run.out()).isEmpty();
        assertThat(result(Files.readString(out)).getCounts().getRecords()).isEqualTo(1);
    }

    @Test
    void outputFile_thatIsAnInput_isLeftAlone() throws IOException {
        String file = file("in", "{}");
        String config = file("config.json", "{}");
        for (String target : List.of(file, config)) {
            Run run = Run.of("check", file, "--config", config, "-o", target);
            assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(run.err()).contains("is an input");
            assertThat(Path.of(target)).hasContent("{}");
        }
    }

    @Test
    void outputFile_ofACheckThatFails_isNotTouched() throws IOException {
        Path out = Files.writeString(folder.resolve("out"), "old");
        assertThat(Run.of("check", file("in", "{}"), "--max-depth=5000", "-o", out.toString())
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
        assertThat(out).hasContent("old");
    }

    @Test
    void quiet_writesNothing() throws IOException {
        Run run = Run.of("check", file("in", "{x"), "--quiet");
        assertThat(run).isEqualTo(new Run(ExitCode.FAIL, "", ""));
    }

    @Test
    void quiet_withAFile_writesTheFile() throws IOException {
        Path out = folder.resolve("out");
        assertThat(Run.of("check", file("in", "{}"), "--quiet", "-o", out.toString())
                        .out())
                .isEmpty();
        assertThat(out).isNotEmptyFile();
    }

    /** A record for ever, until progress has been shown of it. */
    private static final class UntilShown extends InputStream {
        private final ByteArrayOutputStream err;

        UntilShown(ByteArrayOutputStream err) {
            this.err = err;
        }

        @Override
        public int read() throws IOException {
            throw new IOException("not used");
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (err.size() > 0) {
                return -1;
            }
            Arrays.fill(buffer, offset, offset + length, (byte) ' ');
            buffer[offset] = '\n';
            return length;
        }
    }

    @Test
    void progress_onATerminal_isShownAndCleared() {
        for (List<String> more : List.of(List.<String>of(), List.of("--endpoint", endpoint))) {
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            StandardStreams streams = new StandardStreams(
                    new UntilShown(err),
                    OutputStream.nullOutputStream(),
                    new PrintStream(err, true, UTF_8),
                    EnumSet.of(StandardStreams.Which.ERR));
            List<String> arguments = new ArrayList<>(List.of("check", "-"));
            arguments.addAll(more);

            assertThat(Jassay.run(streams, arguments.toArray(String[]::new))).isZero();
            assertThat(err.toString(UTF_8)).contains("/s").endsWith("\r\u001B[K");
        }
    }

    @Test
    void progress_elsewhereOrUnwanted_isNotShown() throws IOException {
        byte[] sample = SampleTest.bytes(new Sample(100_000, 0, 1, SampleFormat.NDJSON));
        EnumSet<StandardStreams.Which> terminal = EnumSet.of(StandardStreams.Which.ERR);
        assertThat(Run.on(terminal, sample, "check", "-", "--no-progress").err())
                .isEmpty();
        assertThat(Run.on(terminal, sample, "check", "-", "--quiet").err()).isEmpty();
        assertThat(Run.withInput(sample, "check", "-").err()).isEmpty();
    }

    @Test
    void progress_wantedAndUnwanted_isAMistakeOfUsage() throws IOException {
        Run run = Run.of("check", file("in", "{}"), "--progress", "--no-progress");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--progress and --no-progress contradict each other");
    }

    @Test
    void endpoint_whereNobodyListens_isTold() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        Run run = Run.of("check", file("in", "{}"), "--endpoint", "127.0.0.1:" + port);
        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVICE);
        assertThat(run.err())
                .isEqualTo(
                        "jassay: 127.0.0.1:%1$d: UNAVAILABLE: no connection: Connection refused."
                                + " See that a server listens at 127.0.0.1:%1$d and can be reached from here.\n",
                        port);
    }

    @Test
    void endpoint_withWrongConfig_isAUsageError() throws IOException {
        Run run = Run.of("check", file("in", "{}"), "--endpoint", endpoint, "--max-depth=1025");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("validation.max_depth (--max-depth): ");
    }

    @ParameterizedTest
    @CsvSource({"localhost", "'host:x'"})
    void endpoint_thatIsNone_isAUsageError(String text) throws IOException {
        Run run = Run.of("check", file("in", "{}"), "--endpoint", text);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("HOST:PORT");
    }

    @Test
    void threads_withAnEndpoint_areAUsageError() throws IOException {
        assertThat(Run.of("check", file("in", "{}"), "--endpoint", endpoint, "--threads=2")
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void output_thatNobodyReads_endsQuietly() throws IOException {
        assertThat(runInto("Broken pipe")).isEqualTo(new Run(ExitCode.FAIL, "", ""));
    }

    @Test
    void output_thatCannotBeWritten_isTold() throws IOException {
        Run run = runInto("No space left on device");
        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVICE);
        assertThat(run.err()).contains("No space left on device").containsOnlyOnce("\n");
    }

    private Run runInto(String failure) throws IOException {
        OutputStream out = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException(failure);
            }
        };
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        StandardStreams streams = new StandardStreams(
                InputStream.nullInputStream(),
                out,
                new PrintStream(err, true, UTF_8),
                EnumSet.noneOf(StandardStreams.Which.class));
        return new Run(Jassay.run(streams, "check", file("in", "{x")), "", err.toString(UTF_8));
    }

    @Test
    void input_thatCannotBeReadToItsEnd_isTold() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the disk is gone");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                throw new IOException("the disk is gone");
            }
        };
        for (List<String> more : List.of(List.<String>of(), List.of("--endpoint", endpoint))) {
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            StandardStreams streams = new StandardStreams(
                    broken,
                    OutputStream.nullOutputStream(),
                    new PrintStream(err, true, UTF_8),
                    EnumSet.noneOf(StandardStreams.Which.class));
            List<String> arguments = new ArrayList<>(List.of("check", "-"));
            arguments.addAll(more);
            assertThat(Jassay.run(streams, arguments.toArray(String[]::new))).isEqualTo(ExitCode.INPUT);
            assertThat(err.toString(UTF_8)).isEqualTo("jassay: stdin cannot be read: the disk is gone\n");
        }
    }
}
