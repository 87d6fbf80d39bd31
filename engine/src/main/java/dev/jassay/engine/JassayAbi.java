package dev.jassay.engine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The functions of {@code rust/include/jassay.h}, one method each, and its structs and statuses. What they mean stands there.
 *
 * <p>The method handles are constants, so that the JIT compiles a call to a plain one; what differs from library to library are the
 * addresses, which are passed to them.
 */
@SuppressWarnings("restricted")
final class JassayAbi {
    /** JASSAY_ABI_VERSION. */
    static final int VERSION = 5;

    static final int OK = 0;
    static final int DONE = 1;
    static final int INVALID_ARGUMENT = 2;
    static final int CONFIG_UNREADABLE = 3;
    static final int CONFIG_INVALID = 4;
    static final int MEMORY_REFUSED = 5;
    static final int CANCELLED = 6;
    static final int ENGINE_FAULT = 7;
    static final int SESSION_SPENT = 8;
    static final int STATE_INCOMPATIBLE = 9;
    static final int STATE_DAMAGED = 10;
    static final int SCHEMA_INVALID = 11;
    static final int SCHEMA_REF_UNRESOLVED = 12;
    static final int SCHEMA_TOO_COMPLEX = 13;

    static final int EVENT = 1;
    static final int VALID = 2;
    static final int INVALID = 3;

    static final int WANT_EVENTS = 1;
    static final int WANT_OUTPUTS = 2;

    /** jassay_listener. */
    static final FunctionDescriptor LISTENER = FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG);

    /** JASSAY_ERROR_TEXT_BYTES. */
    static final int ERROR_TEXT_BYTES = 2_048;

    static final StructLayout ERROR = MemoryLayout.structLayout(
            JAVA_INT.withName("status"),
            JAVA_INT.withName("text_length"),
            MemoryLayout.sequenceLayout(ERROR_TEXT_BYTES, JAVA_BYTE).withName("text"));
    static final long ERROR_TEXT_LENGTH_OFFSET = offset(ERROR, "text_length");
    static final long ERROR_TEXT_OFFSET = offset(ERROR, "text");

    static final StructLayout USAGE = MemoryLayout.structLayout(
            JAVA_LONG.withName("memory_limit"),
            JAVA_LONG.withName("memory_reserved"),
            JAVA_LONG.withName("plans"),
            JAVA_LONG.withName("sessions"));
    static final long USAGE_MEMORY_LIMIT_OFFSET = offset(USAGE, "memory_limit");
    static final long USAGE_MEMORY_RESERVED_OFFSET = offset(USAGE, "memory_reserved");
    static final long USAGE_PLANS_OFFSET = offset(USAGE, "plans");
    static final long USAGE_SESSIONS_OFFSET = offset(USAGE, "sessions");

    static final StructLayout PROGRESS = MemoryLayout.structLayout(
            JAVA_LONG.withName("bytes"),
            JAVA_LONG.withName("records"),
            JAVA_LONG.withName("invalid"),
            JAVA_LONG.withName("stopped_at"),
            JAVA_INT.withName("termination"),
            JAVA_INT.withName("reserved"));
    static final long PROGRESS_BYTES_OFFSET = offset(PROGRESS, "bytes");
    static final long PROGRESS_RECORDS_OFFSET = offset(PROGRESS, "records");
    static final long PROGRESS_INVALID_OFFSET = offset(PROGRESS, "invalid");
    static final long PROGRESS_STOPPED_AT_OFFSET = offset(PROGRESS, "stopped_at");
    static final long PROGRESS_TERMINATION_OFFSET = offset(PROGRESS, "termination");

    /** Bound of the version's and the kernel's name, terminator included. */
    private static final long MAX_NAME_BYTES = 256;

    private static final AtomicBoolean LINKED_AHEAD = new AtomicBoolean();
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle ABI_VERSION = LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle NAME = LINKER.downcallHandle(FunctionDescriptor.of(ADDRESS));
    private static final MethodHandle ENGINE_NEW = LINKER.downcallHandle(
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, ADDRESS));

    /** The calls that opening an engine does without. Apart, so that they can be linked while other things start. */
    private static final class Calls {
        static final MethodHandle ON_OBJECT = LINKER.downcallHandle(FunctionDescriptor.ofVoid(ADDRESS));
        static final MethodHandle ENGINE_RESERVE =
                LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS));
        static final MethodHandle ENGINE_RELEASE = LINKER.downcallHandle(FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG));
        static final MethodHandle ENGINE_USAGE =
                LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
        /** Of an engine and bytes, a new object. */
        static final MethodHandle COMPILE =
                LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));

        static final MethodHandle SESSION_NEW =
                LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
        static final MethodHandle SESSION_FEED =
                LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
        static final MethodHandle SESSION_PROGRESS =
                LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
        static final MethodHandle ON_SESSION = LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        /** Of an object, bytes that are its own. */
        static final MethodHandle OUTPUT =
                LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS));

        private Calls() {}

        /** Returns once all are linked. */
        static void link() {}
    }

    /** Apart, because few need them. */
    private static final class LiveCalls {
        static final MethodHandle SESSION_LISTEN =
                LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS));

        private LiveCalls() {}
    }

    /** Apart, because few need them. */
    private static final class PartCalls {
        static final MethodHandle SESSION_END_PART = LINKER.downcallHandle(
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
        static final MethodHandle SESSION_MERGE =
                LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));

        private PartCalls() {}
    }

    private final MemorySegment version;
    private final MemorySegment kernel;
    private final MemorySegment engineNew;
    private final MemorySegment engineFree;
    private final MemorySegment engineReserve;
    private final MemorySegment engineRelease;
    private final MemorySegment engineUsage;
    private final MemorySegment planNew;
    private final MemorySegment mergePlanNew;
    private final MemorySegment planFree;
    private final MemorySegment schemaCheck;
    private final MemorySegment schemaReportBytes;
    private final MemorySegment schemaReportFree;
    private final MemorySegment sessionNew;
    private final MemorySegment sessionListen;
    private final MemorySegment sessionFlush;
    private final MemorySegment sessionFeed;
    private final MemorySegment sessionProgress;
    private final MemorySegment sessionInterrupt;
    private final MemorySegment sessionEndPart;
    private final MemorySegment sessionMerge;
    private final MemorySegment sessionState;
    private final MemorySegment sessionFinish;
    private final MemorySegment sessionCancel;
    private final MemorySegment sessionFree;

    /** Of a library whose {@link #versionOf} is {@link #VERSION}. NoSuchElementException names a symbol that is not in it. */
    JassayAbi(SymbolLookup library) {
        version = library.findOrThrow("jassay_version");
        kernel = library.findOrThrow("jassay_kernel");
        engineNew = library.findOrThrow("jassay_engine_new_bounded");
        engineFree = library.findOrThrow("jassay_engine_free");
        engineReserve = library.findOrThrow("jassay_engine_reserve");
        engineRelease = library.findOrThrow("jassay_engine_release");
        engineUsage = library.findOrThrow("jassay_engine_usage");
        planNew = library.findOrThrow("jassay_plan_new");
        mergePlanNew = library.findOrThrow("jassay_merge_plan_new");
        planFree = library.findOrThrow("jassay_plan_free");
        schemaCheck = library.findOrThrow("jassay_schema_check");
        schemaReportBytes = library.findOrThrow("jassay_schema_report_bytes");
        schemaReportFree = library.findOrThrow("jassay_schema_report_free");
        sessionNew = library.findOrThrow("jassay_session_new");
        sessionListen = library.findOrThrow("jassay_session_listen");
        sessionFlush = library.findOrThrow("jassay_session_flush");
        sessionFeed = library.findOrThrow("jassay_session_feed");
        sessionProgress = library.findOrThrow("jassay_session_progress");
        sessionInterrupt = library.findOrThrow("jassay_session_interrupt");
        sessionEndPart = library.findOrThrow("jassay_session_end_part");
        sessionMerge = library.findOrThrow("jassay_session_merge");
        sessionState = library.findOrThrow("jassay_session_state");
        sessionFinish = library.findOrThrow("jassay_session_finish");
        sessionCancel = library.findOrThrow("jassay_session_cancel");
        sessionFree = library.findOrThrow("jassay_session_free");
    }

    /**
     * Links the calls that opening an engine does without, on a thread of its own: linking all takes longer than everything else that
     * opening does. Whoever needs one sooner waits for it.
     */
    static void linkAhead() {
        if (LINKED_AHEAD.compareAndSet(false, true)) {
            Thread.ofPlatform().name("jassay-link").daemon().start(Calls::link);
        }
    }

    /** The ABI version of a library. NoSuchElementException if it has none. */
    static int versionOf(SymbolLookup library) {
        try {
            return (int) ABI_VERSION.invokeExact(library.findOrThrow("jassay_abi_version"));
        } catch (Throwable thrown) {
            throw propagate(thrown);
        }
    }

    String version() {
        return name(version);
    }

    String kernel() {
        return name(kernel);
    }

    int engineNew(
            int threads,
            long memoryLimit,
            long maxExpansion,
            long maxZstdWindow,
            MemorySegment engine,
            MemorySegment error) {
        try {
            return (int)
                    ENGINE_NEW.invokeExact(engineNew, threads, memoryLimit, maxExpansion, maxZstdWindow, engine, error);
        } catch (Throwable thrown) {
            throw propagate(thrown);
        }
    }

    void engineFree(MemorySegment engine) {
        callVoid(engineFree, engine);
    }

    int engineReserve(MemorySegment engine, long bytes, MemorySegment error) {
        try {
            return (int) Calls.ENGINE_RESERVE.invokeExact(engineReserve, engine, bytes, error);
        } catch (Throwable thrown) {
            throw propagate(thrown);
        }
    }

    void engineRelease(MemorySegment engine, long bytes) {
        try {
            Calls.ENGINE_RELEASE.invokeExact(engineRelease, engine, bytes);
        } catch (Throwable thrown) {
            throw propagate(thrown);
        }
    }

    int engineUsage(MemorySegment engine, MemorySegment usage, MemorySegment error) {
        try {
            return (int) Calls.ENGINE_USAGE.invokeExact(engineUsage, engine, usage, error);
        } catch (Throwable thrown) {
            throw propagate(thrown);
        }
    }

    int planNew(MemorySegment engine, MemorySegment config, long length, MemorySegment plan, MemorySegment error) {
        return compile(planNew, engine, config, length, plan, error);
    }

    int mergePlanNew(MemorySegment engine, MemorySegment config, long length, MemorySegment plan, MemorySegment error) {
        return compile(mergePlanNew, engine, config, length, plan, error);
    }

    private static int compile(
            MemorySegment function,
            MemorySegment engine,
            MemorySegment bytes,
            long length,
            MemorySegment object,
            MemorySegment error) {
        try {
            return (int) Calls.COMPILE.invokeExact(function, engine, bytes, length, object, error);
        } catch (Throwable thrown) {
            throw propagate(thrown);
        }
    }

    void planFree(MemorySegment plan) {
        callVoid(planFree, plan);
    }

    int schemaCheck(
            MemorySegment engine, MemorySegment request, long length, MemorySegment report, MemorySegment error) {
        return compile(schemaCheck, engine, request, length, report, error);
    }

    int schemaReportBytes(MemorySegment report, MemorySegment bytes, MemorySegment length, MemorySegment error) {
        return output(schemaReportBytes, report, bytes, length, error);
    }

    void schemaReportFree(MemorySegment report) {
        callVoid(schemaReportFree, report);
    }

    int sessionNew(MemorySegment engine, MemorySegment plan, MemorySegment session, MemorySegment error) {
        try {
            return (int) Calls.SESSION_NEW.invokeExact(sessionNew, engine, plan, session, error);
        } catch (Throwable thrown) {
            throw propagate(thrown);
        }
    }

    int sessionListen(MemorySegment session, int wanted, MemorySegment listener, MemorySegment error) {
        try {
            return (int) LiveCalls.SESSION_LISTEN.invokeExact(
                    sessionListen, session, wanted, listener, MemorySegment.NULL, error);
        } catch (Throwable thrown) {
            throw propagate(thrown);
        }
    }

    /** What a session calls back; it stands as long as the arena. */
    static MemorySegment listener(MethodHandle function, Arena arena) {
        return LINKER.upcallStub(function, LISTENER, arena);
    }

    int sessionFlush(MemorySegment session, MemorySegment error) {
        try {
            return (int) Calls.ON_SESSION.invokeExact(sessionFlush, session, error);
        } catch (Throwable thrown) {
            throw propagate(thrown);
        }
    }

    int sessionFeed(MemorySegment session, MemorySegment bytes, long length, MemorySegment error) {
        try {
            return (int) Calls.SESSION_FEED.invokeExact(sessionFeed, session, bytes, length, error);
        } catch (Throwable thrown) {
            throw propagate(thrown);
        }
    }

    int sessionProgress(MemorySegment session, MemorySegment progress, MemorySegment error) {
        try {
            return (int) Calls.SESSION_PROGRESS.invokeExact(sessionProgress, session, progress, error);
        } catch (Throwable thrown) {
            throw propagate(thrown);
        }
    }

    int sessionInterrupt(MemorySegment session, MemorySegment error) {
        try {
            return (int) Calls.ON_SESSION.invokeExact(sessionInterrupt, session, error);
        } catch (Throwable thrown) {
            throw propagate(thrown);
        }
    }

    int sessionEndPart(
            MemorySegment session,
            int number,
            MemorySegment source,
            long sourceLength,
            MemorySegment progress,
            MemorySegment error) {
        try {
            return (int) PartCalls.SESSION_END_PART.invokeExact(
                    sessionEndPart, session, number, source, sourceLength, progress, error);
        } catch (Throwable thrown) {
            throw propagate(thrown);
        }
    }

    int sessionMerge(MemorySegment merge, MemorySegment parts, MemorySegment error) {
        try {
            return (int) PartCalls.SESSION_MERGE.invokeExact(sessionMerge, merge, parts, error);
        } catch (Throwable thrown) {
            throw propagate(thrown);
        }
    }

    int sessionState(MemorySegment session, MemorySegment state, MemorySegment length, MemorySegment error) {
        return output(sessionState, session, state, length, error);
    }

    int sessionFinish(MemorySegment session, MemorySegment result, MemorySegment length, MemorySegment error) {
        return output(sessionFinish, session, result, length, error);
    }

    private static int output(
            MemorySegment function,
            MemorySegment object,
            MemorySegment bytes,
            MemorySegment length,
            MemorySegment error) {
        try {
            return (int) Calls.OUTPUT.invokeExact(function, object, bytes, length, error);
        } catch (Throwable thrown) {
            throw propagate(thrown);
        }
    }

    void sessionCancel(MemorySegment session) {
        callVoid(sessionCancel, session);
    }

    void sessionFree(MemorySegment session) {
        callVoid(sessionFree, session);
    }

    private static void callVoid(MemorySegment function, MemorySegment object) {
        try {
            Calls.ON_OBJECT.invokeExact(function, object);
        } catch (Throwable thrown) {
            throw propagate(thrown);
        }
    }

    private static String name(MemorySegment function) {
        try {
            MemorySegment name = (MemorySegment) NAME.invokeExact(function);
            return name.reinterpret(MAX_NAME_BYTES).getString(0);
        } catch (Throwable thrown) {
            throw propagate(thrown);
        }
    }

    private static long offset(StructLayout layout, String field) {
        return layout.byteOffset(PathElement.groupElement(field));
    }

    /** A downcall itself throws nothing checked. */
    private static RuntimeException propagate(Throwable thrown) {
        return switch (thrown) {
            case RuntimeException exception -> exception;
            case Error error -> throw error;
            default -> throw new AssertionError(thrown);
        };
    }
}
