package dev.jassay.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The flags of a schema, beside that of its own file. */
final class SchemaOptions {
    @Option(
            names = {"--schema-resource", "--schema-resources"},
            paramLabel = "URI=FILE",
            description =
                    "A schema that a $ref of another may lead to, by its URI: nothing is fetched. May be repeated.")
    private List<String> resources = List.of();

    @Option(names = "--annotate-formats-only", description = "Judge nothing by 'format' of the schema.")
    private boolean annotatesFormatsOnly;

    /**
     * With a schema of which these are the resources.
     *
     * @throws CommandFailure (USAGE) if a flag is none
     */
    SchemaSources sources(Optional<String> schema) {
        return SchemaSources.of(schema, resources);
    }

    boolean annotatesFormatsOnly() {
        return annotatesFormatsOnly;
    }
}
