package dev.jassay.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jassay.v1.Compression;
import dev.jassay.v1.DuplicateKeys;
import dev.jassay.v1.Format;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.Profile;
import dev.jassay.v1.ProfileScope;
import dev.jassay.v1.Termination;
import dev.jassay.v1.Validation;
import dev.jassay.v1.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that come as the body of a request. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class UploadTest {
    private static final String PATH = "/v1/process";

    /** More than several slabs. */
    private static final byte[] LARGE = WebRig.records(200_000);

    private final WebRig rig = WebRig.start();

    @AfterEach
    void nothingIsLeft() {
        rig.awaitBaseline();
    }

    @AfterAll
    void stop() {
        rig.close();
    }

    @Test
    void upload_withALength_givesWhatTheEngineGives() {
        HttpResponse<String> answer = rig.send(rig.request(PATH).POST(BodyPublishers.ofByteArray(LARGE)));
        assertThat(WebRig.result(answer)).isEqualTo(rig.judge(ProcessConfig.getDefaultInstance(), LARGE));
    }

    @Test
    void upload_inChunks_givesWhatTheEngineGives() {
        assertThat(WebRig.result(rig.postInChunks(PATH, LARGE)))
                .isEqualTo(rig.judge(ProcessConfig.getDefaultInstance(), LARGE));
    }

    @Test
    void upload_withoutABody_isAnEmptyStream() {
        ProcessResult result = WebRig.result(rig.post(PATH, ""));
        assertThat(result.getVerdict()).isEqualTo(Verdict.VERDICT_PASS);
        assertThat(result.getWarningsCount()).isEqualTo(1);
    }

    @Test
    void upload_byteByByte_givesWhatTheEngineGives() throws IOException {
        byte[] records = WebRig.records(20);
        try (RawRequest request = rig.raw().beginUpload("", "Content-Length: " + records.length + "\r\n")) {
            for (byte next : records) {
                request.send(new byte[] {next});
            }
            assertThat(request.status()).isEqualTo(200);
        }
    }

    @Test
    void upload_withParameters_isJudgedByThem() {
        byte[] records = WebRig.records(500);
        HttpResponse<String> answer = rig.send(rig.request(
                        PATH + "?format=ndjson&source=orders&profile=valid&infer-schema&max-depth=5&label=day%3Dmonday"
                                + "&label=shop%3D1&duplicate-keys=allow&part=3&max-per-group=2")
                .POST(BodyPublishers.ofByteArray(records)));
        ProcessConfig.Builder config = ProcessConfig.newBuilder()
                .setFormat(Format.FORMAT_NDJSON)
                .setSource("orders")
                .setProfile(Profile.newBuilder()
                        .setScope(ProfileScope.PROFILE_SCOPE_VALID)
                        .setInferSchema(true))
                .setValidation(
                        Validation.newBuilder().setMaxDepth(5).setDuplicateKeys(DuplicateKeys.DUPLICATE_KEYS_ALLOW))
                .putLabels("day", "monday")
                .putLabels("shop", "1")
                .setPart(3);
        config.getReportBuilder().setMaxPerGroup(2);
        ProcessResult result = WebRig.result(answer);
        assertThat(result).isEqualTo(rig.judge(config.build(), records));
        assertThat(result.getFieldsCount()).isPositive();
        assertThat(result.getLabelsMap()).containsEntry("day", "monday");
    }

    @Test
    void upload_compressed_isToldByItsFirstBytes() throws IOException {
        byte[] packed = gzip(LARGE);
        ProcessResult result = WebRig.result(rig.send(rig.request(PATH).POST(BodyPublishers.ofByteArray(packed))));
        assertThat(result.getCompression()).isEqualTo(Compression.COMPRESSION_GZIP);
        assertThat(result.getCounts().getBytes()).isEqualTo(LARGE.length);
    }

    @Test
    void upload_withAContentEncoding_isDeclaredSo() throws IOException {
        ProcessResult result = WebRig.result(rig.send(rig.request(PATH)
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(gzip("1\n".getBytes(UTF_8))))));
        assertThat(result.getCounts().getValid()).isEqualTo(1);
        ProcessResult plain = WebRig.result(
                rig.send(rig.request(PATH).header("Content-Encoding", "gzip").POST(BodyPublishers.ofString("1\n"))));
        assertThat(plain.getTermination()).isEqualTo(Termination.TERMINATION_CORRUPT_COMPRESSION);
    }

    @Test
    void upload_withAnotherContentEncoding_isRefused() {
        HttpResponse<String> answer =
                rig.send(rig.request(PATH).header("Content-Encoding", "br").POST(BodyPublishers.ofString("1\n")));
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.headers().firstValue("Accept-Encoding")).hasValue("gzip, zstd");
    }

    @Test
    void upload_withTwoWordsOnItsCompression_isRefused() {
        HttpResponse<String> answer = rig.send(rig.request(PATH + "?compression=zstd")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofString("1\n")));
        Problems.assertProblem(answer, 400, "CONFIG_INVALID", "compression");
    }

    @Test
    void connection_afterAnUpload_servesTheNext() throws IOException {
        try (RawRequest request = rig.raw()) {
            for (int i = 0; i < 3; i++) {
                request.beginUpload("", "Content-Length: 2\r\n").send("1\n");
                assertThat(request.status()).isEqualTo(200);
                String line = request.line();
                boolean chunked = false;
                while (!line.isEmpty()) {
                    chunked |= line.equalsIgnoreCase("Transfer-Encoding: chunked");
                    line = request.line();
                }
                assertThat(chunked).isTrue();
                while (!request.line().equals("0")) {
                    // up to the last chunk
                }
                assertThat(request.line()).isEmpty();
            }
        }
    }

    @Test
    void uploads_hundredAtOnce_allGiveTheSame() {
        byte[] records = WebRig.records(20_000);
        ProcessResult expected = rig.judge(ProcessConfig.getDefaultInstance(), records);
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(rig.client.sendAsync(
                    rig.request(PATH).POST(BodyPublishers.ofByteArray(records)).build(), BodyHandlers.ofString()));
        }
        answers.forEach(answer -> assertThat(WebRig.result(answer.join())).isEqualTo(expected));
    }

    @Test
    void result_certainEarly_isAnsweredBeforeTheRestIsRead() throws IOException {
        try (RawRequest request = rig.raw()
                .beginUpload("?format=array", "Content-Length: " + 2 * RequestBody.MAX_DISCARDED_BYTES + "\r\n")
                .send("}" + " ".repeat(1 << 20))) {
            assertThat(request.status()).isEqualTo(200);
            rig.awaitBaselineOfTheEngine();
            // What is still to come is read and thrown away.
            byte[] more = new byte[1 << 20];
            for (long sent = 0; sent < RequestBody.MAX_DISCARDED_BYTES / 4; sent += more.length) {
                request.send(more);
            }
            request.shutdownOutput();
            assertThat(request.rest()).contains("Connection: close", "TERMINATION_UNRECOVERABLE_SYNTAX");
        }
    }

    /** Too little to be judged before more comes, unless nothing does. */
    @ParameterizedTest
    @ValueSource(strings = {"?format=array", "?format=array&call=pauses"})
    void result_certainWhileTheClientPauses_isAnswered(String query) throws IOException {
        try (RawRequest request =
                rig.raw().beginUpload(query, "Content-Length: 1000\r\n").send("[1,2]x")) {
            assertThat(request.status()).isEqualTo(200);
        }
    }

    @Test
    void result_certainEarly_endsTheConnectionPastABound() throws IOException {
        try (RawRequest request = rig.raw().beginUpload("?format=array", "Transfer-Encoding: chunked\r\n")) {
            request.chunk("}");
            String megabyte = " ".repeat(1 << 20);
            IOException ended = null;
            try {
                for (long sent = 0; sent < RequestBody.MAX_DISCARDED_BYTES * 4; sent += megabyte.length()) {
                    request.chunk(megabyte);
                }
            } catch (IOException e) {
                ended = e;
            }
            assertThat(ended).isNotNull();
        }
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }
}
