package dev.jassay.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.jassay.client.JassayClient;
import dev.jassay.client.JassayException;
import dev.jassay.engine.ConfigException;
import dev.jassay.engine.Engine;
import dev.jassay.engine.EngineException;
import dev.jassay.engine.EngineOptions;
import dev.jassay.engine.Plan;
import dev.jassay.engine.Session;
import dev.jassay.v1.GetServerInfoResponse;
import dev.jassay.v1.Limits;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.ServerLimits;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tells what judges here, or behind an endpoint. */
@Command(
        name = "info",
        description = "Tell versions, threads and limits of the engine in this process, or of a server.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:told",
            "2:wrong usage",
            "5:the server is not reachable or refuses, or the engine cannot be loaded"
        })
final class InfoCommand implements Callable<Integer> {
    private static final int NAME_WIDTH = 24;

    private final StandardStreams streams;
    private final StringBuilder text = new StringBuilder();

    @Option(names = "--endpoint", paramLabel = "HOST:PORT", description = "Of the server there.")
    private Optional<String> endpoint = Optional.empty();

    InfoCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        if (endpoint.isPresent()) {
            tellServer(endpoint.get());
        } else {
            tellEngine();
        }
        try (ResultOutput output = ResultOutput.open(Optional.empty(), List.of(), streams)) {
            output.writeText(out -> out.append(text));
        }
        return ExitCode.PASS;
    }

    private void tellEngine() {
        EngineOptions options = EngineOptions.defaults();
        try (Engine engine = Engines.open(options);
                Plan plan = engine.compile(ProcessConfig.getDefaultInstance().toByteArray());
                Session session = engine.newSession(plan)) {
            tell("version", Version.text());
            tell("engine", engine.version());
            tell("kernel", engine.kernel());
            tell("library", options.library().map(Path::toString).orElse("inside the jar"));
            tell("JDK", Runtime.version() + " in " + System.getProperty("java.home"));
            tell("threads", Figures.grouped(engine.threads()));
            tell("memory", size(engine.usage().memoryLimit()));
            tellDefaults(
                    ProcessResult.parseFrom(session.finish()).getProvenance().getLimits());
        } catch (EngineException failure) {
            throw new CommandFailure(ExitCode.SERVICE, String.valueOf(failure.getMessage()), failure);
        } catch (ConfigException | InvalidProtocolBufferException defect) {
            throw new CommandFailure(ExitCode.SERVICE, "the engine is defective: " + defect.getMessage(), defect);
        }
    }

    private void tellDefaults(Limits limits) {
        tell("default max depth", Figures.grouped(limits.getMaxDepth()));
        tell("default max record", size(limits.getMaxRecordBytes()));
        tell("default top values", Figures.grouped(limits.getTopValues()));
        tell("default max paths", Figures.grouped(limits.getMaxPaths()));
        tell("default max keys", Figures.grouped(limits.getMaxKeys()));
        tell("default max violations", Figures.grouped(limits.getMaxViolations()));
        tell("default max per group", Figures.grouped(limits.getMaxPerGroup()));
        tell("default max preview", size(limits.getMaxPreviewBytes()));
        tell("default max result", size(limits.getMaxResultBytes()));
    }

    private void tellServer(String server) {
        GetServerInfoResponse info = ask(server);
        ServerLimits limits = info.getLimits();
        tell("server", server);
        tell("version", info.getServerVersion());
        tell("engine", info.getEngineVersion());
        tell("kernel", info.getKernel());
        tell(
                "formats",
                info.getFormatsList().stream()
                        .map(format -> format.name().replace("FORMAT_", ""))
                        .collect(Collectors.joining(", ")));
        tell("threads", Figures.grouped(info.getThreads()));
        tell("memory", size(limits.getMemoryBytes()));
        tell("memory of a call", size(limits.getCallMemoryBytes()));
        tell("max record", size(limits.getMaxRecordBytes()));
        tell("max message", size(limits.getMaxMessageBytes()));
        tell("max connections", Figures.grouped(limits.getMaxConnections()));
        tell("max calls a connection", Figures.grouped(limits.getMaxConcurrentCallsPerConnection()));
        tell("idle", Figures.grouped(limits.getIdleSeconds()) + " s");
    }

    private static GetServerInfoResponse ask(String server) {
        try (JassayClient client = Endpoint.connect(server)) {
            return client.serverInfo();
        } catch (JassayException failure) {
            throw Endpoint.failure(server, failure);
        }
    }

    private static String size(long bytes) {
        return Figures.count(bytes, "byte");
    }

    private void tell(String name, String value) {
        text.append(name)
                .repeat(' ', NAME_WIDTH - name.length())
                .append(VisibleText.of(value))
                .append('\n');
    }
}
