package dev.jassay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jassay.cli.Script.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/check-tools}, with programs that only tell a version. */
final class CheckToolsTest {
    private static final String MAVEN = "mvn";
    private static final String CARGO = "cargo";

    @TempDir
    Path folder = Path.of("");

    private Path tools = Path.of("");

    @BeforeEach
    void makeTools() throws IOException {
        tools = Script.makePath(folder.resolve("tools"), "sh", "sed", "readlink");
        install(MAVEN, "Apache Maven 3.8.7 (here)");
        install(CARGO, "cargo 1.85.1 (4eb161250 2025-03-15)");
    }

    @Test
    void checkTools_oldestThatWillDo_tellsTheJdkAndSucceeds() throws Exception {
        Answer answer = run();
        assertThat(answer.exitCode()).isZero();
        assertThat(answer.error()).matches("jassay: using JDK \\S+ in .+ \\(from JAVA_HOME\\)\n");
    }

    @Test
    void checkTools_newerMajorVersions_succeeds() throws Exception {
        install(MAVEN, "\u001b[1mApache Maven 4.0.0 (there)\u001b[m");
        install(CARGO, "cargo 2.0.0");
        assertThat(run().exitCode()).isZero();
    }

    @Test
    void checkTools_noMaven_saysWhatToInstall() throws Exception {
        Files.delete(tools.resolve(MAVEN));
        assertFails("jassay: mvn not found: install Maven 3.8 or newer");
    }

    @Test
    void checkTools_oldMaven_saysWhatToInstall() throws Exception {
        install(MAVEN, "Apache Maven 3.6.3");
        assertFails("jassay: Maven 3.6.3 is too old: install Maven 3.8 or newer");
    }

    @Test
    void checkTools_noCargo_saysWhatToInstall() throws Exception {
        Files.delete(tools.resolve(CARGO));
        assertFails("jassay: cargo not found: install Rust 1.85 or newer (rustup, or your system's packages)");
    }

    @Test
    void checkTools_oldCargo_saysWhatToInstall() throws Exception {
        install(CARGO, "cargo 1.84.1 (66221abde 2024-11-19)");
        assertFails("jassay: Rust 1.84.1 is too old: install Rust 1.85 or newer");
    }

    private void install(String name, String version) throws IOException {
        Files.deleteIfExists(tools.resolve(name));
        Script.makeProgram(tools.resolve(name), "#!/bin/sh\necho '" + version + "'\n");
    }

    private void assertFails(String message) throws IOException, InterruptedException {
        Answer answer = run();
        assertThat(answer.exitCode()).isEqualTo(1);
        assertThat(answer.error()).endsWith(message + "\n");
    }

    private Answer run() throws IOException, InterruptedException {
        return Script.run(
                folder,
                Map.of("PATH", tools.toString(), "JAVA_HOME", System.getProperty("java.home")),
                List.of(Script.BIN.resolve("check-tools").toString()));
    }
}
