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

    /** What is wrong with states is told as it is where no server merges. */
    private static int exitCode(JassayException failure) {
        return switch (failure.reason().orElse("")) {
            case "STATE_INCOMPATIBLE" -> ExitCode.USAGE;
            case "STATE_DAMAGED" -> ExitCode.INPUT;
            default -> ExitCode.SERVICE;
        };
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
                : new CommandFailure(exitCode(failure), endpoint + ": " + failure.getMessage(), failure);
    }
}
