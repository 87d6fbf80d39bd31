package dev.jassay.engine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.jassay.engine.ConfigException.FieldViolation;
import dev.jassay.engine.ConfigException.Reason;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A status that is no success, and its text.
 *
 * @param status one of {@link JassayAbi}'s
 * @param text for people
 */
record NativeFailure(int status, String text) {
    private static final String FIELD_SEPARATOR = ": ";

    /** {@code error} is a filled {@link JassayAbi#ERROR}. */
    static NativeFailure read(int status, MemorySegment error) {
        int written = error.get(JAVA_INT, JassayAbi.ERROR_TEXT_LENGTH_OFFSET);
        byte[] text = error.asSlice(
                        JassayAbi.ERROR_TEXT_OFFSET, Math.clamp((long) written, 0, JassayAbi.ERROR_TEXT_BYTES))
                .toArray(JAVA_BYTE);
        return new NativeFailure(status, new String(text, StandardCharsets.UTF_8));
    }

    /** The exception of this status, wherever no config is involved. */
    RuntimeException toException() {
        return switch (status) {
            case JassayAbi.MEMORY_REFUSED -> new MemoryRefusedException(text);
            case JassayAbi.CANCELLED -> new SessionCancelledException(text);
            case JassayAbi.STATE_INCOMPATIBLE -> new StateException(StateException.Reason.INCOMPATIBLE, text);
            case JassayAbi.STATE_DAMAGED -> new StateException(StateException.Reason.DAMAGED, text);
            case JassayAbi.SCHEMA_INVALID -> new SchemaException(SchemaException.Reason.INVALID, text);
            case JassayAbi.SCHEMA_REF_UNRESOLVED -> new SchemaException(SchemaException.Reason.REF_UNRESOLVED, text);
            case JassayAbi.SCHEMA_TOO_COMPLEX -> new SchemaException(SchemaException.Reason.TOO_COMPLEX, text);
            case JassayAbi.SESSION_SPENT -> new IllegalStateException(text);
            case JassayAbi.INVALID_ARGUMENT -> new IllegalArgumentException(text);
            case JassayAbi.ENGINE_FAULT -> new EngineFaultException(text);
            default -> new EngineFaultException("unexpected status " + status + " of the engine: " + text);
        };
    }

    boolean concernsConfig() {
        return status == JassayAbi.CONFIG_UNREADABLE || status == JassayAbi.CONFIG_INVALID;
    }

    /** The exception of a status that {@link #concernsConfig}. */
    ConfigException toConfigException() {
        return status == JassayAbi.CONFIG_UNREADABLE
                ? new ConfigException(Reason.UNREADABLE, text, List.of())
                : new ConfigException(Reason.INVALID, text, fieldViolations());
    }

    private List<FieldViolation> fieldViolations() {
        List<FieldViolation> violations = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            int separator = line.indexOf(FIELD_SEPARATOR);
            if (separator >= 0) {
                violations.add(new FieldViolation(
                        line.substring(0, separator), line.substring(separator + FIELD_SEPARATOR.length())));
            }
        }
        return violations;
    }
}
