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

    /** Reads as much as fits into the slab before it is judged: for a file that fits, that is the least work. */
    static void whole(Session session, Input input, Slab slab, Watch watch) throws IOException {
        long fed = 0;
        int read = 0;
        Progress state = Progress.MORE;
        while (read >= 0 && state == Progress.MORE && !watch.interruption().isRequested()) {
            read = slab.readFrom(input.channel());
            if (read >= 0 && slab.room() > 0) {
                continue;
            }
            state = session.feed(slab);
            fed += slab.length();
            slab.clear();
            watch.passed(Passed.of(fed, session.progress()));
        }
        slab.clear();
    }
}
