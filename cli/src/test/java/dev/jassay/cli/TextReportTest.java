package dev.jassay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jassay.v1.Counts;
import dev.jassay.v1.FieldProfile;
import dev.jassay.v1.Format;
import dev.jassay.v1.Limits;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.Provenance;
import dev.jassay.v1.Termination;
import dev.jassay.v1.Timing;
import dev.jassay.v1.Verdict;
import dev.jassay.v1.Violation;
import dev.jassay.v1.ViolationCode;
import dev.jassay.v1.ViolationGroup;
import dev.jassay.v1.Warning;
import dev.jassay.v1.WarningCode;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@NullMarked
final class TextReportTest {
    private static final ProcessResult PASS = ProcessResult.newBuilder()
            .setVerdict(Verdict.VERDICT_PASS)
            .setTermination(Termination.TERMINATION_COMPLETE)
            .setFormat(Format.FORMAT_NDJSON)
            .setCounts(Counts.newBuilder().setRecords(3).setValid(3).setBytes(12_345))
            .setTiming(Timing.newBuilder()
                    .setWallNanos(1_500_000_000)
                    .setThreads(1)
                    .setBytesPerSecond(8_230))
            .build();

    private static String text(ProcessResult.Builder result) {
        StringBuilder out = new StringBuilder();
        try {
            TextReport.write(result.build(), "in.ndjson", out);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return out.toString();
    }

    @Test
    void report_ofAFailure_tellsAll() {
        ProcessResult.Builder result = ProcessResult.newBuilder()
                .setVerdict(Verdict.VERDICT_FAIL)
                .setTermination(Termination.TERMINATION_INPUT_TRUNCATED)
                .setStoppedAt(4_900_000)
                .setFormat(Format.FORMAT_ARRAY)
                .setSource("orders")
                .putLabels("day", "1")
                .setCounts(Counts.newBuilder()
                        .setRecords(20_000)
                        .setValid(19_985)
                        .setInvalid(15)
                        .setMalformed(14)
                        .setOversize(1)
                        .setViolations(15)
                        .setBytes(4_900_000))
                .addGroups(ViolationGroup.newBuilder()
                        .setCode(ViolationCode.VIOLATION_CODE_SYNTAX)
                        .setPath("/items/*/price")
                        .setCount(14)
                        .setFirstRecord(18_292))
                .addGroups(ViolationGroup.newBuilder()
                        .setCode(ViolationCode.VIOLATION_CODE_OVERSIZE)
                        .setCount(1)
                        .setFirstRecord(19_000))
                .addViolations(Violation.newBuilder()
                        .setCode(ViolationCode.VIOLATION_CODE_SYNTAX)
                        .setLine(18_293)
                        .setByteOffset(4_821_330)
                        .setErrorOffset(4_821_337)
                        .setInstancePointer("/items/3/price")
                        .setMessage("expected a value, found ']'")
                        .setPreview("{\"a\":1,]}"))
                .addViolations(Violation.newBuilder()
                        .setCode(ViolationCode.VIOLATION_CODE_OVERSIZE)
                        .setLine(19_001)
                        .setErrorOffset(4_890_000)
                        .setMessage("longer than 16 bytes"))
                .addWarnings(Warning.newBuilder()
                        .setCode(WarningCode.WARNING_CODE_BOM)
                        .setText("a byte order mark was skipped"))
                .setTiming(Timing.newBuilder()
                        .setWallNanos(210_000_000)
                        .setThreads(2)
                        .setBytesPerSecond(23_333_333))
                .setProvenance(
                        Provenance.newBuilder().setLimits(Limits.newBuilder().setMaxPreviewBytes(256)));

        assertThat(text(result)).isEqualTo("""
                FAIL  orders: 15 of 20,000 records are invalid (0.075 %)
                      array, 4,900,000 bytes in 0.21 s (23.3 MB/s, 2 threads)
                      stopped at byte 4900000: the input ends inside an array, an object or a string
                      warning: a byte order mark was skipped
                      label: day=1

                records                 20,000
                valid                   19,985
                invalid                     15
                  malformed                 14
                  oversize                   1
                violations                  15

                         count  code            path            first record
                            14  SYNTAX          /items/*/price  18,292
                             1  OVERSIZE        (the record)    19,000
                            15  in all

                orders:18293 (byte 4821337) /items/3/price  SYNTAX expected a value, found ']'
                    {"a":1,]}
                           ^
                orders:19001 (byte 4890000)  OVERSIZE longer than 16 bytes

                13 more not shown: raise --max-violations or --max-per-group to see them
                """);
    }

    @Test
    void report_ofASchema_tellsKeywordsAndWhereTheyStand() {
        ProcessResult.Builder result = PASS.toBuilder()
                .setVerdict(Verdict.VERDICT_FAIL)
                .setCounts(Counts.newBuilder()
                        .setRecords(3)
                        .setInvalid(3)
                        .setMalformed(1)
                        .setSchemaInvalid(2)
                        .setViolations(3)
                        .setBytes(12_345))
                .addGroups(ViolationGroup.newBuilder()
                        .setCode(ViolationCode.VIOLATION_CODE_SCHEMA)
                        .setPath("/items/*/price")
                        .setKeyword("additionalProperties")
                        .setSchemaPointer("/properties/items/items")
                        .setCount(2)
                        .setFirstRecord(1))
                .addGroups(ViolationGroup.newBuilder()
                        .setCode(ViolationCode.VIOLATION_CODE_SYNTAX)
                        .setCount(1))
                .addViolations(Violation.newBuilder()
                        .setCode(ViolationCode.VIOLATION_CODE_SCHEMA)
                        .setLine(18_293)
                        .setErrorOffset(4_821_337)
                        .setInstancePointer("/items/3/price")
                        .setKeyword("type")
                        .setSchemaPointer("/properties/items/items/properties/price/type")
                        .setMessage("expected number, found string \"n/a\""));
        assertThat(text(result))
                .contains("""
                          malformed                  1
                          oversize                   0
                          by schema                  2
                        violations                   3
                        """)
                .contains("""
                                 count  code                         path            first record  in the schema
                                     2  SCHEMA additionalProperties  /items/*/price  1             /properties/items/items
                                     1  SYNTAX                       (the record)    0
                                     3  in all
                        """)
                .contains(
                        "\nin.ndjson:18293 (byte 4821337) /items/3/price  SCHEMA type: expected number, found string \"n/a\"\n");
    }

    @Test
    void report_ofASuccess_isShort() {
        assertThat(text(PASS.toBuilder())).isEqualTo("""
                PASS  in.ndjson: all 3 records are valid
                      NDJSON, 12,345 bytes in 1.50 s (8.23 kB/s, 1 thread)

                records                      3
                valid                        3
                invalid                      0
                  malformed                  0
                  oversize                   0
                violations                   0
                blank lines                  0
                """);
    }

    @Test
    void report_ofAnArrayThatGoesOn_tellsHowFarAndWhatToTry() {
        ProcessResult.Builder lines = ProcessResult.newBuilder()
                .setVerdict(Verdict.VERDICT_FAIL)
                .setTermination(Termination.TERMINATION_UNRECOVERABLE_SYNTAX)
                .setStoppedAt(4)
                .setFormat(Format.FORMAT_ARRAY)
                .setCounts(Counts.newBuilder().setRecords(1).setValid(1).setBytes(4));
        assertThat(text(lines))
                .startsWith("FAIL  in.ndjson: the one record is valid, up to byte 4\n")
                .contains("lines that are arrays must be declared: --format ndjson\n");
    }

    @Test
    void report_withFields_tellsThemAfterTheViolations() {
        ProcessResult.Builder result = PASS.toBuilder()
                .addViolations(Violation.newBuilder().setMessage("wrong"))
                .addFields(FieldProfile.newBuilder().setPath("/a").setPresent(3));
        assertThat(text(result))
                .containsPattern("(?s)\\nviolations .* wrong\\n\\npath +present .*\\n/a +100 %[^\\n]*\\n$");
    }

    @Test
    void report_ofFewRecords_readsWell() {
        Counts.Builder one = Counts.newBuilder().setRecords(1).setBytes(1);
        assertThat(text(PASS.toBuilder().setCounts(Counts.newBuilder()))).startsWith("PASS  in.ndjson: no records\n");
        assertThat(text(PASS.toBuilder().setCounts(one)))
                .startsWith("PASS  in.ndjson: the one record is valid\n      NDJSON, 1 byte in ");
        assertThat(text(PASS.toBuilder().setVerdict(Verdict.VERDICT_FAIL).setCounts(one.setInvalid(1))))
                .startsWith("FAIL  in.ndjson: 1 of 1 record is invalid (100 %)\n");
    }

    private static Stream<ProcessResult> resultsOfAnotherVersion() {
        return Stream.of(
                PASS.toBuilder().setTerminationValue(99).build(),
                PASS.toBuilder().setFormatValue(99).build(),
                PASS.toBuilder()
                        .addViolations(Violation.newBuilder().setCodeValue(99))
                        .build());
    }

    @ParameterizedTest
    @MethodSource("resultsOfAnotherVersion")
    void report_ofWhatItDoesNotKnow_isMadeAllTheSame(ProcessResult result) {
        assertThat(text(result.toBuilder())).startsWith("PASS  in.ndjson: ");
    }

    @Test
    void report_ofHostileTexts_obeysNone() {
        String hostile = "\u001B[2J\u202E\u009B\u0007";
        ProcessResult.Builder result = PASS.toBuilder()
                .setSource(hostile)
                .putLabels(hostile, hostile)
                .addWarnings(Warning.newBuilder().setText(hostile))
                .addGroups(ViolationGroup.newBuilder()
                        .setPath("/" + hostile)
                        .setKeyword(hostile)
                        .setSchemaPointer("/" + hostile))
                .addViolations(Violation.newBuilder()
                        .setKeyword(hostile)
                        .setInstancePointer("/" + hostile)
                        .setMessage(hostile)
                        .setPreview(hostile));
        List<String> lines = text(result).lines().toList();
        assertThat(lines).allSatisfy(line -> assertThat(VisibleText.of(line)).isEqualTo(line));
        assertThat(String.join("", lines)).contains("\u241B[2J<U+202E><U+009B>\u2407");
    }

    @Test
    void report_ofDeepPaths_shortensThem() {
        ProcessResult.Builder result = PASS.toBuilder()
                .addGroups(ViolationGroup.newBuilder().setPath("/a" + "/*".repeat(500)))
                .addViolations(Violation.newBuilder().setInstancePointer("/a" + "/0".repeat(250)));
        assertThat(text(result).lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(130));
    }
}
