package dev.jassay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import dev.jassay.v1.Format;
import dev.jassay.v1.GetServerInfoRequest;
import dev.jassay.v1.GetServerInfoResponse;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessorServiceGrpc;
import dev.jassay.v1.ServerLimits;
import dev.jassay.v1.Validation;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a server answers beside its main job. */
final class StandardServicesTest {
    private static Rig rig;
    private static ManagedChannel channel;

    @BeforeAll
    static void start() {
        rig = Rig.start(options -> options.withMaxConnections(17));
        channel = rig.newChannel();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    @Test
    void health_ofTheServerAndOfTheService_isServing() {
        assertThat(health("")).isEqualTo(ServingStatus.SERVING);
        assertThat(health("jassay.v1.ProcessorService")).isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void health_ofAnotherService_isNotFound() {
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> health("other"))
                .withMessageStartingWith("NOT_FOUND");
    }

    @Test
    void reflection_services_areListed() throws Exception {
        ServerReflectionResponse response =
                reflect(ServerReflectionRequest.newBuilder().setListServices("").build());
        assertThat(response.getListServicesResponse().getServiceList())
                .extracting(ServiceResponse::getName)
                .containsExactlyInAnyOrder(
                        "jassay.v1.ProcessorService", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection");
    }

    @Test
    void reflection_ofProcess_givesItsSchema() throws Exception {
        ServerReflectionResponse response = reflect(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("jassay.v1.ProcessorService.Process")
                .build());
        FileDescriptorProto file = FileDescriptorProto.parseFrom(
                response.getFileDescriptorResponse().getFileDescriptorProto(0));
        MethodDescriptorProto process = file.getService(0).getMethodList().stream()
                .filter(method -> method.getName().equals("Process"))
                .findFirst()
                .orElseThrow();
        assertThat(process.getInputType()).isEqualTo(".jassay.v1.ProcessRequest");
        assertThat(process.getOutputType()).isEqualTo(".jassay.v1.ProcessResult");
        assertThat(process.getClientStreaming()).isTrue();
        assertThat(process.getServerStreaming()).isFalse();
    }

    @Test
    void serverInfo_tellsVersionsFormatsAndLimits() {
        GetServerInfoResponse info =
                ProcessorServiceGrpc.newBlockingStub(channel).getServerInfo(GetServerInfoRequest.getDefaultInstance());
        assertThat(info.getServerVersion()).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(info.getEngineVersion()).isEqualTo(rig.engine.version());
        assertThat(info.getKernel()).isEqualTo(rig.engine.kernel()).isNotBlank();
        assertThat(info.getFormatsList())
                .containsExactly(
                        Format.FORMAT_NDJSON, Format.FORMAT_ARRAY, Format.FORMAT_CONCATENATED, Format.FORMAT_DOCUMENT);
        assertThat(info.getThreads()).isEqualTo(Rig.ENGINE_THREADS);
        assertThat(info.getLimits())
                .isEqualTo(ServerLimits.newBuilder()
                        .setMaxMessageBytes((4 << 20) + (64 << 10))
                        .setMaxRecordBytes(256 << 20)
                        .setMemoryBytes(Rig.MEMORY_BYTES)
                        .setCallMemoryBytes((1 << 20) + (4 << 20) + (64 << 10) + Rig.ENGINE_THREADS * (1 << 20))
                        .setMaxConnections(17)
                        .setMaxConcurrentCallsPerConnection(100)
                        .setIdleSeconds(60)
                        .build());
    }

    @Test
    void serverInfo_largestRecord_isWhatTheEngineTakes() {
        assertThat(TestCall.start(channel)
                        .config(maxRecordBytes(ServerInfo.MAX_RECORD_BYTES))
                        .halfClose()
                        .status()
                        .isOk())
                .isTrue();
        assertThat(TestCall.start(channel)
                        .config(maxRecordBytes(ServerInfo.MAX_RECORD_BYTES + 1))
                        .failure()
                        .reason())
                .isEqualTo("CONFIG_INVALID");
    }

    private static ProcessConfig maxRecordBytes(long bytes) {
        return ProcessConfig.newBuilder()
                .setValidation(Validation.newBuilder().setMaxRecordBytes(bytes))
                .build();
    }

    private static ServingStatus health(String service) {
        return HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.newBuilder().setService(service).build())
                .getStatus();
    }

    private static ServerReflectionResponse reflect(ServerReflectionRequest request) throws Exception {
        CompletableFuture<ServerReflectionResponse> response = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> requests = ServerReflectionGrpc.newStub(channel)
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse value) {
                        response.complete(value);
                    }

                    @Override
                    public void onError(Throwable t) {
                        response.completeExceptionally(t);
                    }

                    @Override
                    public void onCompleted() {}
                });
        requests.onNext(request);
        requests.onCompleted();
        return response.get(Rig.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
}
