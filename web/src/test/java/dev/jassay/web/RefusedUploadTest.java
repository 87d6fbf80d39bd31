package dev.jassay.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.jassay.server.ServerOptions;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that cannot be served, or not to their end: each is told why, and leaves nothing behind. */
final class RefusedUploadTest {
    private static final String PATH = "/v1/process";

    @ParameterizedTest
    @CsvSource({
        "max-dept=3,max-dept",
        "schema-json=true,schema-json",
        "max-depth=3&max-depth=3,max-depth",
        "max-depth=x,max-depth",
        "max-depth=-1,max-depth",
        "max-depth=4294967296,max-depth",
        "max-record-bytes=99999999999999999999999,max-record-bytes",
        "format=csv,format",
        "profile=auto,profile",
        "infer-schema=yes,infer-schema",
        "label=day,label",
        "label=a%3D1&label=a%3D2,label",
        "call=,call",
        "call=a%20b,call",
        "call=a&call=b,call",
        "max-depth=5000,validation.max_depth",
        "max-record-bytes=1000000000000,validation.max_record_bytes"
    })
    void parameter_unknownRepeatedOrWrong_isNamed(String query, String field) {
        try (WebRig rig = WebRig.start()) {
            Problems.assertProblem(rig.post(PATH + "?" + query, "1\n"), 400, "CONFIG_INVALID", field);
            rig.awaitBaseline();
        }
    }

    @Test
    void parameters_severalWrong_areAllNamed() {
        try (WebRig rig = WebRig.start()) {
            HttpResponse<String> answer = rig.post(PATH + "?format=x&depth=1&max-depth=1", "1\n");
            Problems.assertProblem(answer, 400, "CONFIG_INVALID", "format", "depth");
        }
    }

    @Test
    void parameters_areTheFieldsOfTheConfig() {
        assertThat(ProcessQuery.names())
                .containsExactly(
                        "annotate-formats-only",
                        "compression",
                        "duplicate-keys",
                        "format",
                        "infer-schema",
                        "live-violations",
                        "max-depth",
                        "max-keys",
                        "max-paths",
                        "max-per-group",
                        "max-preview-bytes",
                        "max-record-bytes",
                        "max-result-bytes",
                        "max-violations",
                        "part",
                        "profile",
                        "records-path",
                        "redaction",
                        "source",
                        "top-values",
                        "with-state");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%ff", "a=%zz"})
    void query_thatIsNotUtf8_isRefused(String query) throws IOException {
        try (WebRig rig = WebRig.start();
                RawRequest request = rig.raw().beginUpload("?" + query, "Content-Length: 0\r\n")) {
            assertThat(request.status()).isEqualTo(400);
        }
    }

    @Test
    void body_cutOff_leavesNothing() throws IOException {
        try (WebRig rig = WebRig.start()) {
            for (String length : List.of("Content-Length: 10000000\r\n", "Transfer-Encoding: chunked\r\n")) {
                try (RawRequest request = rig.raw().beginUpload("", length)) {
                    request.chunk("1\n".repeat(200_000));
                    WebRig.await("it is judged", () -> rig.engine.usage().sessions() == 1);
                    request.reset();
                }
                rig.awaitBaseline();
            }
        }
    }

    @Test
    void body_endedBeforeItsLength_isAProblemOrAnEnd() throws IOException {
        try (WebRig rig = WebRig.start();
                RawRequest request = rig.raw().beginUpload("", "Content-Length: 10\r\n")) {
            request.send("1\n").shutdownOutput();
            assertThat(request.rest()).doesNotContain("VERDICT");
            rig.awaitBaseline();
        }
    }

    @Test
    void body_inChunksThatAreNone_isRefused() throws IOException {
        try (WebRig rig = WebRig.start();
                RawRequest request = rig.raw().beginUpload("", "Transfer-Encoding: chunked\r\n")) {
            request.chunk("1\n").send("zz\r\n");
            assertThat(request.status()).isEqualTo(400);
            assertThat(request.rest()).contains("\"reason\": \"MESSAGE_INVALID\"");
            rig.awaitBaseline();
        }
    }

    @Test
    void body_thatStalls_isEndedAndFreed() throws IOException {
        try (WebRig rig = WebRig.start(options -> options.withIdle(Duration.ofSeconds(1)));
                RawRequest request = rig.raw().beginUpload("", "Content-Length: 10\r\n")) {
            request.send("1\n");
            assertThat(request.status()).isEqualTo(408);
            assertThat(request.rest()).contains("\"reason\": \"CLIENT_STALLED\"");
            rig.awaitBaseline();
        }
    }

    @Test
    void answer_thatIsNotRead_isGivenUp() throws IOException {
        try (WebRig rig = WebRig.start(options -> options.withIdle(Duration.ofSeconds(1)))) {
            // A sample of each record, which is all of it: more than the system's buffers take.
            String record = "{\"a\":1,\"a\":2,\"b\":\"" + "x".repeat(40_000) + "\"}\n";
            String input = record.repeat(1_000);
            try (RawRequest request = rig.raw()
                    .beginUpload(
                            "?max-per-group=1000&max-preview-bytes=65536&max-result-bytes=67108864",
                            "Content-Length: " + input.length() + "\r\n")) {
                request.send(input);
                WebRig.await(
                        "the answer lies there",
                        () -> rig.engine.usage().sessions() == 0
                                && rig.engine.usage().memoryReserved() > input.length() / 2);
                rig.awaitBaseline();
            }
        }
    }

    @Test
    void connections_beyondTheLimit_waitUntilAnotherEnds() throws Exception {
        try (WebRig rig = WebRig.start(options -> options.withMaxConnections(2));
                RawRequest first =
                        rig.raw().beginUpload("", "Content-Length: 2\r\n").send("1\n");
                RawRequest second =
                        rig.raw().beginUpload("", "Content-Length: 2\r\n").send("1\n");
                RawRequest third = rig.raw()) {
            assertThat(first.status()).isEqualTo(200);
            assertThat(second.status()).isEqualTo(200);
            third.beginUpload("", "Content-Length: 2\r\n").send("1\n");
            Thread.sleep(Duration.ofMillis(200));
            assertThat(rig.connections()).isEqualTo(2);
            first.close();
            assertThat(third.status()).isEqualTo(200);
        }
    }

    @Test
    void call_beyondTheMemory_isToldToComeBack() throws IOException {
        long memory = ServerOptions.defaults().leastMemoryBytes(WebRig.ENGINE_THREADS);
        try (WebRig rig = WebRig.startWithMemory(memory);
                RawRequest first = rig.raw().beginUpload("", "Content-Length: 2\r\n")) {
            WebRig.await("the first is in", () -> rig.engine.usage().memoryReserved() > 0);
            HttpResponse<String> second = rig.post(PATH, "1\n");
            Problems.assertProblem(second, 503, "ADMISSION_LIMIT");
            assertThat(second.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(first.send("1\n").status()).isEqualTo(200);
            rig.awaitBaseline();
            assertThat(rig.post(PATH, "1\n").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void record_beyondTheMemory_endsItsCallAlone() throws IOException {
        long memory = ServerOptions.defaults().leastMemoryBytes(WebRig.ENGINE_THREADS);
        try (WebRig rig = WebRig.startWithMemory(memory)) {
            String query = "?max-record-bytes=268435456";
            HttpResponse<String> answer = rig.post(PATH + query, "\"" + "x".repeat(20 << 20));
            Problems.assertProblem(answer, 503, "ADMISSION_LIMIT");
            rig.awaitBaseline();
            assertThat(rig.post(PATH, "1\n").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void engine_thatPanics_isAFaultAndTheServerLivesOn() {
        try (WebRig faulty = WebRig.startFaulty()) {
            for (int i = 0; i < 10; i++) {
                HttpResponse<String> answer = faulty.post(PATH + "?label=jassay.fault%3Dpanic", "1\n2\n");
                Problems.assertProblem(answer, 500, "ENGINE_FAULT");
                assertThat(faulty.post(PATH, "1\n").statusCode()).isEqualTo(200);
            }
            faulty.awaitBaseline();
        }
    }

    @Test
    void call_cancelledByItsName_isEndedAndFreed() throws IOException {
        try (WebRig rig = WebRig.start();
                RawRequest request = rig.raw().beginUpload("?call=my-call_1", "Transfer-Encoding: chunked\r\n")) {
            request.chunk("1\n".repeat(200_000));
            WebRig.await("it is judged", () -> rig.engine.usage().sessions() == 1);
            HttpResponse<String> again = rig.post(PATH + "?call=my-call_1", "1\n");
            Problems.assertProblem(again, 409, "CALL_EXISTS");
            assertThat(cancel(rig, "my-call_1").statusCode()).isEqualTo(204);
            assertThat(request.status()).isEqualTo(499);
            assertThat(request.rest()).contains("\"reason\": \"CANCELLED\"", "Connection: close");
            rig.awaitBaseline();
            Problems.assertProblem(cancel(rig, "my-call_1"), 404, "");
            assertThat(rig.post(PATH + "?call=my-call_1", "1\n").statusCode()).isEqualTo(200);
            assertThat(rig.post(PATH + "?call=my-call_1", "1\n").statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64})
    void name_upToItsBound_isTaken(int length) {
        try (WebRig rig = WebRig.start()) {
            assertThat(rig.post(PATH + "?call=" + "a".repeat(length), "1\n").statusCode())
                    .isEqualTo(200);
            Problems.assertProblem(rig.post(PATH + "?call=" + "a".repeat(65), "1\n"), 400, "CONFIG_INVALID", "call");
        }
    }

    @Test
    void calls_manyCancelledAtWork_freeAll() throws IOException {
        try (WebRig rig = WebRig.start()) {
            List<RawRequest> requests = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                RawRequest request = rig.raw().beginUpload("?call=c" + i, "Transfer-Encoding: chunked\r\n");
                requests.add(request.chunk("{\"a\":[1,2,3]}\n".repeat(20_000)));
            }
            WebRig.await("all are open", () -> rig.web.running().size() == requests.size());
            for (int i = 0; i < requests.size(); i++) {
                assertThat(cancel(rig, "c" + i).statusCode()).isEqualTo(204);
            }
            for (RawRequest request : requests) {
                assertThat(request.status()).isEqualTo(499);
                request.close();
            }
            rig.awaitBaseline();
        }
    }

    @Test
    void drain_refusesNewCallsAndLetsRunningOnesEnd() throws Exception {
        try (WebRig rig = WebRig.start(options -> options.withGrace(Duration.ofDays(1)));
                RawRequest running = rig.raw().beginUpload("", "Content-Length: 2\r\nConnection: close\r\n")) {
            WebRig.await("it is in", () -> rig.engine.usage().memoryReserved() > 0);
            CompletableFuture<Void> drained = drain(rig);
            WebRig.await("health says so", () -> rig.get("/healthz").statusCode() == 503);
            Problems.assertProblem(rig.post(PATH, "1\n"), 503, "DRAINING");
            Problems.assertProblem(rig.get("/v1/info"), 503, "DRAINING");
            assertThat(drained).isNotDone();
            assertThat(running.send("1\n").status()).isEqualTo(200);
            assertThat(running.rest()).contains("VERDICT_PASS");
            drained.get(WebRig.LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Test
    void drain_callsThatOutlastTheGrace_areEndedAndFreed() throws Exception {
        try (WebRig rig = WebRig.start(options -> options.withGrace(Duration.ofMillis(1)))) {
            List<RawRequest> requests = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                requests.add(rig.raw()
                        .beginUpload("?call=c" + i, "Content-Length: 10\r\n")
                        .send("1\n"));
            }
            WebRig.await("all are open", () -> rig.web.running().size() == requests.size());
            drain(rig).get(WebRig.LIMIT.toSeconds(), TimeUnit.SECONDS);
            for (RawRequest request : requests) {
                assertThat(request.status()).isEqualTo(503);
                assertThat(request.rest()).contains("\"reason\": \"DRAINING\"");
                request.close();
            }
            assertThat(rig.engine.usage().memoryReserved()).isZero();
        }
    }

    @Test
    void close_callsAtWork_endsThemAll() throws IOException {
        List<RawRequest> requests = new ArrayList<>();
        try (WebRig rig = WebRig.start()) {
            for (int i = 0; i < 20; i++) {
                RawRequest request = rig.raw().beginUpload("?call=c" + i, "Transfer-Encoding: chunked\r\n");
                requests.add(request.chunk("{\"a\":[1,2,3]}\n".repeat(20_000)));
            }
            WebRig.await("all are open", () -> rig.web.running().size() == requests.size());
        }
        for (RawRequest request : requests) {
            assertThat(request.status()).isEqualTo(503);
            assertThat(request.rest()).contains("\"reason\": \"DRAINING\"");
            request.close();
        }
    }

    @Test
    void client_thatExpectsToContinue_sendsNothingWhereItIsRefused() throws IOException {
        try (WebRig rig = WebRig.start()) {
            String expect = "Content-Length: 2\r\nExpect: 100-continue\r\n";
            try (RawRequest taken = rig.raw().beginUpload("", expect)) {
                assertThat(taken.line()).startsWith("HTTP/1.1 100");
                assertThat(taken.line()).isEmpty();
                assertThat(taken.send("1\n").status()).isEqualTo(200);
            }
            try (RawRequest refused = rig.raw().beginUpload("?format=csv", expect)) {
                assertThat(refused.line()).startsWith("HTTP/1.1 400");
                assertThat(refused.rest()).contains("CONFIG_INVALID");
            }
            rig.awaitBaseline();
        }
    }

    @Test
    void problem_ofSeveral_saysHowMany() {
        Problem problem = Problem.configInvalid(
                List.of(new Problem.Violation("a", "is wrong"), new Problem.Violation("b", "too")));
        JsonObject told = Problems.assertProblem(problem.toJson(), 400, "CONFIG_INVALID", "a", "b");
        assertThat(told.get("detail").getAsString()).contains("a: is wrong (and 1 more");
    }

    private static HttpResponse<String> cancel(WebRig rig, String name) {
        return rig.send(rig.request("/v1/calls/" + name).DELETE());
    }

    private static CompletableFuture<Void> drain(WebRig rig) {
        return CompletableFuture.runAsync(() -> {
            try {
                rig.server.drain();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }
}
