package dev.jassay.server;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Passes results and other answers on as the engine has encoded them. */
final class ResultMarshaller implements Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] result) {
        return new Encoded(result);
    }

    /** Servers receive no results. */
    @Override
    public byte[] parse(InputStream stream) {
        throw new UnsupportedOperationException("a server receives no results");
    }

    private static final class Encoded extends ByteArrayInputStream implements KnownLength, Drainable {
        Encoded(byte[] bytes) {
            super(bytes);
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            return (int) transferTo(target);
        }
    }
}
