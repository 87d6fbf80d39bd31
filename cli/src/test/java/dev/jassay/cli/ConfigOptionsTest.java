package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.jassay.v1.Compression;
import dev.jassay.v1.DuplicateKeys;
import dev.jassay.v1.Format;
import dev.jassay.v1.Limits;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.ProfileScope;
import dev.jassay.v1.Redaction;
import dev.jassay.v1.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@NullMarked
final class ConfigOptionsTest {
    /** A value of a field: as its flag is written, and as the result of the engine echoes it. */
    private record Example(String flagValue, Function<ProcessResult, Object> echo, Object echoed) {}

    /** A schema too, by which nothing is valid. */
    private static final String STANDARD_INPUT = "false";

    private static final String STANDARD_INPUT_SHA256 =
            "fcbcf165908dd18a9e49f7ff27810176db8e9f63b4352213741664245224f8aa";

    private static final Pattern PART_TWICE = Pattern.compile("part (\\d+) has come before");

    private static final Map<String, Example> EXAMPLES = Map.ofEntries(
            example("source", "orders of May", ProcessResult::getSource, "orders of May"),
            example("format", "concatenated", ProcessResult::getFormat, Format.FORMAT_CONCATENATED),
            example("records_path", "/items", ProcessResult::getFormat, Format.FORMAT_ARRAY),
            example("compression", "gzip", ProcessResult::getCompression, Compression.COMPRESSION_GZIP),
            example("schema_json", "-", ConfigOptionsTest::schemaSha256, STANDARD_INPUT_SHA256),
            example(
                    "schema_resources",
                    "urn:input=-",
                    result -> result.getCounts().getSchemaInvalid(),
                    1L),
            limit(
                    "annotate_formats_only",
                    "",
                    limits -> !limits.getSchemaDigest().isEmpty(),
                    true),
            limit("duplicate_keys", "allow", Limits::getDuplicateKeys, DuplicateKeys.DUPLICATE_KEYS_ALLOW),
            limit("max_depth", "17", Limits::getMaxDepth, 17),
            limit("max_record_bytes", "64KiB", Limits::getMaxRecordBytes, 65_536L),
            limit("scope", "well-formed", Limits::getProfileScope, ProfileScope.PROFILE_SCOPE_WELL_FORMED),
            limit("top_values", "20", Limits::getTopValues, 20),
            limit("max_paths", "21", Limits::getMaxPaths, 21),
            limit("redaction", "omit", Limits::getRedaction, Redaction.REDACTION_OMIT),
            limit("infer_schema", "", Limits::getInferSchema, true),
            limit("max_keys", "22", Limits::getMaxKeys, 22),
            example("with_state", "", result -> !result.getState().isEmpty(), true),
            example("part", "7", ConfigOptionsTest::part, "7"),
            limit("max_violations", "18", Limits::getMaxViolations, 18),
            limit("max_per_group", "19", Limits::getMaxPerGroup, 19),
            limit("max_preview_bytes", "1KiB", Limits::getMaxPreviewBytes, 1_024),
            limit("max_result_bytes", "4MiB", Limits::getMaxResultBytes, 4L << 20),
            example("labels", "day=1", ProcessResult::getLabelsMap, Map.of("day", "1")));

    private static Map.Entry<String, Example> example(
            String field, String flagValue, Function<ProcessResult, Object> echo, Object echoed) {
        return Map.entry(field, new Example(flagValue, echo, echoed));
    }

    private static Map.Entry<String, Example> limit(
            String field, String flagValue, Function<Limits, Object> echo, Object echoed) {
        return example(
                field, flagValue, result -> echo.apply(result.getProvenance().getLimits()), echoed);
    }

    private static String schemaSha256(ProcessResult result) {
        return result.getProvenance().getSchemaSha256();
    }

    /** Only a state has it, and only a merge tells it. */
    private static String part(ProcessResult result) {
        ByteString twice = result.getState().concat(result.getState());
        Matcher refused = PART_TWICE.matcher(
                Run.withInput(twice.toByteArray(), "merge", "-").err());
        return refused.find() ? refused.group(1) : "none";
    }

    @TempDir
    private Path folder = Path.of("");

    /** But for those that mean something in a live call alone. */
    private static Stream<FieldDescriptor> fields() {
        return leaves(ProcessConfig.getDescriptor().getFields())
                .filter(field -> field.getContainingType() != Split.getDescriptor()
                        && !field.getName().equals("live_violations"));
    }

    private static Stream<FieldDescriptor> leaves(List<FieldDescriptor> fields) {
        return fields.stream()
                .flatMap(field -> field.getJavaType() == JavaType.MESSAGE && !field.isMapField()
                        ? leaves(field.getMessageType().getFields())
                        : Stream.of(field));
    }

    private static String flag(FieldDescriptor field) {
        return switch (field.getFullName()) {
            case "jassay.v1.Profile.scope" -> "--profile";
            case "jassay.v1.Validation.schema_json" -> "--schema";
            default -> "--" + field.getName().replace('_', '-');
        };
    }

    private static ProcessResult result(Run run) {
        assertThat(run.err()).isEmpty();
        ProcessResult.Builder result = ProcessResult.newBuilder();
        try {
            JsonFormat.parser().merge(run.out(), result);
        } catch (InvalidProtocolBufferException unreadable) {
            throw new AssertionError(run.toString(), unreadable);
        }
        return result.build();
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @ParameterizedTest
    @MethodSource("fields")
    void everyFieldOfTheConfig_hasAFlagThatReachesTheEngine(FieldDescriptor field) throws IOException {
        Example example = Objects.requireNonNull(EXAMPLES.get(field.getName()), "no example of " + field.getName());
        String input = file("in.json", "{}").toString();

        // What is a choice of two has a flag without a value.
        String[] arguments = Stream.of(
                        "check", input, "--output", "json", flag(field), example.flagValue(), beside(field))
                .filter(argument -> !argument.isEmpty())
                .toArray(String[]::new);
        ProcessResult result = result(Run.withInput(STANDARD_INPUT.getBytes(UTF_8), arguments));

        assertThat(example.echo().apply(result)).isEqualTo(example.echoed());
        assertThat(example.echo().apply(result(Run.of("check", input, "--output", "json"))))
                .as("the default is another")
                .isNotEqualTo(example.echoed());
    }

    /** Some fields are echoed by the state alone, some mean something beside a schema only. */
    private String beside(FieldDescriptor field) throws IOException {
        return switch (field.getName()) {
            case "part" -> "--with-state";
            case "schema_resources" -> "--schema=" + file("schema.json", "{\"$ref\": \"urn:input\"}");
            case "annotate_formats_only" -> "--schema=" + file("schema.json", "{\"format\": \"date\"}");
            default -> "";
        };
    }

    @Test
    void flags_areNoneThatNoFieldHas() {
        List<String> known = fields().map(ConfigOptionsTest::flag).toList();
        CommandLine options = new CommandLine(CommandLine.Model.CommandSpec.create()
                .addMixin("config", CommandLine.Model.CommandSpec.forAnnotatedObject(new ConfigOptions())));
        assertThat(options.getCommandSpec().options().stream()
                        .filter(option -> !option.longestName().equals("--config"))
                        .map(option -> option.longestName()))
                .containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void flags_goBeforeTheFile() throws IOException {
        Path config = file("config.json", """
                {"source": "file", "validation": {"maxDepth": 5, "max_record_bytes": "1000"},
                 "labels": {"a": "file", "b": "file"}}""");
        ProcessResult result = result(Run.of(
                "check",
                file("in.json", "{}").toString(),
                "--config=" + config,
                "--source=flag",
                "--max-depth=6",
                "--label=a=flag",
                "--output=json"));

        assertThat(result.getSource()).isEqualTo("flag");
        assertThat(result.getProvenance().getLimits().getMaxDepth()).isEqualTo(6);
        assertThat(result.getProvenance().getLimits().getMaxRecordBytes()).isEqualTo(1_000);
        assertThat(result.getLabelsMap()).isEqualTo(Map.of("a", "flag", "b", "file"));
    }

    @Test
    void configFile_ofEveryField_isRead() throws IOException {
        Message example = ProcessConfig.newBuilder()
                .setFormat(Format.FORMAT_ARRAY)
                .putLabels("a", "b")
                .build();
        Path config = file(
                "config.json",
                JsonFormat.printer().alwaysPrintFieldsWithNoPresence().print(example));
        assertThat(ConfigFile.read(config)).isEqualTo(example);
    }

    @Test
    void configFile_withUnknownFields_namesThemAll() throws IOException {
        Path config = file("config.json", """
                {"sauce": "x", "validation": {"maxDepht": 5, "max_depth": 5}, "report": {"deep": {}}, "labels": {"any": "x"}}""");
        Run run = Run.of("check", file("in.json", "{}").toString(), "--config", config.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("unknown fields: sauce, validation.maxDepht, report.deep");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{} {}",
                "{'source': 'x'}",
                "{\"source\": 5x}",
                "{\"format\": \"FORMAT_XML\"}",
                "{\"validation\": 5}",
                "{\"validation\": {\"max_depth\": -1}}",
                "{\"source\": \"a\", \"source\": \"b\"}",
                "{\"labels\": {\"a\": \"b\", \"a\": \"c\"}}",
                "{\"validation\": {\"max_depth\": 1, \"maxDepth\": 2}}",
                "{\"source\": \"a\"} // why"
            })
    void configFile_thatIsNoConfig_isToldOnOneLine(String text) throws IOException {
        Path config = file("config.json", text);
        Run run = Run.of("check", file("in.json", "{}").toString(), "--config", config.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("jassay: --config: ")
                .contains("config.json")
                .containsOnlyOnce("\n");
    }

    @Test
    void configFile_thatCannotBeRead_isTold() throws IOException {
        String input = file("in.json", "{}").toString();
        assertThat(Run.of("check", input, "--config", "nowhere.json").err())
                .isEqualTo("jassay: --config: nowhere.json does not exist\n");
        assertThat(Run.of("check", input, "--config", folder.toString()).exitCode())
                .isEqualTo(ExitCode.USAGE);
        Path latin1 = Files.write(folder.resolve("latin1.json"), new byte[] {'{', (byte) 0xE9, '}'});
        assertThat(Run.of("check", input, "--config", latin1.toString()).err()).contains("is not UTF-8");
    }

    @Test
    void values_outOfRange_nameTheirFlags() throws IOException {
        Run run = Run.of(
                "check",
                file("in.json", "{}").toString(),
                "--max-depth=1025",
                "--max-preview-bytes=5GiB",
                "--max-result-bytes=1");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err())
                .contains("validation.max_depth (--max-depth): ")
                .contains("report.max_preview_bytes (--max-preview-bytes): ")
                .contains("report.max_result_bytes (--max-result-bytes): ")
                .containsOnlyOnce("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--max-depth=-1",
                "--max-depth=4294967296",
                "--max-depth=+1",
                "--max-depth=x",
                "--max-record-bytes=-1",
                "--format=xml",
                "--duplicate-keys=maybe",
                "--label=novalue",
                "--label==nokey",
                "--threads=0",
                "--threads=1025"
            })
    void values_thatAreNone_areUsageErrors(String flag) throws IOException {
        Run run = Run.of("check", file("in.json", "{}").toString(), flag);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).startsWith("jassay: ").containsOnlyOnce("\n");
    }

    @ParameterizedTest
    @CsvSource({
        "a, '', --label a: write KEY=VALUE",
        "=b, '', --label =b: write KEY=VALUE",
        "a=b, a=c, --label a=c: the label a is given twice"
    })
    void labels_thatAreNone_saySo(String first, String second, String told) throws IOException {
        Run run = Run.of(
                "check",
                file("in.json", "{}").toString(),
                "--label",
                first,
                "--labels",
                second.isEmpty() ? "z=" : second);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).startsWith("jassay: " + told).containsOnlyOnce("\n");
    }

    @Test
    void labels_withEqualsSignsOrNothingInTheirValues_areTaken() throws IOException {
        ProcessResult result = result(
                Run.of("check", file("in.json", "{}").toString(), "--label=a=b=c", "--label=d=", "--output=json"));
        assertThat(result.getLabelsMap()).isEqualTo(Map.of("a", "b=c", "d", ""));
    }

    @Test
    void configFile_thatIsNoJson_saysWhere() throws IOException {
        Path config = file("config.json", "{\"source\":\n 5x}");
        assertThat(Run.of("check", file("in.json", "{}").toString(), "--config", config.toString())
                        .err())
                .isEqualTo("jassay: --config: " + config + " is no JSON: see line 2 column 2\n");
    }

    @Test
    void value_ofZero_takesTheDefault() throws IOException {
        ProcessResult result =
                result(Run.of("check", file("in.json", "{}").toString(), "--max-depth=0", "--output=json"));
        assertThat(result.getProvenance().getLimits().getMaxDepth()).isEqualTo(1_024);
    }

    @Test
    void format_auto_undoesTheFile() throws IOException {
        Path config = file("config.json", "{\"format\": \"FORMAT_ARRAY\"}");
        ProcessResult result = result(Run.of(
                "check", file("in.json", "{}").toString(), "--config=" + config, "--format=AUTO", "--output=json"));
        assertThat(result.getFormat()).isEqualTo(Format.FORMAT_NDJSON);
    }
}
