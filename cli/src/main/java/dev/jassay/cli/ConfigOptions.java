package dev.jassay.cli;

import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProfileScope;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The flags of a {@link ProcessConfig}: one for each of its fields. A flag goes before the same field of the file. */
final class ConfigOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE.json",
            description = "Take what no flag says from a ProcessConfig as protobuf JSON.")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--source", paramLabel = "NAME", description = "Name of the input, echoed in the result.")
    private Optional<String> source = Optional.empty();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "How records stand in the input: ${COMPLETION-CANDIDATES}. Default: auto, by the first bytes.")
    private Optional<FormatChoice> format = Optional.empty();

    @Option(
            names = "--records-path",
            paramLabel = "POINTER",
            description =
                    "The elements of the array at this JSON Pointer in one document are the records, as in /data/items."
                            + " Default: none.")
    private Optional<String> recordsPath = Optional.empty();

    @Option(
            names = "--compression",
            paramLabel = "HOW",
            description = "How the input is compressed: ${COMPLETION-CANDIDATES}. Default: auto, by the first bytes.")
    private Optional<CompressionChoice> compression = Optional.empty();

    @Option(
            names = "--schema",
            paramLabel = "FILE",
            description = "A JSON Schema that records have to follow; - is standard input. Default: none.")
    private Optional<String> schema = Optional.empty();

    @Mixin
    private SchemaOptions schemaOptions = new SchemaOptions();

    @Option(
            names = "--duplicate-keys",
            paramLabel = "WHAT",
            description = "Of a record with two equal keys: ${COMPLETION-CANDIDATES}. Default: reject.")
    private Optional<DuplicateKeysChoice> duplicateKeys = Optional.empty();

    @Option(
            names = "--max-depth",
            paramLabel = "N",
            converter = UnsignedInt.class,
            description = "Brackets that a record may nest: 1 to 1024. Default: 1024.")
    private Optional<Integer> maxDepth = Optional.empty();

    @Option(
            names = "--max-record-bytes",
            paramLabel = "SIZE",
            converter = ByteSize.class,
            description = "A longer record is invalid: 1 to 256MiB. Default: 16MiB.")
    private Optional<Long> maxRecordBytes = Optional.empty();

    @Option(
            names = "--profile",
            paramLabel = "WHICH",
            description = "Records whose fields are measured: ${COMPLETION-CANDIDATES}. Default: valid.")
    private Optional<ProfileChoice> profile = Optional.empty();

    @Option(
            names = "--top-values",
            paramLabel = "N",
            converter = UnsignedInt.class,
            description = "Frequent values told of a field: 1 to 100. Default: 10.")
    private Optional<Integer> topValues = Optional.empty();

    @Option(
            names = "--max-paths",
            paramLabel = "N",
            converter = UnsignedInt.class,
            description = "Fields measured: 1 to 65536. Default: 2048.")
    private Optional<Integer> maxPaths = Optional.empty();

    @Option(
            names = "--max-keys",
            paramLabel = "N",
            converter = UnsignedInt.class,
            description = "More different keys at one place are measured as one: 1 to 65536. Default: 1024.")
    private Optional<Integer> maxKeys = Optional.empty();

    @Option(
            names = "--redaction",
            paramLabel = "WHAT",
            description = "Values of the records, in the result: ${COMPLETION-CANDIDATES}. Default: show.")
    private Optional<RedactionChoice> redaction = Optional.empty();

    @Option(
            names = "--infer-schema",
            description = "Tell a JSON Schema of the measured records, by which all of them are valid.")
    private boolean infersSchema;

    @Option(names = "--with-state", description = "Have the state in the result; --state writes it to a file instead.")
    private boolean withState;

    @Option(
            names = "--max-violations",
            paramLabel = "N",
            converter = UnsignedInt.class,
            description = "Violations reported one by one: 1 to 100000. Default: 1000.")
    private Optional<Integer> maxViolations = Optional.empty();

    @Option(
            names = "--max-per-group",
            paramLabel = "N",
            converter = UnsignedInt.class,
            description = "Of one kind at one place: 1 to 1000. Default: 10.")
    private Optional<Integer> maxPerGroup = Optional.empty();

    @Option(
            names = "--max-preview-bytes",
            paramLabel = "SIZE",
            converter = ByteSize.class,
            description = "Bytes shown around an error: 1 to 64KiB. Default: 256.")
    private Optional<Long> maxPreviewBytes = Optional.empty();

    @Option(
            names = "--max-result-bytes",
            paramLabel = "SIZE",
            converter = ByteSize.class,
            description = "A larger result is cut: 2MiB to 64MiB. Default: 3.5MiB.")
    private Optional<Long> maxResultBytes = Optional.empty();

    @Option(
            names = {"--label", "--labels"},
            paramLabel = "KEY=VALUE",
            description = "Echoed in the result; may be repeated.")
    private List<String> labels = List.of();

    @Option(
            names = "--part",
            paramLabel = "N",
            converter = UnsignedInt.class,
            description = "Place of this input among the parts of a data set, from 0, for 'jassay merge'.")
    private Optional<Integer> part = Optional.empty();

    /** The files that were named, which must not be written over. */
    List<Path> files() {
        return Stream.concat(file.stream(), schemas().files().stream()).toList();
    }

    /**
     * What the flags say of a schema.
     *
     * @throws CommandFailure (USAGE) if they are none
     */
    SchemaSources schemas() {
        return schemaOptions.sources(schema);
    }

    /**
     * The config that file and flags make together. A flag of 0 asks for the default, as a field of 0 does. Where neither says whose
     * fields are measured, {@code scope} does.
     *
     * @param streams where a schema may be read from
     * @throws CommandFailure (USAGE) if the file cannot be read as a config, or a schema cannot be read, or a label is none
     */
    ProcessConfig config(ProfileScope scope, StandardStreams streams) {
        ProcessConfig.Builder config =
                file.map(ConfigFile::read).orElseGet(ProcessConfig::getDefaultInstance).toBuilder();
        source.ifPresent(config::setSource);
        format.ifPresent(choice -> config.setFormat(choice.format()));
        recordsPath.ifPresent(config::setRecordsPath);
        compression.ifPresent(choice -> config.setCompression(choice.compression()));
        SchemaSources.Texts schemas = schemas().read(streams);
        schemas.schema().ifPresent(text -> config.getValidationBuilder().setSchemaJson(text));
        if (!schemas.resources().isEmpty()) {
            config.getValidationBuilder().putAllSchemaResources(schemas.resources());
        }
        if (schemaOptions.annotatesFormatsOnly()) {
            config.getValidationBuilder().setAnnotateFormatsOnly(true);
        }
        duplicateKeys.ifPresent(choice -> config.getValidationBuilder().setDuplicateKeys(choice.duplicateKeys()));
        maxDepth.ifPresent(depth -> config.getValidationBuilder().setMaxDepth(depth));
        maxRecordBytes.ifPresent(bytes -> config.getValidationBuilder().setMaxRecordBytes(bytes));
        profile.ifPresent(choice -> config.getProfileBuilder().setScope(choice.scope()));
        topValues.ifPresent(count -> config.getProfileBuilder().setTopValues(count));
        maxPaths.ifPresent(count -> config.getProfileBuilder().setMaxPaths(count));
        maxKeys.ifPresent(count -> config.getProfileBuilder().setMaxKeys(count));
        redaction.ifPresent(choice -> config.getProfileBuilder().setRedaction(choice.redaction()));
        if (infersSchema) {
            config.getProfileBuilder().setInferSchema(true);
        }
        if (withState) {
            config.getProfileBuilder().setWithState(true);
        }
        part.ifPresent(config::setPart);
        if (config.getProfile().getScope() == ProfileScope.PROFILE_SCOPE_UNSPECIFIED) {
            config.getProfileBuilder().setScope(scope);
        }
        maxViolations.ifPresent(count -> config.getReportBuilder().setMaxViolations(count));
        maxPerGroup.ifPresent(count -> config.getReportBuilder().setMaxPerGroup(count));
        maxPreviewBytes.ifPresent(bytes -> config.getReportBuilder().setMaxPreviewBytes(uint32(bytes)));
        maxResultBytes.ifPresent(bytes -> config.getReportBuilder().setMaxResultBytes(bytes));
        return config.putAllLabels(Labels.parse(labels)).build();
    }

    /** What does not fit goes as the largest number that does, and is refused with its field's name like any other. */
    private static int uint32(long value) {
        return (int) Math.min(value, 0xFFFF_FFFFL);
    }
}
