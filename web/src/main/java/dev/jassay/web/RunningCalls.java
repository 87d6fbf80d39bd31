package dev.jassay.web;

import dev.jassay.server.ProcessCall;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.util.NanoTime;

/**
 * The calls that run under an id which their client gave, so that another request can name them: to cancel one, or to hear of it. Any
 * thread.
 */
final class RunningCalls {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /**
     * One of them.
     *
     * @param began when, in nanoseconds of the system
     */
    record Running(ProcessCall call, CallEvents events, long began) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition entered = lock.newCondition();
    private final Map<String, Running> calls = new HashMap<>();

    /** Whether a text can be an id. */
    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    static ProblemException unknown(String id) {
        return new ProblemException(Problem.of(HttpStatus.NOT_FOUND_404, "no call named " + id + " runs"));
    }

    /** @throws ProblemException if a call of this id runs */
    void enter(String id, ProcessCall call, CallEvents events) throws ProblemException {
        lock.lock();
        try {
            if (calls.putIfAbsent(id, new Running(call, events, NanoTime.now())) != null) {
                throw new ProblemException(Problem.of(
                        HttpStatus.CONFLICT_409,
                        "CALL_EXISTS",
                        "a call named " + id + " runs: give each call an id of its own"));
            }
            entered.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void leave(String id) {
        lock.lock();
        try {
            calls.remove(id);
        } finally {
            lock.unlock();
        }
    }

    Optional<ProcessCall> find(String id) {
        lock.lock();
        try {
            return Optional.ofNullable(calls.get(id)).map(Running::call);
        } finally {
            lock.unlock();
        }
    }

    /** The call, if it runs or begins within the time. */
    Optional<Running> await(String id, Duration limit) throws InterruptedException {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (!calls.containsKey(id) && left > 0) {
                left = entered.awaitNanos(left);
            }
            return Optional.ofNullable(calls.get(id));
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return calls.size();
        } finally {
            lock.unlock();
        }
    }
}
