package dev.jassay.cli;

import dev.jassay.engine.SchemaException.Problem;
import java.util.List;

/** The schema of a config cannot be judged by. Whoever knows where it was read from tells it. */
final class SchemaFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    SchemaFailure(List<Problem> problems, Throwable cause) {
        super(cause);
        this.problems = List.copyOf(problems);
    }

    List<Problem> problems() {
        return problems;
    }
}
