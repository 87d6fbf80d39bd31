package dev.jassay.server;

import dev.jassay.engine.ConfigException;
import dev.jassay.engine.Engine;
import dev.jassay.engine.Plan;
import dev.jassay.engine.Progress;
import dev.jassay.engine.Reservation;
import dev.jassay.engine.Session;
import dev.jassay.engine.Slab;
import dev.jassay.engine.Wanted;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A stream on its way into the engine, however it comes: what is put into the slab is judged when that is full, or when it is enough to be
 * worth a call to the engine.
 *
 * <p>One thread at a time, which may block where a method says that it calls the engine; {@link #cancel} from any, at any time. Where the
 * engine refuses or was cancelled, its exception is thrown, and the stream can only be closed.
 */
final class JudgedStream implements AutoCloseable {
    /**
     * Bytes from which on what has come is judged: enough to make a call to the engine cheap, few enough that they are still in the
     * processor's cache, and that the next message comes meanwhile.
     */
    private static final int JUDGED_AT_ONCE = 128 << 10;

    private final Engine engine;
    private final Task task;
    private final Plan defaults;

    private volatile @Nullable ProgressListener listener;
    private @Nullable Slab slab;
    private volatile @Nullable Session session;
    private volatile boolean cancelled;

    /** Whether something has come that has not been judged. */
    private volatile boolean pending;

    /** @param defaults the plan of a stream without a config; stays the caller's */
    JudgedStream(Engine engine, Task task, Plan defaults) {
        this.engine = engine;
        this.task = task;
        this.defaults = defaults;
    }

    /** Has a listener hear of the stream; before it is opened. */
    void listen(ProgressListener hears) {
        listener = hears;
    }

    /** Whether {@link #flush} would do something. Any thread. */
    boolean canFlush() {
        return pending || listener != null;
    }

    /**
     * Opens the stream by a config. Calls the engine, which copies it.
     *
     * @throws RefusedException if the config is refused, or the stream has been opened
     */
    void configure(ByteBuffer encoded) throws RefusedException {
        if (session != null) {
            throw new RefusedException(Refusal.configOutOfOrder());
        }
        if (cancelled) {
            // It may have waited for its place while others compiled.
            throw new CancellationException();
        }
        try (Reservation _ = engine.reserve(encoded.remaining());
                Plan plan = task.compile(engine, encoded)) {
            var _ = open(plan);
        } catch (ConfigException e) {
            throw new RefusedException(Refusal.configRefused(e, task));
        }
    }

    /** Opens the stream by the defaults, unless it is open: no config may come any more. Calls the engine. */
    void open() {
        var _ = session();
    }

    /** Where the next bytes are put, as many as it has room for. */
    Slab slab() {
        if (slab == null) {
            slab = engine.slabs().acquire();
        }
        pending = true;
        return slab;
    }

    /** Whether no byte can be put before {@link #judge}. */
    boolean full() {
        return slab != null && slab.room() == 0;
    }

    /** Whether what has come is enough to be worth a call to the engine. */
    boolean worthJudging() {
        return slab != null && slab.length() >= JUDGED_AT_ONCE;
    }

    /**
     * Judges what has come. Calls the engine.
     *
     * @return DONE if no byte that could still come would change the result
     */
    Progress judge() {
        Session judging = session();
        if (cancelled) {
            // A listener that was told so has spent the session.
            throw new CancellationException();
        }
        Progress progress = Progress.MORE;
        if (slab != null && slab.length() > 0) {
            progress = judging.feed(slab);
            slab.clear();
        }
        pending = false;
        if (listener != null && listener.due()) {
            tell(listener, judging);
        }
        return progress;
    }

    /**
     * Judges what has come, however little, and tells all of it where somebody listens: for when nothing more comes for a while. Calls
     * the engine.
     *
     * @return DONE if no byte that could still come would change the result
     */
    Progress flush() {
        if (!pending && session == null) {
            return Progress.MORE;
        }
        Progress progress = judge();
        if (listener != null) {
            tell(listener, session());
        }
        return progress;
    }

    /** Judges the rest, and gives the encoded result. Calls the engine. */
    byte[] finish() {
        var _ = judge();
        return session().finish();
    }

    /** Makes running or later calls to the engine fail as soon as they can be stopped. */
    void cancel() {
        cancelled = true;
        Session judging = session;
        if (judging != null) {
            judging.cancel();
        }
    }

    /** Frees what is held in the engine. Calls it. A second time does nothing. */
    @Override
    public void close() {
        if (slab != null) {
            slab.close();
            slab = null;
        }
        Session judging = session;
        if (judging != null) {
            judging.close();
        }
    }

    private static void tell(ProgressListener listener, Session judging) {
        judging.flush();
        listener.progressed(judging.progress());
    }

    private Session session() {
        Session judging = session;
        return judging != null ? judging : open(defaults);
    }

    private Session open(Plan plan) {
        Session opened = engine.newSession(plan);
        session = opened;
        if (cancelled) {
            opened.cancel();
        }
        if (listener != null) {
            opened.listen(Set.of(Wanted.EVENTS), listener);
        }
        return opened;
    }
}
