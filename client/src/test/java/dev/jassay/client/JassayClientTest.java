package dev.jassay.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.jassay.engine.Engine;
import dev.jassay.engine.EngineOptions;
import dev.jassay.server.JassayServer;
import dev.jassay.server.ListenException;
import dev.jassay.server.ServerOptions;
import dev.jassay.v1.CheckSchemaRequest;
import dev.jassay.v1.CheckSchemaResponse;
import dev.jassay.v1.Format;
import dev.jassay.v1.GetServerInfoResponse;
import dev.jassay.v1.MergeConfig;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.Profile;
import dev.jassay.v1.Provenance;
import dev.jassay.v1.Report;
import dev.jassay.v1.Termination;
import dev.jassay.v1.Timing;
import dev.jassay.v1.Validation;
import dev.jassay.v1.Verdict;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.Channels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client against a real server in this process. */
@NullMarked
@Timeout(120)
final class JassayClientTest {
    private static final ProcessConfig DEFAULTS = ProcessConfig.getDefaultInstance();
    private static final long PATIENCE_NANOS = SECONDS.toNanos(30);

    private final Engine engine = Engine.open(EngineOptions.of(2, 512L << 20));
    private final JassayServer server;
    private final JassayClient client;

    JassayClientTest() throws ListenException {
        this.server = JassayServer.start(
                engine,
                ServerOptions.defaults()
                        .withListen(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))));
        this.client = JassayClient.connect(address());
    }

    private String address() {
        return "127.0.0.1:" + server.addresses().getFirst().getPort();
    }

    @BeforeEach
    void expectAnEmptyServer() {
        awaitNoSessions();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        engine.close();
    }

    @Test
    void merge_statesOfParts_isTheResultOfTheWhole() throws Exception {
        List<String> parts = List.of("{\"a\":1}\n{\"a\":}\n", "{\"b\":2}\n");
        ByteString states = ByteString.EMPTY;
        for (int part : new int[] {1, 0}) {
            ProcessConfig config = ProcessConfig.newBuilder()
                    .setPart(part)
                    .setProfile(Profile.newBuilder().setWithState(true))
                    .build();
            states =
                    states.concat(client.process(config, bytes(parts.get(part))).getState());
        }
        ProcessResult whole = client.process(DEFAULTS, bytes(String.join("", parts)));
        ProcessOptions small = ProcessOptions.defaults().withChunkBytes(100);
        ProcessResult merged = client.merge(MergeConfig.getDefaultInstance(), states.newInput(), small);
        assertThat(comparable(merged))
                .isEqualTo(
                        comparable(whole).toBuilder().clearInvalidOverStream().build());

        MergeConfig withState = MergeConfig.newBuilder().setWithState(true).build();
        ProcessResult again = client.merge(withState, Channels.newChannel(states.newInput()), small);
        assertThat(again.getState()).isNotEmpty();

        JassayException refused = catchThrowableOfType(
                JassayException.class,
                () -> client.merge(
                        withState, again.getState().concat(again.getState()).newInput(), small));
        assertThat(refused.reason()).contains("STATE_INCOMPATIBLE");
        assertThat(refused).hasMessageContaining("each part once");
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    /** What a call holds is given back soon after it has ended, but not before its client knows. */
    private void awaitNoSessions() {
        await(() -> engine.usage().sessions() == 0);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("given up waiting").isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static String lines(int count) {
        return IntStream.range(0, count)
                .mapToObj(
                        line -> line % 100 == 99 ? "{\"n\":" + line + ",}" : "{\"n\":" + line + ",\"text\":\"grüße\"}")
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static ProcessResult comparable(ProcessResult result) {
        return result.toBuilder()
                .setTiming(Timing.getDefaultInstance())
                .setProvenance(Provenance.getDefaultInstance())
                .build();
    }

    @Test
    void process_recordsSomeInvalid_countsAndLocatesThem() throws IOException, InterruptedException {
        ProcessResult result = client.process(DEFAULTS, Sources.of("{\"a\":1}\n{\"a\":01}\n"));

        assertThat(result.getVerdict()).isEqualTo(Verdict.VERDICT_FAIL);
        assertThat(result.getCounts().getRecords()).isEqualTo(2);
        assertThat(result.getViolations(0).getLine()).isEqualTo(2);
        assertThat(result.getViolations(0).getErrorOffset()).isEqualTo(14);
    }

    @Test
    void process_emptySource_passes() throws IOException, InterruptedException {
        assertThat(client.process(DEFAULTS, InputStream.nullInputStream()).getVerdict())
                .isEqualTo(Verdict.VERDICT_PASS);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1_000, ProcessOptions.DEFAULT_CHUNK_BYTES, ProcessOptions.MAX_CHUNK_BYTES})
    void process_chunksOfAnySize_giveTheSameResult(int chunkBytes) throws IOException, InterruptedException {
        String text = chunkBytes < 100 ? lines(300) : lines(200_000);
        ProcessResult expected = client.process(DEFAULTS, Sources.of(text));
        ProcessOptions options = ProcessOptions.defaults().withChunkBytes(chunkBytes);

        assertThat(comparable(client.process(DEFAULTS, Sources.of(text), options)))
                .isEqualTo(comparable(expected));
    }

    @Test
    void process_channel_givesTheResultOfTheStream() throws IOException, InterruptedException {
        String text = lines(1_000);
        ProcessResult fromChannel =
                client.process(DEFAULTS, Channels.newChannel(Sources.of(text)), ProcessOptions.defaults());

        assertThat(comparable(fromChannel)).isEqualTo(comparable(client.process(DEFAULTS, Sources.of(text))));
    }

    @Test
    void process_overChannelThatMayKeepMessages_givesTheSameResult() throws IOException, InterruptedException {
        String text = lines(100_000);
        ManagedChannel channel =
                NettyChannelBuilder.forTarget(address()).usePlaintext().build();
        try (JassayClient other = JassayClient.over(channel)) {
            assertThat(comparable(other.process(DEFAULTS, Sources.of(text))))
                    .isEqualTo(comparable(client.process(DEFAULTS, Sources.of(text))));
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void process_manyCallsAtOnce_eachGetsItsOwnResult() {
        List<CompletableFuture<ProcessResult>> results = IntStream.rangeClosed(1, 32)
                .mapToObj(count -> client.processAsync(
                        DEFAULTS.toBuilder().setSource("s" + count).build(),
                        Sources.of(lines(count * 100)),
                        ProcessOptions.defaults().withChunkBytes(1_000)))
                .toList();
        for (int count = 1; count <= results.size(); count++) {
            ProcessResult result = results.get(count - 1).join();
            assertThat(result.getSource()).isEqualTo("s" + count);
            assertThat(result.getCounts().getInvalid()).isEqualTo(count);
        }
    }

    @Test
    void process_resultLargerThanGrpcTakesByDefault_arrives() throws IOException, InterruptedException {
        int paths = 30;
        String filler = "x".repeat(500);
        String text = IntStream.range(0, 500 * paths)
                .mapToObj(line -> "{\"" + filler + "\":0,\"k" + line % paths + "\":x}\n")
                .collect(Collectors.joining());
        ProcessConfig config = ProcessConfig.newBuilder()
                .setReport(Report.newBuilder()
                        .setMaxViolations(100_000)
                        .setMaxPerGroup(1_000)
                        .setMaxPreviewBytes(1_000)
                        .setMaxResultBytes(64 << 20))
                .build();

        ProcessResult result = client.process(config, Sources.of(text));

        assertThat(result.getViolationsCount()).isEqualTo(500 * paths);
        assertThat(result.getSerializedSize()).isGreaterThan(4 << 20);
    }

    @Test
    void progress_isToldWhatWasSent() throws IOException, InterruptedException {
        byte[] bytes = lines(10_000).getBytes(UTF_8);
        List<Long> told = new ArrayList<>();
        ProcessOptions options =
                ProcessOptions.defaults().withChunkBytes(100_000).withProgress(told::add);

        client.process(DEFAULTS, Sources.of(lines(10_000)), options);

        assertThat(told).isSorted().hasSizeGreaterThan(1);
        assertThat(told.getLast()).isEqualTo(bytes.length);
    }

    @Test
    void progress_thatThrows_endsTheCall() {
        ProcessOptions options = ProcessOptions.defaults().withProgress(sent -> {
            throw new IllegalStateException("enough");
        });
        assertThatThrownBy(() -> client.process(DEFAULTS, Sources.of("{}"), options))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("enough");
        awaitNoSessions();
    }

    @Test
    void result_thatComesWhileTheSourceBlocks_isGivenBack() throws IOException, InterruptedException {
        // As much as the server collects before it judges, and more.
        Sources.Blocking source = new Sources.Blocking("x".repeat(4 << 20));
        ProcessConfig config =
                ProcessConfig.newBuilder().setFormat(Format.FORMAT_ARRAY).build();

        ProcessResult result = client.process(config, source);

        assertThat(result.getTermination()).isEqualTo(Termination.TERMINATION_UNRECOVERABLE_SYNTAX);
        source.end.countDown();
    }

    @Test
    void result_thatComesBeforeTheEnd_stopsTheSending() throws IOException, InterruptedException {
        Sources.Endless source = new Sources.Endless("[] x");
        ProcessConfig config =
                ProcessConfig.newBuilder().setFormat(Format.FORMAT_ARRAY).build();

        ProcessResult result = client.process(config, source);

        assertThat(result.getTermination()).isEqualTo(Termination.TERMINATION_UNRECOVERABLE_SYNTAX);
        assertThat(result.getStoppedAt()).isEqualTo(3);
    }

    @Test
    void cancel_ofTheFuture_cancelsTheCall() throws InterruptedException {
        Sources.Blocking source = new Sources.Blocking("{}\n");
        CompletableFuture<ProcessResult> result = client.processAsync(DEFAULTS, source, ProcessOptions.defaults());
        source.blocked.await();
        await(() -> engine.usage().sessions() == 1);

        result.cancel(true);

        assertThatThrownBy(result::join).isInstanceOf(CancellationException.class);
        awaitNoSessions();
        source.end.countDown();
    }

    @Test
    void cancel_whileSending_stopsReadingTheSource() {
        Sources.Endless source = new Sources.Endless("{}");
        CompletableFuture<ProcessResult> result = client.processAsync(DEFAULTS, source, ProcessOptions.defaults());
        await(() -> source.taken.get() > 1 << 20);

        result.cancel(true);
        awaitNoSessions();
        await(() -> {
            long taken = source.taken.get();
            LockSupport.parkNanos(1_000_000);
            return taken == source.taken.get();
        });
    }

    @Test
    void interrupt_ofWhoWaits_cancelsTheCall() throws InterruptedException {
        Sources.Blocking source = new Sources.Blocking("{}\n");
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread waiting = Thread.ofPlatform().start(() -> {
            try {
                client.process(DEFAULTS, source);
            } catch (IOException | InterruptedException failure) {
                thrown.set(failure);
            }
        });
        await(() -> engine.usage().sessions() == 1);

        waiting.interrupt();
        waiting.join();

        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        awaitNoSessions();
        source.end.countDown();
    }

    @Test
    void deadline_thatPasses_endsTheCall() {
        Sources.Blocking source = new Sources.Blocking("{}\n");
        ProcessOptions options = ProcessOptions.defaults().withDeadline(Duration.ofMillis(200));

        JassayException failure =
                catchThrowableOfType(JassayException.class, () -> client.process(DEFAULTS, source, options));

        assertThat(failure.status()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(failure.advice()).contains("deadline");
        awaitNoSessions();
        source.end.countDown();
    }

    @Test
    void source_thatCannotBeRead_throwsItsOwnException() {
        assertThatThrownBy(() -> client.process(DEFAULTS, new Sources.Broken("the disk is gone")))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("the disk is gone");
        awaitNoSessions();
    }

    @Test
    void config_outOfRange_namesTheFields() {
        ProcessConfig config = ProcessConfig.newBuilder()
                .setValidation(Validation.newBuilder().setMaxDepth(1_025))
                .setReport(Report.newBuilder().setMaxPerGroup(1_001))
                .build();

        JassayException failure =
                catchThrowableOfType(JassayException.class, () -> client.process(config, Sources.of("{}")));

        assertThat(failure.status()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(failure.reason()).contains("CONFIG_INVALID");
        assertThat(failure.fieldViolations())
                .extracting(FieldViolation::field)
                .containsExactlyInAnyOrder("validation.max_depth", "report.max_per_group");
    }

    @Test
    void config_withASchema_isJudgedByIt() throws IOException, InterruptedException {
        ProcessConfig config = ProcessConfig.newBuilder()
                .setValidation(Validation.newBuilder().setSchemaJson("{\"required\": [\"id\"]}"))
                .build();

        ProcessResult result = client.process(config, Sources.of("{\"id\":1}\n{}\n"));

        assertThat(result.getCounts().getSchemaInvalid()).isEqualTo(1);
        assertThat(result.getViolations(0).getKeyword()).isEqualTo("required");
        assertThat(result.getViolations(0).getErrorOffset()).isEqualTo(9);
    }

    @Test
    void config_withASchemaThatDoesNotCompile_namesThePlace() {
        ProcessConfig config = ProcessConfig.newBuilder()
                .setValidation(Validation.newBuilder().setSchemaJson("{\"type\": 5}"))
                .build();

        JassayException failure =
                catchThrowableOfType(JassayException.class, () -> client.process(config, Sources.of("{}")));

        assertThat(failure.reason()).contains("SCHEMA_INVALID");
        assertThat(failure.fieldViolations()).first().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo("validation.schema_json");
            assertThat(violation.description()).startsWith("#/type: ");
        });
    }

    @Test
    void checkSchema_tellsWhetherItCompiles() {
        CheckSchemaResponse good = client.checkSchema(
                CheckSchemaRequest.newBuilder().setSchemaJson("{}").build());
        CheckSchemaResponse bad = client.checkSchema(
                CheckSchemaRequest.newBuilder().setSchemaJson("{\"type\": 5}").build());

        assertThat(good.getUsable()).isTrue();
        assertThat(bad.getUsable()).isFalse();
        assertThat(bad.getProblems(0).getPointer()).isEqualTo("/type");
    }

    @Test
    void call_whileTheServerDrains_saysSo() throws InterruptedException {
        Sources.Blocking running = new Sources.Blocking("{}\n");
        CompletableFuture<ProcessResult> result = client.processAsync(DEFAULTS, running, ProcessOptions.defaults());
        await(() -> engine.usage().sessions() == 1);
        CountDownLatch drained = new CountDownLatch(1);
        Thread.ofPlatform().start(() -> {
            try {
                server.drain();
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
            }
            drained.countDown();
        });

        await(() -> reasonOfNextCall().equals("DRAINING"));
        running.end.countDown();
        assertThat(result.join().getCounts().getRecords()).isEqualTo(1);
        drained.await();
    }

    private String reasonOfNextCall() {
        try {
            client.process(DEFAULTS, Sources.of("{}"));
            return "";
        } catch (JassayException refused) {
            return refused.reason().orElse("");
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void call_whereNobodyListens_saysWhere() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        try (JassayClient nobody = JassayClient.connect("127.0.0.1:" + port)) {
            JassayException failure =
                    catchThrowableOfType(JassayException.class, () -> nobody.process(DEFAULTS, Sources.of("{}")));
            assertThat(failure.status()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(failure.description()).contains("Connection refused");
            assertThat(failure.advice()).contains("127.0.0.1:" + port);
            assertThatThrownBy(nobody::serverInfo).isInstanceOf(JassayException.class);
            assertThatThrownBy(() -> nobody.checkSchema(CheckSchemaRequest.getDefaultInstance()))
                    .isInstanceOf(JassayException.class);
        }
    }

    @Test
    void close_whileACallRuns_endsIt() {
        Sources.Blocking source = new Sources.Blocking("{}\n");
        CompletableFuture<ProcessResult> result = client.processAsync(DEFAULTS, source, ProcessOptions.defaults());
        await(() -> engine.usage().sessions() == 1);

        client.close();
        client.close();

        assertThatThrownBy(result::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(JassayException.class);
        awaitNoSessions();
        source.end.countDown();
    }

    @Test
    void serverInfo_tellsWhoServes() {
        GetServerInfoResponse info = client.serverInfo();

        assertThat(info.getEngineVersion()).isEqualTo(engine.version());
        assertThat(info.getThreads()).isEqualTo(2);
    }

    @Test
    void connect_toNoAddress_isRefused() {
        assertThatThrownBy(() -> JassayClient.connect("localhost")).isInstanceOf(IllegalArgumentException.class);
    }
}
