package dev.jassay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
final class VisibleTextTest {
    @Test
    void text_withoutAnythingToHide_isKept() {
        assertThat(VisibleText.of("Grüße, 東京 \"\\n\" \uD83D\uDE00")).isEqualTo("Grüße, 東京 \"\\n\" \uD83D\uDE00");
    }

    @Test
    void controls_areShownAsTheirEscapes() {
        assertThat(VisibleText.of("a\u001B[31mb\u0000\r\n\t\b\f\u007F\u009B"))
                .isEqualTo("a\\u001b[31mb\\u0000\\r\\n\\t\\b\\f\\u007f\\u009b");
    }

    @Test
    void everyControlCharacter_isEscaped() {
        for (int codePoint = 0; codePoint < 0xA0; codePoint++) {
            boolean control = codePoint < 0x20 || codePoint >= 0x7F;
            assertThat(VisibleText.of(Character.toString(codePoint)).startsWith("\\"))
                    .as("U+%04X", codePoint)
                    .isEqualTo(control || codePoint == '\\');
        }
    }

    @Test
    void bidirectionalControls_areEscaped() {
        for (int codePoint : new int[] {
            0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069
        }) {
            assertThat(VisibleText.of(Character.toString(codePoint))).isEqualTo("\\u%04x".formatted(codePoint));
        }
    }

    @Test
    void separatorsAndInvisibles_areEscaped() {
        assertThat(VisibleText.of("\u2028\u2029\u200B\uFEFF")).isEqualTo("\\u2028\\u2029\\u200b\\ufeff");
    }

    @Test
    void invisiblesBeyondTheFirstPlane_areEscapedAsPairs() {
        assertThat(VisibleText.of(Character.toString(0xE0041))).isEqualTo("\\udb40\\udc41");
    }

    @Test
    void loneSurrogates_areEscaped() {
        assertThat(VisibleText.of("a\uD83Db\uDE00")).isEqualTo("a\\ud83db\\ude00");
    }
}
