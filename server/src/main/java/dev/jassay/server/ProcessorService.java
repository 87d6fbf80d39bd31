package dev.jassay.server;

import dev.jassay.v1.GetServerInfoResponse;
import dev.jassay.v1.ProcessorServiceGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The service of the proto file; where the engine works, with marshallers of their own. Its descriptor stays the generated one, for reflection. */
final class ProcessorService {
    static final String NAME = ProcessorServiceGrpc.SERVICE_NAME;

    private ProcessorService() {}

    static ServerServiceDefinition bind(
            Map<MethodDescriptor<?, ?>, StreamMethod> worked,
            HeapRoom inflating,
            GetServerInfoResponse info,
            OpenCalls open) {
        List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
        worked.forEach((descriptor, method) -> methods.add(ServerMethodDefinition.create(
                descriptor.toBuilder(new InboundMessage.RequestMarshaller(inflating), new ResultMarshaller())
                        .build(),
                method)));
        methods.add(ServerMethodDefinition.create(
                ProcessorServiceGrpc.getGetServerInfoMethod(),
                ServerCalls.asyncUnaryCall((request, response) -> answer(info, response))));
        ServiceDescriptor.Builder descriptor = ServiceDescriptor.newBuilder(NAME)
                .setSchemaDescriptor(ProcessorServiceGrpc.getServiceDescriptor().getSchemaDescriptor());
        methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(service::addMethod);
        return ServerInterceptors.intercept(service.build(), new DrainInterceptor(open));
    }

    private static void answer(GetServerInfoResponse info, StreamObserver<GetServerInfoResponse> response) {
        response.onNext(info);
        response.onCompleted();
    }

    /** Refuses new calls once the server drains: a client that is told so goes elsewhere. */
    private record DrainInterceptor(OpenCalls open) implements ServerInterceptor {
        @Override
        public <Q, P> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, P> call, Metadata headers, ServerCallHandler<Q, P> next) {
            if (open.draining()) {
                Refusal.draining().close(call);
                return new ServerCall.Listener<>() {};
            }
            return next.startCall(call, headers);
        }
    }
}
