package dev.jassay.cli;

import dev.jassay.engine.Engine;
import dev.jassay.engine.Progress;
import dev.jassay.engine.Session;
import dev.jassay.engine.Slab;
import java.io.IOException;
import java.util.Optional;

/** Gives the bytes of inputs to sessions. */
final class Feed {
    private Feed() {}

    /** Reads the next bytes while the last ones are judged, until the input ends, nothing could change the result, or it is interrupted. */
    static void ahead(Engine engine, Session session, Input input, Watch watch)
            throws IOException, InterruptedException {
        long fed = 0;
        try (ReadAhead reader = ReadAhead.start(input.channel(), engine.slabs());
                Interruption.Listening _ = watch.interruption().listen(reader::stop)) {
            Progress state = Progress.MORE;
            Optional<Slab> next = reader.take();
            while (next.isPresent() && state == Progress.MORE) {
                Slab slab = next.get();
                try {
                    state = session.feed(slab);
                    fed += slab.length();
                } finally {
                    reader.giveBack(slab);
                }
                watch.passed(Passed.of(fed, session.progress()));
                next = state == Progress.MORE ? reader.take() : Optional.empty();
            }
        }
    }
}
