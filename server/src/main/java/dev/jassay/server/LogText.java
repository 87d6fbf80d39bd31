package dev.jassay.server;

/** Text of others on its way into the log. */
final class LogText {
    private static final int MAX_CHARS = 300;

    private LogText() {}

    /** On one line, without characters that steer a terminal, and not too long. */
    static String plain(String text) {
        StringBuilder plain = new StringBuilder();
        text.codePoints().limit(MAX_CHARS).forEach(character -> {
            if (steers(character)) {
                plain.append(String.format("\\u%04x", character));
            } else {
                plain.appendCodePoint(character);
            }
        });
        return text.length() > MAX_CHARS ? plain + "..." : plain.toString();
    }

    /** Control characters (ESC and line feeds among them), and those that turn the direction of writing. */
    private static boolean steers(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
