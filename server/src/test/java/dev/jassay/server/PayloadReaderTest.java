package dev.jassay.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.jassay.v1.Format;
import dev.jassay.v1.ProcessConfig;
import dev.jassay.v1.ProcessRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PayloadReaderTest {
    private static final HeapRoom ROOM = new HeapRoom(1, Transport.MAX_MESSAGE_BYTES + 1);
    private static final HeapRoom CONFIGS = new HeapRoom(1, Transport.MAX_MESSAGE_BYTES);

    /** What a reader made of a message, in a form that can be compared. */
    private record Outcome(String kind, ByteString bytes) {
        static final Outcome NOTHING = new Outcome("nothing", ByteString.EMPTY);
        static final Outcome OVERLONG = new Outcome("overlong", ByteString.EMPTY);
        static final Outcome REFUSED = new Outcome("MESSAGE_INVALID", ByteString.EMPTY);
    }

    /** Writes the fields of a message, as no client library would. */
    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    @Test
    void read_chunkInEveryShape_findsItsBytes() throws IOException {
        byte[] message = encode(out -> out.writeByteArray(2, bytes("{\"a\":1}\n")));
        assertOutcome(message, new Outcome("data", ByteString.copyFromUtf8("{\"a\":1}\n")));
    }

    @Test
    void read_textInEveryShape_findsItsBytes() throws IOException {
        byte[] message = encode(out -> out.writeString(3, "\"\u00e4\u20ac\ud83d\ude00\""));
        assertOutcome(message, new Outcome("data", ByteString.copyFromUtf8("\"\u00e4\u20ac\ud83d\ude00\"")));
    }

    @Test
    void read_configInEveryShape_findsItsEncoding() throws IOException {
        ProcessConfig config = ProcessConfig.newBuilder()
                .setSource("orders")
                .setFormat(Format.FORMAT_ARRAY)
                .putLabels("a", "b")
                .build();
        byte[] message = ProcessRequest.newBuilder().setConfig(config).build().toByteArray();
        assertOutcome(message, new Outcome("config", config.toByteString()));
    }

    @Test
    void read_emptyMessage_carriesNothing() throws IOException {
        assertOutcome(new byte[0], Outcome.NOTHING);
    }

    @Test
    void read_emptyChunk_isData() throws IOException {
        assertOutcome(encode(out -> out.writeByteArray(2, new byte[0])), new Outcome("data", ByteString.EMPTY));
    }

    @Test
    void read_unknownFieldsOfEveryWireType_areSkipped() throws IOException {
        byte[] message = encode(out -> {
            out.writeUInt64(9, -1);
            out.writeFixed64(10, 7);
            out.writeByteArray(11, bytes("not this"));
            writeGroup(out, 12);
            out.writeByteArray(2, bytes("this"));
            out.writeFixed32(13, 7);
            out.writeUInt32(536_870_911, 1);
        });
        assertOutcome(message, new Outcome("data", ByteString.copyFromUtf8("this")));
    }

    @Test
    void read_knownFieldOfAnotherWireType_isSkipped() throws IOException {
        assertOutcome(encode(out -> out.writeUInt64(2, 5)), Outcome.NOTHING);
    }

    @Test
    void read_chunkTwice_lastStands() throws IOException {
        byte[] message = encode(out -> {
            out.writeByteArray(2, bytes("first"));
            out.writeByteArray(2, bytes("last"));
        });
        assertOutcome(message, new Outcome("data", ByteString.copyFromUtf8("last")));
    }

    @Test
    void read_allFieldsOfTheOneof_lastStands() throws IOException {
        byte[] message = encode(out -> {
            out.writeMessage(1, ProcessConfig.newBuilder().setSource("a").build());
            out.writeByteArray(2, bytes("chunk"));
            out.writeString(3, "text");
        });
        assertOutcome(message, new Outcome("data", ByteString.copyFromUtf8("text")));
    }

    @Test
    void read_configInParts_isMerged() throws IOException {
        ProcessConfig first =
                ProcessConfig.newBuilder().setSource("a").putLabels("x", "1").build();
        ProcessConfig second =
                ProcessConfig.newBuilder().setSource("b").putLabels("y", "2").build();
        byte[] message = encode(out -> {
            out.writeMessage(1, first);
            out.writeFixed32(13, 7);
            out.writeMessage(1, second);
        });
        ProcessConfig merged =
                ProcessConfig.parseFrom(read(Messages.heap(message)).bytes());
        assertThat(merged).isEqualTo(ProcessRequest.parseFrom(message).getConfig());
        assertThat(merged.getSource()).isEqualTo("b");
        assertThat(merged.getLabelsMap()).isEqualTo(Map.of("x", "1", "y", "2"));
    }

    @Test
    void read_configBeforeChunkBeforeConfig_onlyTheLastStands() throws IOException {
        ProcessConfig last = ProcessConfig.newBuilder().setSource("b").build();
        byte[] message = encode(out -> {
            out.writeMessage(1, ProcessConfig.newBuilder().putLabels("x", "1").build());
            out.writeByteArray(2, bytes("chunk"));
            out.writeMessage(1, last);
        });
        assertOutcome(message, new Outcome("config", last.toByteString()));
    }

    @Test
    void read_configAtItsBound_isTaken() throws IOException {
        for (Task task : Task.values()) {
            // A field of this length in a largest message has a header of five bytes.
            byte[] config = new byte[Math.min(task.maxConfigBytes(), Transport.MAX_MESSAGE_BYTES - 5)];
            Outcome outcome = read(Messages.direct(encode(out -> out.writeByteArray(1, config))), task);
            assertThat(outcome).isEqualTo(new Outcome("config", ByteString.copyFrom(config)));
        }
    }

    @Test
    void read_configBeyondItsBound_isRefused() throws IOException {
        byte[] half = new byte[Task.MERGE.maxConfigBytes() / 2];
        byte[] message = encode(out -> {
            out.writeByteArray(1, half);
            out.writeByteArray(1, half);
            out.writeByteArray(1, new byte[1]);
        });
        assertThat(read(Messages.direct(message), Task.MERGE).kind()).isEqualTo("CONFIG_INVALID");
    }

    @Test
    void read_configBeyondItsBoundBeforeChunk_isDropped() throws IOException {
        byte[] message = encode(out -> {
            out.writeByteArray(1, new byte[Task.MERGE.maxConfigBytes() + 1]);
            out.writeByteArray(2, bytes("chunk"));
        });
        assertThat(read(Messages.direct(message), Task.MERGE))
                .isEqualTo(new Outcome("data", ByteString.copyFromUtf8("chunk")));
    }

    @Test
    void read_largeConfigInEveryShape_isJoined() throws IOException {
        Random random = new Random(1);
        byte[] whole = new byte[3 * JoinedBytes.SMALL_BYTES];
        random.nextBytes(whole);
        byte[] message = encode(out -> {
            out.writeByteArray(1, whole);
            out.writeByteArray(2, bytes("a chunk forgets it"));
            for (int at = 0; at < whole.length; ) {
                int end = Math.min(whole.length, at + random.nextInt(40_000));
                out.writeByteArray(1, Arrays.copyOfRange(whole, at, end));
                at = end;
            }
        });
        for (InputStream shape : new InputStream[] {
            Messages.heap(message), Messages.direct(message), Messages.gzipped(message), Messages.cutAt(message, 70_000)
        }) {
            assertThat(read(shape)).isEqualTo(new Outcome("config", ByteString.copyFrom(whole)));
        }
    }

    @Test
    void read_largeConfigThenWhatIsNoField_givesItsPlaceBack() throws IOException {
        byte[] message = encode(out -> {
            out.writeByteArray(1, new byte[JoinedBytes.SMALL_BYTES + 1]);
            out.write((byte) 0);
        });
        assertThat(read(Messages.direct(message))).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void read_messageCutOffAnywhere_isAsTheGeneratedParserHasIt() throws IOException {
        byte[] message = encode(out -> {
            out.writeFixed64(10, 7);
            writeGroup(out, 12);
            out.writeString(3, "text \u20ac");
            out.writeByteArray(2, bytes("chunk"));
        });
        for (int length = 0; length < message.length; length++) {
            byte[] cut = Arrays.copyOf(message, length);
            assertOutcome(cut, generated(cut));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00", // field number 0
                "06", // field number 0
                "0e00", // wire type 6
                "0f00", // wire type 7
                "14", // a group ends that has not begun
                "1b1c", // an empty group of a known number
                "1b24", // ends under another number
                "1b", // never ends
                "12", // no length
                "1205", // cut off
                "12ffffffff0f", // length -1
                "12ffffffffffffffffff01", // length -1 in ten bytes
                "12ffffffffffffffffff7f", // ten bytes, more bits than 64
                "12ffffffff07", // 2 GiB
                "fa", // a tag that does not end
                "12808080808000", // length 0 in six bytes
                "9280808080000161", // tag of chunk in six bytes
                "6d000000", // fixed32 cut off
                "6100000000000000", // fixed64 cut off
            })
    void read_oddBytes_areAsTheGeneratedParserHasThem(String hex) throws IOException {
        byte[] message = HexFormat.of().parseHex(hex);
        assertOutcome(message, generated(message));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8080808080808080808012", "1280808080808080808080", "0880808080808080808080"})
    void read_numberOfElevenBytes_isRefused(String hex) throws IOException {
        assertOutcome(HexFormat.of().parseHex(hex + "00"), Outcome.OVERLONG);
    }

    @Test
    void read_groupsNested_areTakenAsDeepAsTheGeneratedParserTakesThem() throws IOException {
        for (int depth : new int[] {1, 99, 100, 101, 1000}) {
            byte[] message = nestedGroups(depth);
            assertThat(read(Messages.direct(message))).as("depth %d", depth).isEqualTo(generated(message));
        }
    }

    @Test
    void read_bytesAtRandom_areAsTheGeneratedParserHasThem() throws IOException {
        Random random = new Random(42);
        int refused = 0;
        int data = 0;
        for (int round = 0; round < 50_000; round++) {
            byte[] message = randomMessage(random);
            Outcome expected = generated(message);
            Outcome outcome = read(Messages.cutAt(message, random.nextInt(message.length + 1)));
            if (!outcome.equals(Outcome.OVERLONG)) {
                assertThat(outcome).as(HexFormat.of().formatHex(message)).isEqualTo(expected);
            }
            refused += expected.equals(Outcome.REFUSED) ? 1 : 0;
            data += expected.kind().equals("data") ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(5_000);
        assertThat(data).isGreaterThan(5_000);
    }

    @Test
    void read_gzipCutOff_isRefused() throws IOException {
        HeapRoom room = new HeapRoom(1, 1_000);
        try (InboundMessage message =
                new InboundMessage.RequestMarshaller(room).parse(Messages.gzippedAndCutOff(new byte[100]))) {
            assertThat(refusalOf(message)).isEqualTo("MESSAGE_INVALID");
        }
        assertThat(room.free()).isEqualTo(1);
    }

    @Test
    void close_messageOfTheTransport_givesItsBufferBackOnce() throws IOException {
        AtomicInteger closed = new AtomicInteger();
        InputStream stream = Messages.counting(encode(out -> out.writeByteArray(2, bytes("chunk"))), closed);
        try (InboundMessage message = new InboundMessage.RequestMarshaller(ROOM).parse(stream)) {
            // As gRPC does: what was detached is not closed by that.
            stream.close();
            assertThat(closed).hasValue(0);
            message.close();
        }
        assertThat(closed).hasValue(1);
    }

    private static String refusalOf(InboundMessage message) {
        try {
            message.bytes();
            return fail("taken");
        } catch (RefusedException e) {
            return e.refusal().reason();
        }
    }

    private static byte[] randomMessage(Random random) throws IOException {
        byte[] message = encode(out -> {
            for (int fields = random.nextInt(4); fields >= 0; fields--) {
                writeRandomField(random, out);
            }
        });
        for (int changes = random.nextInt(3); changes > 0; changes--) {
            message[random.nextInt(message.length)] = (byte) random.nextInt(256);
        }
        return Arrays.copyOf(message, message.length - (random.nextInt(4) == 0 ? random.nextInt(message.length) : 0));
    }

    private static void writeRandomField(Random random, CodedOutputStream out) throws IOException {
        switch (random.nextInt(7)) {
            case 0 -> out.writeUInt64(random.nextInt(1, 20), random.nextLong());
            case 1 -> out.writeFixed64(random.nextInt(1, 20), random.nextLong());
            case 2 -> out.writeFixed32(random.nextInt(1, 20), random.nextInt());
            case 3 -> writeGroup(out, random.nextInt(1, 20));
            case 4 -> out.writeString(3, "text \u00e4\u20ac\ud83d\ude00");
            default -> {
                byte[] bytes = new byte[random.nextInt(12)];
                random.nextBytes(bytes);
                out.writeByteArray(2, bytes);
            }
        }
    }

    private static void writeGroup(CodedOutputStream out, int number) throws IOException {
        out.writeTag(number, WireFormat.WIRETYPE_START_GROUP);
        out.writeString(3, "not this");
        out.writeTag(number, WireFormat.WIRETYPE_END_GROUP);
    }

    private static byte[] nestedGroups(int depth) {
        ByteBuffer message = ByteBuffer.allocate(2 * depth);
        for (int i = 0; i < depth; i++) {
            message.put(i, (byte) (12 << 3 | 3)).put(depth + i, (byte) (12 << 3 | 4));
        }
        return message.array();
    }

    private static void assertOutcome(byte[] message, Outcome expected) throws IOException {
        int shape = 0;
        for (InputStream stream : Messages.inEveryShape(message)) {
            assertThat(read(stream)).as("shape %d", shape++).isEqualTo(expected);
        }
    }

    private static Outcome read(InputStream stream) throws IOException {
        return read(stream, Task.PROCESS);
    }

    private static Outcome read(InputStream stream, Task task) throws IOException {
        try (MessageBytes message = MessageBytes.of(stream, ROOM)) {
            return switch (PayloadReader.read(message, task, CONFIGS)) {
                case Payload.Nothing nothing -> Outcome.NOTHING;
                case Payload.Config config -> {
                    try (JoinedBytes encoded = config.encoded()) {
                        yield new Outcome("config", ByteString.copyFrom(encoded.bytes()));
                    }
                }
                case Payload.Data data -> new Outcome("data", gather(message, data.length()));
            };
        } catch (RefusedException e) {
            return e.refusal().message().endsWith(PayloadReader.OVERLONG)
                    ? Outcome.OVERLONG
                    : new Outcome(e.refusal().reason(), ByteString.EMPTY);
        } finally {
            assertThat(CONFIGS.free()).isEqualTo(1);
        }
    }

    private static ByteString gather(MessageBytes message, int length) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        message.transfer(length, piece -> {
            byte[] copy = new byte[piece.remaining()];
            piece.get(copy);
            bytes.writeBytes(copy);
        });
        return ByteString.copyFrom(bytes.toByteArray());
    }

    /** As the generated parser has it, except that a config is not looked into. */
    private static Outcome generated(byte[] message) {
        try {
            DynamicMessage parsed = DynamicMessage.parseFrom(ORACLE, message);
            FieldDescriptor field =
                    parsed.getOneofFieldDescriptor(ORACLE.getOneofs().getFirst());
            if (field == null) {
                return Outcome.NOTHING;
            }
            Object value = parsed.getField(field);
            return switch (field.getNumber()) {
                case 1 -> new Outcome("config", (ByteString) value);
                case 2 -> new Outcome("data", (ByteString) value);
                default -> new Outcome("data", ByteString.copyFromUtf8((String) value));
            };
        } catch (InvalidProtocolBufferException e) {
            return Outcome.REFUSED;
        }
    }

    private static final Descriptor ORACLE = oracle();

    /** ProcessRequest with a config of mere bytes. */
    private static Descriptor oracle() {
        DescriptorProto.Builder request = DescriptorProto.newBuilder()
                .setName("Request")
                .addOneofDecl(OneofDescriptorProto.newBuilder().setName("payload"));
        request.addField(field("config", 1, FieldDescriptorProto.Type.TYPE_BYTES));
        request.addField(field("chunk", 2, FieldDescriptorProto.Type.TYPE_BYTES));
        request.addField(field("text", 3, FieldDescriptorProto.Type.TYPE_STRING));
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName("oracle.proto")
                .setSyntax("proto3")
                .addMessageType(request)
                .build();
        try {
            return FileDescriptor.buildFrom(file, new FileDescriptor[0]).findMessageTypeByName("Request");
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static FieldDescriptorProto field(String name, int number, FieldDescriptorProto.Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
                .setOneofIndex(0)
                .build();
    }

    private static byte[] encode(Fields fields) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        fields.write(out);
        out.flush();
        return bytes.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
