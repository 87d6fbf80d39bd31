package dev.jassay.engine;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** What the tests of this package share. */
final class Engines {
    static final int THREADS = 2;
    static final long MEMORY_BYTES = 64L << 20;
    static final ProcessConfig DEFAULTS = ProcessConfig.getDefaultInstance();

    private Engines() {}

    static Engine open() {
        return Engine.open(EngineOptions.of(THREADS, MEMORY_BYTES));
    }

    static Engine openWithMemory(long bytes) {
        return Engine.open(EngineOptions.of(THREADS, bytes));
    }

    static Engine open(Path library) {
        return Engine.open(new EngineOptions(THREADS, MEMORY_BYTES, Optional.of(library)));
    }

    static Plan compile(Engine engine, ProcessConfig config) {
        try {
            return engine.compile(config.toByteArray());
        } catch (ConfigException e) {
            throw new AssertionError(e);
        }
    }

    static Slab slabOf(Engine engine, String text) {
        return slabOf(engine, text.getBytes(StandardCharsets.UTF_8));
    }

    static Slab slabOf(Engine engine, byte[] bytes) {
        Slab slab = engine.slabs().acquire();
        if (slab.put(bytes, 0, bytes.length) != bytes.length) {
            throw new AssertionError("more bytes than fit a slab");
        }
        return slab;
    }

    static ProcessResult result(Session session) {
        try {
            return ProcessResult.parseFrom(session.finish());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** Feeds one text and finishes. */
    static ProcessResult process(Engine engine, ProcessConfig config, String text) {
        try (Plan plan = compile(engine, config);
                Session session = engine.newSession(plan);
                Slab slab = slabOf(engine, text)) {
            session.feed(slab);
            return result(session);
        }
    }
}
