package dev.jassay.cli;

/** How much room text takes on a terminal. */
final class Columns {
    private Columns() {}

    /** Columns of text that {@link VisibleText} has passed: two for wide East Asian characters and emoji, none for combining marks. */
    static int of(String text) {
        return text.codePoints().map(Columns::of).sum();
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
