package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.jassay.v1.ProcessResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code check --schema}, in this process and on a server. */
@NullMarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CheckBySchemaTest {
    private static final String SCHEMA = """
            {"properties": {"items": {"items": {"properties": {"price": {"type": "number"}}}}}, "required": ["id"]}
            """;

    private static final String RECORDS = """
            {"id":1,"items":[{"price":9.5}]}
            {"id":2,"items":[{"price":1},{"price":"n/a"}]}
            {}
            """;

    private final LocalServer server = LocalServer.start();

    @TempDir
    private Path folder = Path.of("");

    @AfterAll
    void stop() {
        server.close();
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private Run check(String where, String... arguments) {
        Stream<String> all = Stream.concat(Stream.of("check"), Arrays.stream(arguments));
        return Run.of((where.equals("here") ? all : Stream.concat(all, Stream.of("--endpoint", server.endpoint())))
                .toArray(String[]::new));
    }

    private static ProcessResult result(Run run) throws InvalidProtocolBufferException {
        ProcessResult.Builder result = ProcessResult.newBuilder();
        JsonFormat.parser().merge(run.out(), result);
        return result.build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"here", "there"})
    void records_notAsTheSchemaAsks_areLocated(String where) throws IOException {
        Run run = check(
                where, file("orders", RECORDS), "--schema", file("schema.json", SCHEMA), "--source=orders.ndjson");
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAIL);
        assertThat(run.err()).isEmpty();
        int wrong = RECORDS.indexOf("\"n/a\"");
        assertThat(run.out())
                .startsWith("FAIL  orders.ndjson: 2 of 3 records are invalid")
                .contains("\n  by schema                  2\n")
                .contains("orders.ndjson:2 (byte " + wrong
                        + ") /items/1/price  SCHEMA type: expected number, found string \"n/a\"\n")
                .contains("orders.ndjson:3 (byte " + RECORDS.indexOf("{}") + ")  SCHEMA required: ")
                .containsPattern(
                        " 1  SCHEMA type +/items/\\*/price +1 +/properties/items/items/properties/price/type\n")
                .containsPattern(" 1  SCHEMA required +\\(the record\\) +2 +/required\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"here", "there"})
    void json_hasKeywordsAndPointers(String where) throws IOException {
        ProcessResult result =
                result(check(where, file("orders", RECORDS), "--schema", file("schema.json", SCHEMA), "--output=json"));
        assertThat(result.getCounts().getSchemaInvalid()).isEqualTo(2);
        assertThat(result.getViolations(0).getKeyword()).isEqualTo("type");
        assertThat(result.getViolations(0).getSchemaPointer())
                .isEqualTo("/properties/items/items/properties/price/type");
        assertThat(result.getViolations(1).getSchemaPointer()).isEqualTo("/required");
        assertThat(result.getProvenance().getSchemaJudge()).isEqualTo("tape");
    }

    @Test
    void records_asTheSchemaAsks_pass() throws IOException {
        Run run = check("here", file("orders", "{\"id\":1}\n"), "--schema", file("schema.json", SCHEMA));
        assertThat(run.exitCode()).isEqualTo(ExitCode.PASS);
        assertThat(run.out()).doesNotContain("by schema");
    }

    @ParameterizedTest
    @ValueSource(strings = {"here", "there"})
    void values_omitted_areNotInMessages(String where) throws IOException {
        Run run = check(where, file("orders", RECORDS), "--schema", file("schema.json", SCHEMA), "--redaction=omit");
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAIL);
        assertThat(run.out()).contains("SCHEMA type: ").doesNotContain("n/a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"here", "there"})
    void schema_thatDoesNotCompile_isToldByFileAndPlace(String where) throws IOException {
        String schema = file("bad.json", "{\"properties\": {\"price\": {\"type\": 5}}}");
        Run run = check(where, file("orders", RECORDS), "--schema", schema);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("jassay: the schema cannot be judged by; 'jassay schema " + schema
                        + "' tells all that is wrong:\n    " + schema + "#/properties/price/type  ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"here", "there"})
    void resource_thatDoesNotCompile_isToldByItsFile(String where) throws IOException {
        String schema = file("schema.json", "{\"$ref\": \"https://example.com/price\"}");
        String resource = file("price.json", "{\"minimum\": \"none\"}");
        Run run = check(
                where,
                file("orders", RECORDS),
                "--schema",
                schema,
                "--schema-resource=https://example.com/price=" + resource);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("with the same --schema-resource").contains("\n    " + resource + "#/minimum  ");
    }

    @Test
    void schema_ofAConfigFile_isJudgedByUnlessAFlagNamesAnother() throws IOException {
        String config = file("config.json", "{\"validation\": {\"schemaJson\": \"{\\\"type\\\": 5}\"}}");
        Run bad = check("here", file("orders", RECORDS), "--config", config);
        assertThat(bad.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(bad.err()).contains("correct it in the config file", "the config's schema#/type  ");
        Run good = check("here", file("orders", RECORDS), "--config", config, "--schema", file("any.json", "true"));
        assertThat(good.exitCode()).isEqualTo(ExitCode.PASS);
    }

    @Test
    void formats_annotatedOnly_judgeNothing() throws IOException {
        String records = file("dates", "\"2024-02-30\"\n");
        String schema = file("schema.json", "{\"format\": \"date\"}");
        assertThat(check("here", records, "--schema", schema).exitCode()).isEqualTo(ExitCode.FAIL);
        assertThat(check("here", records, "--schema", schema, "--annotate-formats-only")
                        .exitCode())
                .isEqualTo(ExitCode.PASS);
    }

    @Test
    void schema_fromStandardInput_isRead() throws IOException {
        String orders = file("orders", RECORDS);
        Run run = Run.withInput(SCHEMA.getBytes(UTF_8), "check", orders, "--schema=-");
        assertThat(run.exitCode()).isEqualTo(ExitCode.FAIL);
        Run both = Run.withInput(SCHEMA.getBytes(UTF_8), "check", "-", "--schema=-");
        assertThat(both.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(both.err()).contains("cannot both be standard input").containsOnlyOnce("\n");
    }

    @Test
    void schema_thatCannotBeRead_isAMistakeOfUsage() throws IOException {
        Run run = check("here", file("orders", RECORDS), "--schema", "nowhere.json");
        assertThat(run)
                .isEqualTo(new Run(
                        ExitCode.USAGE, "", "jassay: the schema cannot be used: nowhere.json does not exist\n"));
    }

    @Test
    void schema_isNeverWrittenOver() throws IOException {
        String schema = file("schema.json", SCHEMA);
        Run run = check("here", file("orders", RECORDS), "--schema", schema, "-o", schema);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("is an input");
        assertThat(Path.of(schema)).hasContent(SCHEMA);
    }
}
