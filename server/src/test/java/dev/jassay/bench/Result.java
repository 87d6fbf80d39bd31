package dev.jassay.bench;

import dev.jassay.bench.Turns.Figures;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * One figure that was measured.
 *
 * @param data what it was measured on
 * @param ours the figure of Jassay
 * @param peer the figure that it is compared with; none where the bar is an absolute one
 * @param unit of both figures
 * @param bar what the ratio should reach or keep below; none where it is only printed
 * @param note what a reader should know beside; may be empty
 */
record Result(
        String name,
        String data,
        double ours,
        OptionalDouble peer,
        String unit,
        OptionalDouble bar,
        Sense sense,
        String note) {
    /** A figure beside that of a peer, without a bar. */
    static Result pair(String name, String data, double ours, double peer, String unit) {
        return new Result(name, data, ours, OptionalDouble.of(peer), unit, OptionalDouble.empty(), Sense.MIN, "");
    }

    /** A rate beside that of a peer, the medians of both. */
    static Result rates(String name, String data, Figures ours, Figures peer) {
        return pair(name, data, ours.median(), peer.median(), "GB/s");
    }

    /** Of rates that all have a peer. */
    static Result geometricMean(String name, List<Result> rates) {
        return pair(
                name,
                "geometric mean",
                mean(rates, Result::ours),
                mean(rates, rate -> rate.peer().orElseThrow()),
                "GB/s");
    }

    private static double mean(List<Result> rates, ToDoubleFunction<Result> rate) {
        return Math.exp(rates.stream()
                .mapToDouble(result -> Math.log(rate.applyAsDouble(result)))
                .average()
                .orElseThrow());
    }

    /** A figure without a peer. */
    static Result absolute(String name, String data, double ours, String unit) {
        return new Result(name, data, ours, OptionalDouble.empty(), unit, OptionalDouble.empty(), Sense.MIN, "");
    }

    Result atLeast(double limit) {
        return new Result(name, data, ours, peer, unit, OptionalDouble.of(limit), Sense.MIN, note);
    }

    Result atMost(double limit) {
        return new Result(name, data, ours, peer, unit, OptionalDouble.of(limit), Sense.MAX, note);
    }

    Result noting(String text) {
        return new Result(name, data, ours, peer, unit, bar, sense, text);
    }

    /** Ours over the peer's, or ours alone where there is none. */
    double ratio() {
        return peer.isPresent() ? ours / peer.getAsDouble() : ours;
    }

    boolean missed() {
        return bar.isPresent() && !sense.met(ratio(), bar.getAsDouble());
    }
}
