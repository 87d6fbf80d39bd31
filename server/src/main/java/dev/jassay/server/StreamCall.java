package dev.jassay.server;

import com.google.common.util.concurrent.MoreExecutors;
import dev.jassay.engine.Progress;
import dev.jassay.engine.Reservation;
import dev.jassay.engine.SessionCancelledException;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call: takes messages one by one, and answers when the client has sent all or the result is certain.
 *
 * <p>gRPC delivers the events of a call one after the other, and the call handles them so, on a thread that may block: where the
 * message and the end of a small request have come together, it needs to be woken once. The watch over stalled calls and the end of
 * the server come from other threads: whoever acts on the call has its turn, and nobody waits for one. So memory is never freed under
 * a running call to the engine: that is cancelled, and what it used is freed after it has come back.
 */
final class StreamCall extends ServerCall.Listener<InboundMessage> implements OpenCall {
    private static final Logger LOG = LoggerFactory.getLogger(StreamCall.class);

    private enum Phase {
        RECEIVING,
        /** Answered or refused: what was sent may still wait in the transport until the client reads it. */
        CLOSED,
        ENDED
    }

    /** Something to do with the call. */
    private interface Step {
        void run() throws IOException, RefusedException;
    }

    private final ServerCall<InboundMessage, byte[]> call;
    private final CallWork work;
    private final StreamMethod method;
    private final Reservation memory;
    private final Traffic traffic = Traffic.current();
    private final Executor events;
    private final ReentrantLock turn = new ReentrantLock();
    private final AtomicBoolean flushing = new AtomicBoolean();

    /** Set once, by a thread that may not have its turn yet. */
    private volatile @Nullable Refusal interruption;

    /** Whether the client has sent all, known before that is acted on. */
    private volatile boolean halfClosed;

    // For the one whose turn it is:
    private Phase phase = Phase.RECEIVING;
    private @Nullable Reservation resultMemory;
    private long quietSince;
    private long receivedWhenQuiet;

    /**
     * @param threads where its events are handled
     * @param memory for what the call holds beside the engine; it is the call's from now on
     */
    StreamCall(
            ServerCall<InboundMessage, byte[]> call,
            CallWork work,
            StreamMethod method,
            Executor threads,
            Reservation memory) {
        this.call = call;
        this.work = work;
        this.method = method;
        this.events = MoreExecutors.newSequentialExecutor(threads);
        this.memory = memory;
        this.quietSince = method.now();
    }

    /** Asks for the first message. */
    void begin() {
        // The listener runs where the context is cancelled, beside a call to the engine that it is to stop.
        Context.current().addListener(cancelled -> work.cancel(), Runnable::run);
        call.request(1);
    }

    @Override
    public void onMessage(InboundMessage message) {
        events.execute(() -> {
            try (message) {
                act(() -> receive(message));
            }
        });
    }

    @Override
    public void onHalfClose() {
        halfClosed = true;
        events.execute(() -> act(this::answer));
    }

    @Override
    public void onReady() {
        work.ready();
    }

    @Override
    public void onComplete() {
        events.execute(this::end);
    }

    @Override
    public void onCancel() {
        events.execute(this::end);
    }

    @Override
    public long receivedBytes() {
        return traffic.received();
    }

    @Override
    public boolean busy() {
        return turn.isLocked();
    }

    @Override
    public void interrupt(Refusal refusal) {
        interruption = refusal;
        work.cancel();
        refuseIfInterrupted();
    }

    @Override
    public void endIfStalled() {
        if (!turn.tryLock()) {
            return;
        }
        try {
            if (traffic.received() != receivedWhenQuiet) {
                quiet();
            } else if (method.stalled(quietSince)) {
                refuse(method.stalledRefusal());
            }
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void tellProgress() {
        if (work.tellProgress() && !busy() && flushing.compareAndSet(false, true)) {
            events.execute(() -> {
                flushing.set(false);
                run(this::flush);
            });
        }
    }

    @Override
    public void endIfUnread(Set<SocketAddress> unread) {
        if (unread.contains(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR))
                && work.unreadFor(method.idle())) {
            interrupt(method.stalledRefusal());
        }
    }

    private void receive(InboundMessage message) throws IOException, RefusedException {
        Progress progress = work.accept(message.bytes());
        if (progress == Progress.MORE) {
            // The next message comes while this one is worked on, into the memory that this one leaves.
            message.close();
            if (!halfClosed) {
                call.request(1);
            }
            progress = work.workOnWhatCame();
        }
        if (progress == Progress.DONE) {
            answer();
        }
    }

    private void flush() throws RefusedException {
        if (work.flush() == Progress.DONE) {
            answer();
        }
    }

    private void answer() throws RefusedException {
        byte[] result = work.finish();
        giveBack();
        boolean begun = work.endTelling();
        resultMemory = method.reserveResult(result.length);
        close(() -> {
            if (!begun) {
                call.sendHeaders(new Metadata());
            }
            call.sendMessage(result);
            call.close(Status.OK, new Metadata());
        });
    }

    private void refuse(Refusal refusal) {
        close(() -> refusal.close(call));
    }

    /** Gives the last words of the call, unless they have been given. */
    private void close(Runnable words) {
        if (phase == Phase.RECEIVING) {
            phase = Phase.CLOSED;
            giveBack();
            words.run();
        }
    }

    /** Before the client hears of the end, so that its next call finds free what this one held. A second time does nothing. */
    private void giveBack() {
        work.endTelling();
        work.close();
        memory.close();
    }

    /** Runs a step of the client's: whatever it does ends its silence. */
    private void act(Step step) {
        run(() -> {
            try {
                step.run();
            } finally {
                quiet();
            }
        });
    }

    /** Runs a step unless the call has been closed, and refuses the call where the step fails. */
    private void run(Step step) {
        turn.lock();
        try {
            if (phase == Phase.RECEIVING) {
                step.run();
            }
        } catch (SessionCancelledException | CancellationException e) {
            // Whoever cancelled it ends the call: gRPC, if the client has gone, or else the one who interrupts.
            LOG.debug("a call was cancelled at work");
        } catch (StatusRuntimeException e) {
            close(() -> call.close(e.getStatus(), new Metadata()));
        } catch (Exception e) {
            refuse(Refusal.of(e));
        } catch (Error e) {
            refuse(Refusal.engineFault());
            throw e;
        } finally {
            turn.unlock();
        }
        refuseIfInterrupted();
    }

    /** Runs after every turn, and after the interruption is set: one of them finds both. */
    private void refuseIfInterrupted() {
        Refusal refusal = interruption;
        if (refusal != null && turn.tryLock()) {
            try {
                refuse(refusal);
            } finally {
                turn.unlock();
            }
        }
    }

    private void quiet() {
        quietSince = method.now();
        receivedWhenQuiet = traffic.received();
    }

    private void end() {
        turn.lock();
        try {
            phase = Phase.ENDED;
            giveBack();
            if (resultMemory != null) {
                resultMemory.close();
            }
        } finally {
            turn.unlock();
        }
        method.leave(this);
    }
}
