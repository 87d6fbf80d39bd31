package dev.jassay.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import dev.jassay.v1.GetServerInfoResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be got: the page's files, and what the server says of itself. The files here are of the tests alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PageTest {
    private static final String FILE = "/test/sample.js";

    private final WebRig rig = WebRig.start();

    @AfterAll
    void stop() {
        rig.awaitBaseline();
        rig.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/test/sample.js,text/javascript;charset=utf-8",
        "/test/sample.css,text/css;charset=utf-8",
        "/test/sample.svg,image/svg+xml"
    })
    void file_asked_comesWithItsTypeAndStrictHeaders(String path, String type) {
        HttpResponse<String> answer = rig.get(path);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue(type);
        assertThat(answer.headers().firstValue("Content-Security-Policy"))
                .hasValue("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                        + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(answer.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
        assertThat(answer.headers().firstValue("Server")).isEmpty();
        assertThat(answer.body()).contains("sample");
    }

    @Test
    void file_knownToTheClient_isNotSentAgain() {
        String tag = rig.get(FILE).headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> same = rig.send(rig.request(FILE).header("If-None-Match", "\"other\", " + tag));
        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        HttpResponse<String> other = rig.send(rig.request(FILE).header("If-None-Match", "\"other\""));
        assertThat(other.statusCode()).isEqualTo(200);
    }

    @Test
    void file_askedByWhoCanUnpackIt_comesPacked() throws IOException {
        HttpResponse<byte[]> packed = rig.send(
                rig.request(FILE).header("Accept-Encoding", "br;q=1.0, gzip;q=0.8"), BodyHandlers.ofByteArray());
        assertThat(packed.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(packed.headers().firstValue("Vary")).hasValue("Accept-Encoding");
        HttpResponse<String> plain = rig.send(rig.request(FILE).header("Accept-Encoding", "gzip;q=0, br"));
        assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(plain.headers().firstValue("Vary")).hasValue("Accept-Encoding");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes())
                .asString(UTF_8)
                .isEqualTo(plain.body());
    }

    @Test
    void file_askedForItsHead_hasNoBody() {
        HttpResponse<String> answer = rig.send(rig.request(FILE).HEAD());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValueAsLong("Content-Length"))
                .hasValue(rig.get(FILE).body().length());
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/test",
                "/test/",
                "/test/other.js",
                "/test/sample.class",
                "/test/.hidden.js",
                "/.js",
                "/test/../../WebServer.class",
                "/../Routes.class",
                "/%2e%2e/sample.js",
                "/test/%2e%2e/%2e%2e/Routes.class",
                "/test%2fsample.js",
                "/test%5csample.js",
                "/test//sample.js",
                "/test/sample.js%00.css"
            })
    void path_thatIsNoFile_givesNothing(String path) throws IOException {
        try (RawRequest request = rig.raw().send("GET " + path + " HTTP/1.1\r\nHost: " + rig.host() + "\r\n\r\n")) {
            assertThat(request.status()).isIn(400, 404);
        }
    }

    @Test
    void info_isWhatGrpcTells() throws IOException {
        HttpResponse<String> answer = rig.get("/v1/info");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        GetServerInfoResponse.Builder info = GetServerInfoResponse.newBuilder();
        JsonFormat.parser().merge(answer.body(), info);
        assertThat(info.build()).isEqualTo(rig.server.processCalls().info());
        assertThat(info.getThreads()).isEqualTo(WebRig.ENGINE_THREADS);
    }

    @Test
    void health_whileServing_isOk() {
        HttpResponse<String> answer = rig.get("/healthz");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("ok");
    }
}
