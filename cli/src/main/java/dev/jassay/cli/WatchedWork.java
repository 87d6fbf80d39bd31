package dev.jassay.cli;

import dev.jassay.v1.ProcessResult;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import java.util.function.Function;

/**
 * Works while people see how far it is.
 *
 * @param view made for the subject
 */
record WatchedWork(Function<Subject, ProgressView> view) {
    /** On the terminal, if there is one. */
    static WatchedWork on(Optional<PrintStream> terminal) {
        return new WatchedWork(subject -> terminal.<ProgressView>map(
                        shown -> new ProgressBar(shown, subject.bytes(), System::nanoTime))
                .orElseGet(ProgressView::none));
    }

    /** What is done to the subject. */
    @FunctionalInterface
    interface Work {
        ProcessResult run(Watch watch) throws IOException, InterruptedException;
    }

    /** @throws CommandFailure as the work, and (INPUT) if the subject cannot be read */
    ProcessResult run(Subject subject, Interruption interruption, Work work) throws InterruptedException {
        try (ProgressView shown = view.apply(subject);
                ShutdownHook _ = ShutdownHook.of(shown::close)) {
            return work.run(new Watch(shown::update, interruption));
        } catch (IOException failure) {
            throw Input.unreadable(subject.name(), failure);
        }
    }
}
