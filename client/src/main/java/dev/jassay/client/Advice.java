package dev.jassay.client;

import java.math.BigDecimal;
import java.time.Duration;

/** What to do next after a call failed. */
final class Advice {
    private Advice() {}

    static String of(ServerError error, String server) {
        return error.reason()
                .map(reason -> switch (reason) {
                    case "CONFIG_INVALID" -> "Correct the fields that are named and call again.";
                    case "CONFIG_OUT_OF_ORDER" -> "Send one config, as the first message.";
                    case "MESSAGE_INVALID" -> "Send messages of the service's own proto file.";
                    case "STATE_INCOMPATIBLE" -> "Merge states of one config, each part once.";
                    case "STATE_DAMAGED" -> "Make that state anew from its input.";
                    case "SCHEMA_INVALID" -> "Correct the schema where that is said.";
                    case "SCHEMA_REF_UNRESOLVED" -> "Give the schema that is missing among the resources.";
                    case "SCHEMA_TOO_COMPLEX" -> "Make the schema smaller or simpler.";
                    case "ADMISSION_LIMIT" -> "Call again" + after(error) + ", or run fewer calls at once.";
                    case "CLIENT_STALLED" -> "Keep the input flowing, or start the server with a larger --idle.";
                    case "DRAINING" -> "The server is shutting down: call again when it is back, or call another.";
                    case "ENGINE_FAULT" -> "This is a defect of the server: report it with its version and log.";
                    default -> of(error.code(), server);
                })
                .orElseGet(() -> of(error.code(), server));
    }

    private static String of(io.grpc.Status.Code code, String server) {
        return switch (code) {
            case UNAVAILABLE -> "See that a server listens at " + server + " and can be reached from here.";
            case DEADLINE_EXCEEDED -> "Allow a longer deadline, or send less at once.";
            case CANCELLED -> "Call again if the result is still wanted.";
            case UNIMPLEMENTED -> "See that a Jassay server of this version or a newer one listens at " + server + ".";
            case RESOURCE_EXHAUSTED -> "Send smaller messages or run fewer calls at once.";
            case UNAUTHENTICATED, PERMISSION_DENIED -> "See what stands between this client and " + server + ".";
            case INVALID_ARGUMENT -> "Correct the request and call again.";
            default -> "See the log of the server at " + server + ".";
        };
    }

    private static String after(ServerError error) {
        return error.retryAfter()
                .filter(Duration::isPositive)
                .map(delay -> " in " + seconds(delay) + " s")
                .orElse(" later");
    }

    private static String seconds(Duration delay) {
        return BigDecimal.valueOf(delay.toMillis(), 3).stripTrailingZeros().toPlainString();
    }
}
