package dev.jassay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.jassay.engine.SlabPool;
import dev.jassay.v1.Compression;
import dev.jassay.v1.Format;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessRequest;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.ProcessorServiceGrpc;
import dev.jassay.v1.Termination;
import dev.jassay.v1.Verdict;
import dev.jassay.v1.ViolationCode;
import dev.jassay.v1.WarningCode;
import io.grpc.CallOptions;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

final class ProcessTest extends OneRig {
    private static final String RECORDS = "{\"id\":1,\"name\":\"\u00e4\u20ac\"}\n{\"id\":2,}\n\n[1,2,3]\n";

    @Test
    void process_generatedStub_givesTheResult() throws Exception {
        CompletableFuture<ProcessResult> result = new CompletableFuture<>();
        StreamObserver<ProcessRequest> requests = ProcessorServiceGrpc.newStub(channel)
                .process(new StreamObserver<>() {
                    @Override
                    public void onNext(ProcessResult value) {
                        result.complete(value);
                    }

                    @Override
                    public void onError(Throwable t) {
                        result.completeExceptionally(t);
                    }

                    @Override
                    public void onCompleted() {}
                });
        requests.onNext(ProcessRequest.newBuilder()
                .setConfig(ProcessConfig.newBuilder().setSource("orders").putLabels("a", "b"))
                .build());
        requests.onNext(ProcessRequest.newBuilder()
                .setChunk(ByteString.copyFromUtf8(RECORDS))
                .build());
        requests.onCompleted();
        ProcessResult given = result.get(Rig.LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertRecordsJudged(given);
        assertThat(given.getSource()).isEqualTo("orders");
        assertThat(given.getLabelsMap()).containsEntry("a", "b").hasSize(1);
    }

    @Test
    void process_noMessages_passesWithAWarning() {
        ProcessResult result = TestCall.start(channel).halfClose().result();
        assertThat(result.getVerdict()).isEqualTo(Verdict.VERDICT_PASS);
        assertThat(result.getWarnings(0).getCode()).isEqualTo(WarningCode.WARNING_CODE_EMPTY_INPUT);
    }

    @Test
    void process_onlyAConfig_isAnEmptyStreamOfThatFormat() {
        ProcessConfig config =
                ProcessConfig.newBuilder().setFormat(Format.FORMAT_DOCUMENT).build();
        ProcessResult result =
                TestCall.start(channel).config(config).halfClose().result();
        assertThat(result.getFormat()).isEqualTo(Format.FORMAT_DOCUMENT);
        assertThat(result.getCounts().getInvalid()).isEqualTo(1);
    }

    @Test
    void process_messagesThatCarryNothing_areSkipped() {
        ProcessResult result = TestCall.start(channel)
                .message(new byte[0])
                .config(ProcessConfig.newBuilder().setSource("orders").build())
                .message(new byte[0])
                .chunk(RECORDS)
                .message(new byte[0])
                .halfClose()
                .result();
        assertRecordsJudged(result);
        assertThat(result.getSource()).isEqualTo("orders");
    }

    @Test
    void process_compressedStreamInAnyChunks_isWhatItDecompressesTo() throws Exception {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(compressed)) {
            out.write(RECORDS.getBytes(StandardCharsets.UTF_8));
        }
        byte[] bytes = compressed.toByteArray();
        for (int cut = 0; cut <= bytes.length; cut += 7) {
            ProcessResult result = TestCall.start(channel)
                    .chunk(Arrays.copyOf(bytes, cut))
                    .chunk(Arrays.copyOfRange(bytes, cut, bytes.length))
                    .halfClose()
                    .result();
            assertRecordsJudged(result);
            assertThat(result.getCompression()).isEqualTo(Compression.COMPRESSION_GZIP);
            assertThat(result.getTiming().getReceivedBytes()).isEqualTo(bytes.length);
        }
    }

    @Test
    void process_compressedStreamThatIsDamaged_endsTheCallWithItsResult() {
        ProcessConfig config = ProcessConfig.newBuilder()
                .setCompression(Compression.COMPRESSION_ZSTD)
                .build();
        ProcessResult result = TestCall.start(channel)
                .config(config)
                .chunk(RECORDS)
                .halfClose()
                .result();
        assertThat(result.getTermination()).isEqualTo(Termination.TERMINATION_CORRUPT_COMPRESSION);
        assertThat(result.getStoppedAt()).isZero();
        assertThat(result.getVerdict()).isEqualTo(Verdict.VERDICT_FAIL);
    }

    @Test
    void process_chunksAndTexts_areOneStream() {
        ProcessResult result = TestCall.start(channel)
                .text(RECORDS.substring(0, 5))
                .chunk(RECORDS.substring(5, 20))
                .chunk("")
                .text("")
                .text(RECORDS.substring(20))
                .halfClose()
                .result();
        assertRecordsJudged(result);
    }

    @Test
    void process_cutAtEveryByte_givesTheSameResult() {
        byte[] records = RECORDS.getBytes(StandardCharsets.UTF_8);
        ProcessResult whole = TestCall.process(channel, ProcessConfig.getDefaultInstance(), RECORDS);
        assertRecordsJudged(whole);
        for (int cut = 0; cut <= records.length; cut++) {
            byte[] head = java.util.Arrays.copyOf(records, cut);
            byte[] tail = java.util.Arrays.copyOfRange(records, cut, records.length);
            ProcessResult result =
                    TestCall.start(channel).chunk(head).chunk(tail).halfClose().result();
            assertThat(withoutTiming(result)).isEqualTo(withoutTiming(whole));
        }
        TestCall byteByByte = TestCall.start(channel);
        for (byte one : records) {
            byteByByte.chunk(new byte[] {one});
        }
        assertThat(withoutTiming(byteByByte.halfClose().result())).isEqualTo(withoutTiming(whole));
    }

    @Test
    void process_manySlabs_losesNothing() {
        // Lengths that divide neither slabs nor frames nor each other.
        byte[] records =
                "{\"a\":[1,2,3],\"b\":\"0123456789\"}\n".repeat(300_000).getBytes(StandardCharsets.UTF_8);
        for (int chunk : new int[] {99_991, 262_144, 1_048_576, 4_194_301}) {
            TestCall call = TestCall.start(channel);
            for (int at = 0; at < records.length; at += chunk) {
                call.chunk(java.util.Arrays.copyOfRange(records, at, Math.min(records.length, at + chunk)));
            }
            ProcessResult result = call.halfClose().result();
            assertThat(result.getCounts().getValid()).isEqualTo(300_000);
            assertThat(result.getCounts().getBytes()).isEqualTo(records.length);
            assertThat(result.getTiming().getReceivedBytes()).isEqualTo(records.length);
        }
    }

    @Test
    void process_messagesCompressed_areInflated() {
        TestCall call = TestCall.start(channel, CallOptions.DEFAULT.withCompression("gzip"));
        byte[] records = "{\"a\":1}\n".repeat(500_000).getBytes(StandardCharsets.UTF_8);
        ProcessResult result = call.compressed()
                .config(ProcessConfig.newBuilder().setSource("orders").build())
                .chunk(records)
                .text("{\"a\":\"\u20ac\"}")
                .halfClose()
                .result();
        assertThat(result.getSource()).isEqualTo("orders");
        assertThat(result.getCounts().getValid()).isEqualTo(500_001);
    }

    @Test
    void process_largestMessage_isTaken() {
        byte[] message = largestMessage();
        assertThat(message).hasSize(Transport.MAX_MESSAGE_BYTES);
        ProcessResult result =
                TestCall.start(channel).message(message).halfClose().result();
        assertThat(result.getCounts().getRecords()).isZero();
        assertThat(result.getTiming().getReceivedBytes()).isBetween(4L << 20, (long) message.length);
    }

    @Test
    void process_resultIsCertain_comesBeforeTheClientHasHalfClosed() {
        TestCall call = TestCall.start(channel)
                .config(ProcessConfig.newBuilder()
                        .setFormat(Format.FORMAT_ARRAY)
                        .build());
        // What does not begin as an array never becomes one; the server sees it once a slab is full.
        byte[] spaces = " ".repeat(1 << 18).getBytes(StandardCharsets.UTF_8);
        call.chunk("{");
        for (int sent = 0; sent < SlabPool.slabBytes(Rig.ENGINE_THREADS); sent += spaces.length) {
            call.chunk(spaces);
        }
        ProcessResult result = call.result();
        assertThat(result.getTermination()).isEqualTo(Termination.TERMINATION_UNRECOVERABLE_SYNTAX);
        assertThat(result.getStoppedAt()).isZero();
    }

    /** Too little to be judged before more comes, unless nothing does. */
    @Test
    void process_resultIsCertainWhileTheClientPauses_comes() {
        ProcessConfig array =
                ProcessConfig.newBuilder().setFormat(Format.FORMAT_ARRAY).build();
        ProcessResult result =
                TestCall.start(channel).config(array).chunk("[1,2]x").result();
        assertThat(result.getStoppedAt()).isEqualTo(5);
        assertThat(result.getCounts().getValid()).isEqualTo(2);
    }

    @Test
    void process_resultIsCertainWithinAMessage_dropsTheRest() {
        byte[] message = ("]" + " ".repeat(3 << 20)).getBytes(StandardCharsets.UTF_8);
        ProcessResult result = TestCall.start(channel)
                .config(ProcessConfig.newBuilder()
                        .setFormat(Format.FORMAT_ARRAY)
                        .build())
                .chunk(message)
                .chunk(message)
                .chunk(message)
                .result();
        assertThat(result.getTermination()).isEqualTo(Termination.TERMINATION_UNRECOVERABLE_SYNTAX);
    }

    private static byte[] largestMessage() {
        // A field of this length has a header of five bytes.
        return ProcessRequest.newBuilder()
                .setChunk(ByteString.copyFrom(" ".repeat(Transport.MAX_MESSAGE_BYTES - 5), StandardCharsets.UTF_8))
                .build()
                .toByteArray();
    }

    private static void assertRecordsJudged(ProcessResult result) {
        assertThat(result.getVerdict()).isEqualTo(Verdict.VERDICT_FAIL);
        assertThat(result.getCounts().getRecords()).isEqualTo(3);
        assertThat(result.getCounts().getInvalid()).isEqualTo(1);
        assertThat(result.getCounts().getBlankLines()).isEqualTo(1);
        assertThat(result.getViolations(0).getCode()).isEqualTo(ViolationCode.VIOLATION_CODE_SYNTAX);
        assertThat(result.getViolations(0).getLine()).isEqualTo(2);
    }

    private static ProcessResult withoutTiming(ProcessResult result) {
        return result.toBuilder().clearTiming().build();
    }
}
