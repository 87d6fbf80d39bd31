package dev.jassay.server;

import dev.jassay.v1.GetServerInfoRequest;
import dev.jassay.v1.GetServerInfoResponse;
import dev.jassay.v1.ProcessorServiceGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;

/** The service of the proto file, Process with marshallers of its own. Its descriptor stays the generated one, for reflection. */
final class ProcessorService {
    static final String NAME = ProcessorServiceGrpc.SERVICE_NAME;
    static final String PROCESS = ProcessorServiceGrpc.getProcessMethod().getFullMethodName();

    private ProcessorService() {}

    static ServerServiceDefinition bind(
            ServerCallHandler<InboundMessage, byte[]> process,
            InflateRoom room,
            GetServerInfoResponse info,
            OpenCalls open) {
        MethodDescriptor<InboundMessage, byte[]> processMethod = ProcessorServiceGrpc.getProcessMethod().toBuilder(
                        new InboundMessage.RequestMarshaller(room), new ResultMarshaller())
                .build();
        MethodDescriptor<GetServerInfoRequest, GetServerInfoResponse> infoMethod =
                ProcessorServiceGrpc.getGetServerInfoMethod();
        ServiceDescriptor descriptor = ServiceDescriptor.newBuilder(NAME)
                .setSchemaDescriptor(ProcessorServiceGrpc.getServiceDescriptor().getSchemaDescriptor())
                .addMethod(processMethod)
                .addMethod(infoMethod)
                .build();
        ServerServiceDefinition service = ServerServiceDefinition.builder(descriptor)
                .addMethod(processMethod, process)
                .addMethod(infoMethod, ServerCalls.asyncUnaryCall((request, response) -> answer(info, response)))
                .build();
        return ServerInterceptors.intercept(service, new DrainInterceptor(open));
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
