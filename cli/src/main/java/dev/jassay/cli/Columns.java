package dev.jassay.cli;

/** How much room text takes on a terminal. */
final class Columns {
    private Columns() {}

    /** Columns of text that {@link VisibleText} has passed: two for wide East Asian characters and emoji, none for combining marks. */
    static int of(String text) {
        return text.codePoints().map(Columns::of).sum();
    }

    /** The longest beginning of a text that takes at most so many columns. */
    static String first(String text, int columns) {
        int end = 0;
        int left = columns;
        while (end < text.length()) {
            int codePoint = text.codePointAt(end);
            left -= of(codePoint);
            if (left < 0) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return text.substring(0, end);
    }

    /** The longest end of a text that takes at most so many columns; it begins with no mark of a letter before it. */
    static String last(String text, int columns) {
        int start = text.length();
        int left = columns;
        for (int at = start; at > 0; ) {
            int codePoint = text.codePointBefore(at);
            int taken = of(codePoint);
            left -= taken;
            if (left < 0) {
                break;
            }
            at -= Character.charCount(codePoint);
            start = taken > 0 || at == 0 ? at : start;
        }
        return text.substring(start);
    }

    static String padLeft(String text, int columns) {
        return " ".repeat(Math.max(0, columns - of(text))) + text;
    }

    static String padRight(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - of(text)));
    }

    private static int of(int codePoint) {
        if (codePoint < 0x300) {
            return 1;
        }
        int type = Character.getType(codePoint);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        return isWide(codePoint) ? 2 : 1;
    }

    private static boolean isWide(int codePoint) {
        return switch (Character.UnicodeScript.of(codePoint)) {
            case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO, YI -> codePoint < 0xFF61 || codePoint > 0xFFDC;
            default ->
                (codePoint >= 0x3000 && codePoint <= 0x303F)
                        || (codePoint >= 0xFF01 && codePoint <= 0xFF60)
                        || (codePoint >= 0x1F300 && codePoint <= 0x1FAFF);
        };
    }
}
