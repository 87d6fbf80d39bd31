package dev.jassay.cli;

import java.util.function.Consumer;

/**
 * What a work tells while it runs, and heeds.
 *
 * @param progress told how far it is, by any thread
 * @param interruption whether it is to end with what it has
 */
record Watch(Consumer<Passed> progress, Interruption interruption) {
    /** Nobody watches. */
    static Watch none() {
        return new Watch(_ -> {}, new Interruption());
    }

    void passed(Passed passed) {
        progress.accept(passed);
    }
}
