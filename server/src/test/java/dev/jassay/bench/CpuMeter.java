package dev.jassay.bench;

import dev.jassay.bench.Turns.Figures;
import dev.jassay.bench.Turns.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A subject, and how much time of processors a process takes meanwhile. */
final class CpuMeter implements Subject {
    /** What the system counts in. A shorter time may show as none. */
    private static final Duration TICK = Duration.ofMillis(10);

    private final ProcessHandle process;
    private final Subject subject;
    private final List<Double> nanos = new ArrayList<>();

    CpuMeter(ProcessHandle process, Subject subject) {
        this.process = process;
        this.subject = subject;
    }

    @Override
    public double measure() throws Exception {
        Duration before = used();
        double figure = subject.measure();
        nanos.add((double) Math.max(used().minus(before).toNanos(), TICK.toNanos()));
        return figure;
    }

    private Duration used() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** Nanoseconds, at least one tick, once a round but for the first, which warms up. */
    Figures figures() {
        return new Figures(nanos.subList(1, nanos.size()));
    }
}
