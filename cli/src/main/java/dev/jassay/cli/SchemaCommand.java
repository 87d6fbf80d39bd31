package dev.jassay.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.jassay.client.JassayClient;
import dev.jassay.client.JassayException;
import dev.jassay.engine.ConfigException;
import dev.jassay.engine.Engine;
import dev.jassay.engine.EngineException;
import dev.jassay.engine.EngineOptions;
import dev.jassay.v1.CheckSchemaRequest;
import dev.jassay.v1.CheckSchemaResponse;
import dev.jassay.v1.SchemaProblem;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells whether a schema can be judged by. */
@Command(
        name = "schema",
        description = "Tell whether a JSON Schema can be judged by, and all that is wrong with it.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it can",
            "2:it cannot, or cannot be read, or wrong usage",
            "5:the server is not reachable or refuses, the engine has a defect, or the result cannot be written"
        })
final class SchemaCommand implements Callable<Integer> {
    private static final String REASON_PREFIX = "SCHEMA_PROBLEM_REASON_";

    private final StandardStreams streams;

    @Parameters(index = "0", paramLabel = "FILE", description = "The schema; - is standard input.")
    private String file = "";

    @Mixin
    private SchemaOptions options = new SchemaOptions();

    @Option(
            names = "--endpoint",
            paramLabel = "HOST:PORT",
            description = "Have a server check it. Default: an engine in this process.")
    private Optional<String> endpoint = Optional.empty();

    @Option(
            names = "--output",
            paramLabel = "HOW",
            description = "What was found out as ${COMPLETION-CANDIDATES}. Default: text.")
    private ResultFormat output = ResultFormat.TEXT;

    SchemaCommand(StandardStreams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        SchemaSources sources = options.sources(Optional.of(file));
        SchemaSources.Texts texts = sources.read(streams);
        CheckSchemaRequest request = CheckSchemaRequest.newBuilder()
                .setSchemaJson(texts.schema().orElse(""))
                .putAllSchemaResources(texts.resources())
                .setAnnotateFormatsOnly(options.annotatesFormatsOnly())
                .build();
        CheckSchemaResponse response =
                endpoint.map(server -> ask(server, request)).orElseGet(() -> checkHere(request));
        try (ResultOutput results = ResultOutput.open(Optional.empty(), List.of(), streams)) {
            results.writeText(out -> {
                switch (output) {
                    case TEXT -> write(response, sources, out);
                    case JSON -> ResultFormat.writeJson(response, out);
                }
            });
        }
        return response.getUsable() ? ExitCode.PASS : ExitCode.USAGE;
    }

    private static CheckSchemaResponse ask(String server, CheckSchemaRequest request) {
        try (JassayClient client = Endpoint.connect(server)) {
            return client.checkSchema(request);
        } catch (JassayException failure) {
            throw Endpoint.failure(server, failure);
        }
    }

    private static CheckSchemaResponse checkHere(CheckSchemaRequest request) {
        try (Engine engine = Engines.open(EngineOptions.of(1, EngineOptions.defaultMemoryBytes()))) {
            return CheckSchemaResponse.parseFrom(engine.checkSchema(request.toByteArray()));
        } catch (EngineException failure) {
            throw new CommandFailure(ExitCode.SERVICE, String.valueOf(failure.getMessage()), failure);
        } catch (ConfigException | InvalidProtocolBufferException defect) {
            throw new CommandFailure(ExitCode.SERVICE, "the engine is defective: " + defect.getMessage(), defect);
        }
    }

    private static void write(CheckSchemaResponse response, SchemaSources sources, Appendable out) throws IOException {
        if (response.getUsable()) {
            line(
                    out,
                    sources.name() + " can be judged by: draft " + response.getDraft() + ", judge "
                            + response.getSchemaJudge());
            line(out, "sha256 " + response.getSchemaSha256());
        }
        for (SchemaProblem problem : response.getProblemsList()) {
            line(
                    out,
                    sources.place(problem.getResource(), problem.getPointer()) + "  "
                            + problem.getReason().name().replace(REASON_PREFIX, "") + " " + problem.getMessage());
        }
    }

    private static void line(Appendable out, String text) throws IOException {
        out.append(VisibleText.of(text)).append('\n');
    }
}
