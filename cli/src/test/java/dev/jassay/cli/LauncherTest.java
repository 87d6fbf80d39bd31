package dev.jassay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jassay.cli.Script.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/jassay}, in a folder of its own with a jar that tells how it was started. */
@Timeout(180)
final class LauncherTest {
    private static final int EXIT_CODE = 7;

    @TempDir
    Path folder = Path.of("");

    private Path home = Path.of("");
    private Path launcher = Path.of("");
    private Path tools = Path.of("");

    @BeforeEach
    void install() throws IOException {
        home = folder.toRealPath().resolve("a home");
        launcher = home.resolve("bin/jassay");
        Files.createDirectories(launcher.getParent());
        for (String name : List.of("jassay", "find-jdk")) {
            Files.copy(Script.BIN.resolve(name), home.resolve("bin").resolve(name));
        }
        tools = Script.makePath(folder.resolve("tools"), "sh", "readlink");
    }

    @Test
    void launcher_notBuilt_saysWhatToDo() throws Exception {
        assertThat(run(Map.of(), launcher))
                .isEqualTo(new Answer(127, "", "jassay: not built yet: run 'make build' in " + home + "\n"));
    }

    @Test
    void launcher_anyArguments_arePassedAsTheyAreAndTheExitCodeComesBack() throws Exception {
        makeJar();
        assertThat(run(Map.of(), launcher, "check", "a b", "", "$x", "-"))
                .isEqualTo(new Answer(EXIT_CODE, "[check, a b, , $x, -]\n256 MiB, serial\n", ""));
    }

    @Test
    void launcher_throughLinksFromAnotherFolder_findsItsHome() throws Exception {
        makeJar();
        Path absolute = Files.createSymbolicLink(folder.resolve("absolute"), launcher);
        Path relative = Files.createSymbolicLink(folder.resolve("relative"), Path.of("absolute"));
        assertThat(absolute).isSymbolicLink();
        assertThat(run(Map.of(), relative).exitCode()).isEqualTo(EXIT_CODE);
    }

    @Test
    void launcher_foundOnThePath_findsItsHome() throws Exception {
        makeJar();
        Files.createSymbolicLink(tools.resolve("jassay"), launcher);
        assertThat(run(Map.of(), Path.of("sh"), "-c", "jassay").exitCode()).isEqualTo(EXIT_CODE);
    }

    @Test
    void launcher_ownOptions_win() throws Exception {
        makeJar();
        assertThat(run(Map.of("JASSAY_JAVA_OPTS", "-Xmx64m -XX:+UseParallelGC"), launcher)
                        .output())
                .isEqualTo("[]\n64 MiB, parallel\n");
    }

    @Test
    void launcher_cacheThatDoesNotFit_isIgnoredInSilence() throws Exception {
        makeJar();
        Files.writeString(home.resolve("cli/target/jassay.aot"), "no cache");
        assertThat(run(Map.of(), launcher)).isEqualTo(new Answer(EXIT_CODE, "[]\n256 MiB, serial\n", ""));
    }

    @Test
    void launcher_noJdk_saysWhatToInstall() throws Exception {
        makeJar();
        Path finder = home.resolve("bin/find-jdk");
        Files.writeString(finder, Files.readString(finder).replace("oldest=${1-25}", "oldest=${1-1000}"));
        Answer answer = run(Map.of(), launcher);
        assertThat(answer.exitCode()).isEqualTo(127);
        assertThat(answer.error()).startsWith("jassay: no JDK 1000 or newer found");
    }

    @Test
    void launcher_signal_reachesTheJvm() throws Exception {
        makeJar();
        Process process = builder(Map.of(), launcher, "wait").start();
        try {
            assertThat(process.inputReader().readLine()).isEqualTo("[wait]");
            process.destroy();
            assertThat(process.waitFor()).isEqualTo(128 + 15);
        } finally {
            process.destroyForcibly();
        }
    }

    private Answer run(Map<String, String> environment, Path program, String... arguments)
            throws IOException, InterruptedException {
        return Script.run(folder, environment(environment), command(program, arguments));
    }

    private ProcessBuilder builder(Map<String, String> environment, Path program, String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(command(program, arguments));
        builder.environment().clear();
        builder.environment().putAll(environment(environment));
        return builder;
    }

    private static List<String> command(Path program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = new TreeMap<>(more);
        environment.put("PATH", tools.toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        return environment;
    }

    private void makeJar() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Echo.class.getName());
        Path jar = home.resolve("cli/target/jassay.jar");
        Files.createDirectories(jar.getParent());
        String entry = Echo.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                InputStream echo = LauncherTest.class.getResourceAsStream("/" + entry)) {
            out.putNextEntry(new JarEntry(entry));
            assertThat(echo).isNotNull();
            echo.transferTo(out);
            out.closeEntry();
        }
    }

    /** Tells its arguments, heap and collector; with the argument "wait" it waits to be ended. */
    static final class Echo {
        private Echo() {}

        public static void main(String[] arguments) throws InterruptedException {
            System.out.println(List.of(arguments));
            if (List.of(arguments).contains("wait")) {
                Thread.currentThread().join();
            }
            String collector = ManagementFactory.getGarbageCollectorMXBeans().stream()
                            .anyMatch(bean -> bean.getName().startsWith("PS"))
                    ? "parallel"
                    : "serial";
            long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getMax();
            // The serial collector counts but one of its two survivor spaces.
            System.out.println(Math.ceilDiv(heap, 64L << 20) * 64 + " MiB, " + collector);
            System.exit(EXIT_CODE);
        }
    }
}
