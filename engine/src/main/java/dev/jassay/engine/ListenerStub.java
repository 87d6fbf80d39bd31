package dev.jassay.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * A listener as the engine calls it. What the listener throws must not reach native code: it is kept, and thrown once that has returned.
 *
 * <p>The function that the engine calls stands as long as this does. One thread at a time.
 */
final class ListenerStub {
    private static final int GO_ON = 0;
    private static final int END = 1;
    private static final Told[] TOLD = {Told.EVENT, Told.VALID, Told.INVALID};
    private static final MethodHandle HEAR = hear();

    private final SessionListener listener;
    private final MemorySegment function;
    private @Nullable Throwable thrown;

    ListenerStub(SessionListener listener) {
        this.listener = listener;
        this.function = JassayAbi.listener(HEAR.bindTo(this), Arena.ofAuto());
    }

    MemorySegment function() {
        return function;
    }

    /** Throws what the listener has thrown, if it has. */
    void rethrow() {
        switch (thrown) {
            case null -> {}
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            case Throwable other -> throw new AssertionError(other);
        }
    }

    @SuppressWarnings({"restricted", "UnusedMethod", "unused"})
    private int hear(MemorySegment context, int told, MemorySegment bytes, long length) {
        try {
            listener.hear(
                    TOLD[told - JassayAbi.EVENT],
                    bytes.reinterpret(length).asReadOnly().asByteBuffer());
            return GO_ON;
        } catch (Throwable anything) {
            thrown = anything;
            return END;
        }
    }

    private static MethodHandle hear() {
        try {
            MethodType type =
                    MethodType.methodType(int.class, MemorySegment.class, int.class, MemorySegment.class, long.class);
            return MethodHandles.lookup().findVirtual(ListenerStub.class, "hear", type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
