package dev.jassay.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.JsonFormat;
import dev.jassay.v1.Format;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.Validation;
import dev.jassay.v1.ViolationCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that come as a part, beside a config that does not fit a query. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MultipartTest {
    private static final String PATH = "/v1/process";
    private static final String BOUNDARY = "b0undary";

    private static final ProcessConfig CONFIG = ProcessConfig.newBuilder()
            .setSource("orders")
            .setValidation(Validation.newBuilder()
                    .setSchemaJson("{\"properties\": {\"id\": {\"multipleOf\": 2}}, \"required\": [\"id\"]}"))
            .build();

    private final WebRig rig = WebRig.start();

    private record Part(String name, ByteString content) {
        static Part of(String name, String content) {
            return new Part(name, ByteString.copyFromUtf8(content));
        }
    }

    private static Part records(byte[] content) {
        return new Part("file", ByteString.copyFrom(content));
    }

    @AfterEach
    void nothingIsLeft() {
        rig.awaitBaseline();
    }

    @AfterAll
    void stop() {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 100_000})
    void parts_ofConfigAndFile_giveWhatTheEngineGives(int count) throws IOException {
        byte[] records = WebRig.records(count);
        HttpResponse<String> answer =
                post("", body(Part.of("config", JsonFormat.printer().print(CONFIG)), records(records)));
        ProcessResult result = WebRig.result(answer);
        assertThat(result).isEqualTo(rig.judge(CONFIG, records));
        assertThat(result.getSource()).isEqualTo("orders");
        if (count > 0) {
            assertThat(result.getViolationsList())
                    .anyMatch(violation -> violation.getCode() == ViolationCode.VIOLATION_CODE_SCHEMA);
        }
    }

    /** However the boundaries lie in what comes at once. */
    @Test
    void parts_sentByteByByte_giveWhatTheEngineGives() throws IOException {
        byte[] records = WebRig.records(30);
        byte[] body = body(Part.of("config", JsonFormat.printer().print(CONFIG)), records(records));
        String headers = "Content-Type: multipart/form-data; boundary=" + BOUNDARY + "\r\nContent-Length: "
                + body.length + "\r\nConnection: close\r\n";
        try (RawRequest request = rig.raw().beginUpload("", headers)) {
            for (byte next : body) {
                request.send(new byte[] {next});
            }
            String answer = request.rest();
            String json = answer.substring(answer.indexOf('{'), answer.lastIndexOf('}') + 1);
            assertThat(WebRig.result(json)).isEqualTo(rig.judge(CONFIG, records));
        }
    }

    /** What looks like a boundary in part. */
    @Test
    void file_fullOfHalfBoundaries_isTakenAsItIs() throws IOException {
        byte[] records = ("\"\r\n--b0undar\"\n" + "\"--b0undary\"\n\r\n--b0und\r\r\n-")
                .repeat(5_000)
                .getBytes(UTF_8);
        assertThat(WebRig.result(post("", body(records(records)))))
                .isEqualTo(rig.judge(ProcessConfig.getDefaultInstance(), records));
    }

    @Test
    void file_alone_isJudgedByTheQuery() throws IOException {
        ProcessResult result = WebRig.result(post("?source=x&max-depth=1", body(Part.of("file", "{\"a\":[]}\n{}\n"))));
        assertThat(result.getSource()).isEqualTo("x");
        assertThat(result.getCounts().getInvalid()).isEqualTo(1);
    }

    @Test
    void query_goesBeforeTheConfig() throws IOException {
        ProcessResult result = WebRig.result(post(
                "?source=query",
                body(
                        Part.of("config", "{\"source\": \"config\", \"format\": \"FORMAT_ARRAY\"}"),
                        Part.of("file", "[1]"))));
        assertThat(result.getSource()).isEqualTo("query");
        assertThat(result.getFormat()).isEqualTo(Format.FORMAT_ARRAY);
    }

    @Test
    void schema_largerThanAHeader_isTaken() throws IOException {
        String schema = "{\"description\": \"" + "x".repeat(3 << 20) + "\", \"type\": \"integer\"}";
        ProcessConfig config = ProcessConfig.newBuilder()
                .setValidation(Validation.newBuilder().setSchemaJson(schema))
                .build();
        ProcessResult result = WebRig.result(post(
                "", body(Part.of("config", JsonFormat.printer().print(config)), Part.of("file", "1\n\"a\"\n"))));
        assertThat(result.getCounts().getSchemaInvalid()).isEqualTo(1);
    }

    /** However long the server works: only its client can be idle. */
    @Test
    void config_workedOnForLongerThanTheIdleTime_isTaken() throws Exception {
        try (WebRig slow = WebRig.start(options -> options.withIdle(Duration.ofSeconds(1)))) {
            String config = "{\"source\": \"x\"" + " ".repeat(1 << 20) + "}";
            byte[] body = body(Part.of("config", config), Part.of("file", "1\n"));
            CompletableFuture<HttpResponse<String>> answer;
            slow.web.room().turn().lock();
            try {
                answer = slow.client.sendAsync(request(slow, "", body).build(), BodyHandlers.ofString());
                WebRig.await(
                        "it waits for its turn", () -> slow.web.room().turn().hasQueuedThreads());
                Thread.sleep(Duration.ofMillis(2_500));
            } finally {
                slow.web.room().turn().unlock();
            }
            assertThat(WebRig.result(answer.get()).getCounts().getValid()).isEqualTo(1);
        }
    }

    @Test
    void result_certainBeforeTheEnd_isAnswered() throws IOException {
        HttpResponse<String> answer = post("?format=array", body(Part.of("file", "}" + " ".repeat(30 << 20))));
        assertThat(WebRig.result(answer).getStoppedAt()).isZero();
    }

    /** As soon as there is nothing more to read, or after a while, where it is too little for that. */
    @ParameterizedTest
    @ValueSource(ints = {1 << 19, 100})
    void result_certainWhileTheClientPauses_isAnswered(int blanks) throws IOException {
        String begun =
                "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n}" + " ".repeat(blanks);
        String headers = "Content-Type: Multipart/Form-Data; Boundary=" + BOUNDARY + "\r\nContent-Length: "
                + 2 * begun.length() + "\r\n";
        try (RawRequest request =
                rig.raw().beginUpload("?format=array", headers).send(begun)) {
            assertThat(request.status()).isEqualTo(200);
        }
    }

    /** Not one byte of it. */
    @Test
    void file_empty_isJudgedByTheQuery() throws IOException {
        ProcessResult result = WebRig.result(post("?source=x&format=document", body(Part.of("file", ""))));
        assertThat(result.getSource()).isEqualTo("x");
        assertThat(result.getFormat()).isEqualTo(Format.FORMAT_DOCUMENT);
    }

    @Test
    void config_afterTheFile_isOutOfOrder() throws IOException {
        Problems.assertProblem(
                post("", body(Part.of("file", "1\n"), Part.of("config", "{}"))), 400, "CONFIG_OUT_OF_ORDER");
        Problems.assertProblem(
                post("", body(Part.of("config", "{}"), Part.of("config", "{}"), Part.of("file", "1\n"))),
                400,
                "CONFIG_OUT_OF_ORDER");
    }

    @Test
    void parts_otherThanTheTwo_areRefused() throws IOException {
        Problems.assertProblem(post("", body(Part.of("other", "1\n"))), 400, "MESSAGE_INVALID");
        Problems.assertProblem(post("", body(Part.of("config", "{}"))), 400, "MESSAGE_INVALID");
        Problems.assertProblem(post("", body(Part.of("file", "1\n"), Part.of("file", "1\n"))), 400, "MESSAGE_INVALID");
        Problems.assertProblem(
                post(
                        "",
                        body(
                                Part.of("config", "{}"),
                                Part.of("file", "1\n"),
                                Part.of("more", "1"),
                                Part.of("most", "1"))),
                400,
                "MESSAGE_INVALID");
    }

    @Test
    void body_withoutItsLastBoundary_isRefused() throws IOException {
        String whole = new String(body(Part.of("file", "1\n")), UTF_8);
        for (String cut : List.of("", whole.substring(0, 20), whole.substring(0, whole.length() - 10))) {
            Problems.assertProblem(post("", cut.getBytes(UTF_8)), 400, "MESSAGE_INVALID");
        }
    }

    @Test
    void body_withoutABoundary_isRefused() {
        HttpResponse<String> answer = rig.send(
                rig.request(PATH).header("Content-Type", "multipart/form-data").POST(BodyPublishers.ofString("1\n")));
        Problems.assertProblem(answer, 400, "MESSAGE_INVALID");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "{} {}",
                "{\"format\": 1.5}",
                "nonsense",
                "{\"validation\": {\"maxRecordBytes\": \"1e999999999\"}}"
            })
    void config_thatIsNone_isRefused(String config) throws IOException {
        Problems.assertProblem(
                post("", body(Part.of("config", config), Part.of("file", "1\n"))), 400, "MESSAGE_INVALID");
    }

    @Test
    void config_nestedWithoutEnd_isRefused() throws IOException {
        Problems.assertProblem(
                post("", body(Part.of("config", "[".repeat(1 << 20)), Part.of("file", "1\n"))), 400, "MESSAGE_INVALID");
    }

    @Test
    void config_withUnknownOrRepeatedFields_namesThem() throws IOException {
        String unknown = "{\"sorce\": \"x\", \"validation\": {\"maxdepth\": 1}}";
        Problems.assertProblem(
                post("", body(Part.of("config", unknown), Part.of("file", "1\n"))),
                400,
                "CONFIG_INVALID",
                "sorce",
                "validation.maxdepth");
        Problems.assertProblem(
                post("", body(Part.of("config", "{\"source\": \"x\", \"source\": \"y\"}"), Part.of("file", "1\n"))),
                400,
                "CONFIG_INVALID",
                "source");
    }

    @Test
    void config_outOfItsRange_namesTheField() throws IOException {
        Problems.assertProblem(
                post("", body(Part.of("config", "{\"validation\": {\"maxDepth\": 5000}}"), Part.of("file", "1\n"))),
                400,
                "CONFIG_INVALID",
                "validation.max_depth");
    }

    @Test
    void schema_thatCannotBeJudgedBy_isRefused() throws IOException {
        String config = "{\"validation\": {\"schemaJson\": \"{\\\"type\\\": 1}\"}}";
        Problems.assertProblem(
                post("", body(Part.of("config", config), Part.of("file", "1\n"))),
                400,
                "SCHEMA_INVALID",
                "validation.schema_json");
        String unresolved = "{\"validation\": {\"schemaJson\": \"{\\\"$ref\\\": \\\"http://x.example/y\\\"}\"}}";
        HttpResponse<String> answer = post("", body(Part.of("config", unresolved), Part.of("file", "1\n")));
        assertThat(answer.body()).contains("SCHEMA_REF_UNRESOLVED");
    }

    @Test
    void config_upToItsBound_isTaken() throws IOException {
        String config = "{\"source\": \"x\"" + " ".repeat(ConfigRoom.MAX_CONFIG_BYTES - 15) + "}";
        assertThat(config).hasSize(ConfigRoom.MAX_CONFIG_BYTES);
        assertThat(post("", body(Part.of("config", config), Part.of("file", "1\n")))
                        .statusCode())
                .isEqualTo(200);
        Problems.assertProblem(
                post("", body(Part.of("config", config + " "), Part.of("file", "1\n"))),
                400,
                "CONFIG_INVALID",
                "config");
    }

    @Test
    void configs_beyondTheRoom_areToldToComeBackWhileSmallOnesGoOn() throws IOException {
        ConfigRoom room = new ConfigRoom();
        byte[] large = new byte[ConfigRoom.MAX_CONFIG_BYTES];
        int holders = 0;
        try (ConfigPart small = new ConfigPart(room);
                ConfigPart refused = new ConfigPart(room)) {
            List<ConfigPart> held = new ArrayList<>();
            while (room.free() >= ConfigRoom.stepsOf(large.length) * (64 << 10)) {
                ConfigPart part = new ConfigPart(room);
                part.append(ByteBuffer.wrap(large));
                held.add(part);
                holders++;
            }
            assertThatThrownBy(() -> refused.append(ByteBuffer.wrap(large)))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.problem().reason()).hasValue("ADMISSION_LIMIT"));
            small.append(ByteBuffer.wrap("{}".getBytes(UTF_8)));
            assertThat(small.config()).isEqualTo(ProcessConfig.getDefaultInstance());
            held.forEach(ConfigPart::close);
        } catch (ProblemException e) {
            throw new AssertionError(e);
        }
        assertThat(holders).isEqualTo(8);
        assertThat(room.free()).isEqualTo(ConfigRoom.ROOM_BYTES);
    }

    private HttpResponse<String> post(String query, byte[] body) {
        return rig.send(request(rig, query, body));
    }

    private static HttpRequest.Builder request(WebRig rig, String query, byte[] body) {
        return rig.request(PATH + query)
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(BodyPublishers.ofByteArray(body));
    }

    private static byte[] body(Part... parts) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Part part : parts) {
            body.write(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + part.name()
                            + "\"; filename=\"a.json\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                    .getBytes(UTF_8));
            part.content().writeTo(body);
            body.write("\r\n".getBytes(UTF_8));
        }
        body.write(("--" + BOUNDARY + "--\r\n").getBytes(UTF_8));
        return body.toByteArray();
    }
}
