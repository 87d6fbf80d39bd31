package dev.jassay.cli;

/**
 * Makes text of unknown origin safe and honest to show: what a terminal would obey, or what changes the order or the look of its
 * neighbours, is written as its JSON escape.
 */
final class VisibleText {
    private VisibleText() {}

    /**
     * The text with every control character (C0, DEL, C1), every format character (the bidirectional ones among them), every line or
     * paragraph separator and every lone surrogate written as {@code \}{@code uXXXX}, or shorter where JSON has a shorter form.
     */
    static String of(String text) {
        int at = 0;
        while (at < text.length() && isPlain(text.charAt(at))) {
            at++;
        }
        return at == text.length() ? text : escapeFrom(text, at);
    }

    private static boolean isPlain(char unit) {
        return unit >= ' ' && unit < 0x7F;
    }

    private static String escapeFrom(String text, int from) {
        StringBuilder visible = new StringBuilder(text.length() + 16).append(text, 0, from);
        int codePoint;
        for (int at = from; at < text.length(); at += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(at);
            if (isShown(codePoint)) {
                visible.appendCodePoint(codePoint);
            } else {
                text.substring(at, at + Character.charCount(codePoint)).chars().forEach(unit -> escape(unit, visible));
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

    private static void escape(int unit, StringBuilder out) {
        switch (unit) {
            case '\b' -> out.append("\\b");
            case '\t' -> out.append("\\t");
            case '\n' -> out.append("\\n");
            case '\f' -> out.append("\\f");
            case '\r' -> out.append("\\r");
            default -> {
                out.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out.append(Character.forDigit((unit >> shift) & 0xF, 16));
                }
            }
        }
    }
}
