package dev.jassay.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import dev.jassay.engine.ConfigException;
import dev.jassay.engine.Engine;
import dev.jassay.engine.EngineOptions;
import dev.jassay.engine.EngineUsage;
import dev.jassay.engine.Plan;
import dev.jassay.engine.Session;
import dev.jassay.engine.Slab;
import dev.jassay.server.JassayServer;
import dev.jassay.server.ListenException;
import dev.jassay.server.ServerOptions;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.io.ArrayByteBufferPool;

/** Whole servers, of gRPC and of HTTP, on free ports of the loopback address, with their engine, and a client. */
final class WebRig implements AutoCloseable {
    /** Far more than anything here takes. */
    static final Duration LIMIT = Duration.ofSeconds(60);

    static final int ENGINE_THREADS = 2;

    /** For a hundred calls and some. */
    static final long MEMORY_BYTES = 1L << 30;

    private static final long POLL_NANOS = 1_000_000;

    final Engine engine;
    final JassayServer server;
    final WebServer web;
    final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();

    private final EngineUsage baseline;

    private WebRig(EngineOptions engineOptions, ServerOptions options) {
        this.engine = Engine.open(engineOptions);
        try {
            this.server = JassayServer.start(engine, options);
            this.web = WebServer.start(server.processCalls(), anyPort());
        } catch (ListenException e) {
            throw new AssertionError(e);
        }
        this.baseline = engine.usage();
    }

    static WebRig start() {
        return start(UnaryOperator.identity());
    }

    static WebRig start(UnaryOperator<ServerOptions> change) {
        return new WebRig(EngineOptions.of(ENGINE_THREADS, MEMORY_BYTES), change.apply(options()));
    }

    static WebRig startWithMemory(long bytes) {
        return new WebRig(EngineOptions.of(ENGINE_THREADS, bytes), options());
    }

    /** With a library in which a label of the config makes the judge panic. */
    static WebRig startFaulty() {
        Path library = Path.of(System.getProperty("jassay.test.faultyEngineFolder"), System.mapLibraryName("jassay"));
        return new WebRig(new EngineOptions(ENGINE_THREADS, MEMORY_BYTES, Optional.of(library)), options());
    }

    static ServerOptions options() {
        return ServerOptions.defaults().withListen(List.of(anyPort())).withGrace(Duration.ZERO);
    }

    static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    String host() {
        return "127.0.0.1:" + web.address().getPort();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + host() + path)).timeout(LIMIT);
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    HttpResponse<String> post(String path, String body) {
        return send(request(path).POST(BodyPublishers.ofString(body)));
    }

    /** With an upload of unknown length, so in chunks. */
    HttpResponse<String> postInChunks(String path, byte[] body) {
        BodyPublisher publisher = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
        return send(request(path).POST(publisher));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        return send(request, BodyHandlers.ofString());
    }

    <T> HttpResponse<T> send(HttpRequest.Builder request, BodyHandler<T> body) {
        try {
            return client.send(request.build(), body);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    RawRequest raw() {
        return new RawRequest(web.address());
    }

    int connections() {
        return web.server().getConnectors()[0].getConnectedEndPoints().size();
    }

    /** The result of an answer that has one, apart from timing and provenance. */
    static ProcessResult result(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        return result(answer.body());
    }

    static ProcessResult result(String json) {
        ProcessResult.Builder result = ProcessResult.newBuilder();
        try {
            JsonFormat.parser().merge(json, result);
        } catch (IOException e) {
            throw new AssertionError(json, e);
        }
        assertThat(result.hasTiming()).isTrue();
        assertThat(result.hasProvenance()).isTrue();
        return result.clearTiming().clearProvenance().build();
    }

    /** What the engine itself gives, likewise. */
    ProcessResult judge(ProcessConfig config, byte[] input) {
        try (Plan plan = engine.compile(config.toByteArray());
                Session session = engine.newSession(plan);
                Slab slab = engine.slabs().acquire()) {
            for (ByteBuffer left = ByteBuffer.wrap(input); left.hasRemaining(); slab.clear()) {
                slab.put(left);
                var _ = session.feed(slab);
            }
            return ProcessResult.parseFrom(session.finish()).toBuilder()
                    .clearTiming()
                    .clearProvenance()
                    .build();
        } catch (ConfigException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Records of which a tenth are faulty. */
    static byte[] records(int count) {
        StringBuilder records = new StringBuilder();
        for (int i = 0; i < count; i++) {
            records.append("{\"id\": ")
                    .append(i)
                    .append(", \"price\": ")
                    .append(i % 10 == 0 ? "09" : "9")
                    .append(".50, \"tags\": [\"a\", \"b\"]}\n");
        }
        return records.toString().getBytes(UTF_8);
    }

    /** Nothing is held any more by any call: not by the engine, not by the connections. */
    void awaitBaseline() {
        awaitBaselineOfTheEngine();
        ArrayByteBufferPool buffers = (ArrayByteBufferPool) web.server().getByteBufferPool();
        await("buffers are back", () -> buffers.getAvailableDirectMemory() == buffers.getDirectMemory());
        await("names are free", () -> web.running().size() == 0);
    }

    void awaitBaselineOfTheEngine() {
        await("sessions, plans and memory are back", () -> engine.usage().equals(baseline));
        await("slabs are back", () -> engine.slabs().idle() == engine.slabs().allocated());
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        server.close();
        web.close();
        assertThat(engine.usage().memoryReserved()).isZero();
        assertThat(engine.usage().sessions()).isZero();
        assertThat(engine.slabs().idle()).isEqualTo(engine.slabs().allocated());
        engine.close();
    }
}
