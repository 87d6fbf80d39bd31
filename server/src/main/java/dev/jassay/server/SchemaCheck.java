package dev.jassay.server;

import dev.jassay.engine.ConfigException;
import dev.jassay.engine.Engine;
import dev.jassay.engine.Progress;
import dev.jassay.engine.Reservation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The check of one schema: the request is the engine's to read, the answer is passed on as the engine gives it. gRPC sees to it that
 * there is no second request.
 */
final class SchemaCheck implements CallWork {
    private static final String REQUEST = "CheckSchemaRequest";

    private final Engine engine;
    private final JoinedBytes request;
    private byte @Nullable [] response;
    private volatile boolean cancelled;

    /** @param room where a large request lies while it is worked on */
    SchemaCheck(Engine engine, HeapRoom room) {
        this.engine = engine;
        this.request = new JoinedBytes(room);
    }

    @Override
    public Progress accept(MessageBytes message) throws IOException {
        request.append(message, message.remaining());
        return Progress.MORE;
    }

    /** Once begun, the check is not stopped: it takes a second at most. */
    @Override
    public Progress workOnWhatCame() throws RefusedException {
        if (cancelled) {
            // It may have waited for its place while others were checked.
            throw new CancellationException();
        }
        ByteBuffer encoded = request.bytes();
        // The engine copies the request.
        try (request;
                Reservation _ = engine.reserve(encoded.remaining())) {
            response = engine.checkSchema(encoded);
        } catch (ConfigException e) {
            throw new RefusedException(
                    Refusal.messageInvalid("the message is no " + REQUEST + ": encode it with protobuf"));
        }
        return Progress.MORE;
    }

    @Override
    public byte[] finish() throws RefusedException {
        if (response == null) {
            throw new RefusedException(Refusal.messageInvalid("the call has no message: send one " + REQUEST));
        }
        return response;
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    @Override
    public void close() {
        request.close();
    }
}
