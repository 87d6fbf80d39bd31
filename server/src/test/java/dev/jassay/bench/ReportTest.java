package dev.jassay.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReportTest {
    private static final Machine MACHINE = new Machine("a processor", 2, 23.5, "Linux 6", "JDK 25", "rustc 1.85");

    private static Report report(Result... results) {
        Options options = new Options(Path.of("home"), 1, 5, List.of());
        return new Report(options, MACHINE, List.of(results), Map.of(), Map.of());
    }

    @Test
    void json_ofAPairWithABar_hasEveryField() {
        Result result = Result.pair("a against b", "orders", 1.5, 0.5, "GB/s").atLeast(3);
        assertThat(report(result).toJson()).isEqualTo("""
                        [
                          {"name": "a against b", "data": "orders", "ours": 1.5, "peer": 0.5, "unit": "GB/s", "ratio": 3, \
                        "bar": 3, "sense": "min"}
                        ]
                        """);
    }

    @Test
    void json_ofAnAbsoluteFigure_hasNoPeerAndItselfAsRatio() {
        Result result = Result.absolute("peak", "orders", 123.4, "MiB").atMost(320);
        assertThat(report(result).toJson())
                .contains("\"ours\": 123.4, \"peer\": null", "\"ratio\": 123.4, \"bar\": 320, \"sense\": \"max\"");
    }

    @Test
    void json_ofAFigureWithoutABar_hasNull() {
        assertThat(report(Result.pair("a", "b", 1, 3, "GB/s")).toJson()).contains("\"ratio\": 0.333333, \"bar\": null");
    }

    @Test
    void missed_atTheBar_isMetOnBothSides() {
        Result pair = Result.pair("a", "b", 3, 2, "s");
        assertThat(pair.atLeast(1.5).missed()).isFalse();
        assertThat(pair.atMost(1.5).missed()).isFalse();
        assertThat(pair.atLeast(1.51).missed()).isTrue();
        assertThat(pair.atMost(1.49).missed()).isTrue();
        assertThat(pair.missed()).isFalse();
    }

    @Test
    void tables_ofAMissedBarAndWhatWasNotMeasured_tellAll() {
        Options options = new Options(Path.of("home"), 1, 5, List.of());
        Result missed = Result.pair("a", "orders", 1, 1, "s").atLeast(2).noting("a note");
        Report report = new Report(
                options, MACHINE, List.of(missed), Map.of("simdjson", "none"), Map.of("start", "there is no cache"));
        assertThat(report.toText())
                .contains("missed; a note", "left out: simdjson: none", "not measured: start: there is no cache");
        assertThat(report.toMarkdown())
                .contains(
                        "| a | orders | 1 | 1 | s | 1 | >= 2 | missed; a note |",
                        "Left out: simdjson: none",
                        "Not measured: start: there is no cache");
    }

    @Test
    void markdown_ofAScaledRun_saysThatItDoesNotCount() {
        Report scaled =
                new Report(new Options(Path.of("home"), 0.5, 5, List.of()), MACHINE, List.of(), Map.of(), Map.of());
        assertThat(scaled.toMarkdown()).contains("do not count", "Data: 100 MB each");
        assertThat(report().toMarkdown()).doesNotContain("do not count").contains("Data: 200 MB each");
    }
}
