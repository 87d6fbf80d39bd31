package dev.jassay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
final class JassayTest {
    @Test
    void help_listsTheCommandsButTheHiddenOne() {
        Run run = Run.of("--help");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("  serve ", "  check ", "  generate ", "  info ")
                .doesNotContain("demo");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "check", "generate", "info", "demo"})
    void help_ofEachCommand_tellsItsFlags(String command) {
        Run run = Run.of(command, "--help");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("Usage: jassay " + command);
        assertThat(run.err()).isEmpty();
    }

    @Test
    void version_isTold() {
        assertThat(Run.of("--version").out()).matches("jassay \\d+\\.\\d+\\.\\d+\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--threads=0",
                "--threads=1025",
                "--memory=0",
                "--memory=much",
                "--max-connections=0",
                "--max-connections=65537",
                "--idle=0",
                "--idle=86401",
                "--listen=localhost",
                "--listen=localhost:65536"
            })
    void serve_withAFigureOutOfItsRange_isAUsageError(String flag) {
        Run run = Run.of("serve", flag);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("jassay: ").containsOnlyOnce("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "bogus", "check", "check a b", "--bogus", "check a --bogus", "serve extra", "info --endpoint"
            })
    void usage_thatIsWrong_isOneLineAndTwo(String line) {
        Run run = line.isEmpty() ? Run.of() : Run.of(line.split(" ", -1));
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("jassay: ").contains("--help").containsOnlyOnce("\n");
    }
}
