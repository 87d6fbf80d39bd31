package dev.jassay.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The figures of a work under way: nothing is told that is not known.
 *
 * @param passed how far it is
 * @param total bytes that there are, if that is known
 * @param seconds since it began
 */
record ProgressFigures(Passed passed, OptionalLong total, double seconds) {
    private boolean isTotalKnown() {
        return total.isPresent() && total.getAsLong() > 0;
    }

    /** Of the total, 0 to 1; none if that is not known. */
    double part() {
        return isTotalKnown() ? Math.clamp((double) passed.bytes() / total.getAsLong(), 0.0, 1.0) : 0.0;
    }

    /** Bytes and rate, records and invalid ones, and the time left or, where that is not known, the time taken. */
    List<String> texts() {
        List<String> texts = new ArrayList<>();
        String bytes = Figures.bytes((double) passed.bytes());
        texts.add(isTotalKnown() ? bytes + " of " + Figures.bytes((double) total.getAsLong()) : bytes);
        double rate = passed.bytes() / seconds;
        texts.add(Figures.bytes(rate) + "/s");
        passed.judged().ifPresent(judged -> {
            texts.add(Figures.count(judged.records(), "record"));
            texts.add(Figures.grouped(judged.invalid()) + " invalid");
        });
        texts.add(
                isTotalKnown()
                        ? Figures.duration(Math.max(total.getAsLong() - passed.bytes(), 0) / Math.max(rate, 1))
                                + " left"
                        : Figures.duration(seconds));
        return texts;
    }
}
