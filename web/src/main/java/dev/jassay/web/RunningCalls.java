package dev.jassay.web;

import dev.jassay.server.ProcessCall;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpStatus;

/**
 * The calls that run under an id which their client gave, so that another request can name them: to cancel one, or to hear of it. Any
 * thread.
 */
final class RunningCalls {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private final Map<String, ProcessCall> calls = new ConcurrentHashMap<>();

    /** Whether a text can be an id. */
    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /** @throws ProblemException if a call of this id runs */
    void enter(String id, ProcessCall call) throws ProblemException {
        if (calls.putIfAbsent(id, call) != null) {
            throw new ProblemException(Problem.of(
                    HttpStatus.CONFLICT_409,
                    "CALL_EXISTS",
                    "a call named " + id + " runs: give each call an id of its own"));
        }
    }

    /** A second time does nothing. */
    void leave(String id, ProcessCall call) {
        calls.remove(id, call);
    }

    Optional<ProcessCall> find(String id) {
        return Optional.ofNullable(calls.get(id));
    }

    int size() {
        return calls.size();
    }
}
