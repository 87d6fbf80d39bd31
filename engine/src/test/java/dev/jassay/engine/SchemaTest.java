package dev.jassay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.jassay.engine.SchemaException.Problem;
import dev.jassay.engine.SchemaException.Reason;
import dev.jassay.v1.CheckSchemaRequest;
import dev.jassay.v1.CheckSchemaResponse;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.SchemaProblem;
import dev.jassay.v1.SchemaProblemReason;
import dev.jassay.v1.Validation;
import dev.jassay.v1.Violation;
import dev.jassay.v1.ViolationCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SchemaTest {
    private static final String PRICES = """
            {"properties": {"price": {"type": "number"}}, "required": ["id"]}""";

    private final Engine engine = Engines.open();
    private EngineUsage baseline;

    @BeforeEach
    void rememberUsage() {
        baseline = engine.usage();
    }

    @AfterEach
    void closeEngine() {
        assertThat(engine.usage()).isEqualTo(baseline);
        engine.close();
    }

    private static CheckSchemaRequest request(String schema) {
        return CheckSchemaRequest.newBuilder().setSchemaJson(schema).build();
    }

    private CheckSchemaResponse check(CheckSchemaRequest request) {
        try {
            return CheckSchemaResponse.parseFrom(engine.checkSchema(request.toByteArray()));
        } catch (ConfigException | InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static ProcessConfig config(String schema) {
        return ProcessConfig.newBuilder()
                .setValidation(Validation.newBuilder().setSchemaJson(schema))
                .build();
    }

    private static String sha256(String text) throws NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
    }

    @Test
    void checkSchema_thatCompiles_tellsDraftHashAndJudge() throws Exception {
        CheckSchemaResponse response = check(request(PRICES));
        assertThat(response.getUsable()).isTrue();
        assertThat(response.getDraft()).isEqualTo("2020-12");
        assertThat(response.getSchemaSha256()).isEqualTo(sha256(PRICES));
        assertThat(response.getSchemaJudge()).isEqualTo("tape");
        assertThat(response.getProblemsList()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://json-schema.org/draft-04/schema#, draft-04",
        "http://json-schema.org/draft-06/schema#, draft-06",
        "http://json-schema.org/draft-07/schema#, draft-07",
        "https://json-schema.org/draft/2019-09/schema, 2019-09",
        "https://json-schema.org/draft/2020-12/schema, 2020-12"
    })
    void checkSchema_thatNamesItsDraft_isOfThat(String uri, String draft) {
        CheckSchemaResponse response = check(request("{\"$schema\": \"" + uri + "\", \"type\": \"object\"}"));
        assertThat(response.getUsable()).isTrue();
        assertThat(response.getDraft()).isEqualTo(draft);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "{, SCHEMA_PROBLEM_REASON_SCHEMA_INVALID, ``",
                "{\"type\": 5}, SCHEMA_PROBLEM_REASON_SCHEMA_INVALID, /type",
                "{\"$ref\": \"https://example.com/nowhere\"}, SCHEMA_PROBLEM_REASON_SCHEMA_REF_UNRESOLVED, /$ref"
            })
    void checkSchema_thatDoesNotCompile_tellsWhereAndWhy(String schema, SchemaProblemReason reason, String pointer) {
        CheckSchemaResponse response = check(request(schema));
        assertThat(response.getUsable()).isFalse();
        SchemaProblem problem = response.getProblems(0);
        assertThat(problem.getReason()).isEqualTo(reason);
        assertThat(problem.getResource()).isEmpty();
        assertThat(problem.getPointer()).isEqualTo(pointer);
        assertThat(problem.getMessage()).isNotBlank();
    }

    @Test
    void checkSchema_withAFaultyResource_namesIt() {
        CheckSchemaRequest request = request("{\"$ref\": \"https://example.com/price\"}").toBuilder()
                .putSchemaResources("https://example.com/price", "{\"minimum\": \"none\"}")
                .build();
        SchemaProblem problem = check(request).getProblems(0);
        assertThat(problem.getResource()).isEqualTo("https://example.com/price");
        assertThat(problem.getPointer()).isEqualTo("/minimum");
    }

    @Test
    void checkSchema_ofADirectBuffer_readsBetweenPositionAndLimit() throws Exception {
        byte[] request = request(PRICES).toByteArray();
        ByteBuffer buffer = ByteBuffer.allocateDirect(request.length + 20);
        buffer.position(10).put(request).position(10).limit(10 + request.length);
        assertThat(CheckSchemaResponse.parseFrom(engine.checkSchema(buffer)).getUsable())
                .isTrue();
    }

    @Test
    void checkSchema_noMessage_isUnreadable() {
        byte[] cutOff = {0x0A, 0x7F};
        ConfigException thrown = catchThrowableOfType(ConfigException.class, () -> engine.checkSchema(cutOff));
        assertThat(thrown.reason()).isEqualTo(ConfigException.Reason.UNREADABLE);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "{, INVALID, ``",
                "{\"properties\": {\"a\": {\"type\": 5}}}, INVALID, /properties/a/type",
                "{\"$ref\": \"https://example.com/nowhere\"}, REF_UNRESOLVED, /$ref"
            })
    void compile_schemaThatCannotBeJudgedBy_saysWhereAndWhy(String schema, Reason reason, String pointer) {
        SchemaException thrown = catchThrowableOfType(
                SchemaException.class, () -> engine.compile(config(schema).toByteArray()));
        assertThat(thrown.reason()).isEqualTo(reason);
        Problem problem = thrown.problems().getFirst();
        assertThat(problem.resource()).isEmpty();
        assertThat(problem.pointer()).isEqualTo(pointer);
        assertThat(problem.description()).isNotBlank();
    }

    @Test
    void compile_schemaOfMoreThan4MiB_isTooComplex() {
        String large = "{\"$comment\": \"" + "x".repeat(4 << 20) + "\"}";
        SchemaException thrown = catchThrowableOfType(
                SchemaException.class, () -> engine.compile(config(large).toByteArray()));
        assertThat(thrown.reason()).isEqualTo(Reason.TOO_COMPLEX);
    }

    @Test
    void feed_recordsNotAsTheSchemaAsks_locatesThem() {
        ProcessResult result =
                Engines.process(engine, config(PRICES), "{\"id\":1,\"price\":2}\n{\"id\":2,\"price\":\"n/a\"}\n{}\n");
        assertThat(result.getCounts().getValid()).isEqualTo(1);
        assertThat(result.getCounts().getSchemaInvalid()).isEqualTo(2);
        Violation wrongType = result.getViolations(0);
        assertThat(wrongType.getCode()).isEqualTo(ViolationCode.VIOLATION_CODE_SCHEMA);
        assertThat(wrongType.getErrorOffset()).isEqualTo(19 + 16);
        assertThat(wrongType.getInstancePointer()).isEqualTo("/price");
        assertThat(wrongType.getKeyword()).isEqualTo("type");
        assertThat(wrongType.getSchemaPointer()).isEqualTo("/properties/price/type");
        assertThat(wrongType.getMessage()).isEqualTo("expected number, found string \"n/a\"");
    }
}
