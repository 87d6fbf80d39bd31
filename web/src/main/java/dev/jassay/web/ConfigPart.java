package dev.jassay.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jassay.v1.ProcessConfig;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;

/** A config as it comes in, as JSON. One thread at a time; {@link #close} gives back what it holds. */
final class ConfigPart implements AutoCloseable {
    private final ConfigRoom room;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private int steps;

    ConfigPart(ConfigRoom room) {
        this.room = room;
    }

    /** @throws ProblemException if it becomes larger than a config may be, or there is no memory for it */
    void append(ByteBuffer piece) throws ProblemException {
        long length = (long) text.size() + piece.remaining();
        if (length > ConfigRoom.MAX_CONFIG_BYTES) {
            throw invalid("more than " + ConfigRoom.MAX_CONFIG_BYTES + " bytes");
        }
        for (int needed = ConfigRoom.stepsOf((int) length); steps < needed; steps++) {
            if (!room.tryStep()) {
                throw new ProblemException(Problem.of(
                                HttpStatus.SERVICE_UNAVAILABLE_503,
                                "ADMISSION_LIMIT",
                                "the server has no memory left for this config: try again when other calls have ended")
                        .withHeader(HttpHeader.RETRY_AFTER, "1"));
            }
        }
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        text.writeBytes(bytes);
    }

    /** Whether only one such config is to be worked on at once. */
    boolean large() {
        return steps > 0;
    }

    /** @throws ProblemException if it is no config */
    ProcessConfig config() throws ProblemException {
        try {
            return ConfigJson.read(UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(text.toByteArray()))
                    .toString());
        } catch (CharacterCodingException e) {
            throw RequestBody.invalid("the config is not UTF-8");
        } catch (ConfigJsonException e) {
            if (e.fields().isEmpty()) {
                throw RequestBody.invalid("the config " + e.getMessage());
            }
            throw new ProblemException(Problem.configInvalid(e.fields().stream()
                    .map(field -> new Problem.Violation(field, e.mistake()))
                    .toList()));
        }
    }

    private static ProblemException invalid(String description) {
        return new ProblemException(Problem.configInvalid(List.of(new Problem.Violation("config", description))));
    }

    @Override
    public void close() {
        room.giveBack(steps);
        steps = 0;
        text.reset();
    }
}
