package dev.jassay.engine;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A config whose schema cannot be judged by. Its message has a line {@code resource#pointer: what is wrong} for each problem, as far as
 * they fit; {@link Engine#checkSchema} tells all.
 */
public final class SchemaException extends EngineException {
    private static final long serialVersionUID = 1L;

    /** A resource is a URI, which has no {@code #} before a pointer but where it ends in an empty fragment. */
    private static final Pattern LINE = Pattern.compile("(.*?)#((?:/.*?)?): (.*)");

    /** What is wrong with a schema; where it is more than one thing, the first. */
    public enum Reason {
        /** It is no JSON, or no schema of its draft. */
        INVALID,
        /** A reference in it leads to nothing that is given. */
        REF_UNRESOLVED,
        /** It is too large, too deep, or too costly to judge by. */
        TOO_COMPLEX
    }

    /**
     * One thing that is wrong.
     *
     * @param resource the key of the schema's resources; empty for the schema itself
     * @param pointer RFC 6901, the place in it; empty for its whole, and where it is no JSON
     * @param description what is wrong, for people
     */
    public record Problem(String resource, String pointer, String description) {
        /** Takes a line {@code resource#pointer: what is wrong} apart; one of another form is a description. */
        public static Problem parse(String line) {
            Matcher parts = LINE.matcher(line);
            return parts.matches()
                    ? new Problem(parts.group(1), parts.group(2), parts.group(3))
                    : new Problem("", "", line);
        }
    }

    private final Reason reason;

    SchemaException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** One for each line of the message. */
    public List<Problem> problems() {
        return String.valueOf(getMessage())
                .lines()
                .filter(line -> !line.isBlank())
                .map(Problem::parse)
                .toList();
    }
}
