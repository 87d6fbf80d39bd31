package dev.jassay.web;

import com.google.protobuf.WireFormat;
import dev.jassay.engine.SessionListener;
import dev.jassay.engine.Told;
import dev.jassay.v1.ProcessEvent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * Hands what the engine tells of a call to those who read its events, and waits for none of them. Records are not told: a reader that may
 * miss some could do nothing with them. Any thread.
 */
final class CallEvents implements SessionListener {
    /** Of one call: a page that is open twice, and some that connect anew before the server knows that they had gone. */
    static final int MAX_READERS = 4;

    private final List<EventQueue> readers = new ArrayList<>();
    private byte @Nullable [] accepted;
    private @Nullable String last;

    @Override
    public synchronized void hear(Told told, ByteBuffer bytes) {
        // The field's number is in the first byte: there are few.
        int field = WireFormat.getTagFieldNumber(bytes.get(bytes.position()));
        boolean first = field == ProcessEvent.ACCEPTED_FIELD_NUMBER;
        if (first || (field == ProcessEvent.VIOLATIONS_FIELD_NUMBER && !readers.isEmpty())) {
            byte[] event = new byte[bytes.remaining()];
            bytes.get(event);
            readers.forEach(reader -> reader.offer(event));
            if (first) {
                accepted = event;
            }
        }
    }

    /** Lets a reader in, who is told first that the call was accepted, if it has been. */
    synchronized EventQueue enter() throws ProblemException {
        if (readers.size() == MAX_READERS) {
            throw new ProblemException(Problem.of(
                    HttpStatus.SERVICE_UNAVAILABLE_503,
                    "the events of this call have " + MAX_READERS + " readers, which is all that it may have"));
        }
        EventQueue reader = new EventQueue();
        Optional.ofNullable(accepted).ifPresent(reader::offer);
        if (last != null) {
            reader.end(last);
        }
        readers.add(reader);
        return reader;
    }

    synchronized void leave(EventQueue reader) {
        readers.remove(reader);
    }

    /** Tells the last event, once. */
    synchronized void end(String json) {
        if (last == null) {
            last = json;
            readers.forEach(reader -> reader.end(json));
        }
    }
}
