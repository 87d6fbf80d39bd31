package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullMarked
final class SampleTest {
    static byte[] bytes(Sample sample) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            sample.writeTo(out);
            return out.toByteArray();
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static List<Long> faultyRecords(Sample sample) {
        return LongStream.range(0, sample.records())
                .filter(index -> sample.faultOf(index).isPresent())
                .boxed()
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"NDJSON, c3a52b60", "ARRAY, 2701b100", "CONCATENATED, d1653219"})
    void bytes_ofASeed_areTheSameForEver(SampleFormat format, String sha256) throws NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes(new Sample(1_000, 100, 7, format)));
        assertThat(HexFormat.of().formatHex(digest)).startsWith(sha256);
    }

    @Test
    void bytes_ofAnotherSeed_differ() {
        assertThat(bytes(new Sample(10, 0, 1, SampleFormat.NDJSON)))
                .isNotEqualTo(bytes(new Sample(10, 0, 2, SampleFormat.NDJSON)));
    }

    @Test
    void records_withoutFault_areTheSameWhateverThePermille() {
        List<String> clean = lines(new Sample(2_000, 0, 3, SampleFormat.NDJSON));
        Sample faulty = new Sample(2_000, 250, 3, SampleFormat.NDJSON);
        List<String> some = lines(faulty);
        for (int index = 0; index < clean.size(); index++) {
            if (faulty.faultOf(index).isEmpty()) {
                assertThat(some.get(index)).isEqualTo(clean.get(index));
            } else {
                assertThat(some.get(index)).isNotEqualTo(clean.get(index));
            }
        }
    }

    private static List<String> lines(Sample sample) {
        return new String(bytes(sample), UTF_8).lines().toList();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1000, 0",
        "1, 1000, 1",
        "1, 999, 0",
        "1000, 1, 1",
        "999, 1, 0",
        "2000, 10, 20",
        "12345, 7, 86",
        "5000, 1000, 5000",
        "3000, 999, 2997",
        "1500, 0, 0"
    })
    void faults_areExactlyThePermilleRoundedDown(long records, int permille, long faulty) throws IOException {
        Sample sample = new Sample(records, permille, 11, SampleFormat.NDJSON);
        Sample.Summary summary = sample.writeTo(new ByteArrayOutputStream());

        assertThat(sample.faulty()).isEqualTo(faulty);
        assertThat(summary.faulty()).isEqualTo(faulty);
        assertThat(summary.faults().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(faulty);
        assertThat(faultyRecords(sample)).hasSize((int) faulty);
    }

    @Test
    void faults_areSpreadEvenly() {
        List<Long> places = faultyRecords(new Sample(100_000, 20, 1, SampleFormat.NDJSON));
        for (int stretch = 0; stretch < places.size(); stretch++) {
            assertThat(places.get(stretch)).isBetween(stretch * 50L, stretch * 50L + 49);
        }
        assertThat(places.stream().map(place -> place % 50).distinct().count()).isGreaterThan(40);
    }

    @ParameterizedTest
    @CsvSource({"NDJSON", "ARRAY", "CONCATENATED"})
    void faults_areOfEveryKindThatTheFormatSurvives(SampleFormat format) {
        Sample sample = new Sample(100, 1_000, 1, format);
        Set<Fault> made = LongStream.range(0, 100)
                .mapToObj(index -> sample.faultOf(index).orElseThrow())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Fault.class)));
        assertThat(made)
                .containsExactlyElementsOf(Stream.of(Fault.values())
                        .filter(fault -> fault.survives(format))
                        .toList());
    }

    @Test
    void summary_countsTheBytes() throws IOException {
        for (SampleFormat format : SampleFormat.values()) {
            Sample sample = new Sample(3_000, 0, 1, format);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            assertThat(sample.writeTo(out).bytes()).isEqualTo(out.size());
        }
    }

    @Test
    void records_areOfTheSizeThatIsPromised() {
        assertThat(bytes(new Sample(10_000, 0, 1, SampleFormat.NDJSON)).length / 10_000)
                .isBetween(320, 345);
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 0, NDJSON, records",
        "1000000000001, 0, NDJSON, records",
        "1, -1, NDJSON, faults",
        "1, 1001, NDJSON, faults",
        "1, 1, DOCUMENT, document"
    })
    void sample_outOfItsRange_isRefused(long records, int permille, SampleFormat format, String named) {
        assertThatThrownBy(() -> new Sample(records, permille, 1, format))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named);
    }

    @Test
    void sample_atItsBounds_isTaken() {
        assertThat(new Sample(Sample.MAX_RECORDS, 1_000, 1, SampleFormat.NDJSON).faulty())
                .isEqualTo(Sample.MAX_RECORDS);
    }
}
