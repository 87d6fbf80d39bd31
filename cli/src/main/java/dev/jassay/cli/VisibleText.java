package dev.jassay.cli;

/**
 * Makes text of unknown origin safe and honest to show: what a terminal would obey, or what changes the order or the look of its
 * neighbours, is replaced. Not by its JSON escape, which JSON may hold itself, and which is another thing there.
 */
final class VisibleText {
    /** Of U+0000; those of the other C0 characters follow in order. */
    private static final char FIRST_PICTURE = '\u2400';

    private static final char DELETE = 0x7F;
    private static final char PICTURE_OF_DELETE = '\u2421';

    private VisibleText() {}

    /**
     * The text with every C0 control character and DEL as its control picture, one column wide; and every C1 control character,
     * format character (the bidirectional ones among them), line or paragraph separator and lone surrogate as {@code <U+XXXX>}.
     */
    static String of(String text) {
        int at = 0;
        while (at < text.length() && isPlain(text.charAt(at))) {
            at++;
        }
        return at == text.length() ? text : replaceFrom(text, at);
    }

    private static boolean isPlain(char unit) {
        return unit >= ' ' && unit < DELETE;
    }

    private static String replaceFrom(String text, int from) {
        StringBuilder visible = new StringBuilder(text.length() + 16).append(text, 0, from);
        int codePoint;
        for (int at = from; at < text.length(); at += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(at);
            if (isShown(codePoint)) {
                visible.appendCodePoint(codePoint);
            } else {
                replace(codePoint, visible);
            }
        }
        return visible.toString();
    }

    private static boolean isShown(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static void replace(int codePoint, StringBuilder out) {
        if (codePoint < ' ') {
            out.append((char) (FIRST_PICTURE + codePoint));
        } else if (codePoint == DELETE) {
            out.append(PICTURE_OF_DELETE);
        } else {
            out.append("<U+").append(String.format("%04X", codePoint)).append('>');
        }
    }
}
