package dev.jassay.engine;

import java.util.List;

/** A config that cannot be compiled. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What is wrong with a config. */
    public enum Reason {
        /** It is no encoded {@code ProcessConfig}, or no {@code MergeConfig}. */
        UNREADABLE,
        /** It has values out of their range. */
        INVALID
    }

    /**
     * One value out of its range.
     *
     * @param field the field's name, from the config down, as in {@code validation.max_depth}
     * @param description what is wrong, and what the range is
     */
    public record FieldViolation(String field, String description) {}

    private final Reason reason;
    private final transient List<FieldViolation> violations;

    ConfigException(Reason reason, String message, List<FieldViolation> violations) {
        super(message);
        this.reason = reason;
        this.violations = List.copyOf(violations);
    }

    public Reason reason() {
        return reason;
    }

    /** One for each value out of its range; empty where the config is unreadable. */
    public List<FieldViolation> violations() {
        return violations;
    }
}
