package dev.jassay.cli;

import com.google.protobuf.ByteString;
import dev.jassay.client.JassayClient;
import dev.jassay.client.JassayException;
import dev.jassay.client.ProcessOptions;
import dev.jassay.engine.SchemaException.Problem;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.Optional;

/**
 * Has a server work.
 *
 * @param endpoint where it listens
 */
record ServerJudge(String endpoint) implements Judge {
    @Override
    public ProcessResult judge(ProcessConfig config, Input input, Optional<ResultOutput> state, Watch watch)
            throws IOException, InterruptedException {
        return interruptible(
                watch, () -> call(client -> client.process(config, input.channel(), options(watch)), state));
    }

    @Override
    public ProcessResult judgeAll(ProcessConfig config, InputFiles files, FileTroubles troubles, Watch watch)
            throws IOException, InterruptedException {
        ProcessConfig ofParts = Judge.configOfParts(config);
        return interruptible(
                watch,
                () -> call(
                        client -> new ServedFiles(client, ofParts, files, troubles, watch).judge(), Optional.empty()));
    }

    @Override
    public ProcessResult merge(Input states, Optional<ResultOutput> state, Watch watch)
            throws IOException, InterruptedException {
        return call(client -> client.merge(Judge.mergeConfig(state), states.channel(), options(watch)), state);
    }

    private interface Work {
        ProcessResult run() throws IOException, InterruptedException;
    }

    private static ProcessResult interruptible(Watch watch, Work work) throws IOException, InterruptedException {
        Thread caller = Thread.currentThread();
        try (Interruption.Listening _ = watch.interruption().listen(caller::interrupt)) {
            return work.run();
        } catch (InterruptedException | ClosedByInterruptException cancelled) {
            if (watch.interruption().isRequested()) {
                throw interrupted();
            }
            throw cancelled;
        }
    }

    /** A stream that is cut anywhere would be judged as one that ends there, and a record that is cut would be told as invalid. */
    private static CommandFailure interrupted() {
        return new CommandFailure(
                ExitCode.INTERRUPTED, "interrupted: with --endpoint there is no result of what was judged so far");
    }

    private static ProcessOptions options(Watch watch) {
        return ProcessOptions.defaults().withProgress(bytes -> watch.passed(Passed.ofBytes(bytes)));
    }

    private interface Call {
        ProcessResult with(JassayClient client) throws IOException, InterruptedException;
    }

    private ProcessResult call(Call call, Optional<ResultOutput> state) throws IOException, InterruptedException {
        try (JassayClient client = Endpoint.connect(endpoint)) {
            ProcessResult result = call.with(client);
            return state.isPresent() ? withoutState(result, state.get()) : result;
        } catch (JassayException failure) {
            if (failure.reason().filter(reason -> reason.startsWith("SCHEMA_")).isPresent()) {
                throw new SchemaFailure(problems(failure), failure);
            }
            throw Endpoint.failure(endpoint, failure);
        }
    }

    /** The server tells each as the engine does. */
    private static List<Problem> problems(JassayException failure) {
        return failure.fieldViolations().isEmpty()
                ? List.of(new Problem("", "", failure.description()))
                : failure.fieldViolations().stream()
                        .map(violation -> Problem.parse(violation.description()))
                        .toList();
    }

    private static ProcessResult withoutState(ProcessResult result, ResultOutput state) {
        state.write(requireState(result)::writeTo);
        return result.toBuilder().clearState().build();
    }

    /** @throws CommandFailure (USAGE) if the state did not fit */
    static ByteString requireState(ProcessResult result) {
        if (result.getState().isEmpty()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "the state does not fit the result of a server, which has "
                            + result.getProvenance().getLimits().getMaxResultBytes()
                            + " bytes: check with a larger --max-result-bytes, up to 64MiB, or without --endpoint");
        }
        return result.getState();
    }
}
