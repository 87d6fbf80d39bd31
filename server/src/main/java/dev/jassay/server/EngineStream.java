package dev.jassay.server;

import dev.jassay.engine.ConfigException;
import dev.jassay.engine.Engine;
import dev.jassay.engine.Plan;
import dev.jassay.engine.Progress;
import dev.jassay.engine.Session;
import dev.jassay.engine.Slab;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one call on its way into the engine: copies what the messages carry into a slab, and has the engine work on what
 * has come while the next message comes.
 *
 * <p>One thread at a time; {@link #cancel} from any. {@link #close} frees what is held in the engine, and must not run beside
 * another method but {@link #cancel}.
 */
final class EngineStream implements AutoCloseable {
    /**
     * Bytes from which on what has come is judged: enough to make a call to the engine cheap, few enough that they are still in the
     * processor's cache, and that the next message comes meanwhile.
     */
    private static final int JUDGED_AT_ONCE = 128 << 10;

    private final Engine engine;
    private final Task task;
    private final Plan defaults;

    private @Nullable Slab slab;
    private volatile @Nullable Session session;
    private volatile boolean cancelled;

    /** @param defaults the plan of a stream without a config; stays the caller's */
    EngineStream(Engine engine, Task task, Plan defaults) {
        this.engine = engine;
        this.task = task;
        this.defaults = defaults;
    }

    /**
     * Takes the payload of a message, judging on the way what does not fit the slab.
     *
     * @return DONE if no byte that could still come would change the result
     * @throws RefusedException if the message or its config is at fault
     */
    Progress accept(MessageBytes message) throws IOException, RefusedException {
        return switch (PayloadReader.read(message, task)) {
            case Payload.Nothing nothing -> Progress.MORE;
            case Payload.Config config -> configure(config.encoded());
            case Payload.Data data -> take(message, data);
        };
    }

    /** Judges what has come, unless it is too little to be worth a call to the engine. */
    Progress judgeWhatCame() {
        return slab != null && slab.length() >= JUDGED_AT_ONCE ? judge(slab) : Progress.MORE;
    }

    /** Judges the rest, and gives the encoded result. */
    byte[] finish() {
        Session judging = session();
        if (slab != null && slab.length() > 0) {
            judge(slab);
        }
        return judging.finish();
    }

    /** Makes a running or later call to the engine fail, within 100 ms. */
    void cancel() {
        cancelled = true;
        Session judging = session;
        if (judging != null) {
            judging.cancel();
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

    private Progress configure(byte[] encoded) throws RefusedException {
        if (session != null) {
            throw new RefusedException(Refusal.configOutOfOrder());
        }
        try (Plan plan = task.compile(engine, encoded)) {
            open(plan);
        } catch (ConfigException e) {
            throw new RefusedException(Refusal.configRefused(e, task));
        }
        return Progress.MORE;
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
        Progress progress = session().feed(filled);
        filled.clear();
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
        return opened;
    }
}
