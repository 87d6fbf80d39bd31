package dev.jassay.server;

import dev.jassay.engine.ConfigException;
import dev.jassay.engine.Engine;
import dev.jassay.engine.Plan;
import dev.jassay.v1.MergeRequest;
import dev.jassay.v1.ProcessRequest;
import dev.jassay.v1.ProcessorServiceGrpc;
import io.grpc.MethodDescriptor;
import java.nio.ByteBuffer;

/** What a stream is for. The messages of all tasks have config and chunk in the same fields. */
enum Task {
    /** Records are judged. */
    PROCESS,
    /** The same, and events tell how it goes. */
    PROCESS_LIVE,
    /** States are merged. */
    MERGE;

    /** Of the proto file. */
    MethodDescriptor<?, ?> method() {
        return switch (this) {
            case PROCESS -> ProcessorServiceGrpc.getProcessMethod();
            case PROCESS_LIVE -> ProcessorServiceGrpc.getProcessLiveMethod();
            case MERGE -> ProcessorServiceGrpc.getMergeMethod();
        };
    }

    /** Name of the message that a stream is made of. */
    String request() {
        return switch (this) {
            case PROCESS, PROCESS_LIVE -> "ProcessRequest";
            case MERGE -> "MergeRequest";
        };
    }

    /** The payload's last field. */
    int lastField() {
        return switch (this) {
            case PROCESS, PROCESS_LIVE -> ProcessRequest.TEXT_FIELD_NUMBER;
            case MERGE -> MergeRequest.CHUNK_FIELD_NUMBER;
        };
    }

    /** Name of its config. */
    String config() {
        return switch (this) {
            case PROCESS, PROCESS_LIVE -> "ProcessConfig";
            case MERGE -> "MergeConfig";
        };
    }

    /** The largest config that is read: what it may hold is for the engine to say. */
    int maxConfigBytes() {
        return switch (this) {
            // A schema may fill a message.
            case PROCESS, PROCESS_LIVE -> Transport.MAX_MESSAGE_BYTES;
            // Far above every one that means something.
            case MERGE -> JoinedBytes.SMALL_BYTES;
        };
    }

    /** Compiles an encoded config, which may take a second. */
    Plan compile(Engine engine, ByteBuffer config) throws ConfigException {
        return switch (this) {
            case PROCESS, PROCESS_LIVE -> engine.compile(config);
            case MERGE -> engine.compileMerge(config);
        };
    }

    /** The plan of a stream without a config. */
    Plan compileDefaults(Engine engine) {
        try {
            return compile(engine, ByteBuffer.allocate(0));
        } catch (ConfigException e) {
            throw new IllegalStateException("the engine refuses the default config", e);
        }
    }
}
