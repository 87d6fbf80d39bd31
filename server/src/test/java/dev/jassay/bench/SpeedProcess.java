package dev.jassay.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;

/** A Rust process that works through one file each time it is asked. */
final class SpeedProcess implements AutoCloseable {
    private final Process process;
    private final Writer questions;
    private final BufferedReader answers;

    /** How long one way through the file took, and how many records it found. */
    record Pass(long nanos, long records) {}

    SpeedProcess(Path program, String subject, Path file) throws IOException {
        process = new ProcessBuilder(List.of(program.toString(), "measure", subject, file.toString()))
                .redirectError(Redirect.INHERIT)
                .start();
        questions = process.outputWriter(UTF_8);
        answers = process.inputReader(UTF_8);
        expect("ready".equals(answers.readLine()));
    }

    Pass pass() throws IOException {
        questions.write('\n');
        questions.flush();
        String answer = answers.readLine();
        expect(answer != null);
        String[] figures = answer.split(" ", -1);
        return new Pass(Long.parseLong(figures[0]), Long.parseLong(figures[1]));
    }

    private static void expect(boolean answered) throws IOException {
        if (!answered) {
            throw new IOException("the process that measures ended; standard error tells why");
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
