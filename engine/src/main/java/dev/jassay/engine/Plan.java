package dev.jassay.engine;

/** A compiled config: what a session is to do. Immutable; any thread. Sessions opened with it outlive it. */
public final class Plan implements AutoCloseable {
    private final Engine engine;
    private final NativeHandle handle;

    Plan(Engine engine, NativeHandle handle) {
        this.engine = engine;
        this.handle = handle;
    }

    /** Frees the plan. A second time does nothing. */
    @Override
    public void close() {
        handle.close();
    }

    Engine engine() {
        return engine;
    }

    NativeHandle handle() {
        return handle;
    }
}
