package dev.jassay.bench;

import dev.jassay.bench.Turns.Figures;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.Profile;
import dev.jassay.v1.ProfileScope;
import java.util.ArrayList;
import java.util.List;

/** Long streams over gRPC whose fields are measured, beside a server that discards them. */
final class ProfileStreamRows {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final long BYTES = 500_000_000;
    private static final double BAR = 0.35;
    private static final ProcessConfig MEASURED = ProcessConfig.newBuilder()
            .setProfile(Profile.newBuilder().setScope(ProfileScope.PROFILE_SCOPE_VALID))
            .build();

    private final Options options;
    private final Turns turns;
    private final Servers servers;

    ProfileStreamRows(Options options, Turns turns, Servers servers) {
        this.options = options;
        this.turns = turns;
        this.servers = servers;
    }

    List<Result> measure() throws Exception {
        List<Result> results = new ArrayList<>();
        for (DataSet set : DataSet.USUAL) {
            results.add(measure(set));
        }
        return results;
    }

    private Result measure(DataSet set) throws Exception {
        PreparedStream stream = PreparedStream.ofFile(options.data(set, ".ndjson"), CHUNK_BYTES);
        PreparedStream measured = stream.with(MEASURED);
        long passes = stream.passesFor(options.scaled(BYTES));
        try (LoadClient jassay = servers.jassayClient();
                LoadClient discarding = servers.discardingClient()) {
            List<Figures> rates = turns.take(
                    set.fileStem() + " with profile over gRPC",
                    List.of(() -> jassay.streamRate(measured, passes), () -> discarding.streamRate(stream, passes)));
            return Result.rates(
                            "profile over gRPC, 1 MiB chunks, against discarding",
                            set.fileStem(),
                            rates.get(0),
                            rates.get(1))
                    .atLeast(BAR);
        }
    }
}
