package dev.jassay.server;

import dev.jassay.v1.ProcessRequest;
import java.io.IOException;

/**
 * Finds the payload of an encoded request without taking the message apart: walks over tags and lengths, and leaves the
 * message at the payload's first byte.
 *
 * <p>It takes and refuses what the generated parser takes and refuses: fields in any order, unknown ones of every wire type, the
 * last field of the oneof standing, a config that comes in parts, text that is not UTF-8. But it does not look into a config, and it refuses every number longer than ten bytes, which
 * the generated parser does only here and there.
 */
final class PayloadReader {
    /** As the generated parser. */
    private static final int MAX_GROUP_DEPTH = 100;

    static final String OVERLONG = "a number is longer than ten bytes";

    private static final int MAX_VARINT_BYTES = 10;

    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int START_GROUP = 3;
    private static final int END_GROUP = 4;
    private static final int FIXED_32 = 5;

    private static final int CONFIG = ProcessRequest.CONFIG_FIELD_NUMBER;
    private static final int CHUNK = ProcessRequest.CHUNK_FIELD_NUMBER;
    private static final int TEXT = ProcessRequest.TEXT_FIELD_NUMBER;

    private final Task task;
    private final MessageBytes message;
    private final int length;

    /** The field of the oneof that stands so far, 0 for none. */
    private int field;

    /** Where its value lies, if it is not a config. */
    private int valueOffset;

    private int valueLength;

    /** Its value, if it is a config: of the parts so far, as long as they are not too large together. */
    private final JoinedBytes config;

    private long configBytes;

    private PayloadReader(MessageBytes message, Task task, HeapRoom room) throws IOException {
        this.task = task;
        this.message = message;
        this.config = new JoinedBytes(room);
        this.length = message.remaining();
    }

    /**
     * Reads a message from where it stands.
     *
     * @param room for a large config, whose place is waited for
     * @throws RefusedException if it is no request of the task, or its config is too large
     */
    static Payload read(MessageBytes message, Task task, HeapRoom room) throws IOException, RefusedException {
        message.mark();
        PayloadReader reader = new PayloadReader(message, task, room);
        Payload payload = new Payload.Nothing();
        try {
            reader.walk();
            payload = reader.payload();
            return payload;
        } finally {
            if (!(payload instanceof Payload.Config)) {
                reader.config.close();
            }
        }
    }

    private void walk() throws IOException, RefusedException {
        while (message.remaining() > 0) {
            int tag = readTag();
            int number = tag >>> 3;
            if ((tag & 7) == LENGTH_DELIMITED && number >= CONFIG && number <= task.lastField()) {
                keep(number, readLength());
            } else {
                skipValue(tag, 0);
            }
        }
    }

    private void keep(int number, int bytes) throws IOException, RefusedException {
        if (number != CONFIG || field != CONFIG) {
            config.clear();
            configBytes = 0;
        }
        field = number;
        valueOffset = length - message.remaining();
        valueLength = bytes;
        switch (number) {
            case CONFIG -> keepConfig(bytes);
            case TEXT -> skipText(bytes);
            default -> message.skip(bytes);
        }
    }

    private void skipText(int bytes) throws IOException, RefusedException {
        Utf8Check text = new Utf8Check();
        message.transfer(bytes, text::accept);
        if (!text.passed()) {
            throw invalid("its text is not UTF-8; send such bytes as chunk");
        }
    }

    /** Messages that are merged are those whose encodings are joined. */
    private void keepConfig(int bytes) throws IOException {
        configBytes += bytes;
        if (configBytes > task.maxConfigBytes()) {
            message.skip(bytes);
        } else {
            config.append(message, bytes);
        }
    }

    private Payload payload() throws IOException, RefusedException {
        return switch (field) {
            case CONFIG -> config();
            case CHUNK, TEXT -> data();
            default -> new Payload.Nothing();
        };
    }

    private Payload config() throws RefusedException {
        if (configBytes > task.maxConfigBytes()) {
            throw new RefusedException(Refusal.configTooLarge(configBytes, task.maxConfigBytes()));
        }
        return new Payload.Config(config);
    }

    private Payload data() throws IOException {
        message.rewind();
        message.skip(valueOffset);
        return new Payload.Data(valueLength);
    }

    private void skipValue(int tag, int depth) throws IOException, RefusedException {
        switch (tag & 7) {
            case VARINT -> readVarint();
            case FIXED_64 -> skip(Long.BYTES);
            case LENGTH_DELIMITED -> message.skip(readLength());
            case START_GROUP -> skipGroup(tag >>> 3, depth + 1);
            case FIXED_32 -> skip(Integer.BYTES);
            default -> throw invalid("a field has an unknown wire type");
        }
    }

    private void skipGroup(int number, int depth) throws IOException, RefusedException {
        if (depth > MAX_GROUP_DEPTH) {
            throw invalid("groups are nested too deep");
        }
        while (true) {
            int tag = readTag();
            if ((tag & 7) == END_GROUP) {
                if (tag >>> 3 != number) {
                    throw invalid("a group ends that has not begun");
                }
                return;
            }
            skipValue(tag, depth);
        }
    }

    private int readTag() throws IOException, RefusedException {
        int tag = readVarint();
        if (tag >>> 3 == 0) {
            throw invalid("a field has the number 0");
        }
        return tag;
    }

    private int readLength() throws IOException, RefusedException {
        int bytes = readVarint();
        if (bytes < 0) {
            throw invalid("a field has a negative length");
        }
        requireRemaining(bytes);
        return bytes;
    }

    /** Bits beyond the 32nd are dropped, as by the generated parser. */
    private int readVarint() throws IOException, RefusedException {
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            int next = readByte();
            value |= (long) (next & 0x7F) << (7 * i);
            if (next < 0x80) {
                return (int) value;
            }
        }
        throw invalid(OVERLONG);
    }

    private int readByte() throws IOException, RefusedException {
        int next = message.read();
        if (next < 0) {
            throw cutOff();
        }
        return next;
    }

    private void skip(int count) throws IOException, RefusedException {
        requireRemaining(count);
        message.skip(count);
    }

    private void requireRemaining(int count) throws IOException, RefusedException {
        if (message.remaining() < count) {
            throw cutOff();
        }
    }

    private RefusedException cutOff() {
        return invalid("it ends within a field");
    }

    private RefusedException invalid(String why) {
        return new RefusedException(
                Refusal.messageInvalid("the message is no " + task.request() + " as protobuf encodes it: " + why));
    }
}
