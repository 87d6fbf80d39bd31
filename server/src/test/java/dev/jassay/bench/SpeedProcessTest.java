package dev.jassay.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SpeedProcessTest {
    private static SpeedProcess start(String script) throws IOException {
        return new SpeedProcess(new Work("", List.of("sh", "-c", script), Map.of("RECORDS", "7"), 0));
    }

    @Test
    void pass_ofAProgramThatAnswers_isItsAnswerEachTime() throws IOException {
        try (SpeedProcess process = start("echo ready; while read -r line; do echo \"5 $RECORDS\"; done")) {
            assertThat(process.pass()).isEqualTo(new SpeedProcess.Pass(5, 7));
            assertThat(process.pass()).isEqualTo(new SpeedProcess.Pass(5, 7));
        }
    }

    @Test
    void pass_ofAProgramThatEnds_fails() throws IOException {
        try (SpeedProcess process = start("echo ready; read -r line")) {
            assertThatIOException().isThrownBy(process::pass).withMessageContaining("ended");
        }
    }
}
