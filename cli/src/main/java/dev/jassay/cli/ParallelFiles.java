package dev.jassay.cli;

import dev.jassay.engine.Engine;
import dev.jassay.engine.Plan;
import dev.jassay.engine.Session;
import dev.jassay.engine.Slab;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Judges files, some at once, each as a part of one result. Whoever is free takes the next one, so those that were begun are always the
 * first ones. Each worker has one session for all its small files, so what is found in them adds up where it is; only files that take
 * long are worth a session of their own. So there is little to merge, and memory does not grow with the number of files.
 */
final class ParallelFiles {
    private final Engine engine;
    private final Plan plan;
    private final Session whole;
    private final InputFiles files;
    private final FileTroubles troubles;
    private final JointProgress progress;
    private final Interruption interruption;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicBoolean failed = new AtomicBoolean();

    /**
     * Of an engine that judges by the plan, whose results are merged into the whole.
     *
     * @param plan with a state
     * @param whole a session of a merge
     */
    ParallelFiles(Engine engine, Plan plan, Session whole, InputFiles files, FileTroubles troubles, Watch watch) {
        this.engine = engine;
        this.plan = plan;
        this.whole = whole;
        this.files = files;
        this.troubles = troubles;
        this.progress = new JointProgress(watch);
        this.interruption = watch.interruption();
    }

    /** @throws CommandFailure (INPUT) if none could be read */
    void judge() throws InterruptedException {
        int count = files.names().size();
        List<Future<?>> workers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(Math.min(engine.threads(), count))) {
            for (int thread = 0; thread < Math.min(engine.threads(), count); thread++) {
                workers.add(threads.submit(this::work));
            }
        }
        for (Future<?> worker : workers) {
            join(worker);
        }
        if (troubles.unreadableFiles() == count) {
            throw new CommandFailure(ExitCode.INPUT, "no file could be read");
        }
    }

    private static void join(Future<?> worker) throws InterruptedException {
        try {
            worker.get();
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case RuntimeException told -> throw told;
                case Error defect -> throw defect;
                case InterruptedException interrupt -> throw interrupt;
                case null, default -> throw new IllegalStateException(failure);
            }
        }
    }

    private Void work() throws InterruptedException {
        boolean done = false;
        try (Slab slab = engine.slabs().acquire();
                Session session = engine.newSession(plan)) {
            int number = next.getAndIncrement();
            boolean hasParts = false;
            while (number < files.names().size() && !failed.get()) {
                // One that is begun after the interruption shows where all stopped.
                boolean last = interruption.isRequested();
                hasParts |= judge(number, session, slab);
                number = last ? files.names().size() : next.getAndIncrement();
            }
            if (hasParts) {
                merge(session);
            }
            done = true;
            return null;
        } finally {
            if (!done) {
                failed.set(true);
            }
        }
    }

    /**
     * Ends a part of this number, whatever comes: so the parts are all there, and each has its place among them.
     *
     * @return whether in this session
     */
    private boolean judge(int number, Session session, Slab slab) throws InterruptedException {
        if (!interruption.isRequested()) {
            try (Input input = files.open(number)) {
                if (!readWhole(input, slab)) {
                    judgeApart(number, input, slab);
                    return false;
                }
                session.feed(slab);
                progress.share().accept(Passed.of(slab.length(), session.progress()));
            } catch (CommandFailure | IOException failure) {
                troubles.unreadable(files.names().get(number), failure);
            }
        }
        end(number, session);
        return true;
    }

    /** @return false if it does not fit; the slab then has its beginning, if anything */
    private static boolean readWhole(Input input, Slab slab) throws IOException {
        slab.clear();
        if (input.bytes().isEmpty() || input.bytes().getAsLong() >= slab.room()) {
            return false;
        }
        int read;
        do {
            read = slab.readFrom(input.channel());
        } while (read > 0);
        return read < 0;
    }

    /** In a session of its own, which is dropped where the file cannot be read to its end. */
    private void judgeApart(int number, Input input, Slab beginning) throws IOException, InterruptedException {
        try (Session session = engine.newSession(plan)) {
            session.feed(beginning);
            Feed.ahead(engine, session, input, new Watch(progress.share(), interruption));
            end(number, session);
            merge(session);
        }
    }

    private void end(int number, Session session) {
        if (interruption.isRequested()) {
            session.interrupt();
        }
        troubles.judged(files.source(number), session.endPart(number, files.source(number)));
    }

    private void merge(Session session) {
        synchronized (whole) {
            whole.merge(session);
        }
    }
}
