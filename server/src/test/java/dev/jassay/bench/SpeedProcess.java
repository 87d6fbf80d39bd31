package dev.jassay.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;
import org.jspecify.annotations.Nullable;

/** A process that works through its data each time it is asked. */
final class SpeedProcess implements AutoCloseable {
    /** How often it works through its data each time; it tells of the last. */
    static final int PASSES = 2;

    /** A pass that takes longer is cut. */
    static final Duration LIMIT = Duration.ofSeconds(30);

    private static final Timer ENDINGS = new Timer(true);
    private static final Pass CUT = new Pass(LIMIT.toNanos(), 0);

    private final Process process;
    private final Writer questions;
    private final BufferedReader answers;
    private boolean cut;

    /** How long one way through the data took, and how many records it found. */
    record Pass(long nanos, long records) {}

    SpeedProcess(Work work) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(work.command()).redirectError(Redirect.INHERIT);
        builder.environment().putAll(work.environment());
        process = builder.start();
        questions = process.outputWriter(UTF_8);
        answers = process.inputReader(UTF_8);
        given(answers.readLine());
    }

    /** One that is cut took the limit and found no records, and so do all after it. */
    Pass pass() throws IOException {
        if (cut) {
            return CUT;
        }
        questions.write('\n');
        questions.flush();
        TimerTask ending = ending();
        ENDINGS.schedule(ending, LIMIT.toMillis());
        String answer = answers.readLine();
        cut = !ending.cancel();
        if (cut) {
            return CUT;
        }
        String[] figures = given(answer).split(" ", -1);
        return new Pass(Long.parseLong(figures[0]), Long.parseLong(figures[1]));
    }

    /** Ends the process, and so the waiting for its answer. */
    private TimerTask ending() {
        return new TimerTask() {
            @Override
            public void run() {
                process.destroyForcibly();
            }
        };
    }

    private static String given(@Nullable String answer) throws IOException {
        if (answer == null) {
            throw new IOException("the process that measures ended; standard error tells why");
        }
        return answer;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
