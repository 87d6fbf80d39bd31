package dev.jassay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
final class JassayTest {
    @Test
    void help_listsTheCommandsButTheHiddenOne() {
        Run run = Run.of("--help");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("  serve ", "  check ", "  schema ", "  merge ", "  report ", "  generate ", "  info ")
                .doesNotContain("demo");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "check", "schema", "merge", "report", "generate", "info", "demo"})
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
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--threads 0       | choose 1 to 1024 threads",
                "--threads 1025    | choose 1 to 1024 threads",
                "--threads x       | 'x' is no whole number",
                "--memory 1 --threads 2 | choose 8256KiB or more",
                "--memory 8454143 --threads 2 | choose 8256KiB or more",
                "--memory much     | 'much' is no size",
                "--max-connections 0 | choose 1 to 65536 connections",
                "--max-connections 65537 | choose 1 to 65536 connections",
                "--idle 0          | choose 1 to 86400 seconds",
                "--idle 86401      | choose 1 to 86400 seconds",
                "--idle 9999999999 | '9999999999' is no whole number, or one too large",
                "--listen localhost | write HOST:PORT",
                "--listen localhost:65536 | write HOST:PORT"
            })
    void serve_withAFigureOutOfItsRange_saysWhatToChoose(String flag, String advice) {
        Run run = Run.of(("serve " + flag).split(" "));
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("jassay: ")
                .contains(flag.substring(0, flag.indexOf(' ')), advice)
                .containsOnlyOnce("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bogus",
                "check",
                "info a",
                "--bogus",
                "check a --bogus",
                "serve extra",
                "info --endpoint",
                "check a -o ",
                "check a --config ",
                "schema",
                "report",
                "report a b",
                "report a -o ",
                "schema a b",
                "schema a --schema-resource"
            })
    void usage_thatIsWrong_isOneLineAndTwo(String line) {
        Run run = line.isEmpty() ? Run.of() : Run.of(line.split(" ", -1));
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("jassay: ").contains("--help").containsOnlyOnce("\n");
    }
}
