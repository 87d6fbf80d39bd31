package dev.jassay.bench;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of 2 GB: the orders again and again. */
final class LongFile {
    private static final long BYTES = 2_000_000_000;

    private LongFile() {}

    /** Makes it; one that is already right is left alone. */
    static Path make(Options options) throws IOException {
        Path orders = options.data(DataSet.ORDERS, ".ndjson");
        Path file = options.data(DataSet.ORDERS, "-long.ndjson");
        long times = Math.ceilDiv(options.scaled(BYTES), Files.size(orders));
        boolean right = Files.exists(file)
                && Files.size(file) == times * Files.size(orders)
                && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(orders)) >= 0;
        if (!right) {
            try (OutputStream out = Files.newOutputStream(file, CREATE, TRUNCATE_EXISTING, WRITE)) {
                for (long i = 0; i < times; i++) {
                    Files.copy(orders, out);
                }
            }
        }
        return file;
    }
}
