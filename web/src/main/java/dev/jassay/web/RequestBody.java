package dev.jassay.web;

import dev.jassay.engine.Progress;
import dev.jassay.server.ProcessCall;
import dev.jassay.server.RefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, read piece by piece where it lies in the connection's buffer. Nothing is read unless asked for: what is not lies
 * in the system's buffers, and then the client waits.
 *
 * <p>One thread at a time, which waits for what has not come; {@link #wake} by any.
 */
final class RequestBody {
    /** Takes the body. */
    interface Taker {
        /**
         * Takes a piece, which is good until this returns.
         *
         * @return DONE if no more is needed
         */
        Progress take(Content.Chunk piece) throws RefusedException, ProblemException;
    }

    /**
     * How long a thread of the server waits for the next piece before it is given back: longer than the pauses of a client that sends as
     * fast as it can, for changing threads costs as much as judging a hundred kilobytes.
     */
    private static final Duration SOON = Duration.ofMillis(2);

    /** After which what has come is judged though it is little: people see a tenth of a second. */
    private static final Duration A_WHILE = Duration.ofMillis(100);

    /** Until whoever watches over the call ends it. */
    private static final Duration FOREVER = Duration.ofDays(1_000);

    /**
     * Of a body whose result is certain, or that is refused: a client that sends it all before it reads gets its answer, and one that
     * would send for hours is told to stop by the end of the connection.
     */
    static final long MAX_DISCARDED_BYTES = 256L << 20;

    private final Request request;
    private final Semaphore signals = new Semaphore(0);

    /** Whether the connection has been asked to tell when there is more, and has not told yet. */
    private volatile boolean asked;

    // For the one that reads:
    private boolean begun;
    private boolean ended;

    RequestBody(Request request) {
        this.request = request;
    }

    /** Ends the waiting for more. */
    void wake() {
        signals.release();
    }

    /**
     * Reads into a call until the end, or until its result is certain. As long as there is something to read, a thread of the server does
     * it, since the taker calls the engine; this one waits for clients that are slower.
     *
     * @return DONE if the result is certain, whether or not the body has ended
     * @throws ProblemException if the body is not as HTTP has it, or nothing came for too long
     * @throws IOException if the client has gone
     */
    Progress readTo(Taker taker, ProcessCall call)
            throws RefusedException, ProblemException, IOException, InterruptedException {
        Flow flow = new Flow(taker, call);
        while (true) {
            call.runOnServerThread(flow);
            if (flow.failure != null) {
                throw flow.failure();
            }
            if (ended || flow.progress == Progress.DONE) {
                return flow.progress;
            }
            if (!awaitMore(A_WHILE)) {
                if (call.flush() == Progress.DONE) {
                    return Progress.DONE;
                }
                awaitMore(FOREVER);
            }
            requireNotInterrupted(call);
        }
    }

    /** Reads what there is, and what comes soon after. */
    private final class Flow implements Runnable {
        private final Taker taker;
        private final ProcessCall call;
        private Progress progress = Progress.MORE;
        private @Nullable Exception failure;

        Flow(Taker taker, ProcessCall call) {
            this.taker = taker;
            this.call = call;
        }

        @Override
        public void run() {
            try {
                progress = read();
            } catch (RefusedException | ProblemException | IOException | InterruptedException e) {
                failure = e;
            }
        }

        private Progress read() throws RefusedException, ProblemException, IOException, InterruptedException {
            while (!ended) {
                Content.Chunk piece = next(call);
                if (piece == null) {
                    if (call.workOnWhatCame() == Progress.DONE) {
                        return Progress.DONE;
                    }
                    if (!awaitMore(SOON)) {
                        return Progress.MORE;
                    }
                    requireNotInterrupted(call);
                } else if (take(piece) == Progress.DONE) {
                    return Progress.DONE;
                }
            }
            return Progress.MORE;
        }

        private Progress take(Content.Chunk piece) throws RefusedException, ProblemException {
            call.received(piece.remaining());
            try {
                return taker.take(piece);
            } finally {
                piece.release();
            }
        }

        /** Throws it, as what it is. */
        private RuntimeException failure()
                throws RefusedException, ProblemException, IOException, InterruptedException {
            switch (failure) {
                case RefusedException refused -> throw refused;
                case ProblemException problem -> throw problem;
                case IOException gone -> throw gone;
                case InterruptedException interrupted -> throw interrupted;
                case null, default -> throw new IllegalStateException(failure);
            }
        }
    }

    private static void requireNotInterrupted(ProcessCall call) throws ProblemException {
        Optional<Problem> problem = call.interruption().map(Problem::of);
        if (problem.isPresent()) {
            throw new ProblemException(problem.get());
        }
    }

    private Content.@Nullable Chunk next(ProcessCall call) throws ProblemException, IOException {
        begun = true;
        Content.Chunk piece = request.read();
        if (piece == null) {
            return null;
        }
        if (Content.Chunk.isFailure(piece)) {
            ended = true;
            throw failure(piece.getFailure(), call);
        }
        ended = piece.isLast();
        return piece;
    }

    /** What the client can still be told, as a problem; or else as an IOException. */
    private static ProblemException failure(Throwable failure, ProcessCall call) throws IOException {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException) {
                // Seen by the connection before the server's watch comes round.
                return new ProblemException(Problem.of(call.stalledRefusal()));
            }
            if (cause instanceof HttpException http) {
                return new ProblemException(Problem.of(
                        http.getCode(),
                        Problem.MESSAGE_INVALID,
                        "the body is not as HTTP/1.1 has it: " + http.getReason()));
            }
        }
        throw new IOException("the client has gone", failure);
    }

    /** Whether there may be more now. */
    private boolean awaitMore(Duration limit) throws InterruptedException {
        if (!asked) {
            asked = true;
            request.demand(Invocable.from(Invocable.InvocationType.NON_BLOCKING, () -> {
                asked = false;
                signals.release();
            }));
        }
        boolean told = signals.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS);
        if (told) {
            // Whatever they told is looked at now; one that comes too late is for the next time.
            signals.drainPermits();
        }
        return told;
    }

    /** Whether all of it has been read. */
    boolean ended() {
        return ended;
    }

    /**
     * Reads the rest and throws it away, so that a client that sends before it reads gets its answer: a connection that is closed while
     * it sends takes the answer with it. Returns when the body has ended, or more bytes have come than is worth it, or nothing comes any more.
     */
    void discard() throws InterruptedException {
        if (!begun && request.getHeaders().contains(HttpHeader.EXPECT)) {
            // The client has been told instead of being asked for the body.
            return;
        }
        long left = MAX_DISCARDED_BYTES;
        while (!ended && left > 0) {
            Content.Chunk piece = request.read();
            if (piece == null) {
                awaitMore(FOREVER);
            } else if (Content.Chunk.isFailure(piece)) {
                return;
            } else {
                left -= piece.remaining();
                ended = piece.isLast();
                piece.release();
            }
        }
    }

    /** Says that the body was not as it should be. */
    static ProblemException invalid(String detail) {
        return new ProblemException(Problem.of(HttpStatus.BAD_REQUEST_400, Problem.MESSAGE_INVALID, detail));
    }
}
