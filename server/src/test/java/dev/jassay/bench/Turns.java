package dev.jassay.bench;

import java.util.ArrayList;
import java.util.List;

/** Takes figures of several subjects in turn, so that what disturbs the machine for a while disturbs them alike. */
final class Turns {
    /** Something that gives a figure each time. */
    @FunctionalInterface
    interface Subject {
        double measure() throws Exception;
    }

    private final int rounds;

    Turns(int rounds) {
        this.rounds = rounds;
    }

    /** Figures of each subject, in their order, after one round that warms up and does not count. */
    List<Figures> take(String what, List<Subject> subjects) throws Exception {
        Progress.tell(what + ": warming up");
        for (Subject subject : subjects) {
            subject.measure();
        }
        return takeCold(what, subjects);
    }

    /** The same of subjects that have nothing to warm up. */
    List<Figures> takeCold(String what, List<Subject> subjects) throws Exception {
        List<List<Double>> taken = new ArrayList<>();
        subjects.forEach(_ -> taken.add(new ArrayList<>()));
        for (int round = 1; round <= rounds; round++) {
            Progress.tell(what + ": round " + round + " of " + rounds);
            for (int i = 0; i < subjects.size(); i++) {
                taken.get(i).add(subjects.get(i).measure());
            }
        }
        return taken.stream().map(Figures::new).toList();
    }

    /** What one subject reached, once a round. */
    record Figures(List<Double> all) {
        Figures {
            all = all.stream().sorted().toList();
        }

        double median() {
            int middle = all.size() / 2;
            return all.size() % 2 == 1 ? all.get(middle) : (all.get(middle - 1) + all.get(middle)) / 2;
        }

        double largest() {
            return all.getLast();
        }

        /** The least figure that a share of all, 0 to 1, does not exceed. */
        double quantile(double share) {
            return all.get(Math.max(0, (int) Math.ceil(share * all.size()) - 1));
        }
    }
}
