package dev.jassay.server;

import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * One request message as it came, to be read and closed by the call that it is for.
 *
 * <p>A message that cannot even be taken over from the transport says so when it is read: what a marshaller throws reaches the client
 * as UNKNOWN.
 */
final class InboundMessage implements AutoCloseable {
    private final @Nullable MessageBytes bytes;
    private final @Nullable StatusRuntimeException failure;

    private InboundMessage(@Nullable MessageBytes bytes, @Nullable StatusRuntimeException failure) {
        this.bytes = bytes;
        this.failure = failure;
    }

    /**
     * @throws RefusedException if it is compressed and cannot be inflated
     * @throws StatusRuntimeException if it inflates to more than the largest message: the transport's own words
     */
    MessageBytes bytes() throws RefusedException {
        if (bytes != null) {
            return bytes;
        }
        if (failure != null) {
            throw failure;
        }
        throw new RefusedException(Refusal.messageInvalid(
                "the compressed message cannot be inflated: compress it as the header grpc-encoding says"));
    }

    @Override
    public void close() {
        if (bytes != null) {
            bytes.close();
        }
    }

    /** Takes messages over from gRPC. */
    static final class RequestMarshaller implements Marshaller<InboundMessage> {
        private final HeapRoom room;

        RequestMarshaller(HeapRoom room) {
            this.room = room;
        }

        @Override
        public InboundMessage parse(InputStream stream) {
            try {
                return new InboundMessage(MessageBytes.of(stream, room), null);
            } catch (StatusRuntimeException e) {
                return new InboundMessage(null, e);
            } catch (IOException e) {
                return new InboundMessage(null, null);
            }
        }

        /** Servers send no requests. */
        @Override
        public InputStream stream(InboundMessage message) {
            throw new UnsupportedOperationException("a server sends no requests");
        }
    }
}
