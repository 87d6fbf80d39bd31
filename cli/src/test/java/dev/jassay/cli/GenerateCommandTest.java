package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
final class GenerateCommandTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void generate_writesTheSample() {
        Run run = Run.of("generate", "--records=50", "--seed=9", "--format=concatenated");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .isEqualTo(new String(SampleTest.bytes(new Sample(50, 0, 9, SampleFormat.CONCATENATED)), UTF_8));
    }

    @Test
    void generate_intoAFile_tellsWhatIsInIt() throws IOException {
        Path out = folder.resolve("sample.ndjson");
        Run run = Run.of("generate", "--records=1000", "--faults=50", "-o", out.toString());

        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains("1,000 records, 50 faulty: SYNTAX 38, INVALID_UTF8 6, ")
                .containsOnlyOnce("\n");
        assertThat(Files.readAllBytes(out)).isEqualTo(SampleTest.bytes(new Sample(1_000, 50, 1, SampleFormat.NDJSON)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--faults=10",
                "--records=-1",
                "--records=x",
                "--records=1 --faults=1001",
                "--records=1 --format=auto",
                "--records=1 --format=document --faults=1",
                "--records=1 -o /nowhere/at/all"
            })
    void generate_ofWhatCannotBe_isAUsageError(String flags) {
        Run run = Run.of(("generate " + flags).split(" ", -1));
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).startsWith("jassay: ").containsOnlyOnce("\n");
    }
}
