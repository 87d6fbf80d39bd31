package dev.jassay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jassay.v1.ArrayProfile;
import dev.jassay.v1.Distinct;
import dev.jassay.v1.FieldProfile;
import dev.jassay.v1.NumberProfile;
import dev.jassay.v1.StringProfile;
import dev.jassay.v1.TopValue;
import dev.jassay.v1.TypeCounts;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullMarked
final class FieldTableTest {
    private static String text(List<FieldProfile> fields) {
        StringBuilder out = new StringBuilder();
        try {
            FieldTable.write(fields, out);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return out.toString();
    }

    private static FieldProfile.Builder field(String path, TypeCounts.Builder types) {
        return FieldProfile.newBuilder().setPath(path).setTypes(types);
    }

    private static TypeCounts.Builder types() {
        return TypeCounts.newBuilder();
    }

    private static NumberProfile.Builder numbers(String min, String max, double mean) {
        return NumberProfile.newBuilder().setMin(min).setMax(max).setMean(mean);
    }

    private static StringProfile.Builder strings(String min, String max, double meanLength) {
        return StringProfile.newBuilder()
                .setMin(min)
                .setMax(max)
                .setMaxLength(max.length())
                .setMeanLength(meanLength);
    }

    private static Distinct.Builder exactly(long value) {
        return Distinct.newBuilder().setValue(value).setExact(true);
    }

    private static TopValue.Builder top(String json, long count) {
        return TopValue.newBuilder().setValueJson(json).setCount(count).setExact(true);
    }

    @Test
    void table_ofEveryKindOfField_tellsWhatBelongsToEach() {
        List<FieldProfile> fields = List.of(
                field("", types().setObjectValue(20_000)).setPresent(20_000).build(),
                field("/id", types().setIntegerValue(20_000))
                        .setPresent(20_000)
                        .setMissing(0)
                        .setNumbers(numbers("100000", "119999", 109_999.5))
                        .setDistinct(Distinct.newBuilder().setValue(19_871))
                        .addTopValues(
                                TopValue.newBuilder().setValueJson("100017").setCount(2))
                        .build(),
                field("/note", types().setNullValue(4_997).setStringValue(15_000))
                        .setPresent(19_997)
                        .setMissing(3)
                        .setStrings(strings("", "line", 20.25))
                        .setDistinct(exactly(6))
                        .addTopValues(top("\"line\\n\"", 2_571))
                        .build(),
                field("/gone", types().setNullValue(7))
                        .setPresent(7)
                        .setMissing(19_993)
                        .build(),
                field("/items", types().setArrayValue(20_000))
                        .setPresent(20_000)
                        .setMissing(0)
                        .setArrays(ArrayProfile.newBuilder().setMeanLength(2))
                        .build(),
                field("/items/*", types().setObjectValue(40_000))
                        .setPresent(40_000)
                        .build(),
                field(
                                "/items/*/price",
                                types().setIntegerValue(400)
                                        .setFractionValue(39_500)
                                        .setStringValue(100))
                        .setPresent(40_000)
                        .setMissing(0)
                        .setNumbers(numbers("0.5", "200.49", 100.4951))
                        .setStrings(strings("1", "9", 1))
                        .setDistinct(exactly(17_300))
                        .addTopValues(top("12.5", 11))
                        .build(),
                field("/paid", types().setBooleanValue(20_000))
                        .setPresent(20_000)
                        .setMissing(0)
                        .setBooleansTrue(10_100)
                        .setDistinct(exactly(2))
                        .addTopValues(top("true", 10_100))
                        .build(),
                field("/byDay/*", types().setIntegerValue(5_000))
                        .setPresent(5_000)
                        .setCollapsed(true)
                        .setNumbers(numbers("-3", "12345678901234567890", 1.5e18))
                        .setDistinct(exactly(77))
                        .addTopValues(top("0", 4_999))
                        .build());

        assertThat(text(fields)).isEqualTo("""

                path              present   null  types      distinct  min       max       mean        top value
                (record)            100 %    0 %  object
                /id                 100 %    0 %  int         ~19,871  100000    119999    110000      1e5 ~0.01 %
                /note            99.985 %   25 %  string            6  ""        "line"    20.2 chars  "line… 12.9 %
                /gone             0.035 %  100 %  null
                /items              100 %    0 %  array                                    2.0 items
                /items/*            100 %    0 %  object
                /items/*/price      100 %    0 %  fraction…    17,300  0.5, "1"  200.…, …  100.495, …  12.5 0.028 %
                /paid               100 %    0 %  bool              2                                  true 50.5 %
                /byDay/* (keys)     100 %    0 %  int              77  -3        1.234e19  1.5e18      0 99.98 %
                """);
    }

    @Test
    void table_ofOmittedValues_showsNone() {
        FieldProfile omitted = field("/name", types().setStringValue(10))
                .setPresent(10)
                .setMissing(0)
                .setStrings(StringProfile.newBuilder().setMaxLength(5).setMeanLength(4.5))
                .setDistinct(exactly(9))
                .build();
        assertThat(text(List.of(omitted))).isEqualTo("""

                path   present  null  types   distinct  min  max  mean       top value
                /name    100 %   0 %  string         9            4.5 chars
                """);
    }

    @Test
    void table_ofEmptyStringsAlone_showsThem() {
        FieldProfile empty = field("/name", types().setStringValue(10))
                .setPresent(10)
                .setMissing(0)
                .setStrings(StringProfile.newBuilder().setEmpty(10))
                .build();
        assertThat(text(List.of(empty))).contains("  string            \"\"   \"\"   0.0 chars\n");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 99999, 0, 0.001 %, 0 %",
        "99999, 1, 0, 99.999 %, 0 %",
        "100000, 0, 1, 100 %, 0.001 %",
        "100000, 0, 99999, 100 %, 99.999 %",
        "0, 5, 0, 0 %, 0 %"
    })
    void shares_areNeverAllOrNothingUnlessTheyAre(
            long present, long missing, long nulls, String presentShare, String nullShare) {
        FieldProfile field = field("/a", types().setNullValue(nulls).setBooleanValue(present - nulls))
                .setPresent(present)
                .setMissing(missing)
                .build();
        assertThat(text(List.of(field)).lines().toList().getLast().strip().split(" {2,}"))
                .startsWith("/a", presentShare, nullShare);
    }

    @Test
    void table_ofMoreThanPeopleRead_tellsHowManyAreLeftOut() {
        FieldProfile field = field("/a", types().setNullValue(1)).build();
        assertThat(text(Collections.nCopies(FieldTable.MOST_ROWS, field)).lines())
                .hasSize(2 + FieldTable.MOST_ROWS)
                .last()
                .asString()
                .startsWith("/a ");
        assertThat(text(Collections.nCopies(FieldTable.MOST_ROWS + 1, field)))
                .endsWith("\n\n1 more field not shown: --output json shows all\n");
        assertThat(text(Collections.nCopies(2_048, field)))
                .endsWith("\n\n1,848 more fields not shown: --output json shows all\n");
    }

    @Test
    void table_ofPathsThatDoNotFit_hasThemOnLinesOfTheirOwn() {
        String path = "/a_field_with_a_long_name/inside_of_another/and_one_more/description";
        FieldProfile field = field(path, types().setStringValue(10))
                .setPresent(10)
                .setMissing(10)
                .setStrings(strings("a first value of some length", "the last value of some length", 20))
                .setDistinct(exactly(9))
                .addTopValues(top("\"a value that is often there\"", 5))
                .build();
        List<String> lines = text(List.of(field)).lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(2)).isEqualTo(path);
        assertThat(lines.get(3)).startsWith(" ").contains("50 %  ");
        FieldProfile longer = field.toBuilder().setPath(path + path).build();
        assertThat(text(List.of(longer)).lines().toList().get(2)).hasSize(100).contains("\u2026");
    }

    @Test
    void table_ofNoFields_isNone() {
        assertThat(text(List.of())).isEmpty();
    }

    @Test
    void table_ofAnyFields_fitsATerminalAndObeysNothing() {
        for (int seed = 0; seed < 1_000; seed++) {
            RandomFields random = new RandomFields(seed);
            List<FieldProfile> fields = IntStream.range(0, 1 + seed % 12)
                    .mapToObj(_ -> random.next())
                    .toList();
            List<String> lines = text(fields).lines().toList();
            assertThat(lines).hasSizeBetween(2 + fields.size(), 2 + 2 * fields.size());
            for (String line : lines) {
                assertThat(Columns.of(line)).as("seed %d: %s", seed, line).isLessThanOrEqualTo(FieldTable.MOST_COLUMNS);
                assertThat(VisibleText.of(line)).as("seed %d", seed).isEqualTo(line);
            }
        }
    }
}
