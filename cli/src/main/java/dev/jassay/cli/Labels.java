package dev.jassay.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code --label} takes: KEY=VALUE, each key once. */
final class Labels {
    private Labels() {}

    /** @throws CommandFailure (USAGE) if a text is anything else */
    static Map<String, String> parse(List<String> texts) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String text : texts) {
            int end = text.indexOf('=');
            if (end < 1) {
                throw wrong(text, "write KEY=VALUE, as in --label day=monday");
            }
            String key = text.substring(0, end);
            if (labels.put(key, text.substring(end + 1)) != null) {
                throw wrong(text, "the label " + key + " is given twice; give each once");
            }
        }
        return labels;
    }

    private static CommandFailure wrong(String text, String what) {
        return new CommandFailure(ExitCode.USAGE, "--label " + text + ": " + what);
    }
}
