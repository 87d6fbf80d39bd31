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

    /** What matters most comes first: the time left, or where that is not known how much there was so far. */
    List<String> texts() {
        List<String> texts = new ArrayList<>();
        String bytes = Figures.bytes((double) passed.bytes());
        double rate = passed.bytes() / seconds;
        if (isTotalKnown()) {
            long left = Math.max(total.getAsLong() - passed.bytes(), 0);
            texts.add(Figures.duration(left / Math.max(rate, 1)) + " left");
        } else {
            texts.add(bytes);
        }
        texts.add(Figures.bytes(rate) + "/s");
        passed.judged().ifPresent(judged -> {
            texts.add(Figures.count(judged.records(), "record"));
            texts.add(Figures.grouped(judged.invalid()) + " invalid");
        });
        texts.add(
                isTotalKnown()
                        ? bytes + " of " + Figures.bytes((double) total.getAsLong())
                        : Figures.duration(seconds));
        return texts;
    }
}
