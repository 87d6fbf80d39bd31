package dev.jassay.server;

import dev.jassay.engine.Engine;
import dev.jassay.engine.Plan;
import dev.jassay.engine.Progress;
import dev.jassay.engine.Slab;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The stream of one call of gRPC: what the messages carry goes into the engine, and what that tells meanwhile to the client. */
final class EngineStream implements CallWork {
    private final Task task;
    private final HeapRoom configs;
    private final @Nullable LiveEvents events;
    private final JudgedStream stream;

    /**
     * @param defaults the plan of a stream without a config; stays the caller's
     * @param configs where large ones lie while they are compiled
     * @param events tells how it goes, if that is to be told
     */
    EngineStream(Engine engine, Task task, Plan defaults, HeapRoom configs, Optional<LiveEvents> events) {
        this.task = task;
        this.configs = configs;
        this.events = events.orElse(null);
        this.stream = new JudgedStream(engine, task, defaults);
        events.ifPresent(stream::listen);
    }

    /** Takes the payload of a message, judging on the way what does not fit the slab. */
    @Override
    public Progress accept(MessageBytes message) throws IOException, RefusedException {
        return switch (PayloadReader.read(message, task, configs)) {
            case Payload.Nothing nothing -> Progress.MORE;
            case Payload.Config config -> configure(config.encoded());
            case Payload.Data data -> take(message, data);
        };
    }

    @Override
    public Progress workOnWhatCame() {
        return stream.worthJudging() ? stream.judge() : Progress.MORE;
    }

    @Override
    public byte[] finish() {
        byte[] result = stream.finish();
        return events != null ? LiveEvents.ofResult(result) : result;
    }

    @Override
    public Progress flush() {
        return stream.flush();
    }

    @Override
    public boolean tellProgress() {
        if (events != null) {
            events.tellQuietProgress();
        }
        return stream.canFlush();
    }

    @Override
    public void ready() {
        if (events != null) {
            events.ready();
        }
    }

    @Override
    public boolean unreadFor(Duration time) {
        return events != null && events.unreadFor(time);
    }

    @Override
    public boolean endTelling() {
        return events != null && events.close();
    }

    @Override
    public void cancel() {
        stream.cancel();
        if (events != null) {
            events.cancel();
        }
    }

    @Override
    public void close() {
        stream.close();
    }

    private Progress configure(JoinedBytes encoded) throws RefusedException {
        try (encoded) {
            stream.configure(encoded.bytes());
        }
        return Progress.MORE;
    }

    private Progress take(MessageBytes message, Payload.Data data) throws IOException {
        stream.open();
        for (int left = data.length(); left > 0; ) {
            if (stream.full() && stream.judge() == Progress.DONE) {
                return Progress.DONE;
            }
            Slab target = stream.slab();
            int count = Math.min(left, target.room());
            message.transfer(count, target::put);
            left -= count;
        }
        return Progress.MORE;
    }
}
