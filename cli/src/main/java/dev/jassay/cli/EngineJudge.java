package dev.jassay.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.jassay.engine.ConfigException;
import dev.jassay.engine.Engine;
import dev.jassay.engine.EngineException;
import dev.jassay.engine.EngineOptions;
import dev.jassay.engine.Plan;
import dev.jassay.engine.Progress;
import dev.jassay.engine.SchemaException;
import dev.jassay.engine.Session;
import dev.jassay.engine.Slab;
import dev.jassay.engine.StateException;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Works with an engine in this process.
 *
 * @param options how to open it
 */
record EngineJudge(EngineOptions options) implements Judge {
    @Override
    public ProcessResult judge(ProcessConfig config, Input input, Optional<ResultOutput> state, LongConsumer progress)
            throws IOException, InterruptedException {
        return run(engine -> engine.compile(config.toByteArray()), input, state, progress);
    }

    @Override
    public ProcessResult merge(Input states, Optional<ResultOutput> state, LongConsumer progress)
            throws IOException, InterruptedException {
        byte[] config = Judge.mergeConfig(state).toByteArray();
        return run(engine -> engine.compileMerge(config), states, state, progress);
    }

    private interface Compiler {
        Plan compile(Engine engine) throws ConfigException;
    }

    private ProcessResult run(Compiler compiler, Input input, Optional<ResultOutput> state, LongConsumer progress)
            throws IOException, InterruptedException {
        try (Engine engine = Engines.open(options);
                Plan plan = compiler.compile(engine);
                Session session = engine.newSession(plan)) {
            feed(engine, session, input, progress);
            state.ifPresent(output -> output.write(out -> session.writeState(Channels.newChannel(out))));
            return ProcessResult.parseFrom(session.finish());
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

    private static void feed(Engine engine, Session session, Input input, LongConsumer progress)
            throws IOException, InterruptedException {
        long fed = 0;
        try (ReadAhead reader = ReadAhead.start(input.channel(), engine.slabs())) {
            Progress state = Progress.MORE;
            Optional<Slab> next = reader.take();
            while (next.isPresent() && state == Progress.MORE) {
                Slab slab = next.get();
                try {
                    state = session.feed(slab);
                    fed += slab.length();
                } finally {
                    reader.giveBack(slab);
                }
                progress.accept(fed);
                next = state == Progress.MORE ? reader.take() : Optional.empty();
            }
        }
    }
}
