package dev.jassay.cli;

import dev.jassay.client.JassayClient;
import dev.jassay.client.JassayException;
import java.util.logging.Logger;

/** The server that {@code --endpoint} names. */
final class Endpoint {
    /** What gRPC logs of a call that fails, the exception says too. Referred to for good: Java's loggers are otherwise collected. */
    private static final Logger TRANSPORT = Logger.getLogger("io.grpc");

    private Endpoint() {}

    static JassayClient connect(String endpoint) {
        TRANSPORT.setUseParentHandlers(false);
        try {
            return JassayClient.connect(endpoint);
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailure(ExitCode.USAGE, "--endpoint: " + wrong.getMessage(), wrong);
        }
    }

    static CommandFailure failure(String endpoint, JassayException failure) {
        boolean configIsWrong =
                failure.reason().filter("CONFIG_INVALID"::equals).isPresent();
        return configIsWrong
                ? ConfigFailure.of(
                        failure.fieldViolations().stream()
                                .map(violation -> new ConfigFailure.Field(violation.field(), violation.description()))
                                .toList(),
                        failure.description())
                : new CommandFailure(ExitCode.SERVICE, endpoint + ": " + failure.getMessage(), failure);
    }
}
