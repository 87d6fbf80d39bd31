package dev.jassay.server;

import dev.jassay.engine.Engine;
import dev.jassay.v1.Format;
import dev.jassay.v1.GetServerInfoResponse;
import dev.jassay.v1.ServerLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

/** What a server says of itself. */
final class ServerInfo {
    /** The engine's own bound. */
    static final long MAX_RECORD_BYTES = 256L << 20;

    private ServerInfo() {}

    static GetServerInfoResponse of(Engine engine, ServerOptions options) {
        return GetServerInfoResponse.newBuilder()
                .setServerVersion(version())
                .setEngineVersion(engine.version())
                .setKernel(engine.kernel())
                .addAllFormats(formats())
                .setThreads(engine.threads())
                .setLimits(ServerLimits.newBuilder()
                        .setMaxMessageBytes(Transport.MAX_MESSAGE_BYTES)
                        .setMaxRecordBytes(MAX_RECORD_BYTES)
                        .setMemoryBytes(engine.usage().memoryLimit())
                        .setCallMemoryBytes(options.callBytes(engine.threads()))
                        .setMaxConnections(options.maxConnections())
                        .setMaxConcurrentCallsPerConnection(Transport.MAX_CALLS_A_CONNECTION)
                        .setIdleSeconds((int) options.idle().toSeconds()))
                .build();
    }

    private static List<Format> formats() {
        return Arrays.stream(Format.values())
                .filter(format -> format != Format.FORMAT_UNSPECIFIED && format != Format.UNRECOGNIZED)
                .toList();
    }

    private static String version() {
        try (InputStream file = Objects.requireNonNull(
                ServerInfo.class.getResourceAsStream("version.properties"), "version.properties")) {
            Properties properties = new Properties();
            properties.load(file);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
