package dev.jassay.cli;

import java.util.Optional;
import java.util.function.Consumer;

/** Adds up how far works are that run at once. Any thread. */
final class JointProgress {
    private final Watch watch;
    private long bytes;
    private long records;
    private long invalid;

    JointProgress(Watch watch) {
        this.watch = watch;
    }

    /** To be told by one of them how far it is, by one thread at a time. */
    Consumer<Passed> share() {
        return new Share();
    }

    private synchronized void add(Passed before, Passed now) {
        bytes += now.bytes() - before.bytes();
        records += records(now) - records(before);
        invalid += invalid(now) - invalid(before);
        watch.passed(new Passed(bytes, Optional.of(new Passed.Judged(records, invalid))));
    }

    private static long records(Passed passed) {
        return passed.judged().map(Passed.Judged::records).orElse(0L);
    }

    private static long invalid(Passed passed) {
        return passed.judged().map(Passed.Judged::invalid).orElse(0L);
    }

    private final class Share implements Consumer<Passed> {
        private Passed told = Passed.ofBytes(0);

        @Override
        public void accept(Passed passed) {
            add(told, passed);
            told = passed;
        }
    }
}
