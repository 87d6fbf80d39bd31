package dev.jassay.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.JsonFormat;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.Violation;
import dev.jassay.v1.ViolationCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The text is that of the whole message, byte for byte. */
final class ResultJsonTest {
    /** Texts that look like the places where pieces are put. */
    private static final String TRAP = "\n  \"violations\": []\n  \"state\": \"\"\u2028<é\"\\";

    @Test
    void result_ofNothing_isAsTheWhole() throws IOException {
        assertSame(ProcessResult.getDefaultInstance());
    }

    @Test
    void result_withAllThatRepeats_isAsTheWhole() throws IOException {
        ProcessResult.Builder result = ProcessResult.newBuilder();
        result.setSource(TRAP).putLabels(TRAP, TRAP).setInferredSchemaJson(TRAP).setStoppedAt(0);
        result.getCountsBuilder().setRecords(7);
        for (int i = 0; i < 3; i++) {
            result.addViolations(Violation.newBuilder()
                    .setCode(ViolationCode.VIOLATION_CODE_SCHEMA)
                    .setRecordIndex(i)
                    .setMessage(TRAP)
                    .setPreview(TRAP));
            result.addGroupsBuilder().setPath(TRAP).setCount(i);
            result.addFieldsBuilder().setPath(TRAP).getNumbersBuilder().setMin(TRAP);
            result.addWarningsBuilder().setText(TRAP);
        }
        result.getProvenanceBuilder().setKernel(TRAP);
        assertSame(result.build());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 24_575, 24_576, 24_577, 100_000})
    void state_ofAnyLength_isAsTheWhole(int length) throws IOException {
        byte[] state = new byte[length];
        for (int i = 0; i < length; i++) {
            state[i] = (byte) (i * 31 + (i >> 8));
        }
        assertSame(ProcessResult.newBuilder()
                .setState(ByteString.copyFrom(state))
                .setSource("x")
                .build());
    }

    private static void assertSame(ProcessResult result) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        ResultJson.write(result.toByteArray(), text);
        assertThat(text.toString(UTF_8))
                .isEqualTo(
                        JsonFormat.printer().alwaysPrintFieldsWithNoPresence().print(result) + "\n");
    }
}
