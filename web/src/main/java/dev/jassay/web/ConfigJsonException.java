package dev.jassay.web;

import java.util.List;

/** A text that is no config. The message goes on after the name of what holds the text. */
public final class ConfigJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String mistake;
    private final transient List<String> fields;

    /** The text as a whole is wrong. */
    ConfigJsonException(String message) {
        this(message, message, List.of());
    }

    /** @param mistake what is wrong with each of the fields */
    ConfigJsonException(String message, String mistake, List<String> fields) {
        super(message, null, false, false);
        this.mistake = mistake;
        this.fields = List.copyOf(fields);
    }

    /** What is wrong with each field. */
    String mistake() {
        return mistake;
    }

    /** Those that are wrong by their names, with their paths; empty where something else is wrong. */
    List<String> fields() {
        return fields;
    }
}
