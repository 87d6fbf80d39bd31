package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jassay.v1.Violation;
import dev.jassay.v1.ViolationCode;
import java.util.OptionalInt;

/**
 * A violation's preview on a line that fits a terminal, with a mark under the error. A preview does not say where in it the error
 * stands; where that does not follow from its other figures, there is no mark, rather than a wrong one.
 */
final class Excerpt {
    private static final char REPLACEMENT = '\uFFFD';
    private static final int COLUMNS_BEFORE = 60;
    private static final int COLUMNS_AFTER = 40;
    private static final String LEFT_OUT = "...";

    private Excerpt() {}

    /**
     * One line, or two where the second marks the error; each ends with a line feed. Empty where there is no preview.
     *
     * @param maxPreviewBytes the limit that was in force
     */
    static String of(Violation violation, int maxPreviewBytes, String indent) {
        String preview = violation.getPreview();
        if (preview.isEmpty()) {
            return "";
        }
        OptionalInt place = place(violation, maxPreviewBytes);
        if (place.isEmpty()) {
            String all = VisibleText.of(preview);
            return indent + endCut(all, COLUMNS_BEFORE + COLUMNS_AFTER) + "\n";
        }
        String before = startCut(VisibleText.of(preview.substring(0, place.getAsInt())), COLUMNS_BEFORE);
        String after = endCut(VisibleText.of(preview.substring(place.getAsInt())), COLUMNS_AFTER);
        return indent + before + after + "\n" + indent + " ".repeat(Columns.of(before)) + "^\n";
    }

    /**
     * The index in the preview where the error stands. All before it is UTF-8, so bytes can be counted; but of a preview that is cut
     * at both ends it is not told how much of a character was left out at which, unless nothing was.
     */
    private static OptionalInt place(Violation violation, int maxPreviewBytes) {
        String preview = violation.getPreview();
        long errorInRecord = violation.getErrorOffset() - violation.getByteOffset();
        if (violation.getCode() == ViolationCode.VIOLATION_CODE_OVERSIZE) {
            return OptionalInt.empty(); // nothing there is wrong
        }
        if (!violation.getPreviewTruncated()) {
            return indexOfByte(preview, errorInRecord);
        }
        long last = violation.getByteLength() - maxPreviewBytes;
        long start = Math.max(Math.min(errorInRecord - maxPreviewBytes / 2, last), 0);
        if (start == 0) {
            return indexOfByte(preview, errorInRecord);
        }
        int leftOut = maxPreviewBytes - preview.getBytes(UTF_8).length;
        boolean known = preview.indexOf(REPLACEMENT) < 0 && (leftOut == 0 || start == last);
        return known ? indexOfByte(preview, errorInRecord - start - leftOut) : OptionalInt.empty();
    }

    /** The index of the character that begins after so many bytes of UTF-8. */
    private static OptionalInt indexOfByte(String text, long bytes) {
        int index = 0;
        long passed = 0;
        while (index < text.length() && passed < bytes) {
            int codePoint = text.codePointAt(index);
            passed += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
            index += Character.charCount(codePoint);
        }
        return passed == bytes ? OptionalInt.of(index) : OptionalInt.empty();
    }

    /** The last columns of a text. */
    private static String startCut(String text, int columns) {
        return Columns.of(text) <= columns ? text : LEFT_OUT + Columns.last(text, columns - LEFT_OUT.length());
    }

    /** The first columns of a text. */
    private static String endCut(String text, int columns) {
        return Columns.of(text) <= columns ? text : Columns.first(text, columns - LEFT_OUT.length()) + LEFT_OUT;
    }

    /** Beginning and end of a long text, such as a pointer into a deep record. */
    static String middleCut(String text, int columns) {
        if (Columns.of(text) <= columns) {
            return text;
        }
        int tail = columns / 4;
        int head = columns - tail - LEFT_OUT.length();
        return Columns.first(text, head) + LEFT_OUT + Columns.last(text, tail);
    }
}
