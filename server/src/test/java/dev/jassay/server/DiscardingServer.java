package dev.jassay.server;

import dev.jassay.bench.TcpCopy;
import dev.jassay.v1.Counts;
import dev.jassay.v1.ProcessRequest;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.ProcessorServiceGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * A server with the transport of the real one, whose method Process takes every message and throws it away unread: what gRPC gives at
 * best. Its answer counts the bytes of the messages.
 *
 * <p>Its arguments are the port, and one for plain connections, see {@link TcpCopy}.
 */
public final class DiscardingServer {
    private static final int CALL_THREADS = 64;

    private DiscardingServer() {}

    public static void main(String... arguments) throws IOException, ListenException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        InetSocketAddress listen = new InetSocketAddress(loopback, Integer.parseInt(arguments[0]));
        ServerOptions options = ServerOptions.defaults().withListen(List.of(listen));
        HealthStatusManager health = new HealthStatusManager();
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
        try (ServerSocketChannel tcp =
                ServerSocketChannel.open().bind(new InetSocketAddress(loopback, Integer.parseInt(arguments[1])))) {
            Executor threads = Executors.newFixedThreadPool(CALL_THREADS);
            new Transport(options, System::nanoTime)
                    .start(
                            List.of(discarding(), health.getHealthService().bindService()),
                            new NoTracers(),
                            threads,
                            (call, headers) -> threads);
            TcpCopy.serve(tcp);
        }
    }

    private static ServerServiceDefinition discarding() {
        MethodDescriptor<ProcessRequest, ProcessResult> process = ProcessorServiceGrpc.getProcessMethod();
        MethodDescriptor<Integer, ProcessResult> method = process.toBuilder(
                        new LengthMarshaller(), process.getResponseMarshaller())
                .build();
        return ServerServiceDefinition.builder(ProcessorServiceGrpc.SERVICE_NAME)
                .addMethod(method, (call, _) -> {
                    call.request(1);
                    return new Discard(call);
                })
                .build();
    }

    private static final class Discard extends ServerCall.Listener<Integer> {
        private final ServerCall<Integer, ProcessResult> call;
        private long bytes;

        Discard(ServerCall<Integer, ProcessResult> call) {
            this.call = call;
        }

        @Override
        public void onMessage(Integer length) {
            bytes += length;
            call.request(1);
        }

        @Override
        public void onHalfClose() {
            call.sendHeaders(new Metadata());
            call.sendMessage(ProcessResult.newBuilder()
                    .setCounts(Counts.newBuilder().setBytes(bytes))
                    .build());
            call.close(Status.OK, new Metadata());
        }
    }

    private static final class LengthMarshaller implements Marshaller<Integer> {
        /** gRPC closes what was not read. */
        @Override
        public Integer parse(InputStream stream) {
            try {
                return stream.available();
            } catch (IOException e) {
                throw new IllegalStateException("a message whose length is known has one", e);
            }
        }

        @Override
        public InputStream stream(Integer length) {
            throw new UnsupportedOperationException("a server sends no requests");
        }
    }

    private static final class NoTracers extends ServerStreamTracer.Factory {
        @Override
        public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
            return new ServerStreamTracer() {};
        }
    }
}
