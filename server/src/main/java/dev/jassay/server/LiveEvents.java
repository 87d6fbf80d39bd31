package dev.jassay.server;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.jassay.engine.SessionProgress;
import dev.jassay.engine.Told;
import dev.jassay.v1.ProcessEvent;
import dev.jassay.v1.Progress;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * What a live call tells on its way. An event is handed to the transport once it holds no other one of the call: whoever has the next one,
 * which is the engine, waits for that, so that a client that does not read is not read from, and one event a call is all that lies there.
 * Progress does not wait, for the next will tell more.
 *
 * <p>Any thread; what waits is ended by {@link #close}, {@link #cancel} and {@link #ready}.
 */
final class LiveEvents implements ProgressListener {
    /** Bytes of the largest event that waits in the transport. */
    static final int MAX_EVENT_BYTES = 1 << 20;

    /** Between two that tell progress, at least: so there are at most ten a second. */
    private static final long LEAST_PERIOD = TimeUnit.MILLISECONDS.toNanos(100);

    /** After which progress is told though nothing comes. The watch comes round more often than the second that is promised. */
    private static final long QUIET_PERIOD = TimeUnit.MILLISECONDS.toNanos(400);

    private final ServerCall<?, byte[]> call;
    private final LongSupplier nanoTime;
    private final long opened;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile boolean cancelled;
    private volatile long lastMove;
    private volatile SessionProgress figures = new SessionProgress(0, 0, 0, 0, 0);

    // Under the lock:
    private boolean begun;
    private boolean closed;
    private long lastProgress;

    LiveEvents(ServerCall<?, byte[]> call, LongSupplier nanoTime) {
        this.call = call;
        this.nanoTime = nanoTime;
        this.opened = nanoTime.getAsLong();
        this.lastMove = opened;
        this.lastProgress = opened;
        // Ready is who has nothing lying in the transport.
        call.setOnReadyThreshold(1);
    }

    /** Waits until there is room, then sends what the engine tells. */
    @Override
    public void hear(Told told, ByteBuffer bytes) {
        lock.lock();
        try {
            while (!cancelled && !closed && !call.isReady()) {
                changed.awaitUninterruptibly();
            }
            if (cancelled || closed) {
                throw new CancellationException();
            }
            byte[] event = new byte[bytes.remaining()];
            bytes.get(event);
            send(event);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean due() {
        lock.lock();
        try {
            return nanoTime.getAsLong() - lastProgress >= LEAST_PERIOD;
        } finally {
            lock.unlock();
        }
    }

    /** Tells progress, unless an event lies in the transport. */
    @Override
    public void progressed(SessionProgress now) {
        figures = now;
        lock.lock();
        try {
            tell(LEAST_PERIOD);
        } finally {
            lock.unlock();
        }
    }

    /** The same if nothing has been told for some time and nobody is about to. */
    void tellQuietProgress() {
        if (lock.tryLock()) {
            try {
                tell(QUIET_PERIOD);
            } finally {
                lock.unlock();
            }
        }
    }

    /** The transport may have room. */
    void ready() {
        lastMove = nanoTime.getAsLong();
        wake();
    }

    void cancel() {
        cancelled = true;
        wake();
    }

    /** Sends nothing more; whether response headers have been sent. */
    boolean close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            return begun;
        } finally {
            lock.unlock();
        }
    }

    /** Whether an event has been lying in the transport for so long. */
    boolean unreadFor(Duration time) {
        return !call.isReady() && nanoTime.getAsLong() - lastMove >= time.toNanos();
    }

    /** The event of an encoded result. */
    static byte[] ofResult(byte[] result) {
        int field = ProcessEvent.RESULT_FIELD_NUMBER;
        byte[] event = new byte
                [CodedOutputStream.computeTagSize(field)
                        + CodedOutputStream.computeUInt32SizeNoTag(result.length)
                        + result.length];
        CodedOutputStream out = CodedOutputStream.newInstance(event);
        try {
            out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt32NoTag(result.length);
            out.writeRawBytes(result);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return event;
    }

    private void tell(long period) {
        long now = nanoTime.getAsLong();
        if (!begun || closed || cancelled || now - lastProgress < period || !call.isReady()) {
            return;
        }
        lastProgress = now;
        SessionProgress told = figures;
        double seconds = (now - opened) / (double) TimeUnit.SECONDS.toNanos(1);
        Progress progress = Progress.newBuilder()
                .setBytes(told.bytes())
                .setRecords(told.records())
                .setInvalid(told.invalid())
                .setBytesPerSecond(seconds > 0 ? told.bytes() / seconds : 0)
                .build();
        send(ProcessEvent.newBuilder().setProgress(progress).build().toByteArray());
    }

    private void send(byte[] event) {
        if (!begun) {
            begun = true;
            call.sendHeaders(new Metadata());
        }
        call.sendMessage(event);
        lastMove = nanoTime.getAsLong();
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
