package dev.jassay.bench;

import dev.jassay.bench.Turns.Figures;
import dev.jassay.bench.Turns.Subject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** How fast programs work through data, in turn. */
final class Speeds {
    private final Turns turns;

    Speeds(Turns turns) {
        this.turns = turns;
    }

    /** GB/s of each; they must find the same number of valid records. */
    List<Figures> agreeing(String data, List<Work> works) throws Exception {
        Set<Long> records = new HashSet<>();
        List<Figures> figures = rates(data, works, records);
        if (records.size() != 1) {
            throw new IOException("they do not agree on the number of records: " + records);
        }
        return figures;
    }

    /** GB/s of each. */
    List<Figures> rates(String data, List<Work> works) throws Exception {
        return rates(data, works, new HashSet<>());
    }

    private List<Figures> rates(String data, List<Work> works, Set<Long> records) throws Exception {
        List<SpeedProcess> processes = new ArrayList<>();
        try {
            List<Subject> subjects = new ArrayList<>();
            for (Work work : works) {
                SpeedProcess process = new SpeedProcess(work);
                processes.add(process);
                subjects.add(() -> {
                    SpeedProcess.Pass pass = process.pass();
                    records.add(pass.records());
                    return (double) work.bytes() / pass.nanos();
                });
            }
            String names = works.stream().map(Work::name).distinct().collect(Collectors.joining(", "));
            return turns.take(data + ", " + names, subjects);
        } finally {
            processes.forEach(SpeedProcess::close);
        }
    }
}
