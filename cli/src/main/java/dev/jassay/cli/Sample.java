package dev.jassay.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.jassay.v1.ViolationCode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Made-up orders, some of them faulty. The same records, permille, seed and format give the same bytes, for ever: a record depends on
 * seed and index alone, and the records without fault are the same whatever the permille.
 *
 * <p>Faults are spread evenly, one at a place of chance in each stretch of 1,000 / permille records, and take the kinds of
 * {@link Fault} that the format survives in turn.
 *
 * @param records 0 to {@value #MAX_RECORDS}
 * @param faultPermille 0 to 1,000; of so many records {@code records * faultPermille / 1000}, rounded down, are faulty. 0 for a
 *     DOCUMENT, which is one record
 * @param seed any
 * @param format how the records stand in the stream
 */
record Sample(long records, int faultPermille, long seed, SampleFormat format) {
    /** Some 300 TB: far beyond use, and far from an overflow. */
    static final long MAX_RECORDS = 1_000_000_000_000L;

    static final int ALL = 1_000;

    private static final int WRITE_BYTES = 256 << 10;
    /** Keeps the places of faults apart from what the orders draw. */
    private static final long PLACES = 0x66_61_75_6C_74L;

    /** @throws IllegalArgumentException if a figure is out of its range; the message says what to choose */
    Sample {
        if (records < 0 || records > MAX_RECORDS) {
            throw new IllegalArgumentException("--records " + records + ": choose 0 to " + MAX_RECORDS);
        }
        if (faultPermille < 0 || faultPermille > ALL) {
            throw new IllegalArgumentException("--faults " + faultPermille + ": choose 0 to " + ALL);
        }
        if (format == SampleFormat.DOCUMENT && faultPermille > 0) {
            throw new IllegalArgumentException("--faults " + faultPermille
                    + ": a document is one record and has no faults; choose another --format");
        }
    }

    /** What was written. */
    record Summary(long records, long faulty, Map<ViolationCode, Long> faults, long bytes) {}

    long faulty() {
        return records * faultPermille / ALL;
    }

    /** What is wrong with a record; empty if nothing is. */
    Optional<Fault> faultOf(long index) {
        if (faultPermille == 0) {
            return Optional.empty();
        }
        long nth = ((index + 1) * faultPermille - 1) / ALL;
        return nth < faulty() && place(nth) == index ? Optional.of(nthFault(nth, kinds())) : Optional.empty();
    }

    /** Writes the whole stream, of which it never holds more than 256 KiB and a record. */
    Summary writeTo(OutputStream out) throws IOException {
        OrderWriter writer = new OrderWriter(seed, format.layout());
        Fault[] kinds = kinds();
        Map<ViolationCode, Long> counts = new EnumMap<>(ViolationCode.class);
        byte[] separator = format.separator().getBytes(US_ASCII);
        RecordBytes pending = new RecordBytes();
        RecordBytes spoilt = new RecordBytes();
        long bytes = 0;
        long faults = 0;
        long nextFaulty = nextPlace(faults);
        pending.put(format.opening().getBytes(US_ASCII));
        for (long index = 0; index < records; index++) {
            if (index > 0) {
                pending.put(separator);
            }
            if (index == nextFaulty) {
                Fault fault = nthFault(faults, kinds);
                spoilt.clear();
                writer.write(index, spoilt);
                fault.spoil(spoilt);
                pending.put(spoilt);
                counts.merge(fault.code(), 1L, Long::sum);
                nextFaulty = nextPlace(++faults);
            } else {
                writer.write(index, pending);
            }
            if (pending.length() >= WRITE_BYTES) {
                bytes += drain(pending, out);
            }
        }
        if (records > 0 || !format.opening().isEmpty()) {
            pending.put(format.closing().getBytes(US_ASCII));
        }
        bytes += drain(pending, out);
        return new Summary(records, faults, counts, bytes);
    }

    private static int drain(RecordBytes pending, OutputStream out) throws IOException {
        int length = pending.length();
        pending.writeTo(out);
        pending.clear();
        return length;
    }

    private Fault[] kinds() {
        return Arrays.stream(Fault.values())
                .filter(fault -> fault.survives(format))
                .toArray(Fault[]::new);
    }

    private static Fault nthFault(long nth, Fault[] kinds) {
        return kinds[(int) (nth % kinds.length)];
    }

    /** The index of the next faulty record, or -1 if there is none. */
    private long nextPlace(long nth) {
        return nth < faulty() ? place(nth) : -1;
    }

    private long place(long nth) {
        long from = nth * ALL / faultPermille;
        long to = (nth + 1) * ALL / faultPermille;
        SplitMix64 random = new SplitMix64(0);
        random.restart(seed ^ PLACES, nth);
        return from + random.below((int) (to - from));
    }
}
