package dev.jassay.cli;

import dev.jassay.engine.SessionProgress;
import dev.jassay.v1.Termination;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** What is to be told of single files, which the one result of all of them cannot tell. Any thread. */
final class FileTroubles {
    /** More than a person reads. */
    static final int MAX_TOLD = 20;

    private final List<String> unreadable = new ArrayList<>();
    private final List<String> endings = new ArrayList<>();
    private boolean anyCutOff;

    /** A file could not be read, or not to its end; none of it is in the result. */
    synchronized void unreadable(String name, Exception failure) {
        unreadable.add(
                failure instanceof IOException reading
                        ? Input.unreadable(name, reading).text()
                        : String.valueOf(failure.getMessage()));
    }

    /** A file was judged. */
    synchronized void judged(String name, Termination termination, long stoppedAt) {
        anyCutOff |= termination == Termination.TERMINATION_INPUT_TRUNCATED;
        if (termination != Termination.TERMINATION_COMPLETE) {
            endings.add(name + ": stopped at byte " + stoppedAt + ": " + TextReport.ending(termination));
        }
    }

    /** As {@link #judged(String, Termination, long)}. */
    void judged(String name, SessionProgress progress) {
        Termination termination = Termination.forNumber(progress.termination());
        judged(name, termination == null ? Termination.UNRECOGNIZED : termination, progress.stoppedAt());
    }

    synchronized int unreadableFiles() {
        return unreadable.size();
    }

    /** Writes all, the first ones of each kind by name. */
    synchronized void tell(PrintStream err) {
        for (List<String> texts : List.of(unreadable, endings)) {
            texts.stream().sorted().limit(MAX_TOLD).forEach(text -> err.println("jassay: " + VisibleText.of(text)));
            if (texts.size() > MAX_TOLD) {
                err.println("jassay: and " + Figures.count(texts.size() - MAX_TOLD, "more such file"));
            }
        }
    }

    /** That of the result, unless a file asks for another: whoever misses input is to know it before all else. */
    synchronized int exitCode(int ofResult) {
        boolean concernsData = ofResult == ExitCode.PASS || ofResult == ExitCode.FAIL;
        return concernsData && (anyCutOff || !unreadable.isEmpty()) ? ExitCode.INPUT : ofResult;
    }
}
