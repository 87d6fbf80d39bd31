package dev.jassay.server;

import dev.jassay.engine.ConfigException;
import dev.jassay.engine.Engine;
import dev.jassay.engine.Plan;
import dev.jassay.engine.Progress;
import dev.jassay.engine.Reservation;
import dev.jassay.engine.Session;
import dev.jassay.engine.Slab;
import dev.jassay.engine.Wanted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one call on its way into the engine: copies what the messages carry into a slab, and has the engine work on what
 * has come while the next message comes.
 */
final class EngineStream implements CallWork {
    /**
     * Bytes from which on what has come is judged: enough to make a call to the engine cheap, few enough that they are still in the
     * processor's cache, and that the next message comes meanwhile.
     */
    static final int JUDGED_AT_ONCE = 128 << 10;

    private final Engine engine;
    private final Task task;
    private final Plan defaults;
    private final HeapRoom configs;
    private final @Nullable LiveEvents events;

    private @Nullable Slab slab;
    private volatile @Nullable Session session;
    private volatile boolean cancelled;

    /**
     * @param defaults the plan of a stream without a config; stays the caller's
     * @param configs where large ones lie while they are compiled
     * @param events tells how it goes, if that is to be told
     */
    EngineStream(Engine engine, Task task, Plan defaults, HeapRoom configs, Optional<LiveEvents> events) {
        this.engine = engine;
        this.task = task;
        this.defaults = defaults;
        this.configs = configs;
        this.events = events.orElse(null);
    }

    /** Takes the payload of a message, judging on the way what does not fit the slab. */
    @Override
    public Progress accept(MessageBytes message) throws IOException, RefusedException {
        return switch (PayloadReader.read(message, task, configs)) {
            case Payload.Nothing nothing -> Progress.MORE;
            case Payload.Config config -> configure(config.encoded());
            case Payload.Data data -> take(message, data);
        };
    }

    /** Judges what has come, unless it is too little to be worth a call to the engine. */
    @Override
    public Progress workOnWhatCame() {
        return slab != null && slab.length() >= JUDGED_AT_ONCE ? judge(slab) : Progress.MORE;
    }

    /** Judges the rest, and gives the encoded result. */
    @Override
    public byte[] finish() {
        Session judging = session();
        if (slab != null && slab.length() > 0) {
            judge(slab);
        }
        byte[] result = judging.finish();
        return events != null ? LiveEvents.ofResult(result) : result;
    }

    @Override
    public void flush() {
        if (events == null || session == null) {
            return;
        }
        if (slab != null && slab.length() > 0) {
            judge(slab);
        }
        tell(events, session());
    }

    private static void tell(LiveEvents events, Session judging) {
        judging.flush();
        events.progressed(judging.progress());
        events.tellProgress();
    }

    @Override
    public void tellProgress() {
        if (events != null) {
            events.tellQuietProgress();
        }
    }

    @Override
    public void ready() {
        if (events != null) {
            events.ready();
        }
    }

    @Override
    public boolean unreadFor(Duration time) {
        return events != null && events.unreadFor(time);
    }

    @Override
    public boolean endTelling() {
        return events != null && events.close();
    }

    @Override
    public void cancel() {
        cancelled = true;
        Session judging = session;
        if (judging != null) {
            judging.cancel();
        }
        if (events != null) {
            events.cancel();
        }
    }

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

    private Progress configure(JoinedBytes encoded) throws RefusedException {
        try (encoded) {
            if (session != null) {
                throw new RefusedException(Refusal.configOutOfOrder());
            }
            if (cancelled) {
                // It may have waited for its place while others compiled.
                throw new CancellationException();
            }
            compile(encoded.bytes());
        }
        return Progress.MORE;
    }

    /** The engine copies the config. */
    private void compile(ByteBuffer config) throws RefusedException {
        try (Reservation _ = engine.reserve(config.remaining());
                Plan plan = task.compile(engine, config)) {
            open(plan);
        } catch (ConfigException e) {
            throw new RefusedException(Refusal.configRefused(e, task));
        }
    }

    private Progress take(MessageBytes message, Payload.Data data) throws IOException {
        session();
        Slab target = slab();
        for (int left = data.length(); left > 0; ) {
            if (target.room() == 0 && judge(target) == Progress.DONE) {
                return Progress.DONE;
            }
            int count = Math.min(left, target.room());
            message.transfer(count, target::put);
            left -= count;
        }
        return Progress.MORE;
    }

    private Progress judge(Slab filled) {
        Session judging = session();
        if (cancelled) {
            // A listener that was told so has spent the session.
            throw new CancellationException();
        }
        Progress progress = judging.feed(filled);
        filled.clear();
        if (events != null && events.due()) {
            tell(events, judging);
        }
        return progress;
    }

    private Slab slab() {
        if (slab == null) {
            slab = engine.slabs().acquire();
        }
        return slab;
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
        if (events != null) {
            opened.listen(Set.of(Wanted.EVENTS), events);
        }
        return opened;
    }
}
