package dev.jassay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jassay.engine.EngineOptions;
import dev.jassay.v1.Format;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import dev.jassay.v1.Report;
import dev.jassay.v1.Termination;
import dev.jassay.v1.Violation;
import dev.jassay.v1.ViolationCode;
import dev.jassay.v1.ViolationGroup;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The engine finds in samples what was put into them, and nothing else. */
@NullMarked
final class JudgedSampleTest {
    private static final ProcessConfig ALL_VIOLATIONS = ProcessConfig.newBuilder()
            .setReport(Report.newBuilder()
                    .setMaxViolations(100_000)
                    .setMaxPerGroup(1_000)
                    .setMaxResultBytes(64 << 20))
            .build();

    static ProcessResult judge(Sample sample) {
        Input input = new Input(
                "sample",
                Channels.newChannel(new ByteArrayInputStream(SampleTest.bytes(sample))),
                OptionalLong.empty(),
                List.of());
        try {
            return new EngineJudge(EngineOptions.of(2, 256L << 20))
                    .judge(ALL_VIOLATIONS, input, Optional.empty(), Watch.none());
        } catch (IOException | InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NDJSON, 500, 1000",
        "NDJSON, 5000, 137",
        "NDJSON, 1, 1000",
        "ARRAY, 500, 1000",
        "ARRAY, 5000, 137",
        "ARRAY, 1, 1000",
        "CONCATENATED, 500, 1000",
        "CONCATENATED, 5000, 137",
        "CONCATENATED, 1, 1000"
    })
    void eachFault_isFoundAsItsCodeInItsRecord(SampleFormat format, long records, int permille) throws IOException {
        Sample sample = new Sample(records, permille, 42, format);
        Sample.Summary written = sample.writeTo(new ByteArrayOutputStream());
        ProcessResult result = judge(sample);

        assertThat(result.getTermination()).isEqualTo(Termination.TERMINATION_COMPLETE);
        assertThat(result.getFormat()).isEqualTo(Format.valueOf("FORMAT_" + format.name()));
        assertThat(result.getCounts().getRecords()).isEqualTo(records);
        assertThat(result.getCounts().getInvalid()).isEqualTo(written.faulty());
        assertThat(countsByCode(result)).isEqualTo(written.faults());
        assertThat(result.getViolationsList())
                .extracting(Violation::getRecordIndex)
                .containsExactlyElementsOf(LongStream.range(0, records)
                        .filter(index -> sample.faultOf(index).isPresent())
                        .boxed()
                        .toList());
        for (Violation violation : result.getViolationsList()) {
            Fault fault = sample.faultOf(violation.getRecordIndex()).orElseThrow();
            assertThat(violation.getCode())
                    .as("%s in record %d", fault, violation.getRecordIndex())
                    .isEqualTo(fault.code());
            if (format != SampleFormat.CONCATENATED) {
                int linesBefore = format == SampleFormat.ARRAY ? 1 : 0;
                assertThat(violation.getLine())
                        .as("line of %s", fault)
                        .isEqualTo(linesBefore + violation.getRecordIndex() + 1);
            }
        }
    }

    private static Map<ViolationCode, Long> countsByCode(ProcessResult result) {
        Map<ViolationCode, Long> counts = new EnumMap<>(ViolationCode.class);
        for (ViolationGroup group : result.getGroupsList()) {
            counts.merge(group.getCode(), group.getCount(), Long::sum);
        }
        return counts;
    }

    @ParameterizedTest
    @CsvSource({"NDJSON", "ARRAY", "CONCATENATED", "DOCUMENT"})
    void sampleWithoutFaults_isValidThroughout(SampleFormat format) {
        ProcessResult result = judge(new Sample(2_000, 0, 5, format));
        assertThat(result.getCounts().getInvalid()).isZero();
        assertThat(result.getCounts().getRecords()).isEqualTo(format == SampleFormat.DOCUMENT ? 1 : 2_000);
    }

    @ParameterizedTest
    @CsvSource({"NDJSON, 0", "ARRAY, 0", "CONCATENATED, 0"})
    void sampleOfNoRecords_hasNone(SampleFormat format, long blankLines) {
        ProcessResult result = judge(new Sample(0, 0, 5, format));
        assertThat(result.getTermination()).isEqualTo(Termination.TERMINATION_COMPLETE);
        assertThat(result.getCounts().getRecords()).isZero();
        assertThat(result.getCounts().getBlankLines()).isEqualTo(blankLines);
    }

    @Test
    void faults_coverEveryCodeThatALineCanHave() throws IOException {
        assertThat(new Sample(100, 1_000, 1, SampleFormat.NDJSON)
                        .writeTo(new ByteArrayOutputStream())
                        .faults()
                        .keySet())
                .containsExactly(
                        ViolationCode.VIOLATION_CODE_SYNTAX,
                        ViolationCode.VIOLATION_CODE_INVALID_UTF8,
                        ViolationCode.VIOLATION_CODE_LONE_SURROGATE,
                        ViolationCode.VIOLATION_CODE_DUPLICATE_KEY,
                        ViolationCode.VIOLATION_CODE_DEPTH);
    }
}
