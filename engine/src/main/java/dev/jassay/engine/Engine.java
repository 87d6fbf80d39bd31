package dev.jassay.engine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * The native engine: worker threads, and the memory that all its sessions share. Any thread.
 *
 * <p>Plans, sessions, reservations and slabs stay good after their engine is closed and may be closed before or after it.
 */
@SuppressWarnings("restricted")
public final class Engine implements AutoCloseable {
    private final JassayAbi abi;
    private final NativeHandle handle;
    private final int threads;
    private final SlabPool slabs;

    private Engine(JassayAbi abi, NativeHandle handle, int threads) {
        this.abi = abi;
        this.handle = handle;
        this.threads = threads;
        this.slabs = new SlabPool(SlabPool.slabBytes(threads));
    }

    /**
     * Opens an engine, loading the native library if this is the first.
     *
     * @throws EngineLoadException if the library is missing, does not load, or has another ABI version
     */
    public static Engine open(EngineOptions options) {
        JassayAbi abi = NativeLibrary.load(options.library());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment engine = arena.allocate(ADDRESS);
            MemorySegment error = arena.allocate(JassayAbi.ERROR);
            DecompressionBounds bounds = options.decompression();
            check(
                    abi.engineNew(
                            options.threads(),
                            options.memoryBytes(),
                            bounds.maxExpansion(),
                            bounds.maxZstdWindow(),
                            engine,
                            error),
                    error);
            NativeHandle handle = new NativeHandle("engine", engine.get(ADDRESS, 0), abi::engineFree);
            return new Engine(abi, handle, options.threads());
        }
    }

    /** Version of the native library. */
    public String version() {
        return abi.version();
    }

    /** The code path that judges on this processor. */
    public String kernel() {
        return abi.kernel();
    }

    /** Threads that may judge one stream at once, the calling one among them. */
    public int threads() {
        return threads;
    }

    /**
     * Compiles a config; one with a schema may take a second.
     *
     * @param config an encoded {@code ProcessConfig}
     * @throws ConfigException if the config is unreadable or has values out of their range
     * @throws SchemaException if its schema cannot be judged by
     * @throws MemoryRefusedException if the memory limit does not allow it
     * @throws IllegalStateException if the engine is closed
     */
    public Plan compile(byte[] config) throws ConfigException {
        return compile(ByteBuffer.wrap(config));
    }

    /** As {@link #compile(byte[])}, of the bytes between position and limit. */
    public Plan compile(ByteBuffer config) throws ConfigException {
        return newPlan(config, abi::planNew);
    }

    /**
     * Compiles the config of a merge. Its sessions are fed states, one after the other and cut anywhere, and their result is that of all;
     * a state that cannot be merged is a {@link StateException}.
     *
     * @param config an encoded {@code MergeConfig}
     * @throws ConfigException if the config is unreadable
     * @throws IllegalStateException if the engine is closed
     */
    public Plan compileMerge(byte[] config) throws ConfigException {
        return compileMerge(ByteBuffer.wrap(config));
    }

    /** As {@link #compileMerge(byte[])}, of the bytes between position and limit. */
    public Plan compileMerge(ByteBuffer config) throws ConfigException {
        return newPlan(config, abi::mergePlanNew);
    }

    /**
     * Tells whether a schema can be judged by, which may take a second.
     *
     * @param request an encoded {@code CheckSchemaRequest}
     * @return an encoded {@code CheckSchemaResponse}, which tells what is wrong with the schema
     * @throws ConfigException if the request is unreadable
     * @throws MemoryRefusedException if the memory limit does not allow it
     * @throws IllegalStateException if the engine is closed
     */
    public byte[] checkSchema(byte[] request) throws ConfigException {
        return checkSchema(ByteBuffer.wrap(request));
    }

    /** As {@link #checkSchema(byte[])}, of the bytes between position and limit. */
    public byte[] checkSchema(ByteBuffer request) throws ConfigException {
        try (NativeHandle report = compile(request, abi::schemaCheck, "schema report", abi::schemaReportFree)) {
            return report.call(
                    checked -> output(checked, abi::schemaReportBytes).toArray(JAVA_BYTE));
        }
    }

    private Plan newPlan(ByteBuffer config, CompileFunction function) throws ConfigException {
        return new Plan(this, compile(config, function, "plan", abi::planFree));
    }

    /** One of the functions that make an object of encoded bytes. */
    private interface CompileFunction {
        int call(MemorySegment engine, MemorySegment bytes, long length, MemorySegment object, MemorySegment error);
    }

    private NativeHandle compile(
            ByteBuffer encoded, CompileFunction function, String name, Consumer<MemorySegment> free)
            throws ConfigException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = MemorySegment.ofBuffer(encoded);
            MemorySegment input = arena.allocate(source.byteSize()).copyFrom(source);
            MemorySegment object = arena.allocate(ADDRESS);
            MemorySegment error = arena.allocate(JassayAbi.ERROR);
            int status = handle.call(engine -> function.call(engine, input, input.byteSize(), object, error));
            if (status != JassayAbi.OK) {
                NativeFailure failure = NativeFailure.read(status, error);
                if (failure.concernsConfig()) {
                    throw failure.toConfigException();
                }
                throw failure.toException();
            }
            return new NativeHandle(name, object.get(ADDRESS, 0), free);
        }
    }

    /** One of the functions that give bytes which stand as long as the object that they are of. */
    interface OutputFunction {
        int call(MemorySegment object, MemorySegment bytes, MemorySegment length, MemorySegment error);
    }

    static MemorySegment output(MemorySegment object, OutputFunction function) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(ADDRESS);
            MemorySegment length = arena.allocate(JAVA_LONG);
            MemorySegment error = arena.allocate(JassayAbi.ERROR);
            check(function.call(object, bytes, length, error), error);
            return bytes.get(ADDRESS, 0).reinterpret(length.get(JAVA_LONG, 0));
        }
    }

    /**
     * Opens a session and starts the clock of its result's timing.
     *
     * @throws MemoryRefusedException if the memory limit does not allow another session
     * @throws IllegalArgumentException if the plan is another engine's
     * @throws IllegalStateException if the engine or the plan is closed
     */
    public Session newSession(Plan plan) {
        if (plan.engine() != this) {
            throw new IllegalArgumentException("the plan was compiled by another engine");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment session = arena.allocate(ADDRESS);
            MemorySegment error = arena.allocate(JassayAbi.ERROR);
            check(
                    handle.call(
                            engine -> plan.handle().call(compiled -> abi.sessionNew(engine, compiled, session, error))),
                    error);
            return new Session(abi, new NativeHandle("session", session.get(ADDRESS, 0), abi::sessionFree));
        }
    }

    /**
     * Takes bytes of the engine's memory limit for buffers outside it, all or nothing.
     *
     * @param bytes at least 0
     * @throws MemoryRefusedException if fewer than that are left
     * @throws IllegalStateException if the engine is closed
     */
    public Reservation reserve(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes must be at least 0, not " + bytes);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment error = arena.allocate(JassayAbi.ERROR);
            check(handle.call(engine -> abi.engineReserve(engine, bytes, error)), error);
            return new Reservation(this, bytes);
        }
    }

    /** IllegalStateException if the engine is closed. */
    public EngineUsage usage() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment usage = arena.allocate(JassayAbi.USAGE);
            MemorySegment error = arena.allocate(JassayAbi.ERROR);
            check(handle.call(engine -> abi.engineUsage(engine, usage, error)), error);
            return new EngineUsage(
                    usage.get(JAVA_LONG, JassayAbi.USAGE_MEMORY_LIMIT_OFFSET),
                    usage.get(JAVA_LONG, JassayAbi.USAGE_MEMORY_RESERVED_OFFSET),
                    usage.get(JAVA_LONG, JassayAbi.USAGE_PLANS_OFFSET),
                    usage.get(JAVA_LONG, JassayAbi.USAGE_SESSIONS_OFFSET));
        }
    }

    /** Buffers to feed sessions from. */
    public SlabPool slabs() {
        return slabs;
    }

    /** Frees the engine once no session uses it any more. Waits for nothing. A second time does nothing. */
    @Override
    public void close() {
        handle.close();
    }

    /** An engine that is gone has nothing to give back to. */
    void release(long bytes) {
        handle.callIfOpen(engine -> abi.engineRelease(engine, bytes));
    }

    static void check(int status, MemorySegment error) {
        if (status != JassayAbi.OK && status != JassayAbi.DONE) {
            throw NativeFailure.read(status, error).toException();
        }
    }
}
