package dev.jassay.cli;

import dev.jassay.engine.Engine;
import dev.jassay.engine.Plan;
import dev.jassay.engine.Session;
import dev.jassay.engine.SessionProgress;
import dev.jassay.engine.Slab;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Judges files, some at once, each as a part of one result. Whoever is free takes the next one, so those that were begun are always the
 * first ones; what was found in a file is merged as soon as it has ended, so memory is bounded by the files that are under way.
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
        try (Slab slab = engine.slabs().acquire()) {
            int number = next.getAndIncrement();
            while (number < files.names().size() && !failed.get()) {
                // One that is begun after the interruption shows where all stopped.
                boolean last = interruption.isRequested();
                judge(number, slab);
                number = last ? files.names().size() : next.getAndIncrement();
            }
            done = true;
            return null;
        } finally {
            if (!done) {
                failed.set(true);
            }
        }
    }

    private void judge(int number, Slab slab) throws InterruptedException {
        try (Session session = engine.newSession(plan)) {
            if (!interruption.isRequested()) {
                feed(number, session, slab);
            }
            if (interruption.isRequested()) {
                session.interrupt();
            }
            troubles.judged(files.source(number), merge(session, number));
        } catch (CommandFailure | IOException failure) {
            troubles.unreadable(
                    failure instanceof CommandFailure told
                            ? told.text()
                            : Input.unreadable(files.names().get(number), (IOException) failure)
                                    .text());
            // Nothing of it, so that the parts are all there and what comes first has its place among them.
            try (Session nothing = engine.newSession(plan)) {
                merge(nothing, number);
            }
        }
    }

    private void feed(int number, Session session, Slab slab) throws IOException, InterruptedException {
        try (Input input = files.open(number)) {
            Watch watch = new Watch(progress.share(), interruption);
            OptionalLong bytes = input.bytes();
            slab.clear();
            if (bytes.isPresent() && bytes.getAsLong() <= slab.room()) {
                Feed.whole(session, input, slab, watch);
            } else {
                Feed.ahead(engine, session, input, watch);
            }
        }
    }

    private SessionProgress merge(Session session, int number) {
        synchronized (whole) {
            return whole.merge(session, number, files.source(number));
        }
    }
}
