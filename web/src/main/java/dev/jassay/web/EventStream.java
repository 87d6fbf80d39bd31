package dev.jassay.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.util.JsonFormat;
import dev.jassay.engine.Reservation;
import dev.jassay.engine.SessionProgress;
import dev.jassay.server.ProcessCalls;
import dev.jassay.server.RefusedException;
import dev.jassay.v1.ProcessEvent;
import dev.jassay.v1.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.NanoTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request to hear of a call while it runs: a stream of server-sent events, each a {@code ProcessEvent} as JSON, which ends with the
 * call. It runs on a virtual thread, which alone waits where the client does not read.
 */
final class EventStream {
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    /** For a call to begin: a browser asks for its events beside the upload, and either may come first. */
    static final Duration BEGIN_LIMIT = Duration.ofSeconds(5);

    /** Between two that tell progress, at least: so there are at most ten a second. */
    private static final Duration LEAST_PERIOD = Duration.ofMillis(100);

    /** After which progress is told though nothing has changed: well within the second that is promised. */
    private static final Duration QUIET_PERIOD = Duration.ofMillis(500);

    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().alwaysPrintFieldsWithNoPresence().omittingInsignificantWhitespace();

    private final ProcessCalls calls;
    private final Response response;
    private final Callback callback;

    EventStream(ProcessCalls calls, Response response, Callback callback) {
        this.calls = calls;
        this.response = response;
        this.callback = callback;
    }

    /** Returns when the call has ended, or the client has gone. */
    void run(RunningCalls running, String id) throws ProblemException {
        try {
            Optional<RunningCalls.Running> call = running.await(id, BEGIN_LIMIT);
            if (call.isEmpty()) {
                throw RunningCalls.unknown(id);
            }
            try (Reservation _ = calls.reserve(EventQueue.MAX_WAITING_BYTES + WebServer.OUTPUT_BUFFER_BYTES)) {
                tell(call.get());
            }
            callback.succeeded();
        } catch (RefusedException e) {
            throw new ProblemException(Problem.of(e.refusal()));
        } catch (IOException e) {
            LOG.debug("a reader of events has gone", e);
            callback.failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            callback.failed(e);
        }
    }

    private void tell(RunningCalls.Running running) throws ProblemException, IOException, InterruptedException {
        EventQueue queue = running.events().enter();
        try {
            response.setStatus(HttpStatus.OK_200);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
            try (OutputStream out = Content.Sink.asOutputStream(response)) {
                new Telling(running, out).run(queue);
            }
        } finally {
            running.events().leave(queue);
        }
    }

    /** What has been told. One thread. */
    private static final class Telling {
        private final RunningCalls.Running running;
        private final OutputStream out;
        private final long began = NanoTime.now();
        private long lastProgress = began;
        private SessionProgress told = new SessionProgress(0, 0, 0, 0, 0);

        Telling(RunningCalls.Running running, OutputStream out) {
            this.running = running;
            this.out = out;
        }

        void run(EventQueue queue) throws IOException, InterruptedException {
            // The client hears at once that it is heard.
            send(progress(running.call().progress()));
            while (true) {
                Optional<EventQueue.Entry> next = queue.poll(LEAST_PERIOD);
                if (next.isPresent()) {
                    switch (next.get()) {
                        case EventQueue.Entry.Told(byte[] event) -> send(PRINTER.print(ProcessEvent.parseFrom(event)));
                        case EventQueue.Entry.Last(String json) -> {
                            send(json);
                            return;
                        }
                    }
                }
                tellProgress();
            }
        }

        private void tellProgress() throws IOException {
            SessionProgress now = running.call().progress();
            Duration period = now.equals(told) ? QUIET_PERIOD : LEAST_PERIOD;
            if (NanoTime.since(lastProgress) >= period.toNanos()) {
                send(progress(now));
            }
        }

        private String progress(SessionProgress now) throws IOException {
            lastProgress = NanoTime.now();
            told = now;
            double seconds = Math.max(NanoTime.millisSince(running.began()), 1) / 1e3;
            Progress progress = Progress.newBuilder()
                    .setBytes(now.bytes())
                    .setRecords(now.records())
                    .setInvalid(now.invalid())
                    .setBytesPerSecond(now.bytes() / seconds)
                    .build();
            return PRINTER.print(ProcessEvent.newBuilder().setProgress(progress).build());
        }

        private void send(String json) throws IOException {
            out.write(("data: " + json + "\n\n").getBytes(UTF_8));
            out.flush();
        }
    }
}
