package dev.jassay.cli;

import dev.jassay.client.JassayClient;
import dev.jassay.client.JassayException;
import dev.jassay.client.ProcessOptions;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessResult;
import java.io.IOException;
import java.util.function.LongConsumer;

/**
 * Has a server judge.
 *
 * @param endpoint where it listens
 */
record ServerJudge(String endpoint) implements Judge {
    @Override
    public ProcessResult judge(ProcessConfig config, Input input, LongConsumer progress)
            throws IOException, InterruptedException {
        try (JassayClient client = Endpoint.connect(endpoint)) {
            return client.process(
                    config, input.channel(), ProcessOptions.defaults().withProgress(progress));
        } catch (JassayException failure) {
            throw Endpoint.failure(endpoint, failure);
        }
    }
}
