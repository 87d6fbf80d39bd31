package dev.jassay.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The same orders in many files and in one.
 *
 * @param folder of the many
 * @param whole the one
 */
record SmallFiles(Path folder, Path whole) {
    static final int COUNT = 1_000;

    /** Makes files of about so many bytes each, anew. */
    static SmallFiles make(Options options, String name, long bytes) throws IOException {
        Path orders = options.data(DataSet.ORDERS, ".ndjson");
        Path folder = Files.createDirectories(options.data(DataSet.ORDERS, "-" + name));
        Path whole = options.data(DataSet.ORDERS, "-" + name + ".ndjson");
        try (Lines lines = new Lines(orders);
                OutputStream out = Files.newOutputStream(whole)) {
            for (int file = 0; file < COUNT; file++) {
                byte[] piece = lines.take(bytes);
                Files.write(folder.resolve(file + ".ndjson"), piece);
                out.write(piece);
            }
        }
        return new SmallFiles(folder, whole);
    }

    /** The lines of a file, again and again. */
    private static final class Lines implements AutoCloseable {
        private final Path file;
        private BufferedReader reader;

        Lines(Path file) throws IOException {
            this.file = file;
            this.reader = Files.newBufferedReader(file, ISO_8859_1);
        }

        byte[] take(long bytes) throws IOException {
            ByteArrayOutputStream taken = new ByteArrayOutputStream();
            do {
                String line = reader.readLine();
                if (line == null) {
                    reader.close();
                    reader = Files.newBufferedReader(file, ISO_8859_1);
                    continue;
                }
                taken.writeBytes((line + "\n").getBytes(ISO_8859_1)); // the bytes as they were
            } while (taken.size() < bytes);
            return taken.toByteArray();
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }
}
