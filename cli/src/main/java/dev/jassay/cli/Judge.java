package dev.jassay.cli;

import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import java.io.IOException;
import java.util.function.LongConsumer;

/** Where an input is judged. */
interface Judge {
    /**
     * Judges an input.
     *
     * @param progress told the bytes taken so far
     * @throws IOException if the input cannot be read
     * @throws InterruptedException if the thread was interrupted
     * @throws CommandFailure if the config is wrong (USAGE) or nobody judges (SERVICE)
     */
    ProcessResult judge(ProcessConfig config, Input input, LongConsumer progress)
            throws IOException, InterruptedException;
}
