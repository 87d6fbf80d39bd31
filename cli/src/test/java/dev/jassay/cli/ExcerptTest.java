package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.Violation;
import dev.jassay.v1.ViolationCode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
final class ExcerptTest {
    private static Violation whole(String preview, int errorAt) {
        return Violation.newBuilder()
                .setCode(ViolationCode.VIOLATION_CODE_SYNTAX)
                .setByteOffset(1_000)
                .setByteLength(preview.getBytes(UTF_8).length)
                .setErrorOffset(1_000L + errorAt)
                .setPreview(preview)
                .build();
    }

    @Test
    void excerpt_ofAWholeRecord_marksTheError() {
        assertThat(Excerpt.of(whole("{\"a\":01}", 6), 256, "  ")).isEqualTo("""
                  {"a":01}
                        ^
                """);
    }

    @Test
    void excerpt_ofAnErrorAtTheEnd_marksThePlaceAfterIt() {
        assertThat(Excerpt.of(whole("{\"a\":1", 6), 256, "")).isEqualTo("{\"a\":1\n      ^\n");
    }

    @Test
    void excerpt_withWideAndCombiningCharacters_marksTheRightColumn() {
        String before = "{\"東京e\u0301\uD83D\uDE00\":";
        assertThat(Excerpt.of(whole(before + "x}", before.getBytes(UTF_8).length), 256, ""))
                .isEqualTo(before + "x}\n" + " ".repeat(2 + 4 + 1 + 2 + 2) + "^\n");
    }

    @Test
    void excerpt_withControlCharacters_countsThemAsTheyAreShown() {
        assertThat(Excerpt.of(whole("[\"\u0001x\u009B\"01]", 7), 256, ""))
                .isEqualTo("[\"\u2401x<U+009B>\"01]\n" + " ".repeat(13) + "^\n");
    }

    @Test
    void excerpt_ofInvalidUtf8_marksTheBadSequenceAndNoOther() {
        Violation violation = whole("\"\uFFFDab\uFFFDc\"", 6).toBuilder()
                .setCode(ViolationCode.VIOLATION_CODE_INVALID_UTF8)
                .build();
        assertThat(Excerpt.of(violation, 256, "")).isEqualTo("\"\uFFFDab\uFFFDc\"\n    ^\n");
    }

    @Test
    void excerpt_ofALongRecord_keepsWhatIsAroundTheError() {
        String record = "[" + "1,".repeat(100) + "x" + ",2".repeat(100) + "]";
        List<String> lines = Excerpt.of(whole(record, 201), 1_000, "").lines().toList();
        assertThat(lines.getFirst()).startsWith("...").endsWith("...").hasSizeLessThan(110);
        assertThat(lines.getFirst().charAt(lines.getLast().indexOf('^'))).isEqualTo('x');
    }

    private static Violation truncated(String preview, int errorAt, int byteLength) {
        return Violation.newBuilder()
                .setCode(ViolationCode.VIOLATION_CODE_SYNTAX)
                .setByteOffset(50)
                .setByteLength(byteLength)
                .setErrorOffset(50L + errorAt)
                .setPreview(preview)
                .setPreviewTruncated(true)
                .build();
    }

    @Test
    void excerpt_ofATruncatedPreview_marksTheErrorByItsWindow() {
        assertThat(Excerpt.of(truncated("56789abcde", 10, 20), 10, "")).isEqualTo("56789abcde\n     ^\n");
    }

    @Test
    void excerpt_fromTheBeginningOfARecord_marksTheErrorWhateverIsCutAtTheEnd() {
        assertThat(Excerpt.of(truncated("012345€", 3, 20), 10, "")).isEqualTo("012345€\n   ^\n");
    }

    @Test
    void excerpt_toTheEndOfARecord_marksTheErrorWhateverIsCutAtTheBeginning() {
        assertThat(Excerpt.of(truncated("cdefghij", 17, 20), 10, "")).isEqualTo("cdefghij\n     ^\n");
    }

    @Test
    void excerpt_cutAtBothEnds_hasNoMark() {
        assertThat(Excerpt.of(truncated("€€", 15, 30), 10, "")).isEqualTo("€€\n");
    }

    @Test
    void excerpt_ofAnOversizeRecord_hasNoMark() {
        Violation violation = truncated("0123456789", 10, 30).toBuilder()
                .setCode(ViolationCode.VIOLATION_CODE_OVERSIZE)
                .build();
        assertThat(Excerpt.of(violation, 10, "")).isEqualTo("0123456789\n");
    }

    /** The window of a preview is the engine's to choose: what it says it found must stand at the mark. */
    @Test
    void excerpt_ofWhatTheEngineFinds_marksWhatItNames() {
        ProcessResult result = JudgedSampleTest.judge(new Sample(3_000, 1_000, 9, SampleFormat.NDJSON));
        int marked = 0;
        for (Violation violation : result.getViolationsList()) {
            Matcher named = Pattern.compile("found '(.)'").matcher(violation.getMessage());
            List<String> lines = Excerpt.of(violation, 256, "").lines().toList();
            if (lines.size() == 2 && named.find()) {
                assertThat(lines.getFirst()
                                .substring(toIndex(
                                        lines.getFirst(), lines.getLast().indexOf('^'))))
                        .as("%s%n%s", violation.getMessage(), lines)
                        .startsWith(named.group(1));
                marked++;
            }
        }
        assertThat(marked).isGreaterThan(1_000);
    }

    private static int toIndex(String line, int column) {
        int index = 0;
        while (Columns.of(line.substring(0, index)) < column) {
            index += Character.charCount(line.codePointAt(index));
        }
        return index;
    }

    @Test
    void excerpt_withoutPreview_isEmpty() {
        assertThat(Excerpt.of(Violation.getDefaultInstance(), 256, "")).isEmpty();
    }

    @Test
    void middleCut_ofALongPointer_keepsBothEnds() {
        String cut = Excerpt.middleCut("/a" + "/0".repeat(100) + "/z", 40);
        assertThat(cut).hasSize(40).startsWith("/a/0").contains("...").endsWith("/0/z");
        assertThat(Excerpt.middleCut("/a/b", 40)).isEqualTo("/a/b");
    }

    @Test
    void middleCut_besideASurrogatePair_leavesItWhole() {
        for (int length = 8; length < 24; length++) {
            String cut = Excerpt.middleCut("\uD83D\uDE00".repeat(20), length);
            assertThat(VisibleText.of(cut)).as("length %d", length).isEqualTo(cut);
        }
    }
}
