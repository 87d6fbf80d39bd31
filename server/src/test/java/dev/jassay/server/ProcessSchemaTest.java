package dev.jassay.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import dev.jassay.server.TestCall.Failure;
import dev.jassay.v1.Counts;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.Profile;
import dev.jassay.v1.ProfileScope;
import dev.jassay.v1.Redaction;
import dev.jassay.v1.Validation;
import dev.jassay.v1.Verdict;
import dev.jassay.v1.Violation;
import dev.jassay.v1.ViolationCode;
import dev.jassay.v1.ViolationGroup;
import io.grpc.Channel;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records judged by a schema that comes with the call. */
final class ProcessSchemaTest extends OneRig {
    private static final String SCHEMA = """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "type": "object",
              "required": ["id"],
              "properties": {
                "items": {"items": {"properties": {"price": {"type": "number"}}, "required": ["price"]}}
              }
            }
            """;

    private static final String ITEM = "/properties/items/items";

    private static final String RECORDS = """
            {"id":1,"items":[{"price":9.5}]}
            {"id":2,"items":[{"price":1},{"price":"n/a"}]}
            {"items":[]}
            {"id":01}
            {"id":5,"items":[{"price":"x"},{}]}
            """;

    private static ProcessConfig config(String schema) {
        return ProcessConfig.newBuilder()
                .setValidation(Validation.newBuilder().setSchemaJson(schema))
                .build();
    }

    private static ProcessResult process(Channel channel, String records, int chunkBytes) {
        byte[] input = records.getBytes(UTF_8);
        TestCall call = TestCall.start(channel).config(config(SCHEMA));
        for (int at = 0; at < input.length; at += chunkBytes) {
            call.chunk(Arrays.copyOfRange(input, at, Math.min(input.length, at + chunkBytes)));
        }
        return call.halfClose().result();
    }

    private static ProcessResult comparable(ProcessResult result) {
        return result.toBuilder().clearTiming().clearProvenance().build();
    }

    private Failure refused(ProcessConfig config) {
        return TestCall.start(channel).config(config).halfClose().failure();
    }

    private static List<FieldViolation> fieldViolations(Failure failure) {
        try {
            return failure.details().getDetails(1).unpack(BadRequest.class).getFieldViolationsList();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void process_recordsNotAsTheSchemaAsks_areLocated() {
        ProcessResult result = process(channel, RECORDS, 4_096);
        assertThat(result.getVerdict()).isEqualTo(Verdict.VERDICT_FAIL);
        assertThat(result.getViolationsList())
                .extracting(
                        Violation::getCode,
                        Violation::getRecordIndex,
                        Violation::getErrorOffset,
                        Violation::getInstancePointer,
                        Violation::getKeyword,
                        Violation::getSchemaPointer)
                .containsExactly(
                        schema(
                                1,
                                RECORDS.indexOf("\"n/a\""),
                                "/items/1/price",
                                "type",
                                ITEM + "/properties/price/type"),
                        schema(2, RECORDS.indexOf("{\"items\":[]"), "", "required", "/required"),
                        tuple(ViolationCode.VIOLATION_CODE_SYNTAX, 3L, (long) RECORDS.indexOf("1}\n"), "/id", "", ""),
                        schema(4, RECORDS.indexOf("\"x\""), "/items/0/price", "type", ITEM + "/properties/price/type"),
                        schema(4, RECORDS.indexOf("{}]"), "/items/1", "required", ITEM + "/required"));
        assertThat(result.getViolations(0).getMessage()).isEqualTo("expected number, found string \"n/a\"");
        assertThat(result.getViolations(0).getLine()).isEqualTo(2);
    }

    private static org.assertj.core.groups.Tuple schema(
            long record, long errorOffset, String pointer, String keyword, String schemaPointer) {
        return tuple(ViolationCode.VIOLATION_CODE_SCHEMA, record, errorOffset, pointer, keyword, schemaPointer);
    }

    @Test
    void process_recordsNotAsTheSchemaAsks_areCountedAndGrouped() {
        ProcessResult result = process(channel, RECORDS, 4_096);
        assertThat(result.getCounts())
                .isEqualTo(Counts.newBuilder()
                        .setRecords(5)
                        .setValid(1)
                        .setInvalid(4)
                        .setMalformed(1)
                        .setSchemaInvalid(3)
                        .setBytes(RECORDS.length())
                        .setViolations(5)
                        .build());
        assertThat(result.getGroupsList())
                .extracting(
                        ViolationGroup::getCode,
                        ViolationGroup::getPath,
                        ViolationGroup::getKeyword,
                        ViolationGroup::getSchemaPointer,
                        ViolationGroup::getCount,
                        ViolationGroup::getFirstRecord)
                .containsExactly(
                        tuple(
                                ViolationCode.VIOLATION_CODE_SCHEMA,
                                "/items/*/price",
                                "type",
                                ITEM + "/properties/price/type",
                                2L,
                                1L),
                        tuple(ViolationCode.VIOLATION_CODE_SYNTAX, "/id", "", "", 1L, 3L),
                        tuple(ViolationCode.VIOLATION_CODE_SCHEMA, "", "required", "/required", 1L, 2L),
                        tuple(ViolationCode.VIOLATION_CODE_SCHEMA, "/items/*", "required", ITEM + "/required", 1L, 4L));
    }

    @Test
    void process_withASchema_saysSoInProvenance() throws Exception {
        ProcessResult result = process(channel, RECORDS, 4_096);
        assertThat(result.getProvenance().getSchemaJudge()).isEqualTo("tape");
        assertThat(result.getProvenance().getSchemaSha256())
                .isEqualTo(HexFormat.of()
                        .formatHex(java.security.MessageDigest.getInstance("SHA-256")
                                .digest(SCHEMA.getBytes(UTF_8))));
        assertThat(result.getProvenance().getLimits().getSchemaDigest()).isNotEmpty();
        ProcessResult without = TestCall.process(channel, ProcessConfig.getDefaultInstance(), RECORDS);
        assertThat(without.getProvenance().getSchemaJudge()).isEmpty();
        assertThat(without.getProvenance().getSchemaSha256()).isEmpty();
        assertThat(without.getCounts().getSchemaInvalid()).isZero();
    }

    @Test
    void process_profileOfWellFormedRecords_measuresThoseTheSchemaRefuses() {
        for (ProfileScope scope : List.of(ProfileScope.PROFILE_SCOPE_WELL_FORMED, ProfileScope.PROFILE_SCOPE_VALID)) {
            ProcessConfig config = config(SCHEMA).toBuilder()
                    .setProfile(Profile.newBuilder().setScope(scope))
                    .build();
            ProcessResult result = TestCall.process(channel, config, RECORDS);
            assertThat(result.getFields(0).getPresent())
                    .isEqualTo(scope == ProfileScope.PROFILE_SCOPE_WELL_FORMED ? 4 : 1);
        }
    }

    @Test
    void process_valuesOmitted_areNotInMessages() {
        ProcessConfig config = config(SCHEMA).toBuilder()
                .setProfile(Profile.newBuilder().setRedaction(Redaction.REDACTION_OMIT))
                .build();
        ProcessResult result = TestCall.process(channel, config, RECORDS);
        assertThat(result.getCounts().getSchemaInvalid()).isEqualTo(3);
        assertThat(result.toString()).doesNotContain("n/a");
    }

    @Test
    void process_referenceIntoAResource_isJudgedByIt() {
        ProcessConfig config = ProcessConfig.newBuilder()
                .setValidation(Validation.newBuilder()
                        .setSchemaJson("{\"properties\": {\"price\": {\"$ref\": \"https://example.com/price\"}}}")
                        .putSchemaResources("https://example.com/price", "{\"type\": \"number\"}"))
                .build();
        ProcessResult result = TestCall.process(channel, config, "{\"price\":1}\n{\"price\":null}\n");
        assertThat(result.getCounts().getValid()).isEqualTo(1);
        assertThat(result.getViolations(0).getInstancePointer()).isEqualTo("/price");
        assertThat(result.getViolations(0).getKeyword()).isEqualTo("type");
        assertThat(result.getViolations(0).getSchemaPointer()).isEqualTo("https://example.com/price#/type");
    }

    @Test
    void process_formats_areAssertedUnlessOnlyAnnotated() {
        String schema = "{\"format\": \"date\"}";
        assertThat(TestCall.process(channel, config(schema), "\"2024-02-30\"\n")
                        .getViolations(0)
                        .getKeyword())
                .isEqualTo("format");
        ProcessConfig.Builder annotated = config(schema).toBuilder();
        annotated.getValidationBuilder().setAnnotateFormatsOnly(true);
        assertThat(TestCall.process(channel, annotated.build(), "\"2024-02-30\"\n")
                        .getVerdict())
                .isEqualTo(Verdict.VERDICT_PASS);
    }

    @Test
    void process_cutAnywhereByAnyThreads_givesTheSameResult() {
        ProcessResult whole = comparable(process(channel, RECORDS, 4_096));
        for (int chunkBytes : new int[] {1, 7, 40}) {
            assertThat(comparable(process(channel, RECORDS, chunkBytes))).isEqualTo(whole);
        }
        String many = RECORDS.repeat(20_000);
        List<ProcessResult> results = new ArrayList<>();
        for (int threads : new int[] {1, 2}) {
            try (Rig rig = Rig.startWithThreads(threads)) {
                Channel other = rig.newChannel();
                for (int chunkBytes : new int[] {4_099, 1 << 18, (1 << 20) + 1}) {
                    results.add(comparable(process(other, many, chunkBytes)));
                }
                rig.awaitBaseline();
            }
        }
        assertThat(results.getFirst().getCounts().getSchemaInvalid()).isEqualTo(60_000);
        assertThat(results).allMatch(results.getFirst()::equals);
    }

    @Test
    void process_schemaThatFillsAMessage_isTaken() {
        String schema = "{\"type\": \"object\", \"$comment\": \"" + "x".repeat((4 << 20) - 100) + "\"}";
        ProcessResult result = TestCall.process(channel, config(schema), "{}\n1\n");
        assertThat(result.getCounts().getSchemaInvalid()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "{, SCHEMA_INVALID, #: ",
                "{\"properties\": {\"a\": {\"type\": 5}}}, SCHEMA_INVALID, #/properties/a/type: ",
                "{\"$ref\": \"https://example.com/nowhere\"}, SCHEMA_REF_UNRESOLVED, #/$ref: "
            })
    void process_schemaThatDoesNotCompile_isRefusedWithThePlace(String schema, String reason, String place) {
        Failure failure = refused(config(schema));
        RefusalTest.assertRefused(failure, Status.Code.INVALID_ARGUMENT, reason);
        FieldViolation first = fieldViolations(failure).getFirst();
        assertThat(first.getField()).isEqualTo("validation.schema_json");
        assertThat(first.getDescription()).startsWith(place);
        assertThat(failure.status().getDescription()).contains(place, "CheckSchema");
    }

    @Test
    void process_resourceThatDoesNotCompile_isNamed() {
        String uri = "https://example.com/price";
        Failure failure = refused(ProcessConfig.newBuilder()
                .setValidation(Validation.newBuilder()
                        .setSchemaJson("{\"$ref\": \"" + uri + "\"}")
                        .putSchemaResources(uri, "{\"minimum\": \"none\"}"))
                .build());
        RefusalTest.assertRefused(failure, Status.Code.INVALID_ARGUMENT, "SCHEMA_INVALID");
        FieldViolation first = fieldViolations(failure).getFirst();
        assertThat(first.getField()).isEqualTo("validation.schema_resources");
        assertThat(first.getDescription()).startsWith(uri + "#/minimum: ");
    }

    @Test
    void process_schemaBeyondItsBound_isTooComplex() {
        Failure failure = refused(config("{\"$comment\": \"" + "x".repeat(4 << 20) + "\"}"));
        RefusalTest.assertRefused(failure, Status.Code.INVALID_ARGUMENT, "SCHEMA_TOO_COMPLEX");
    }

    @Test
    void process_schemaWithManyProblems_stillFitsTheTrailers() {
        StringBuilder properties = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            properties.append(i == 0 ? "" : ",").append("\"\u20ac").append(i).append("\":{\"type\":5}");
        }
        Failure failure = refused(config("{\"properties\":{" + properties + "}}"));
        RefusalTest.assertRefused(failure, Status.Code.INVALID_ARGUMENT, "SCHEMA_INVALID");
        assertThat(fieldViolations(failure)).hasSizeGreaterThan(1);
        assertThat(failure.status().getDescription()).contains("more");
    }
}
