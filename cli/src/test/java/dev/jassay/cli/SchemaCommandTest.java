package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.jassay.v1.CheckSchemaResponse;
import dev.jassay.v1.SchemaProblemReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullMarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SchemaCommandTest {
    private static final String GOOD = "{\"type\": \"object\"}";

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

    /** By this process and by a server, which have to say the same. */
    private Run schema(String... arguments) {
        String[] here =
                Stream.concat(Stream.of("schema"), Arrays.stream(arguments)).toArray(String[]::new);
        String[] there = Stream.concat(Arrays.stream(here), Stream.of("--endpoint", server.endpoint()))
                .toArray(String[]::new);
        Run run = Run.of(here);
        assertThat(Run.of(there)).isEqualTo(run);
        return run;
    }

    private static CheckSchemaResponse response(Run run) throws InvalidProtocolBufferException {
        CheckSchemaResponse.Builder response = CheckSchemaResponse.newBuilder();
        JsonFormat.parser().merge(run.out(), response);
        return response.build();
    }

    @Test
    void schema_thatCanBeJudgedBy_saysSo() throws IOException {
        String file = file("good.json", GOOD);
        Run run = schema(file);
        assertThat(run.exitCode()).isEqualTo(ExitCode.PASS);
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith(file + " can be judged by: draft 2020-12, judge tape\nsha256 ")
                .hasLineCount(2);
    }

    @Test
    void schema_fromStandardInput_isCalledSo() {
        Run good = Run.withInput(GOOD.getBytes(UTF_8), "schema", "-");
        assertThat(good.exitCode()).isEqualTo(ExitCode.PASS);
        assertThat(good.out()).startsWith("stdin can be judged by");
        Run bad = Run.withInput("{\"type\": 5}".getBytes(UTF_8), "schema", "-");
        assertThat(bad.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(bad.out()).startsWith("stdin#/type  SCHEMA_INVALID ");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "{, #  SCHEMA_INVALID",
                "{\"properties\": {\"a\": {\"type\": 5}}}, #/properties/a/type  SCHEMA_INVALID",
                "{\"$ref\": \"https://example.com/nowhere\"}, #/$ref  SCHEMA_REF_UNRESOLVED"
            })
    void schema_thatCannotBeJudgedBy_saysWhereAndWhy(String text, String told) throws IOException {
        String file = file("bad.json", text);
        Run run = schema(file);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith(file + told + " ");
    }

    @Test
    void schema_withResources_namesTheirFiles() throws IOException {
        String uri = "https://example.com/price?v=1";
        String schema = file("schema.json", "{\"$ref\": \"" + uri + "\"}");
        String good = file("price.json", "{\"type\": \"number\"}");
        String bad = file("bad-price.json", "{\"minimum\": \"none\"}");
        assertThat(schema(schema, "--schema-resource", uri + "=" + good).exitCode())
                .isEqualTo(ExitCode.PASS);
        Run run = schema(schema, "--schema-resource", uri + "=" + bad);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).startsWith(bad + "#/minimum  SCHEMA_INVALID ");
    }

    @Test
    void json_isTheResponse() throws IOException {
        CheckSchemaResponse good = response(schema(file("good.json", GOOD), "--output", "json"));
        assertThat(good.getUsable()).isTrue();
        assertThat(good.getDraft()).isEqualTo("2020-12");
        Run run = schema(file("bad.json", "{\"type\": 5}"), "--output", "json");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(response(run).getProblems(0).getReason())
                .isEqualTo(SchemaProblemReason.SCHEMA_PROBLEM_REASON_SCHEMA_INVALID);
    }

    @Test
    void schema_atItsBound_isTaken() throws IOException {
        String frame = "{\"$comment\": \"\"}";
        String largest = "{\"$comment\": \"" + "x".repeat(SchemaSources.MAX_BYTES - frame.length()) + "\"}";
        assertThat(schema(file("largest.json", largest)).exitCode()).isEqualTo(ExitCode.PASS);
        Run run = schema(file("larger.json", largest + " "));
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err())
                .contains("larger.json is too large", "4,194,304 bytes")
                .containsOnlyOnce("\n");
    }

    @Test
    void schema_thatCannotBeRead_isAMistakeOfUsage() throws IOException {
        Path latin1 = Files.write(folder.resolve("latin1.json"), new byte[] {'"', (byte) 0xE9, '"'});
        String good = file("good.json", GOOD);
        for (List<String> arguments : List.of(
                List.of("nowhere.json"),
                List.of(folder.toString()),
                List.of(latin1.toString()),
                List.of(""),
                List.of(file("empty.json", "")),
                List.of(good, "--schema-resource", "urn:a=nowhere.json"),
                List.of(good, "--schema-resource", "urn:a"),
                List.of(good, "--schema-resource", "urn:a="),
                List.of(good, "--schema-resource", "=" + good),
                List.of(good, "--schema-resource", "urn:a=" + good, "--schema-resource", "urn:a=" + good),
                List.of("-", "--schema-resource", "urn:a=-"))) {
            Run run = schema(arguments.toArray(String[]::new));
            assertThat(run.exitCode()).as(arguments.toString()).isEqualTo(ExitCode.USAGE);
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).startsWith("jassay: ").containsOnlyOnce("\n");
        }
        assertThat(Run.of("schema", "nowhere.json").err()).contains("nowhere.json does not exist");
        assertThat(Run.of("schema", latin1.toString()).err()).contains("latin1.json is not UTF-8");
    }

    @Test
    void schema_whereNobodyListens_isTold() throws IOException {
        Run run = Run.of("schema", file("good.json", GOOD), "--endpoint", "127.0.0.1:1");
        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVICE);
        assertThat(run.err()).containsOnlyOnce("\n");
    }

    @Test
    void schema_ofHostileText_obeysNothing() throws IOException {
        Run run = schema(file("evil.json", "{\"properties\": {\"\u001B[2J\u202E\": {\"type\": 5}}}"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out().lines())
                .allSatisfy(line -> assertThat(VisibleText.of(line)).isEqualTo(line));
    }
}
