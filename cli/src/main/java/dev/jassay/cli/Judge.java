package dev.jassay.cli;

import dev.jassay.v1.MergeConfig;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Where inputs are judged, and states merged. */
interface Judge {
    /**
     * Judges an input.
     *
     * @param state where its state goes, if it is wanted; the result is then without it
     * @param progress told the bytes taken so far
     * @throws IOException if the input cannot be read
     * @throws InterruptedException if the thread was interrupted
     * @throws SchemaFailure if the schema of the config cannot be judged by
     * @throws CommandFailure if the config is wrong (USAGE) or nobody judges (SERVICE)
     */
    ProcessResult judge(ProcessConfig config, Input input, Optional<ResultOutput> state, LongConsumer progress)
            throws IOException, InterruptedException;

    /**
     * Merges states.
     *
     * @param state where that of the whole goes, if it is wanted
     * @param progress told the bytes taken so far
     * @throws IOException if the states cannot be read
     * @throws InterruptedException if the thread was interrupted
     * @throws CommandFailure if states do not go together (USAGE), one is damaged (INPUT) or nobody merges (SERVICE)
     */
    ProcessResult merge(Input states, Optional<ResultOutput> state, LongConsumer progress)
            throws IOException, InterruptedException;

    /** The config of a merge whose state is wanted or not. */
    static MergeConfig mergeConfig(Optional<ResultOutput> state) {
        return MergeConfig.newBuilder().setWithState(state.isPresent()).build();
    }
}
