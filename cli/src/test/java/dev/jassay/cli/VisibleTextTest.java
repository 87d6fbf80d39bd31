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
    void controls_areShownAsTheirPictures() {
        assertThat(VisibleText.of("a\u001B[31mb\u0000\r\n\t\b\f\u007F\u009B"))
                .isEqualTo("a\u241B[31mb\u2400\u240D\u240A\u2409\u2408\u240C\u2421<U+009B>");
    }

    @Test
    void controlsAndTheirEscapes_areShownApart() {
        assertThat(VisibleText.of("\u0001 \\u0001")).isEqualTo("\u2401 \\u0001");
        assertThat(VisibleText.of("\u202E \\u202e")).isEqualTo("<U+202E> \\u202e");
        assertThat(VisibleText.of("\n \\n")).isEqualTo("\u240A \\n");
    }

    @Test
    void everyControlCharacter_isReplaced() {
        for (int codePoint = 0; codePoint < 0xA0; codePoint++) {
            boolean control = codePoint < 0x20 || codePoint >= 0x7F;
            String text = Character.toString(codePoint);
            assertThat(VisibleText.of(text).equals(text))
                    .as("U+%04X", codePoint)
                    .isEqualTo(!control);
        }
    }

    @Test
    void bidirectionalControls_areReplaced() {
        for (int codePoint : new int[] {
            0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069
        }) {
            assertThat(VisibleText.of(Character.toString(codePoint))).isEqualTo("<U+%04X>".formatted(codePoint));
        }
    }

    @Test
    void separatorsAndInvisibles_areReplaced() {
        assertThat(VisibleText.of("\u2028\u2029\u200B\uFEFF")).isEqualTo("<U+2028><U+2029><U+200B><U+FEFF>");
    }

    @Test
    void invisiblesBeyondTheFirstPlane_areReplaced() {
        assertThat(VisibleText.of(Character.toString(0xE0041))).isEqualTo("<U+E0041>");
    }

    @Test
    void loneSurrogates_areReplaced() {
        assertThat(VisibleText.of("a\uD83Db\uDE00")).isEqualTo("a<U+D83D>b<U+DE00>");
    }
}
