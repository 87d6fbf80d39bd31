package dev.jassay.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.jassay.engine.ConfigException;
import dev.jassay.engine.Engine;
import dev.jassay.engine.EngineException;
import dev.jassay.engine.EngineOptions;
import dev.jassay.engine.Plan;
import dev.jassay.engine.SchemaException;
import dev.jassay.engine.Session;
import dev.jassay.engine.SessionListener;
import dev.jassay.engine.StateException;
import dev.jassay.engine.Wanted;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Works with an engine in this process.
 *
 * @param options how to open it
 */
record EngineJudge(EngineOptions options) implements Judge {
    @Override
    public ProcessResult judge(ProcessConfig config, Input input, Optional<ResultOutput> state, Watch watch)
            throws IOException, InterruptedException {
        return judge(config, input, state, watch, _ -> {});
    }

    /** @param begin done to the session before anything is fed */
    private ProcessResult judge(
            ProcessConfig config, Input input, Optional<ResultOutput> state, Watch watch, Consumer<Session> begin)
            throws IOException, InterruptedException {
        return run(engine -> {
            try (Plan plan = engine.compile(config.toByteArray());
                    Session session = engine.newSession(plan)) {
                begin.accept(session);
                Feed.ahead(engine, session, input, watch);
                if (watch.interruption().isRequested()) {
                    session.interrupt();
                }
                return finish(session, state);
            }
        });
    }

    /**
     * Judges an input, and has a listener hear of it.
     *
     * @param wanted what it is told
     * @param watch as in {@link #judge}
     * @throws CommandFailure as {@link #judge}, and (SERVICE) if the listener cannot write
     */
    ProcessResult split(ProcessConfig config, Input input, Set<Wanted> wanted, SessionListener listener, Watch watch)
            throws IOException, InterruptedException {
        try {
            return judge(config, input, Optional.empty(), watch, session -> session.listen(wanted, listener));
        } catch (UncheckedIOException unwritable) {
            throw SplitFiles.unwritable(Objects.requireNonNull(unwritable.getCause()));
        }
    }

    @Override
    public ProcessResult judgeAll(ProcessConfig config, InputFiles files, FileTroubles troubles, Watch watch)
            throws IOException, InterruptedException {
        ProcessConfig ofPart = Judge.configOfParts(config);
        return run(engine -> {
            try (Plan plan = engine.compile(ofPart.toByteArray());
                    Plan merging = engine.compileMerge(Judge.configOfWhole().toByteArray());
                    Session whole = engine.newSession(merging)) {
                new ParallelFiles(engine, plan, whole, files, troubles, watch).judge();
                return finish(whole, Optional.empty());
            }
        });
    }

    @Override
    public ProcessResult merge(Input states, Optional<ResultOutput> state, Watch watch)
            throws IOException, InterruptedException {
        byte[] config = Judge.mergeConfig(state).toByteArray();
        return run(engine -> {
            try (Plan plan = engine.compileMerge(config);
                    Session session = engine.newSession(plan)) {
                Feed.ahead(engine, session, states, watch);
                return finish(session, state);
            }
        });
    }

    private static ProcessResult finish(Session session, Optional<ResultOutput> state)
            throws InvalidProtocolBufferException {
        state.ifPresent(output -> output.write(out -> session.writeState(Channels.newChannel(out))));
        return ProcessResult.parseFrom(session.finish());
    }

    private interface Work {
        ProcessResult with(Engine engine) throws ConfigException, IOException, InterruptedException;
    }

    private ProcessResult run(Work work) throws IOException, InterruptedException {
        try (Engine engine = Engines.open(options)) {
            return work.with(engine);
        } catch (ConfigException wrong) {
            throw ConfigFailure.of(
                    wrong.violations().stream()
                            .map(violation -> new ConfigFailure.Field(violation.field(), violation.description()))
                            .toList(),
                    String.valueOf(wrong.getMessage()));
        } catch (SchemaException wrong) {
            throw new SchemaFailure(wrong.problems(), wrong);
        } catch (StateException refused) {
            throw new CommandFailure(
                    refused.reason() == StateException.Reason.DAMAGED ? ExitCode.INPUT : ExitCode.USAGE,
                    String.valueOf(refused.getMessage()),
                    refused);
        } catch (EngineException failure) {
            throw new CommandFailure(ExitCode.SERVICE, String.valueOf(failure.getMessage()), failure);
        } catch (InvalidProtocolBufferException defect) {
            throw new CommandFailure(
                    ExitCode.SERVICE, "the engine's result is unreadable: " + defect.getMessage(), defect);
        }
    }
}
