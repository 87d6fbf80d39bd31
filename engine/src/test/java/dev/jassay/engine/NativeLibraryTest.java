package dev.jassay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeLibraryTest {
    private static final Path FAULTY = Path.of(System.getProperty("jassay.test.faultyLibraries", ""));

    @TempDir
    Path folder = Path.of("");

    @Test
    void open_noSuchFile_namesItAndTheOption() {
        Path missing = folder.resolve("none.so");
        assertThatExceptionOfType(EngineLoadException.class)
                .isThrownBy(() -> Engines.open(missing))
                .withMessageContaining(missing.toString())
                .withMessageContaining("-Djassay.library");
    }

    @Test
    void open_libraryThatIsCutOff_namesIt() throws IOException {
        byte[] whole = Files.readAllBytes(faulty("no_version"));
        Path half = Files.write(folder.resolve("half"), Arrays.copyOf(whole, whole.length / 2));
        assertThatExceptionOfType(EngineLoadException.class)
                .isThrownBy(() -> Engines.open(half))
                .withMessageContaining(half.toString());
    }

    @Test
    void open_libraryOfAnotherVersion_namesBothVersions() {
        Path library = faulty("other_version");
        assertThatExceptionOfType(EngineLoadException.class)
                .isThrownBy(() -> Engines.open(library))
                .withMessageContaining(library.toString())
                .withMessageContaining("ABI version 4294967295")
                .withMessageContaining("needs " + JassayAbi.VERSION);
    }

    @Test
    void open_libraryOfSomethingElse_saysSo() {
        assertThatExceptionOfType(EngineLoadException.class)
                .isThrownBy(() -> Engines.open(faulty("no_version")))
                .withMessageContaining("no engine library of Jassay")
                .withMessageContaining("jassay_abi_version");
    }

    @Test
    void open_libraryWithoutTheFunctions_saysWhichIsMissing() {
        assertThatExceptionOfType(EngineLoadException.class)
                .isThrownBy(() -> Engines.open(faulty("no_functions")))
                .withMessageContaining("jassay_version");
    }

    @Test
    void extractAndOpen_platformThatIsNotInTheJar_saysWhatToDo() {
        assertThatExceptionOfType(EngineLoadException.class)
                .isThrownBy(() -> NativeLibrary.extractAndOpen(
                        Platform.of("Linux", "riscv64").resource()))
                .withMessageContaining("linux-riscv64")
                .withMessageContaining("make build");
    }

    @Test
    void open_inAProcessThatIsKilled_leavesNoFileBehind() throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:-UsePerfData",
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        OpenAndWait.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo(OpenAndWait.OPEN);
        } finally {
            process.destroyForcibly();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    private static Path faulty(String name) {
        return FAULTY.resolve(System.mapLibraryName(name));
    }

    /** Opens an engine, says so, and waits to be killed. */
    static final class OpenAndWait {
        static final String OPEN = "open";

        private OpenAndWait() {}

        public static void main(String[] args) throws IOException {
            try (Engine engine = Engines.open()) {
                System.out.println(engine.usage().sessions() == 0 ? OPEN : "sessions are open");
                int end = System.in.read();
                System.exit(end);
            }
        }
    }
}
