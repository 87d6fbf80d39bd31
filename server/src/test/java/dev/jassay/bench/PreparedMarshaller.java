package dev.jassay.bench;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Passes on messages that are encoded already. */
final class PreparedMarshaller implements Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
        return new Prepared(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
        throw new UnsupportedOperationException("prepared messages are only sent");
    }

    private static final class Prepared extends ByteArrayInputStream implements KnownLength, Drainable {
        Prepared(byte[] message) {
            super(message);
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            int length = available();
            target.write(buf, pos, length);
            pos = count;
            return length;
        }
    }
}
