package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.util.JsonFormat;
import dev.jassay.client.JassayClient;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.Termination;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a process of its own can show: signals, exit codes, pipes, terminals. */
@NullMarked
@Timeout(180)
final class LaunchedTest {
    @TempDir
    private Path folder = Path.of("");

    private static String endpoint(String serving) {
        Matcher matcher = Pattern.compile("serving on (127\\.0\\.0\\.1:\\d+)").matcher(serving);
        assertThat(matcher.find()).as(serving).isTrue();
        return matcher.group(1);
    }

    private List<String> leftBehind() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("tmp"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("hsperfdata"))
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void serve_untilASignal_servesAndExitsWithZero(String signal) throws IOException, InterruptedException {
        try (Launched serve =
                Launched.start(folder, "serve", "--listen=127.0.0.1:0", "--threads=3", "--memory=200MiB")) {
            String line = serve.out().readLine();
            assertThat(line)
                    .matches(
                            "serving on 127\\.0\\.0\\.1:\\d+ \\(jassay \\S+, 3 threads, 210 MB of memory, kernel \\w+\\)");
            try (JassayClient client = JassayClient.connect(endpoint(line))) {
                assertThat(client.process(
                                        ProcessConfig.getDefaultInstance(),
                                        new ByteArrayInputStream("{}\n".getBytes(UTF_8)))
                                .getCounts()
                                .getValid())
                        .isEqualTo(1);
            }
            serve.signal(signal);
            assertThat(serve.exitCode()).isZero();
            assertThat(serve.out().readLine()).isNull();
            assertThat(serve.err()).endsWith(" stopped\n");
            assertThat(leftBehind()).isEmpty();
        }
    }

    /** A pipe holds 64 KiB or so, a call's line of log has more than 100 bytes. */
    @Test
    void serve_whereNobodyReadsTheLog_goesOnServing() throws IOException, InterruptedException {
        Path tmp = Files.createDirectories(folder.resolve("tmp"));
        try (Launched serve = Launched.unread(Launched.command(tmp, "serve", "--listen=127.0.0.1:0"))) {
            try (JassayClient client = JassayClient.connect(endpoint(serve.out().readLine()))) {
                for (int i = 0; i < 1_000; i++) {
                    assertThat(client.serverInfo().getThreads()).isPositive();
                }
            }
            serve.signal("TERM");
            assertThat(serve.exitCode()).isZero();
        }
    }

    @Test
    void serve_onATakenPort_namesItAndExits() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Launched serve = Launched.start(folder, "serve", "--listen=127.0.0.1:" + taken.getLocalPort())) {
            assertThat(serve.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(serve.err())
                    .contains("port " + taken.getLocalPort() + " is taken")
                    .contains("--listen")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void serve_withHttp_servesItBesideAndTellsWhere() throws IOException, InterruptedException {
        try (Launched serve = Launched.start(folder, "serve", "--listen=127.0.0.1:0", "--http=localhost:0")) {
            Matcher line = Pattern.compile(
                            "serving on (127\\.0\\.0\\.1:\\d+) and (http://127\\.0\\.0\\.1:\\d+/) \\(jassay .*")
                    .matcher(serve.out().readLine());
            assertThat(line.matches()).isTrue();
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(line.group(2) + "v1/process"))
                                    .POST(HttpRequest.BodyPublishers.ofString("1\n2\n"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("\"valid\": \"2\"", "\"invalid\": \"0\"");
            try (JassayClient client = JassayClient.connect(line.group(1))) {
                assertThat(client.serverInfo().getThreads()).isPositive();
            }
            serve.signal("TERM");
            assertThat(serve.exitCode()).isZero();
            assertThat(serve.err())
                    .contains(" serving over HTTP on http://", " POST /v1/process from ")
                    .endsWith(" stopped\n");
        }
    }

    @Test
    void serve_withHttpOnATakenPort_namesItAndExits() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Launched serve = Launched.start(
                        folder, "serve", "--listen=127.0.0.1:0", "--http=127.0.0.1:" + taken.getLocalPort())) {
            assertThat(serve.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(serve.err())
                    .contains("port " + taken.getLocalPort() + " is taken")
                    .contains("--http")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void serve_withHttpWhereOthersCanReachIt_needsToBeTold() throws IOException, InterruptedException {
        try (Launched serve = Launched.start(folder, "serve", "--listen=127.0.0.1:0", "--http=0.0.0.0:0")) {
            assertThat(serve.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(serve.err()).contains("--insecure");
        }
    }

    @Test
    void serve_whereOthersCanReachIt_needsToBeTold() throws IOException, InterruptedException {
        try (Launched serve = Launched.start(folder, "serve", "--listen=0.0.0.0:0")) {
            assertThat(serve.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(serve.err()).contains("--insecure");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "- one.json"})
    void check_interrupted_tellsWhatWasJudgedAndExitsWith130(String inputs) throws IOException, InterruptedException {
        Path one = Files.writeString(folder.resolve("one.json"), "{}\n");
        String arguments = "check " + inputs.replace("one.json", one.toString()) + " --output=json";
        try (Launched check = Launched.start(folder, arguments.split(" "))) {
            OutputStream in = check.process().getOutputStream();
            in.write("{}\n".repeat(1 << 20).getBytes(UTF_8)); // more than a pipe holds: it is being read
            in.write("{\"open".getBytes(UTF_8));
            in.flush();
            check.signal("INT");
            ProcessResult.Builder result = ProcessResult.newBuilder();
            JsonFormat.parser().merge(check.out(), result);
            assertThat(check.exitCode()).isEqualTo(ExitCode.INTERRUPTED);
            assertThat(result.getTermination()).isEqualTo(Termination.TERMINATION_INTERRUPTED);
            assertThat(result.getCounts().getInvalid()).isZero();
            assertThat(result.getCounts().getValid()).isPositive();
            assertThat(result.getStoppedAt()).isPositive();
        }
    }

    @Test
    void check_interruptedWhileQuiet_onlyExitsWith130() throws IOException, InterruptedException {
        try (Launched check = Launched.start(folder, "check", "-", "--quiet")) {
            OutputStream in = check.process().getOutputStream();
            in.write("{}\n".repeat(1 << 20).getBytes(UTF_8));
            in.flush();
            check.signal("INT");
            assertThat(check.exitCode()).isEqualTo(ExitCode.INTERRUPTED);
            assertThat(check.out().readLine()).isNull();
        }
    }

    @Test
    void check_interruptedOnAServer_saysThatThereIsNoResult() throws IOException, InterruptedException {
        try (LocalServer server = LocalServer.start();
                Launched check = Launched.start(folder, "check", "-", "--endpoint", server.endpoint())) {
            OutputStream in = check.process().getOutputStream();
            in.write("{}\n".repeat(1 << 20).getBytes(UTF_8));
            in.flush();
            check.signal("INT");
            assertThat(check.exitCode()).isEqualTo(ExitCode.INTERRUPTED);
            assertThat(check.err()).contains("with --endpoint there is no result");
            assertThat(check.out().readLine()).isNull();
        }
    }

    @Test
    void check_withAKernelThatIsNotThere_namesThoseThatAre() throws IOException, InterruptedException {
        Path tmp = Files.createDirectories(folder.resolve("tmp"));
        List<String> command = Stream.concat(
                        Stream.of("env", "JASSAY_KERNEL=abacus"), Launched.command(tmp, "check", "-").stream())
                .toList();
        try (Launched check = Launched.run(folder, command)) {
            assertThat(check.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(check.err())
                    .startsWith("jassay: JASSAY_KERNEL: no kernel 'abacus' on this processor")
                    .contains("portable")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void check_ofAFile_exitsByItsVerdict() throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("in"), "{\"ü\":1}\n{\"ü\":01}\n");
        try (Launched check = Launched.start(folder, "check", file.toString())) {
            assertThat(check.exitCode()).isEqualTo(ExitCode.FAIL);
            assertThat(check.out().lines()).contains("    {\"ü\":01}");
            assertThat(check.err()).isEmpty();
            assertThat(leftBehind()).isEmpty();
        }
    }

    @Test
    void generate_intoAPipeThatIsClosed_endsQuietly() throws IOException, InterruptedException {
        Path tmp = Files.createDirectories(folder.resolve("tmp"));
        List<String> command = Stream.concat(
                        Stream.of("bash", "-c", "\"$@\" | head -n 1 > /dev/null; echo ${PIPESTATUS[0]}", "bash"),
                        Launched.command(tmp, "generate", "--records=1000000000").stream())
                .toList();
        try (Launched generate = Launched.run(folder, command)) {
            assertThat(generate.out().readLine()).isEqualTo("0");
            assertThat(generate.err()).isEmpty();
        }
    }

    @Test
    void generate_interrupted_leavesNoFile() throws IOException, InterruptedException {
        Path out = Files.createDirectories(folder.resolve("out"));
        try (Launched generate = Launched.start(
                folder,
                "generate",
                "--records=1000000000000",
                "-o",
                out.resolve("big").toString())) {
            while (sizes(out) == 0) {
                assertThat(generate.process().isAlive()).as(generate.err()).isTrue();
                LockSupport.parkNanos(1_000_000);
            }
            generate.signal("INT");
            assertThat(generate.exitCode()).isEqualTo(ExitCode.INTERRUPTED);
            assertThat(generate.err()).isEmpty();
            assertThat(out).isEmptyDirectory();
        }
    }

    private static long sizes(Path folder) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    @Test
    void demo_withoutATerminal_showsTheResultAndEnds() throws IOException, InterruptedException {
        try (Launched demo = Launched.start(folder, "demo", "--listen=127.0.0.1:0", "--http=127.0.0.1:0")) {
            demo.process().getOutputStream().close();
            List<String> lines = demo.out().lines().toList();
            assertThat(demo.exitCode()).isZero();
            assertThat(lines.getFirst()).isEqualTo("FAIL  sample.ndjson: 2,000 of 200,000 records are invalid (1 %)");
            assertThat(lines)
                    .anyMatch(line -> line.matches("sample.ndjson:\\d+ \\(byte \\d+\\) /items/0/quantity  SYNTAX .*"))
                    .anyMatch(
                            line -> line.matches("sample.ndjson:\\d+ \\(byte \\d+\\) /customer/name  INVALID_UTF8 .*"));
            assertThat(demo.err()).contains("serving on 127.0.0.1:", " and http://127.0.0.1:");
            assertThat(leftBehind()).isEmpty();
        }
    }

    @Test
    void demo_ofAFile_showsItsResult() throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("mine.ndjson"), "{}\n{}\n");
        try (Launched demo =
                Launched.start(folder, "demo", "--listen=127.0.0.1:0", "--http=127.0.0.1:0", file.toString())) {
            demo.process().getOutputStream().close();
            assertThat(demo.out().readLine()).isEqualTo("PASS  " + file + ": all 2 records are valid");
            assertThat(demo.exitCode()).isZero();
            assertThat(file).exists();
        }
    }

    @Test
    void demo_withHttpOnATakenPort_saysHowToChooseAnother() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Launched demo = Launched.start(
                        folder, "demo", "--listen=127.0.0.1:0", "--http=127.0.0.1:" + taken.getLocalPort())) {
            assertThat(demo.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(demo.err())
                    .contains("port " + taken.getLocalPort() + " is taken")
                    .contains("HTTP=127.0.0.1:50081");
        }
    }

    @Test
    void demo_onATakenPort_saysHowToChooseAnother() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Launched demo = Launched.start(folder, "demo", "--listen=127.0.0.1:" + taken.getLocalPort())) {
            assertThat(demo.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(demo.err())
                    .contains("port " + taken.getLocalPort() + " is taken")
                    .contains("make run LISTEN=127.0.0.1:50052");
        }
    }

    private static List<String> onATerminal(String command) {
        return List.of("script", "--quiet", "--return", "--command", command, "/dev/null");
    }

    /** A container may have no pseudo-terminals to give. */
    private boolean makesTerminals() throws IOException, InterruptedException {
        try (Launched trial = Launched.run(folder, onATerminal("test -t 0"))) {
            return trial.exitCode() == 0;
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void demo_onATerminal_goesOnServingUntilCtrlC() throws IOException, InterruptedException {
        Launched.assumeInterruptible();
        assumeTrue(makesTerminals(), "script(1) can make no terminal here");
        Path file = Files.writeString(folder.resolve("mine.ndjson"), "{}\n");
        Path tmp = Files.createDirectories(folder.resolve("tmp"));
        String command = "exec "
                + String.join(
                        " ",
                        Launched.command(tmp, "demo", "--listen=127.0.0.1:0", "--http=127.0.0.1:0", file.toString()));
        try (Launched demo = Launched.run(folder, onATerminal(command))) {
            BufferedReader terminal = demo.out();
            StringBuilder shown = new StringBuilder();
            while (!shown.toString().contains("still serving on ")) {
                String line = terminal.readLine();
                assertThat(line).as(shown + demo.err()).isNotNull();
                shown.append(line).append('\n');
            }
            try (JassayClient client = JassayClient.connect(endpoint(shown.toString()))) {
                assertThat(client.serverInfo().getThreads()).isPositive();
            }
            OutputStream keyboard = demo.process().getOutputStream();
            keyboard.write(3);
            keyboard.flush();
            assertThat(demo.exitCode()).as(shown + demo.err()).isZero();
            assertThat(shown.toString()).contains("PASS  ");
        }
    }
}
