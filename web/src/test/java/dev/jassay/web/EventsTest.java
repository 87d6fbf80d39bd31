package dev.jassay.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import dev.jassay.v1.ProcessEvent;
import dev.jassay.v1.ProcessResult;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What is told of a call while it runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EventsTest {
    private final WebRig rig = WebRig.start();

    @AfterEach
    void nothingIsLeft() {
        rig.awaitBaseline();
    }

    @AfterAll
    void stop() {
        rig.close();
    }

    /** Events as they come. */
    private static final class Events implements AutoCloseable {
        private final Stream<String> stream;
        private final Iterator<String> lines;

        Events(HttpResponse<Stream<String>> answer) {
            stream = answer.body();
            lines = stream.filter(line -> !line.isEmpty()).iterator();
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        }

        boolean hasNext() {
            return lines.hasNext();
        }

        String nextLine() {
            String line = lines.next();
            assertThat(line).startsWith("data: {");
            return line.substring("data: ".length());
        }

        ProcessEvent next() {
            ProcessEvent.Builder event = ProcessEvent.newBuilder();
            String line = nextLine();
            try {
                JsonFormat.parser().merge(line, event);
            } catch (IOException e) {
                throw new AssertionError(line, e);
            }
            return event.build();
        }

        /** The first that is of a kind, past those that are of others. */
        ProcessEvent next(ProcessEvent.EventCase kind) {
            ProcessEvent event = next();
            while (event.getEventCase() != kind) {
                event = next();
            }
            return event;
        }

        @Override
        public void close() {
            stream.close();
        }
    }

    private CompletableFuture<Events> open(String id) {
        return rig.client
                .sendAsync(rig.request("/v1/calls/" + id + "/events").GET().build(), BodyHandlers.ofLines())
                .thenApply(Events::new);
    }

    private static final String TWO = "{\"a\": 1}\n{\"a\": 01}\n";

    @Test
    void events_ofACallWhoseBodyIsStillSent_comeMeanwhile() throws IOException {
        try (RawRequest upload = rig.raw().beginUpload("?call=slow", "Transfer-Encoding: chunked\r\n");
                Events events = open("slow").join()) {
            upload.chunk(TWO);
            assertThat(events.next(ProcessEvent.EventCase.ACCEPTED)
                            .getAccepted()
                            .hasLimits())
                    .isTrue();
            assertThat(events.next(ProcessEvent.EventCase.VIOLATIONS)
                            .getViolations()
                            .getViolations(0)
                            .getRecordIndex())
                    .isEqualTo(1);
            while (events.next(ProcessEvent.EventCase.PROGRESS).getProgress().getInvalid() != 1) {
                // It is told again and again.
            }
            upload.chunk(TWO);
            while (events.next(ProcessEvent.EventCase.PROGRESS).getProgress().getRecords() != 4) {
                // Likewise.
            }
            upload.send("0\r\n\r\n");
            ProcessResult end = events.next(ProcessEvent.EventCase.RESULT).getResult();
            assertThat(end.getCounts().getInvalid()).isEqualTo(2);
            assertThat(events.hasNext()).isFalse();
            assertThat(upload.status()).isEqualTo(200);
        }
    }

    @Test
    void events_askedForBeforeTheCall_comeOnceItBegins() throws IOException {
        CompletableFuture<Events> early = open("early");
        try (RawRequest upload = rig.raw().beginUpload("?call=early", "Transfer-Encoding: chunked\r\n");
                Events events = early.join()) {
            upload.chunk(TWO).send("0\r\n\r\n");
            assertThat(events.next(ProcessEvent.EventCase.RESULT).getResult().getVerdict())
                    .isNotEqualTo(ProcessResult.getDefaultInstance().getVerdict());
        }
    }

    @Test
    void events_ofACancelledCall_endWithAProblem() throws IOException {
        try (RawRequest upload = rig.raw().beginUpload("?call=cancelled", "Transfer-Encoding: chunked\r\n");
                Events events = open("cancelled").join()) {
            upload.chunk(TWO);
            assertThat(rig.send(rig.request("/v1/calls/cancelled").DELETE()).statusCode())
                    .isEqualTo(204);
            String last = "";
            while (events.hasNext()) {
                last = events.nextLine();
            }
            assertThat(last).startsWith("{\"problem\":{").contains("\"status\":", "499");
        }
    }

    @Test
    void events_ofNoCall_areNotFound() {
        Problems.assertProblem(rig.get("/v1/calls/nobody/events"), 404, "");
        Problems.assertProblem(rig.get("/v1/calls/no.id/events"), 404, "");
        Problems.assertProblem(rig.send(rig.request("/v1/calls/x/events").POST(BodyPublishers.noBody())), 405, "");
    }

    @Test
    void readers_pastTheirBound_areRefused() throws IOException {
        List<Events> readers = new ArrayList<>();
        try (RawRequest upload = rig.raw().beginUpload("?call=read", "Transfer-Encoding: chunked\r\n")) {
            for (int i = 0; i < CallEvents.MAX_READERS; i++) {
                readers.add(open("read").join());
            }
            Problems.assertProblem(rig.get("/v1/calls/read/events"), 503, "");
            upload.send("0\r\n\r\n");
            for (Events reader : readers) {
                assertThat(reader.next(ProcessEvent.EventCase.RESULT).hasResult())
                        .isTrue();
            }
        } finally {
            readers.forEach(Events::close);
        }
    }

    /** Every record is invalid and every violation told, one round after another: in all, far more than all buffers on the way take. */
    private static void uploadUnread(WebRig rig, RawRequest upload, String id) throws IOException {
        String records = "{\"a\": 01}\n".repeat(RECORDS_OF_A_ROUND);
        for (int round = 1; round <= ROUNDS; round++) {
            upload.chunk(records);
            long sent = (long) round * RECORDS_OF_A_ROUND;
            WebRig.await("all is judged though nobody reads", () -> judged(rig, id) == sent);
        }
        upload.send("0\r\n\r\n");
        assertThat(upload.status()).isEqualTo(200);
        WebRig.await("the call is over", () -> rig.web.running().size() == 0);
    }

    private static long judged(WebRig rig, String id) {
        return rig.web.running().find(id).map(call -> call.progress().records()).orElse(0L);
    }

    private static RawRequest reader(WebRig rig, String id) throws IOException {
        RawRequest reader = rig.raw()
                .send("GET /v1/calls/" + id + "/events HTTP/1.1\r\nHost: localhost:"
                        + rig.web.address().getPort() + "\r\n\r\n");
        assertThat(reader.status()).isEqualTo(200);
        return reader;
    }

    private static final String ALL = "&live-violations=all";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
    private static final int RECORDS_OF_A_ROUND = 20_000;
    private static final int ROUNDS = 40;

    @Test
    void reader_thatNeverReads_holdsUpNoUpload() throws IOException {
        long before = rig.engine.usage().memoryReserved();
        try (RawRequest upload = rig.raw().beginUpload("?call=unread" + ALL, CHUNKED);
                RawRequest reader = reader(rig, "unread")) {
            uploadUnread(rig, upload, "unread");
            // It still waits to send, with what was reserved for it.
            assertThat(rig.engine.usage().memoryReserved()).isGreaterThan(before);
            reader.reset();
        }
    }

    @Test
    void reader_thatNeverReads_isLeftOnceItIsIdle() throws IOException {
        try (WebRig hasty = WebRig.start(options -> options.withIdle(Duration.ofSeconds(5)));
                RawRequest upload = hasty.raw().beginUpload("?call=idle" + ALL, CHUNKED);
                RawRequest reader = reader(hasty, "idle")) {
            uploadUnread(hasty, upload, "idle");
            // Both are still connected here.
            hasty.awaitBaseline();
            assertThat(reader.line()).isNotEmpty();
        }
    }

    @Test
    void queue_atItsBound_takesNoMoreButTheEnd() throws InterruptedException {
        EventQueue queue = new EventQueue();
        assertThat(queue.offer(new byte[EventQueue.MAX_WAITING_BYTES - 1])).isTrue();
        assertThat(queue.offer(new byte[2])).isFalse();
        assertThat(queue.offer(new byte[1])).isTrue();
        queue.end("{}");
        assertThat(queue.poll(WebRig.LIMIT)).containsInstanceOf(EventQueue.Entry.Told.class);
        assertThat(queue.offer(new byte[EventQueue.MAX_WAITING_BYTES - 1])).isTrue();
        assertThat(queue.poll(WebRig.LIMIT)).containsInstanceOf(EventQueue.Entry.Told.class);
        assertThat(queue.poll(WebRig.LIMIT)).contains(new EventQueue.Entry.Last("{}"));
    }
}
