package dev.jassay.cli;

import dev.jassay.v1.ArrayProfile;
import dev.jassay.v1.Distinct;
import dev.jassay.v1.FieldProfile;
import dev.jassay.v1.NumberProfile;
import dev.jassay.v1.StringProfile;
import dev.jassay.v1.TopValue;
import dev.jassay.v1.TypeCounts;
import org.jspecify.annotations.NullMarked;

/** Fields with figures and texts of any kind, such as no engine makes but another server may send. */
@NullMarked
final class RandomFields {
    private static final int[][] LETTERS = {
        {'a', 'z'},
        {0, 0x20},
        {0x7F, 0xA0},
        {0x300, 0x36F},
        {0x2028, 0x202E},
        {0x4E00, 0x9FFF},
        {0xAC00, 0xD7A3},
        {0xD800, 0xDFFF},
        {0x1F300, 0x1F6FF},
        {0, Character.MAX_CODE_POINT}
    };

    private final SplitMix64 random;

    RandomFields(long seed) {
        this.random = new SplitMix64(seed);
    }

    FieldProfile next() {
        FieldProfile.Builder field = FieldProfile.newBuilder()
                .setPath(text())
                .setPresent(count())
                .setTypes(types())
                .setCollapsed(maybe());
        if (maybe()) {
            field.setMissing(count());
        }
        if (maybe()) {
            field.setNumbers(NumberProfile.newBuilder()
                    .setMin(decimal())
                    .setMax(decimal())
                    .setMean(real()));
        }
        if (maybe()) {
            field.setStrings(StringProfile.newBuilder()
                    .setMin(text())
                    .setMax(text())
                    .setMaxLength(count())
                    .setMeanLength(real()));
        }
        if (maybe()) {
            field.setArrays(ArrayProfile.newBuilder().setMeanLength(real()));
        }
        if (maybe()) {
            field.setDistinct(Distinct.newBuilder().setValue(count()).setExact(maybe()));
        }
        if (maybe()) {
            field.addTopValues(TopValue.newBuilder()
                    .setValueJson(maybe() ? decimal() : text())
                    .setCount(count())
                    .setExact(maybe()));
        }
        return field.build();
    }

    private TypeCounts.Builder types() {
        TypeCounts.Builder types = TypeCounts.newBuilder();
        types.setNullValue(count()).setBooleanValue(count()).setIntegerValue(count());
        types.setFractionValue(count()).setStringValue(count()).setArrayValue(count());
        return types.setObjectValue(count());
    }

    private boolean maybe() {
        return random.below(2) == 0;
    }

    /** Of any size, and often 0. */
    private long count() {
        return maybe() ? 0 : random.next() >>> random.below(64);
    }

    private double real() {
        return maybe() ? Double.longBitsToDouble(random.next()) : count() / 8.0;
    }

    private String decimal() {
        String digits = (maybe() ? "-" : "") + Long.toUnsignedString(count()).repeat(1 + random.below(3));
        return digits
                + (maybe() ? "." + Long.toUnsignedString(count()) : "")
                + (maybe() ? "e" + (int) random.next() : "");
    }

    private String text() {
        int[] range = LETTERS[random.below(LETTERS.length)];
        int length = random.below(maybe() ? 12 : 400);
        StringBuilder text = new StringBuilder("/");
        for (int at = 0; at < length; at++) {
            text.appendCodePoint(range[0] + random.below(range[1] - range[0] + 1));
        }
        return text.toString();
    }
}
