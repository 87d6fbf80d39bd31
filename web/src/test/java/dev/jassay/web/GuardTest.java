package dev.jassay.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is served: those that mean this server, and no pages of others. And what a request may be. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GuardTest {
    private final WebRig rig = WebRig.start();

    @AfterEach
    void nothingIsLeft() {
        rig.awaitBaseline();
    }

    @AfterAll
    void stop() {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:PORT", "LOCALHOST:PORT", "127.0.0.1:PORT", "[::1]:PORT"})
    void host_ofTheLoopbackAddress_isServed(String host) throws IOException {
        assertThat(status("GET /healthz HTTP/1.1", "Host: " + host)).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example:PORT",
                "localhost",
                "localhost:1",
                "localhost.evil.example:PORT",
                "127.0.0.1.evil.example:PORT",
                "[::2]:PORT"
            })
    void host_ofAnotherServer_isRefused(String host) throws IOException {
        assertThat(status("GET /healthz HTTP/1.1", "Host: " + host)).isEqualTo(421);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host: a b", "Host: localhost:PORT\r\nHost: localhost:PORT", "X-None: 1", "Host:"})
    void host_missingOrWrong_isNoRequest(String header) throws IOException {
        assertThat(status("GET /healthz HTTP/1.1", header)).isIn(400, 421);
    }

    @Test
    void host_missingInOldHttp_isRefused() throws IOException {
        assertThat(status("GET /healthz HTTP/1.0", "X-None: 1")).isEqualTo(421);
    }

    @Test
    void target_ofAnotherServer_isRefused() throws IOException {
        assertThat(status("GET http://evil.example/healthz HTTP/1.1", "Host: localhost:PORT"))
                .isIn(400, 421);
        assertThat(status("GET http://localhost:PORT/healthz HTTP/1.1", "Host: localhost:PORT"))
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:PORT", "http://127.0.0.1:PORT"})
    void origin_ofTheServer_isServed(String origin) throws IOException {
        assertThat(status("GET /healthz HTTP/1.1", "Host: localhost:PORT", "Origin: " + origin))
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "http://evil.example",
                "https://localhost:PORT",
                "http://localhost",
                "http://localhost:1",
                "http://evil.example:PORT",
                "file://"
            })
    void origin_ofAnother_isRefused(String origin) throws IOException {
        assertThat(status(
                        "POST /v1/process HTTP/1.1", "Host: localhost:PORT", "Content-Length: 0", "Origin: " + origin))
                .isEqualTo(403);
        assertThat(status("DELETE /v1/calls/a HTTP/1.1", "Host: localhost:PORT", "Origin: " + origin))
                .isEqualTo(403);
    }

    @Test
    void wildcard_anyHost_isServedWithItsOwnOriginOnly() throws UnknownHostException {
        AllowedHosts hosts = AllowedHosts.of(new InetSocketAddress(InetAddress.getByAddress(new byte[4]), 0), 8080);
        assertThat(hosts.allowsHost("data.example:8080")).isTrue();
        assertThat(hosts.allowsOrigin("http://data.example:8080", "data.example:8080"))
                .isTrue();
        assertThat(hosts.allowsOrigin("http://data.example", "data.example:80")).isTrue();
        assertThat(hosts.allowsOrigin("http://evil.example:8080", "data.example:8080"))
                .isFalse();
        assertThat(hosts.allowsOrigin("null", "data.example:8080")).isFalse();
    }

    @Test
    void address_thatIsNotLoopback_isServedUnderItsNameAlone() throws UnknownHostException {
        InetAddress address = InetAddress.getByAddress("data.example", new byte[] {(byte) 192, 0, 2, 1});
        AllowedHosts hosts = AllowedHosts.of(new InetSocketAddress(address, 0), 80);
        assertThat(hosts.allowsHost("data.example")).isTrue();
        assertThat(hosts.allowsHost("192.0.2.1:80")).isTrue();
        assertThat(hosts.allowsHost("localhost:80")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/process,GET,POST",
        "/v1/process,PUT,POST",
        "/v1/process,OPTIONS,POST",
        "/v1/info,POST,'GET, HEAD'",
        "/healthz,DELETE,'GET, HEAD'",
        "/v1/calls/a,GET,DELETE"
    })
    void method_thatIsNotForThePath_isToldWhichAre(String path, String method, String allowed) {
        HttpResponse<String> answer =
                rig.send(rig.request(path).method(method, BodyPublishers.ofString("x".repeat(8 << 20))));
        Problems.assertProblem(answer, 405, "");
        assertThat(answer.headers().firstValue("Allow")).hasValue(allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/proces", "/v1/", "/v2/process", "/v1/calls/", "/v1/calls/a/b", "/v1/calls/a%20b"})
    void path_thatIsUnknown_isNotFound(String path) {
        Problems.assertProblem(rig.get(path), 404, "");
    }

    @Test
    void headers_upToTheirBound_areTaken() throws IOException {
        assertThat(status(
                        "GET /healthz HTTP/1.1",
                        "Host: localhost:PORT",
                        "X: " + "x".repeat(WebServer.MAX_HEADER_BYTES - 200)))
                .isEqualTo(200);
    }

    @Test
    void headers_beyondTheirBound_areAProblem() throws IOException {
        try (RawRequest request = rig.raw()
                .send("GET /healthz HTTP/1.1\r\nHost: localhost:"
                        + rig.web.address().getPort() + "\r\nX: " + "x".repeat(WebServer.MAX_HEADER_BYTES)
                        + "\r\n\r\n")) {
            assertThat(request.status()).isEqualTo(431);
            String rest = request.rest();
            assertThat(rest).contains("application/problem+json");
            Problems.assertProblem(rest.substring(rest.indexOf('{')), 431, "");
        }
    }

    @Test
    void target_beyondTheBound_isAProblem() throws IOException {
        assertThat(status("GET /" + "x".repeat(WebServer.MAX_HEADER_BYTES) + " HTTP/1.1", "Host: localhost:PORT"))
                .isEqualTo(414);
    }

    private int status(String... lines) throws IOException {
        String text = (String.join("\r\n", lines) + "\r\n\r\n")
                .replace("PORT", Integer.toString(rig.web.address().getPort()));
        try (RawRequest request = rig.raw().send(text)) {
            return request.status();
        }
    }
}
