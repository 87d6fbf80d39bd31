package dev.jassay.cli;

import dev.jassay.v1.MergeConfig;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import java.io.IOException;
import java.util.Optional;

/** Where inputs are judged, and states merged. */
interface Judge {
    /**
     * Judges an input.
     *
     * @param state where its state goes, if it is wanted; the result is then without it
     * @param watch told of bytes, records and invalid ones; on its interruption, the result is of what has been judged
     * @throws IOException if the input cannot be read
     * @throws InterruptedException if the thread was interrupted
     * @throws SchemaFailure if the schema of the config cannot be judged by
     * @throws CommandFailure if the config is wrong (USAGE) or nobody judges (SERVICE)
     */
    ProcessResult judge(ProcessConfig config, Input input, Optional<ResultOutput> state, Watch watch)
            throws IOException, InterruptedException;

    /**
     * Judges files to one result, in which each violation names its file.
     *
     * @param troubles told of files that cannot be read or do not end well: the others are judged all the same
     * @param watch as of one input
     * @throws InterruptedException if the thread was interrupted
     * @throws SchemaFailure if the schema of the config cannot be judged by
     * @throws CommandFailure if the config is wrong (USAGE), no file can be read (INPUT) or nobody judges (SERVICE)
     */
    ProcessResult judgeAll(ProcessConfig config, InputFiles files, FileTroubles troubles, Watch watch)
            throws IOException, InterruptedException;

    /**
     * Merges states.
     *
     * @param state where that of the whole goes, if it is wanted
     * @param watch told of bytes
     * @throws IOException if the states cannot be read
     * @throws InterruptedException if the thread was interrupted
     * @throws CommandFailure if states do not go together (USAGE), one is damaged (INPUT) or nobody merges (SERVICE)
     */
    ProcessResult merge(Input states, Optional<ResultOutput> state, Watch watch)
            throws IOException, InterruptedException;

    /** That of a file which is judged as a part of several. */
    static ProcessConfig configOfParts(ProcessConfig config) {
        ProcessConfig.Builder builder = config.toBuilder();
        builder.getProfileBuilder().setWithState(true);
        return builder.build();
    }

    /** The config by which these become one result. */
    static MergeConfig configOfWhole() {
        return MergeConfig.newBuilder().setKeepPositions(true).build();
    }

    /** The config of a merge whose state is wanted or not. */
    static MergeConfig mergeConfig(Optional<ResultOutput> state) {
        return MergeConfig.newBuilder().setWithState(state.isPresent()).build();
    }
}
