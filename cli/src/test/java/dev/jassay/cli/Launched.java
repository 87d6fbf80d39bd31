package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/** The command line as a process of its own, whose standard error goes to a file. */
@NullMarked
final class Launched implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    /** A JVM says on standard error that it has read them. */
    private static final Set<String> JVM_OPTIONS = Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern IGNORES_INTERRUPT = Pattern.compile("(?m)^SigIgn:\\s*[0-9a-f]*[2367abef]$");

    private final Process process;
    private final Path err;

    private Launched(Process process, Path err) {
        this.process = process;
        this.err = err;
    }

    /** What starts the command line, with a folder for its temporary files. */
    static List<String> command(Path temporary, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.io.tmpdir=" + temporary,
                "-Dlogback.configurationFile=logback.xml", // not that of the tests
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    static Launched start(Path folder, String... arguments) throws IOException {
        return run(folder, command(Files.createDirectories(folder.resolve("tmp")), arguments));
    }

    static Launched run(Path folder, List<String> command) throws IOException {
        Path err = folder.resolve("err");
        return new Launched(builder(command).redirectError(err.toFile()).start(), err);
    }

    /** With a standard error that nobody reads. */
    static Launched unread(List<String> command) throws IOException {
        return new Launched(builder(command).start(), Path.of("/dev/null"));
    }

    private static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeAll(JVM_OPTIONS);
        return builder;
    }

    /** Skips the test where SIGINT is ignored, as in a background job: processes inherit that, and cannot be interrupted. */
    static void assumeInterruptible() throws IOException {
        assumeFalse(
                Files.exists(STATUS)
                        && IGNORES_INTERRUPT.matcher(Files.readString(STATUS)).find(),
                "SIGINT is ignored here");
    }

    Process process() {
        return process;
    }

    BufferedReader out() {
        return process.inputReader(UTF_8);
    }

    String err() throws IOException {
        return Files.readString(err);
    }

    void signal(String name) throws IOException, InterruptedException {
        if (name.equals("INT")) {
            assumeInterruptible();
        }
        // That of the shell: not every system has it as a program.
        Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start();
        assertThat(kill.waitFor()).isZero();
    }

    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("it ends")
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
